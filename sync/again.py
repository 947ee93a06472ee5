"""Changes that went astray and wait to be done again: each journal names them, until they have landed, or `_crm` keeps
that they were set aside, until a person has decided. So they are known also after a crash, with the database deleted,
and to a worker with another database: what Activity tells of was applied, but for what is named or kept.

The changes themselves stand in the outbox, or in Activity, which told of them when they went astray; what a lead was
that is to be deleted, in `_crm`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from core.fields import BY_NAME
from core.leads import fields_of
from core.model import Change, ChangeKind, ChangeState, Issue, Value
from store import activity, astray, covered, kept, lost, mirror, outbox, state, tabs
from store.activity import ActivityEntry
from store.kept import Kept
from store.outbox import ChangeStatus
from store.recalled import deleted_lead

_KEY = "changes_again"
_KIND: kept.Kind = "set_aside"  # by change id: why
_STAYED = "was deleted in the app, but another row stood there: look at it, and delete it again"
_LANDED = (ChangeState.APPLIED, ChangeState.DONE)


def left(conn: Connection, carried: Iterable[Change]) -> tuple[str, ...]:
    """Those that are open beside the ones that a flush carries, for its journal."""
    taken = {change.change_id for change in carried}
    return _open(conn, [one for one in _ids(conn) if one not in taken])


def done(conn: Connection, carried: Iterable[Change]) -> None:
    """A flush has landed."""
    if _ids(conn):
        _put(conn, left(conn, carried))


def to_keep(conn: Connection) -> tuple[Kept, ...]:
    """What `_crm` does not say yet of those that were set aside: why, or "" where a person has decided. What waits for
    merged cells will go by itself."""
    said = kept.ever(conn, _KIND)
    known = outbox.changes(conn, {*said, *_ids(conn)}.difference(covered.waiting(conn)))
    now = {one: "" if is_over(conn, stands) else stands.why for one, stands in known.items()}
    return tuple((_KIND, one, why) for one, why in now.items() if why != said.get(one, ""))


def keep(conn: Connection, lines: Iterable[Kept]) -> None:
    """`_crm` has these by now."""
    ours = [line for line in lines if line[0] == _KIND]
    kept.put(conn, _KIND, {change_id: why for _, change_id, why in ours})
    kept.told(conn, ours)


def settle(conn: Connection, missed: Sequence[str]) -> None:
    """After ledger and Activity were read back: what Activity tells of was applied, but for what went astray. Of that,
    what a worker with another database took over and set aside is set aside here too, with its reason; it can have
    landed nowhere since, for whoever had it to do has read this first. Its conflict is not made here too: it would be
    decided twice, once without seeing what the other came to."""
    aside = {change_id: why for change_id, why in kept.ever(conn, _KIND).items() if why}
    covered.forget(conn, aside)
    for change_id, why in aside.items():
        if _taken_up(conn, change_id) is not ChangeState.CONFLICT:
            outbox.mark(conn, [change_id], ChangeState.BLOCKED, why)
    again = [one for one in missed if one not in aside]
    for change in outbox.pending(conn, 100_000):
        if change.change_id not in again and activity.of_change(conn, change.change_id, change.lead_id):
            outbox.mark(conn, [change.change_id], ChangeState.APPLIED)
    for change_id in again:
        if _taken_up(conn, change_id) in _LANDED:
            outbox.mark(conn, [change_id], ChangeState.PENDING)
    _put(conn, _open(conn, again))


def is_over(conn: Connection, stands: ChangeStatus) -> bool:
    """Whether a change has landed, or a person has decided each of its conflicts."""
    if stands.state is not ChangeState.CONFLICT:
        return stands.state in _LANDED
    return all(one.resolution for one in lost.of_change(conn, stands.change.change_id, stands.change.lead_id))


def _taken_up(conn: Connection, change_id: str) -> ChangeState | None:
    """How far a change has come; one that only Activity knows waits from now on."""
    if outbox.change(conn, change_id) is None:
        outbox.enqueue(conn, _from_activity(conn, change_id))
    known = outbox.change(conn, change_id)
    return known.state if known else None


def _from_activity(conn: Connection, change_id: str) -> list[Change]:
    """A change that is in no outbox (intake's, or the database was deleted) from what Activity tells of it. A row that
    was to get its id is looked at anew anyway."""
    told = activity.of_change_id(conn, change_id)
    if told and told[0].field == "lead" and told[0].new is None:
        return _deletion(conn, told[0])
    if not told or any(entry.field not in BY_NAME for entry in told):
        return []
    return [_told(told[0], ChangeKind.UPDATE, {entry.field: (entry.old, entry.new) for entry in told})]


def _deletion(conn: Connection, told: ActivityEntry) -> list[Change]:
    """What the lead was stands in `_crm`. Where it does not, nobody knows what was to be deleted: a person is told."""
    text = kept.of_keys(conn, "deleted", [told.lead_id]).get(told.lead_id)
    if text is None:
        _name(conn, told)
        return []
    was = fields_of(deleted_lead(told.lead_id, text))
    return [_told(told, ChangeKind.DELETE, {name: (value, None) for name, value in was.items() if value is not None})]


def _told(told: ActivityEntry, kind: ChangeKind, fields: Mapping[str, tuple[Value, Value]]) -> Change:
    return Change(told.change_id, told.lead_id, kind, fields, told.actor, told.at, told.why)


def _name(conn: Connection, told: ActivityEntry) -> None:
    """Once, and not where the lead is gone after all."""
    ours = {tab.role: tab for tab in tabs.all_tabs(conn)}
    if mirror.lead(conn, told.lead_id) and not astray.named(conn, ours["crm"].sheet_id, told.change_id):
        said = f"{told.old} ({told.lead_id}) {_STAYED}"
        astray.name(conn, ours["crm"].sheet_id, [(told.change_id, Issue(ours["master"].title, 0, said, ""))])


def _open(conn: Connection, ids: Sequence[str]) -> tuple[str, ...]:
    """Those that are neither over nor kept as set aside. What only another database has is named on until that one
    comes."""
    known, aside = outbox.changes(conn, ids), kept.of_keys(conn, _KIND, ids)
    return tuple(one for one in ids if one not in aside and (one not in known or not is_over(conn, known[one])))


def _ids(conn: Connection) -> list[str]:
    return (state.get(conn, _KEY) or "").split()


def _put(conn: Connection, ids: Sequence[str]) -> None:
    state.put(conn, _KEY, " ".join(ids))
