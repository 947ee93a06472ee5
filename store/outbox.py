"""The edits on their way to the sheet. When `enqueue` is committed, the edit is safe and every page shows it.

Outbox row, mirror overlay, saving mark and counters change in the caller's one transaction. The sync takes `pending`,
flushes, and in one transaction calls `mirror.put_synced` with what it verified and `mark` with how it ended. This is
what only the database holds, until it has reached the sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from core.homes import that_may_go
from core.model import Change, ChangeKind, ChangeState
from store import bulk, counters, kept, overlay, stopped
from store.overlay import Pending
from store.schema import outbox
from store.values import askable, fields_from_json, fields_json, moment, moment_text, storable

_COLUMNS = tuple(
    outbox.c[name]
    for name in ("change_id", "lead_id", "kind", "fields", "actor", "at", "why", "action", "state", "state_why")
)


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """A change and how far it has come; `why` says what a person should know of it (why it lost or is blocked)."""

    change: Change
    state: ChangeState
    why: str


def enqueue(conn: Connection, changes: Iterable[Change]) -> int:
    """Takes the changes, in order. One whose change_id is known already is not taken again, whatever became of it.
    Returns how many were new."""
    bulk.hold(conn)
    given = {change.change_id: change for change in reversed(list(changes))}  # of the same id twice the first counts
    known = _known(conn, given)
    fresh = [change for change in reversed(given.values()) if change.change_id not in known]
    if fresh:
        conn.execute(insert(outbox), [_columns(change) for change in fresh])
        overlay.settle(conn, [change.lead_id for change in fresh])
        counters.bump(conn)
    return len(fresh)


def pending(conn: Connection, limit: int) -> list[Change]:
    """The oldest `limit` changes that wait, oldest first."""
    query = select(*_COLUMNS).where(outbox.c.state == ChangeState.PENDING.value)
    return [_status(row).change for row in conn.execute(query.order_by(outbox.c.seq).limit(limit))]


def ready(conn: Connection, limit: int) -> list[Change]:
    """The oldest `limit` changes that may go: those of frozen leads wait, but for the ones that put them right or take
    that back, and so do those of fields whose header is gone, however many they are."""
    query = select(*_COLUMNS).where(outbox.c.state == ChangeState.PENDING.value)
    mending = (one.in_(kept.keys("mending")) for one in (outbox.c.action, outbox.c.change_id))
    query = query.where(or_(outbox.c.lead_id.not_in(kept.keys("frozen")), *mending))
    gone = frozenset(stopped.fields(conn))
    rows = conn.execute(query.order_by(outbox.c.seq).limit(None if gone else limit))
    return list(islice(that_may_go((_status(row).change for row in rows), gone), limit))


def in_state(conn: Connection, state: ChangeState, limit: int) -> list[ChangeStatus]:
    """The oldest `limit` changes of a state: applied ones that a read has yet to show, blocked ones to look at."""
    query = select(*_COLUMNS).where(outbox.c.state == state.value)
    return [_status(row) for row in conn.execute(query.order_by(outbox.c.seq).limit(limit))]


def change(conn: Connection, change_id: str) -> ChangeStatus | None:
    row = conn.execute(select(*_COLUMNS).where(outbox.c.change_id == askable(change_id))).first()
    return _status(row) if row else None


def changes(conn: Connection, change_ids: Iterable[str]) -> dict[str, ChangeStatus]:
    """Those of these changes that are known, by id."""
    found: dict[str, ChangeStatus] = {}
    for part in bulk.parts(map(askable, change_ids)):
        for row in conn.execute(select(*_COLUMNS).where(outbox.c.change_id.in_(part))):
            found[row.change_id] = _status(row)
    return found


def of_lead(conn: Connection, lead_id: str) -> list[ChangeStatus]:
    """The pending changes of a lead, oldest first."""
    return of_leads(conn, [lead_id])


def deletions(conn: Connection, lead_id: str) -> list[Change]:
    """The pending changes by which a lead is to go, oldest first."""
    return [one.change for one in of_lead(conn, lead_id) if one.change.kind is ChangeKind.DELETE]


def edits(conn: Connection, lead_id: str) -> list[Change]:
    """The updates of a lead that the sheet has not, because they wait or are blocked, oldest first; not those of which
    a person wants to hear no more."""
    told = and_(outbox.c.state == ChangeState.BLOCKED.value, outbox.c.change_id.not_in(kept.keys("dismissed")))
    stands = or_(outbox.c.state == ChangeState.PENDING.value, told)
    mine = (outbox.c.lead_id == lead_id, outbox.c.kind == ChangeKind.UPDATE.value, stands)
    return [_status(row).change for row in conn.execute(select(*_COLUMNS).where(*mine).order_by(outbox.c.seq))]


def of_leads(
    conn: Connection, lead_ids: Iterable[str], states: Collection[ChangeState] = (ChangeState.PENDING,)
) -> list[ChangeStatus]:
    """The changes of these leads that have come so far, the oldest of each first."""
    found: list[ChangeStatus] = []
    query = select(*_COLUMNS).where(outbox.c.state.in_([one.value for one in states])).order_by(outbox.c.seq)
    for part in bulk.parts(lead_ids):
        found += [_status(row) for row in conn.execute(query.where(outbox.c.lead_id.in_(part)))]
    return found


def mark(conn: Connection, change_ids: Iterable[str], state: ChangeState, why: str = "") -> None:
    """Says how far changes have come. Out of `pending` the edit no longer lies over the mirror: the base shows, which
    the same transaction should have brought up to date. Back to `pending` it lies there again. Unknown ids are passed
    over."""
    bulk.hold(conn)
    touched: set[str] = set()
    arrived: dict[str, list[Pending]] = {}
    for part in bulk.parts(change_ids):
        told = select(outbox.c.lead_id, outbox.c.kind, outbox.c.fields, outbox.c.state)
        for lead_id, kind, fields, before in conn.execute(
            told.where(outbox.c.change_id.in_(part)).order_by(outbox.c.seq)
        ):
            touched.add(lead_id)
            if before == ChangeState.PENDING.value and state in (ChangeState.APPLIED, ChangeState.DONE):
                arrived.setdefault(lead_id, []).append(Pending(ChangeKind(kind), fields_from_json(fields)))
        conn.execute(
            update(outbox).where(outbox.c.change_id.in_(part)).values(state=state.value, state_why=storable(why))
        )
    if touched:
        overlay.arrive(conn, arrived)
        overlay.settle(conn, touched)
        counters.bump(conn)


def pending_count(conn: Connection) -> int:
    query = select(func.count()).select_from(outbox).where(outbox.c.state == ChangeState.PENDING.value)
    return conn.scalar(query) or 0


def forget_done(conn: Connection, before: datetime) -> int:
    """Drops what was done and decided before a moment; the sheet's Activity tells of it. Returns how many."""
    query = delete(outbox).where(outbox.c.state == ChangeState.DONE.value, outbox.c.at < moment_text(before))
    return conn.execute(query).rowcount


def _known(conn: Connection, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in bulk.parts(ids):
        found.update(conn.scalars(select(outbox.c.change_id).where(outbox.c.change_id.in_(part))))
    return found


def _columns(change: Change) -> dict[str, str]:
    return {
        "change_id": change.change_id,
        "lead_id": change.lead_id,
        "kind": change.kind.value,
        "fields": fields_json(change.fields),
        "actor": storable(change.actor),
        "at": moment_text(change.at),
        "why": storable(change.why),
        "action": storable(change.group),
        "state": ChangeState.PENDING.value,
        "state_why": "",
    }


def _status(row: Row[Any]) -> ChangeStatus:
    change_id, lead_id, kind, fields, actor, at, why, action, state, state_why = tuple(row)
    made = Change(change_id, lead_id, ChangeKind(kind), fields_from_json(fields), actor, moment(at), why, action)
    return ChangeStatus(made, ChangeState(state), state_why)
