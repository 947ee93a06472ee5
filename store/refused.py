"""Changes that the sheet did not take (`blocked`), until a person wants to hear no more of them.

What a person has dismissed is kept in `_crm` too (`store.kept`): a database that was read back from there sets the same
changes aside again. Shown by `app.refused`; decided by `sync.outgoing`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select

from core.leads import FOLLOWS
from core.model import ChangeKind, ChangeState
from store import bulk, counters, kept, outbox, paging
from store.outbox import ChangeStatus
from store.paging import Page
from store.schema import leads
from store.schema import outbox as table
from store.values import askable

_KIND: kept.Kind = "dismissed"


def page(conn: Connection, limit: int, cursor: str | None = None) -> Page[ChangeStatus]:
    """Those to tell of, oldest first. Raises `paging.BadCursor`."""
    size = paging.page_size(limit)
    query = select(table.c.seq, table.c.change_id).where(_told()).order_by(table.c.seq).limit(size + 1)
    if cursor:
        query = query.where(table.c.seq > paging.after("refused", cursor, (int,))[0])
    rows = conn.execute(query).all()
    following = paging.cursor("refused", (rows[size - 1].seq,)) if len(rows) > size else None
    return Page(_statuses(conn, [row.change_id for row in rows[:size]]), following)


def of_lead(conn: Connection, lead_id: str, limit: int) -> tuple[ChangeStatus, ...]:
    """The newest `limit` of a lead, newest first."""
    query = select(table.c.change_id).where(table.c.lead_id == askable(lead_id), _told())
    return _statuses(conn, conn.scalars(query.order_by(table.c.seq.desc()).limit(limit)).all())


def of_group(conn: Connection, group_id: str) -> list[str]:
    """The ids of those of one bulk action."""
    return list(conn.scalars(select(table.c.change_id).where(table.c.action == askable(group_id), _told())))


def count(conn: Connection, group_id: str = "") -> int:
    """How many there are to tell of, in all or of one bulk action."""
    query = select(func.count()).select_from(table).where(_told())
    return conn.scalar(query.where(table.c.action == askable(group_id)) if group_id else query) or 0


def dismiss(conn: Connection, change_ids: Iterable[str], by: str) -> None:
    """A person wants to hear no more of these."""
    kept.put(conn, _KIND, dict.fromkeys(change_ids, json.dumps(by)))
    counters.bump(conn)


def take_back(conn: Connection, change_ids: Iterable[str]) -> None:
    """They are told of again."""
    bulk.hold(conn)
    kept.drop(conn, _KIND, change_ids)
    counters.bump(conn)


def _told() -> ColumnElement[bool]:
    """Blocked, not dismissed, and not what came to pass otherwise: a lead that is gone needs no deletion."""
    stands = exists().where(leads.c.lead_id == table.c.lead_id, leads.c.state != "deleted")
    return and_(
        table.c.state == ChangeState.BLOCKED.value,
        table.c.change_id.not_in(kept.keys(_KIND)),
        not_(and_(table.c.actor == "sync", table.c.why == FOLLOWS)),
        or_(table.c.kind != ChangeKind.DELETE.value, stands),
    )


def _statuses(conn: Connection, ids: Iterable[str]) -> tuple[ChangeStatus, ...]:
    known = outbox.changes(conn, wanted := list(ids))
    return tuple(known[one] for one in wanted)
