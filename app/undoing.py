"""Taking back a change that the outbox or the lead's Activity tells of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count, dropwhile, islice
from types import MappingProxyType

from sqlalchemy import Connection

from app.acting import Doer, Done, answered, done_before, numbered, put
from app.database import config, now, reading, writing
from core.commands import Undo, decide
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.ids import group_of
from core.leads import fields_of
from core.merge import merge_change
from core.model import Change, ChangeKind, ChangeState, Lead, Value
from store import activity, bulk, covered, mirror, mixups, outbox, undone
from store.activity import ActivityEntry
from store.outbox import ChangeStatus
from store.rows import laid_over

UNKNOWN = Refusal("unknown_change", "There is no change with this id.")
_NEVER_THERE = {
    ChangeState.CONFLICT: Refusal(
        "in_conflict", "This change did not reach the sheet; decide its conflict instead of undoing it."
    ),
    ChangeState.BLOCKED: Refusal("blocked", "This change never reached the sheet: there is nothing to undo."),
}
_WITHDRAWN = "It was undone before it reached the sheet"
_GONE_AGAIN = Refusal("newer", "This lead was deleted again since: undo that instead.")


def take_back(change_id: str, lead_id: str, by: Doer) -> Done | Refusal:
    """Undoes a change of a lead, where nothing newer stands; refused with the reason in words. `lead_id` "" finds
    the change by its id alone."""
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        change = change_of(conn, change_id, lead_id)
        if isinstance(change, Refusal):
            return change
        known = done_before(conn, by, change.lead_id)
        if known is not None:
            return known
        lead = mirror.lead(conn, change.lead_id)
        done = put(conn, decide_undo(covered.waiting(conn), change, lead, in_force, by))
        if not isinstance(done, Done):
            return done
        mixups.takes_back(conn, done.change_id, change.change_id)
        withdraw(conn, {done.change_id: change.change_id})
        stands = outbox.changes(conn, [done.change_id])[done.change_id]
        return replace(done, status=stands, lead=mirror.lead(conn, change.lead_id))


def unnamed(change_id: str, lead_id: str) -> str:
    """The name of an undo to which its caller gives none: sent twice it is one, until that was itself taken back."""
    conn = reading()
    change = change_of(conn, change_id, lead_id)
    if isinstance(change, Refusal):
        return numbered(f"undo:{change_id}", 0)
    return next_name(conn, change_id, change.lead_id)


def next_name(conn: Connection, change_id: str, lead_id: str) -> str:
    """The name of the undo of a change that stands, or of the next one."""
    for n in count():
        known = answered(conn, name := numbered(f"undo:{change_id}", n), lead_id)
        if known is None or not undone.change(conn, known.change_id, lead_id):
            break
    return name


def decide_undo(
    waiting: Collection[str], change: Change, lead: Lead | None, in_force: Config, by: Doer, group: str = ""
) -> Change | Refusal:
    """What takes a change back. Of one that is `waiting` for merged cells the lead says nothing: it is undone as if it
    had gone."""
    if lead is not None and change.change_id in waiting:
        lead = laid_over(lead, [change.fields])
    return decide(Undo(change), lead, in_force, now(), by.name, by.request or group, group)


def withdraw(conn: Connection, pairs: Mapping[str, str]) -> None:
    """What waits for merged cells, and what takes it back (its id -> whose undo it is), go into the sheet no more."""
    waiting = covered.waiting(conn)
    ids = [one for by, of in pairs.items() if of in waiting for one in (of, by)]
    outbox.mark(conn, ids, ChangeState.DONE, _WITHDRAWN)
    covered.forget(conn, ids)


def change_of(conn: Connection, change_id: str, lead_id: str) -> Change | Refusal:
    """The change as the outbox or Activity tells of it; why it cannot be undone otherwise."""
    known = outbox.change(conn, change_id)
    if known is not None and lead_id in ("", known.change.lead_id):
        return _in_outbox(conn, known)
    return _told(conn, change_id, lead_id)


def changes_of(conn: Connection, wanted: Mapping[str, str]) -> dict[str, Change | Refusal]:
    """As `change_of`, for many leads at once: lead id -> change id of each."""
    known = outbox.changes(conn, wanted.values())
    found: dict[str, Change | Refusal] = {}
    for lead_id, change_id in wanted.items():
        one = known.get(change_id)
        if one is not None and one.change.lead_id == lead_id:
            found[lead_id] = _in_outbox(conn, one)
        else:
            found[lead_id] = _told(conn, change_id, lead_id)
    return found


def _in_outbox(conn: Connection, known: ChangeStatus) -> Change | Refusal:
    """The change as the outbox tells of it. What a lead was at an earlier going is older than what it was at
    its last one."""
    change = known.change
    if known.state is ChangeState.BLOCKED and change.change_id in covered.waiting(conn):
        return _built_on(conn, change) or change
    if known.state in _NEVER_THERE:
        return _NEVER_THERE[known.state]
    gone_again = change.kind is ChangeKind.DELETE and _went_since(conn, change.change_id, change.lead_id)
    return _GONE_AGAIN if gone_again else change


def _built_on(conn: Connection, change: Change) -> Refusal | None:
    """Why what waits for merged cells has to stay: an edit made on top of it would meet another word in the sheet."""
    since = dropwhile(lambda one: one.change_id != change.change_id, outbox.edits(conn, change.lead_id))
    before = {name: old for name, (old, _) in change.fields.items()}
    for one in islice(since, 1, None):
        same = {name: pair for name, pair in one.fields.items() if name in before}
        for clash in merge_change(replace(one, fields=same), before).conflicts:
            return Refusal("newer", "This was changed again since: undo that first.", clash.field)
    return None


def _went_since(conn: Connection, change_id: str, lead_id: str) -> bool:
    """Whether a lead is going, or has gone, by another change than this one."""
    waiting = outbox.deletions(conn, lead_id)
    last = waiting[-1].change_id if waiting else activity.last_going(conn, lead_id)
    return last not in (None, change_id)


def _told(conn: Connection, change_id: str, lead_id: str) -> Change | Refusal:
    """The change as Activity tells of it."""
    entries = activity.of_change(conn, change_id, lead_id) if lead_id else activity.of_change_id(conn, change_id)
    if not entries:
        return UNKNOWN
    if any(entry.field not in BY_NAME for entry in entries):
        return _whole(conn, entries[0])
    return told_change(entries)


def told_change(entries: Sequence[ActivityEntry]) -> Change:
    """An update as Activity tells of it, field by field."""
    first = entries[0]
    pairs = {entry.field: (entry.old, entry.new) for entry in entries}
    return _as_told(first, ChangeKind.UPDATE, pairs)


def _whole(conn: Connection, told: ActivityEntry) -> Change | Refusal:
    """A lead that came or went: Activity has one line of it. One that came can go where nothing was done to it since;
    one that went comes back as it was."""
    if told.field != "lead":
        return Refusal("told_as_a_whole", "This is not a change of a lead; it is not undone from here.")
    lead = mirror.lead(conn, told.lead_id, deleted=True)
    came = told.new is not None
    if not came and _went_since(conn, told.change_id, told.lead_id):
        return _GONE_AGAIN
    if lead is None:
        return Refusal("no_such_lead", "This lead is no longer known.")
    if came:
        since = _since_it_came(conn, told)
        if since is not None:
            return Refusal("newer", "This lead was changed since it was added: undo that first.", since)
        return _as_told(told, ChangeKind.CREATE, {n: (None, v) for n, v in fields_of(lead).items()})
    return _as_told(told, ChangeKind.DELETE, {n: (v, None) for n, v in fields_of(lead).items()})


def _since_it_came(conn: Connection, came: ActivityEntry) -> str | None:
    """A field in which a lead was changed since it was added, as Activity tells of it or by an edit that the sheet has
    not: that one would go with the lead, and nobody hear of it."""
    last = activity.of_lead(conn, came.lead_id, 1).items[0]
    if last.change_id != came.change_id:
        return last.field
    return next((name for edit in outbox.edits(conn, came.lead_id) for name in edit.fields), None)


def _as_told(told: ActivityEntry, kind: ChangeKind, pairs: Mapping[str, tuple[Value, Value]]) -> Change:
    return Change(
        told.change_id,
        told.lead_id,
        kind,
        MappingProxyType(dict(pairs)),
        told.actor,
        told.at,
        told.why,
        group_of(told.change_id),
    )
