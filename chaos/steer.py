"""Steers trouble to what was met least: each step of a flush with each fault, each deed of a person, and both.

Some steps come only after something: a repair after a write that went astray, a look around after a tab of the app is
gone. `astray` and `losses` bring that about. Used by `chaos.play`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from chaos.deeds import DEEDS, Json, Sight, draw, named
from chaos.trouble import FAULTS, NOTHING, READS, WRITES, Trouble
from sync.layout import fence_id

ENOUGH = 20
Pair = tuple[str, str]  # fault and deed, NOTHING for neither
Coverage = Counter[tuple[str, str, str]]

AFTER_ASTRAY = frozenset({"settle", "mend read", "mend write", "read back"})
AFTER_LOSS = frozenset({"look around", "set up"})
_ASTRAY = ("sort all", "insert rows", "move rows", "move column", "insert column", "copy rows")
_WHEN = ("before", "before", "before", "after")
MOST_PLANS = 3  # tabs that people add
_TRIED = 8  # pairs of which the rarest is taken


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
    """The step to trouble next: the more it lacks, the sooner; the writes now and then whatever they lack."""
    phases = (*READS, *WRITES)
    return rng.choices(phases, [missing(coverage, phase) + 40 + 400 * (phase == "write") for phase in phases])[0]


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


def astray(sight: Sight) -> Trouble:
    """A write that misses, or of which nobody hears."""
    if sight.rng.random() < 0.25:
        return Trouble("write", sight.rng.choice(["cut after", "503 after", "truncated"]))
    name = sight.rng.choice(_ASTRAY)
    deed = named(sight, name)
    return Trouble("write", NOTHING, name, deed) if deed else Trouble("write", "cut after")


def losses(fence: int, tabs: Mapping[str, int]) -> list[Json]:
    """What people may do to the app's own things: take the fence's name away, type over its number, throw away or add a
    tab."""
    extra = [title for title in tabs if title.startswith("Plan ")]
    ours = [title for title in ("Needs attention", "Team", "Settings") if title in tabs]
    fenced = {"requests": [{"deleteNamedRange": {"namedRangeId": fence_id(fence)}}]}
    typed = {"deed": "type", "tab": "_crm", "cell": "B1", "text": "7"}
    gone = [{"deed": "delete_tab", "tab": title} for title in (*ours, *extra)]
    added = [{"deed": "add_tab", "title": f"Plan {len(tabs)}"}] if len(extra) < MOST_PLANS else []
    return [fenced, typed, *gone, *added]
