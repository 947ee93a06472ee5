"""The conflicts of one change, and a decision taken back. Beside `store.conflicts`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from store import bulk, counters
from store.schema import conflicts as table
from store.values import askable


@dataclass(frozen=True, slots=True)
class LostField:
    """A field of a change that met another value in the sheet, and what a person decided: "" while open."""

    conflict_id: str
    field: str
    resolution: str


def of_change(conn: Connection, change_id: str, lead_id: str) -> list[LostField]:
    """All conflicts of a change, open and decided, in the order in which they were found."""
    columns = (table.c.conflict_id, table.c.field, table.c.resolution)
    # The lead's conflicts have an index by resolution too: all three are named, so that it is used.
    query = select(*columns).where(
        table.c.lead_id == askable(lead_id),
        table.c.resolution.in_(("", "ours", "theirs")),
        table.c.change_id == askable(change_id),
    )
    return [LostField(*row) for row in conn.execute(query.order_by(table.c.seq))]


def decided(conn: Connection, limit: int) -> list[str]:
    """The ids of conflicts that people have decided, the latest conflicts first."""
    query = select(table.c.conflict_id).where(table.c.resolution.in_(("ours", "theirs")))
    return list(conn.scalars(query.order_by(table.c.seq.desc()).limit(limit)))


def reopen(conn: Connection, conflict_id: str) -> bool:
    """Takes a decision back: the conflict stands open again. False where it is open or unknown."""
    bulk.hold(conn)
    decided = table.c.resolution != ""
    changed = conn.execute(
        update(table).where(table.c.conflict_id == askable(conflict_id), decided).values(resolution="")
    ).rowcount
    if changed:
        counters.bump(conn)
    return bool(changed)
