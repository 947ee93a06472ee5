"""Which leads the sync has to keep an eye on in a Master too large to read in every cycle.

Beside `store.mirror`; rows are 1-based rows of Master as last seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select, update

from core.model import ChangeKind, ChangeState
from store import bulk
from store.mirror import rows_of
from store.mirror_rows import DELETED
from store.schema import bases, leads, listed, outbox
from store.values import askable, moment_text

HOT = 2_000
_WAITING = (ChangeState.PENDING.value, ChangeState.APPLIED.value)
_GOES = ChangeKind.DELETE.value


def hot_rows(conn: Connection, today: date, now: datetime, limit: int = HOT) -> list[int]:
    """Rows that every cycle looks at: leads with changes on their way or not yet seen done, touched in the last day, or
    due today; in row order, at most `limit`, those with changes before the others."""
    since = moment_text(now - timedelta(days=1))
    waiting = select(outbox.c.lead_id).where(outbox.c.state.in_(_WAITING), outbox.c.kind != _GOES).limit(limit)
    fresh = select(listed.c.lead_id).where(listed.c.updated_at >= since).order_by(listed.c.updated_at.desc())
    due = select(listed.c.lead_id).where(listed.c.due == today.isoformat())
    queries = (waiting, fresh.limit(limit), due.limit(limit))
    ids = dict.fromkeys(lead_id for query in queries for lead_id in conn.scalars(query))
    return sorted(rows_of(conn, list(ids)[:limit]).values())


def forget_rows_after(conn: Connection, last: int) -> None:
    """Master ends at row `last`: who was seen below stands nowhere that we know of."""
    bulk.hold(conn)
    conn.execute(update(leads).where(leads.c.row_number > last).values(row_number=None))


def forget_rows_of(conn: Connection, ids: Iterable[str]) -> None:
    """These leads no longer stand where they were last seen."""
    bulk.hold(conn)
    for part in bulk.parts(map(askable, ids)):
        conn.execute(update(leads).where(leads.c.lead_id.in_(part)).values(row_number=None))


def lost(conn: Connection) -> list[str]:
    """Leads that the sheet has had and that stand at no row we know of: gone, or moved where nobody has looked yet."""
    never = select(bases.c.lead_id).where(bases.c.lead.is_(None))
    query = select(leads.c.lead_id).where(leads.c.row_number.is_(None), leads.c.state != DELETED)
    return list(conn.scalars(query.where(leads.c.lead_id.not_in(never)).order_by(leads.c.lead_id)))
