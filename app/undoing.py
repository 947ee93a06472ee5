"""Taking back a change that the outbox or the lead's Activity tells of."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from sqlalchemy import Connection

from app.acting import Doer, Done, answered, put
from app.database import config, now, writing
from core.commands import Undo, decide
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.model import Change, ChangeKind, ChangeState
from store import activity, bulk, mirror, outbox
from store.activity import ActivityEntry

UNKNOWN = Refusal("unknown_change", "There is no change with this id.")
_NEVER_THERE = {
    ChangeState.CONFLICT: Refusal(
        "in_conflict", "This change did not reach the sheet; decide its conflict instead of undoing it."
    ),
    ChangeState.BLOCKED: Refusal("blocked", "This change never reached the sheet: there is nothing to undo."),
}


def take_back(change_id: str, lead_id: str, by: Doer) -> Done | Refusal:
    """Undoes a change of a lead, where nothing newer stands; refused with the reason in words. `lead_id` "" looks only
    among the changes that the outbox still knows."""
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        change = _change(conn, change_id, lead_id)
        if isinstance(change, Refusal):
            return change
        known = answered(conn, by.request, change.lead_id)
        if known is not None:
            return known
        return put(conn, decide(Undo(change), mirror.lead(conn, change.lead_id), in_force, now(), by.name, by.request))


def _change(conn: Connection, change_id: str, lead_id: str) -> Change | Refusal:
    known = outbox.change(conn, change_id)
    if known is not None and lead_id in ("", known.change.lead_id):
        return _NEVER_THERE.get(known.state, known.change)
    entries = activity.of_change(conn, change_id, lead_id) if lead_id else []
    return told_change(entries) if entries else UNKNOWN


def told_change(entries: Sequence[ActivityEntry]) -> Change | Refusal:
    """A change as Activity tells of it, field by field."""
    if any(entry.field not in BY_NAME for entry in entries):
        return Refusal("told_as_a_whole", "This is where the lead began; it is not undone from here.")
    first = entries[0]
    pairs = {entry.field: (entry.old, entry.new) for entry in entries}
    return Change(
        first.change_id, first.lead_id, ChangeKind.UPDATE, MappingProxyType(pairs), first.actor, first.at, first.why
    )
