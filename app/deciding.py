"""A conflict, decided by a person: theirs lets the sheet's value stand, ours is a new change of the lead as it is now.

A change goes into the sheet as a whole or not at all, so what nobody disagreed about (the note of a call, the day of
it) was held back with the field that was. With `ours` it goes in too; with `both` the sheet's value stands and only
the note goes in. Where something newer stands, that stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from app.acting import GONE, Doer, Done, answered, put
from app.database import config, now, writing
from core.commands import SetFields, Undo, decide
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.merge import three_way
from core.model import Lead, Value
from store import bulk, conflicts, lost, mirror, outbox
from store.conflicts import StandingConflict

Keep = Literal["ours", "theirs", "both"]

UNKNOWN = Refusal("unknown_conflict", "There is no conflict with this id.")
NOTED = frozenset({"notes", "last_contacted"})
"""What a call leaves behind whatever becomes of the status."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided conflict: what it made (None where the sheet's value stands, or stood already) and the lead now."""

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
        done = None if keep == "theirs" else _take(conn, found, keep, by, in_force)
        if isinstance(done, Refusal):
            return done
        conflicts.resolve(conn, conflict_id, _recorded(keep))
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
        undone: Done | Refusal | None = None
        if made is not None:
            lead = mirror.lead(conn, found.conflict.lead_id)
            named = f"undo:{made.change_id}"
            undone = put(conn, decide(Undo(made.status.change), lead, in_force, now(), by, named))
            if isinstance(undone, Refusal) and undone.code != "unchanged":
                return undone
        lost.reopen(conn, conflict_id)
        done = undone if isinstance(undone, Done) else None
        return Decided(found, done, mirror.lead(conn, found.conflict.lead_id))


def held_back(conn: Connection, found: StandingConflict) -> dict[str, tuple[Value, Value]]:
    """The fields of the change that lost on which nobody disagreed, and which people may set; (base, new) by name."""
    change = outbox.change(conn, found.change_id)
    if change is None:
        return {}
    disputed = {one.field for one in lost.of_change(conn, found.change_id, found.conflict.lead_id)}
    pairs = change.change.fields.items()
    return {name: pair for name, pair in pairs if name not in disputed and BY_NAME[name].editable}


def _take(conn: Connection, found: StandingConflict, keep: Keep, by: str, in_force: Config) -> Done | Refusal | None:
    """The change that `ours` or `both` makes; None where the lead says it already."""
    lead = mirror.lead(conn, found.conflict.lead_id)
    if lead is None:
        return GONE
    wanted = _wanted(conn, found, lead, keep)
    if not wanted:
        return None
    doer = Doer(by, _request(conn, found))
    done = put(conn, decide(SetFields(wanted), lead, in_force, now(), doer.name, doer.request))
    return None if isinstance(done, Refusal) and done.code == "unchanged" else done


def _wanted(conn: Connection, found: StandingConflict, lead: Lead, keep: Keep) -> dict[str, Value]:
    fields = lost.of_change(conn, found.change_id, lead.lead_id)
    done_with = any(one.resolution == "ours" for one in fields)  # what was held back went in with that
    wanted: dict[str, Value] = {}
    for name, (base, new) in ({} if done_with else held_back(conn, found)).items():
        merged = three_way(base, getattr(lead, name), new, BY_NAME[name].kind)
        if merged.write and (keep == "ours" or name in NOTED):
            wanted[name] = merged.value
    if keep == "ours":
        # A field that has a conflict of its own waits for its own decision.
        wanted |= {one.field: getattr(lead, one.field) for one in fields if one.conflict_id != found.conflict_id}
        wanted[found.conflict.field] = found.conflict.ours
    return wanted


def _decided(conn: Connection, found: StandingConflict, keep: Keep) -> Decided | Refusal:
    if found.conflict.resolution != _recorded(keep):
        return Refusal("decided", "Somebody has decided this conflict the other way.")
    return Decided(found, _made(conn, found), mirror.lead(conn, found.conflict.lead_id))


def _recorded(keep: Keep) -> Literal["ours", "theirs"]:
    return "ours" if keep == "ours" else "theirs"


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
    names = _requests(conn, found)
    return answered(conn, names[-1], found.conflict.lead_id) if names else None
