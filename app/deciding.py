"""A conflict, decided by a person: theirs lets the sheet's value stand, ours is a new change of the lead as it is now.

What nobody disagreed about was held back with the field that somebody did (`core.held_back`). It goes in with the
first conflict of its change that is decided, either way, once. With `ours` it gives way where something newer stands;
with `theirs` such a field is a conflict of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from app.acting import GONE, Done, answered, put
from app.database import config, now, writing
from app.undoing import next_name
from core.commands import SetFields, Undo, decide
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.held_back import held_back, rest_of, undisputed
from core.merge import three_way
from core.model import Change, ChangeState, Lead, Value
from store import bulk, conflicts, lost, mirror, outbox, undone
from store.conflicts import StandingConflict

Keep = Literal["ours", "theirs"]

UNKNOWN = Refusal("unknown_conflict", "There is no conflict with this id.")
_NEVER_THERE = (ChangeState.CONFLICT, ChangeState.BLOCKED)  # nothing to undo: it is told of by itself


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided conflict: what it made (None where all of it stands already) and the lead now."""

    found: StandingConflict
    done: Done | None
    lead: Lead | None


def decide_conflict(conflict_id: str, keep: Keep, by: str) -> Decided | Refusal:
    """Records the decision and makes the change that it means. The same decision again changes nothing; another one
    than was taken is refused (`decided`)."""
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        found = conflicts.conflict(conn, conflict_id)
        if found is None:
            return UNKNOWN
        if found.conflict.resolution:
            return _decided(conn, found, keep)
        take = _take_ours if keep == "ours" else _take_rest
        done = take(conn, found, by, in_force)
        if isinstance(done, Refusal):
            return done
        conflicts.resolve(conn, conflict_id, keep)
        return Decided(found, done, mirror.lead(conn, found.conflict.lead_id))


def reopen(conflict_id: str, by: str) -> Decided | Refusal:
    """Takes a decision back: what it changed is undone, and the conflict stands open again."""
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        found = conflicts.conflict(conn, conflict_id)
        if found is None:
            return UNKNOWN
        made = _made(conn, found) if found.conflict.resolution else None
        back: Done | Refusal | None = None
        if made is not None and made.status.state not in _NEVER_THERE:
            lead = mirror.lead(conn, found.conflict.lead_id)
            named = next_name(conn, made.change_id, found.conflict.lead_id)
            back = put(conn, decide(Undo(made.status.change), lead, in_force, now(), by, named))
            if isinstance(back, Refusal) and back.code != "unchanged":
                return back
        lost.reopen(conn, conflict_id)
        done = back if isinstance(back, Done) else None
        return Decided(found, done, mirror.lead(conn, found.conflict.lead_id))


def goes_too(conn: Connection, found: StandingConflict) -> dict[str, tuple[Value, Value]]:
    """(base, new) of what nobody disagreed about and the decision of this conflict saves, whichever it is; none where
    another one of the same change has taken it along."""
    change, lead = outbox.change(conn, found.change_id), mirror.lead(conn, found.conflict.lead_id)
    if change is None or lead is None or not _carries(conn, found, change.change):
        return {}
    rest = rest_of(change.change, _disputed(conn, found), lead, config())
    return {name: pair for name, pair in rest.items() if undisputed(name, pair, lead)}


def _take_ours(conn: Connection, found: StandingConflict, by: str, in_force: Config) -> Done | Refusal | None:
    """The change that `ours` makes; None where the lead says it already."""
    lead = mirror.lead(conn, found.conflict.lead_id)
    if lead is None:
        return GONE
    made = decide(SetFields(_ours(conn, found, lead)), lead, in_force, now(), by, _request(conn, found))
    done = put(conn, _but(made, _disputed(conn, found) - {found.conflict.field}))
    return None if isinstance(done, Refusal) and done.code == "unchanged" else done


def _ours(conn: Connection, found: StandingConflict, lead: Lead) -> dict[str, Value]:
    change = outbox.change(conn, found.change_id)
    wanted: dict[str, Value] = {}
    if change is not None and _carries(conn, found, change.change):
        for name, (base, new) in held_back(change.change, _disputed(conn, found)).items():
            merged = three_way(base, getattr(lead, name), new, BY_NAME[name].kind)
            if merged.write:
                wanted[name] = merged.value
    return wanted | {found.conflict.field: found.conflict.ours}


def _but(made: Change | Refusal, fields: Collection[str]) -> Change | Refusal:
    """The change without these fields: one that has a conflict of its own waits for its own decision."""
    if isinstance(made, Refusal):
        return made
    return replace(made, fields={name: pair for name, pair in made.fields.items() if name not in fields})


def _take_rest(conn: Connection, found: StandingConflict, by: str, in_force: Config) -> Done | None:
    """The change that `theirs` makes: what was held back, from where its own change began, so that the merge meets what
    was typed since. The disputed fields stay as the sheet has them. What cannot be set any more does not hold up the
    decision."""
    change, lead = outbox.change(conn, found.change_id), mirror.lead(conn, found.conflict.lead_id)
    if change is None or lead is None or not _carries(conn, found, change.change):
        return None
    disputed = _disputed(conn, found)
    rest = rest_of(change.change, disputed, lead, in_force)
    while rest:
        base, new = ({name: pair[side] for name, pair in rest.items()} for side in (0, 1))
        made = decide(SetFields(new, base), lead, in_force, now(), by, _request(conn, found))
        if isinstance(made, Change):
            done = put(conn, _but(made, disputed))
            return done if isinstance(done, Done) else None
        if made.field not in rest:
            return None
        del rest[made.field]
    return None


def _disputed(conn: Connection, found: StandingConflict) -> frozenset[str]:
    return frozenset(one.field for one in lost.of_change(conn, found.change_id, found.conflict.lead_id))


def _carries(conn: Connection, found: StandingConflict, change: Change) -> bool:
    """Whether this conflict takes along what was held back: the first of its change that is decided does, also when
    that is taken back and decided again."""
    fields = lost.of_change(conn, found.change_id, found.conflict.lead_id)
    if not any(one.resolution for one in fields if one.conflict_id != found.conflict_id):
        return True
    names = _requests(conn, found)
    first = answered(conn, names[0], found.conflict.lead_id) if names else None
    rest = held_back(change, {one.field for one in fields})
    return first is not None and not rest.keys().isdisjoint(first.status.change.fields)


def _decided(conn: Connection, found: StandingConflict, keep: Keep) -> Decided | Refusal:
    if found.conflict.resolution != keep:
        return Refusal("decided", "Somebody has decided this conflict the other way.")
    return Decided(found, _made(conn, found), mirror.lead(conn, found.conflict.lead_id))


def _requests(conn: Connection, found: StandingConflict) -> list[str]:
    """The names of the requests that made changes of this conflict; a decision taken back and taken again has two."""
    names: list[str] = []
    while answered(conn, name := _name(found, len(names)), found.conflict.lead_id):
        names.append(name)
    return names


def _name(found: StandingConflict, nth: int) -> str:
    return f"conflict:{found.conflict_id}:{nth}"


def _request(conn: Connection, found: StandingConflict) -> str:
    return _name(found, len(_requests(conn, found)))


def _made(conn: Connection, found: StandingConflict) -> Done | None:
    """The change that the decision made; None where it made none, or what it made was taken back."""
    names, lead_id = _requests(conn, found), found.conflict.lead_id
    last = answered(conn, names[-1], lead_id) if names else None
    return None if last is not None and undone.change(conn, last.change_id, lead_id) else last
