"""Steers trouble to what was met least: each step of a flush with each fault, each deed of a person, and both.

Some steps come only after something: a repair after a write that went astray and of which nobody heard, a look around
after a tab of the app is gone. `astray` and `loss` bring that about. Used by `chaos.play`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from chaos.deeds import DEEDS, Json, Sight, draw, move_first, named
from chaos.trouble import FAULTS, NOTHING, READS, WRITES, Trouble
from sync.layout import fence_id

ENOUGH = 20
Pair = tuple[str, str]  # fault and deed, NOTHING for neither
Coverage = Counter[tuple[str, str, str]]

AFTER_ASTRAY = ("settle", "mend read", "mend write", "read back")  # in this order, each once the one before has passed
ORDER = ("poll", "settle", "look around", "set up", "mend read", "mend write", "read back", "aim", "write")
AFTER_LOSS = ("look around", "set up")
_UNHEARD = ("cut after", "503 after", "truncated", NOTHING)  # mostly; what is heard of is put right at once
_ASTRAY = ("sort all", "insert rows", "move rows", "move column", "insert column", "copy rows")
_CYCLES, _AGAIN = 4, 0.6  # with trouble at the same step, and of how many times
_WHEN = ("before", "before", "before", "after")
MOST_PLANS = 3  # tabs that people add
_BESIDES = 0.7  # of the other steps are troubled too
_AFTER = 0.8  # of the times only those that come later
_MISSES, _MAY_MISS = 0.6, 0.9
_URGENT, _ANY = 6, 0.01
_PLAIN_LOSS = 0.2  # of the times
_TRIED = 8  # pairs of which the rarest is taken


def listed(coverage: Coverage) -> list[tuple[str, str, str, int]]:
    """As a file keeps it; `counted` reads it again."""
    return [(*key, hits) for key, hits in coverage.items()]


def counted(told: Iterable[tuple[str, str, str, int]]) -> Coverage:
    return Counter({(phase, fault, deed): hits for phase, fault, deed, hits in told})


@lru_cache(maxsize=16)
def pairs(phase: str) -> tuple[Pair, ...]:
    """What can be met at a step: what is applied late is written."""
    faults = [name for name in FAULTS if phase in WRITES or not name.startswith("late")]
    every = [(fault, deed) for fault in (NOTHING, *faults) for deed in (NOTHING, *DEEDS)]
    return tuple(every[1:])


def missing(coverage: Coverage, phase: str) -> int:
    """Hits that a step still lacks."""
    return sum(max(0, ENOUGH - coverage[phase, *pair]) for pair in pairs(phase))


def choose(coverage: Coverage, rng: random.Random) -> str:
    """The step to trouble next: mostly the one that lacks most, so that all come to an end together. Some are met only
    when they are chosen, others besides."""
    phases = (*READS, *WRITES)
    lacks = [missing(coverage, phase) / len(pairs(phase)) for phase in phases]
    return rng.choices(phases, [(lack / max(0.1, *lacks)) ** _URGENT + _ANY for lack in lacks])[0]


def chain(phase: str, rng: random.Random) -> tuple[str, ...]:
    """The steps to trouble, a cycle each. A cycle that fails at a step leaves that step to the next one: so it is the
    same again and again, or all that follow from what leads up to it."""
    whole = next((chain for chain in (AFTER_ASTRAY, AFTER_LOSS) if phase in chain), (phase,))
    return (phase,) * _CYCLES if len(whole) > 1 and rng.random() < _AGAIN else whole


def trouble(coverage: Coverage, sight: Sight, phase: str) -> Trouble:
    """Of a few pairs that fit the sheet as it stands, the one that was met least."""
    rng = sight.rng
    some = sorted(rng.sample(pairs(phase), _TRIED), key=lambda pair: coverage[phase, *pair])
    for fault, name in some:
        if name == NOTHING:
            return Trouble(phase, fault)
        deed = named(sight, name)
        if deed is not None:
            return Trouble(phase, fault, name, deed, rng.choice(_WHEN))
    name, deed = draw(sight)
    return Trouble(phase, NOTHING, name, deed, rng.choice(_WHEN))


def others(phase: str, rng: random.Random) -> tuple[str, ...]:
    """The steps to trouble besides: mostly those that come after it, for a fault before it may end the cycle."""
    led = phase in (*AFTER_ASTRAY, *AFTER_LOSS)
    every = ORDER[ORDER.index(phase) + 1 :] if led or rng.random() < _AFTER else ORDER
    return tuple(one for one in every if one != phase and rng.random() < _BESIDES)


def astray(sight: Sight) -> Trouble:
    """A write of which nobody hears, and that mostly misses."""
    fault, chance = sight.rng.choice(_UNHEARD), sight.rng.random()
    if chance < _MISSES:
        return Trouble("write", fault, "move rows", move_first(sight))
    name = sight.rng.choice(_ASTRAY)
    deed = named(sight, name) if chance < _MAY_MISS else None
    return Trouble("write", fault, name, deed) if deed else Trouble("write", fault)


def loss(rng: random.Random, fence: int, tabs: Mapping[str, int]) -> Json:
    """What people may do to the app's own things: throw away a tab, which it looks for and sets up anew; now and then
    take the fence's name away, type over its number, or add a tab."""
    ours = [title for title in ("Needs attention", "Team", "Settings") if title in tabs]
    if ours and rng.random() > _PLAIN_LOSS:
        return {"deed": "delete_tab", "tab": rng.choice(ours)}
    extra = [title for title in tabs if title.startswith("Plan ")]
    fenced = {"requests": [{"deleteNamedRange": {"namedRangeId": fence_id(fence)}}]}
    typed = {"deed": "type", "tab": "_crm", "cell": "B1", "text": "7"}
    gone = [{"deed": "delete_tab", "tab": title} for title in extra]
    added = [{"deed": "add_tab", "title": f"Plan {len(tabs)}"}] if len(extra) < MOST_PLANS else []
    return rng.choice([fenced, typed, *gone, *added])
