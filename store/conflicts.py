"""Fields on which an edit and the sheet disagree, until a person decides. Thin: issue D builds on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from sqlalchemy import Connection, Row, func, insert, select, update

from core.model import Conflict
from store import bulk, counters, paging
from store.paging import Page
from store.schema import conflicts as table
from store.values import askable, moment, moment_text, storable, value_from_json, value_json


@dataclass(frozen=True, slots=True)
class StandingConflict:
    """A conflict with its id, the change that lost and when it was found."""

    conflict_id: str
    change_id: str
    at: datetime
    conflict: Conflict


def add(conn: Connection, change_id: str, found: Iterable[Conflict], now: datetime) -> None:
    """Keeps the conflicts of a change; the same one again is not kept twice."""
    bulk.hold(conn)
    rows = {_id(change_id, conflict): conflict for conflict in found}
    known = set(conn.scalars(select(table.c.conflict_id).where(table.c.conflict_id.in_(rows))))
    fresh = [_columns(key, change_id, conflict, now) for key, conflict in rows.items() if key not in known]
    if fresh:
        conn.execute(insert(table), fresh)
        counters.bump(conn)


def open_conflicts(conn: Connection, limit: int, cursor: str | None = None) -> Page[StandingConflict]:
    """Conflicts that nobody has decided, oldest first. Raises `paging.BadCursor`."""
    size = paging.page_size(limit)
    query = select(table).where(table.c.resolution == "").order_by(table.c.seq).limit(size + 1)
    if cursor:
        query = query.where(table.c.seq > paging.after("conflicts", cursor, (int,))[0])
    rows = conn.execute(query).all()
    following = paging.cursor("conflicts", (rows[size - 1].seq,)) if len(rows) > size else None
    return Page(tuple(_standing(row) for row in rows[:size]), following)


def conflict(conn: Connection, conflict_id: str) -> StandingConflict | None:
    row = conn.execute(select(table).where(table.c.conflict_id == askable(conflict_id))).first()
    return _standing(row) if row else None


def resolve(conn: Connection, conflict_id: str, keep: Literal["ours", "theirs"]) -> bool:
    """Records a person's decision; False if there is no such open conflict (somebody was quicker)."""
    if keep not in ("ours", "theirs"):
        raise ValueError(f"keep is ours or theirs, not {keep!r}")
    bulk.hold(conn)
    decided = update(table).where(table.c.conflict_id == askable(conflict_id), table.c.resolution == "")
    changed = conn.execute(decided.values(resolution=keep)).rowcount
    if changed:
        counters.bump(conn)
    return bool(changed)


_ANY = select(table.c.seq).where(table.c.resolution == "").limit(1)  # mostly there is none


def of_leads(conn: Connection, ids: Iterable[str]) -> Mapping[str, int]:
    """How many open conflicts these leads have; those with none are left out."""
    found: dict[str, int] = {}
    if conn.scalar(_ANY) is None:
        return MappingProxyType(found)
    for part in bulk.parts(ids):
        query = select(table.c.lead_id, func.count()).where(table.c.resolution == "", table.c.lead_id.in_(part))
        found.update((lead_id, n) for lead_id, n in conn.execute(query.group_by(table.c.lead_id)))
    return MappingProxyType(found)


def _id(change_id: str, conflict: Conflict) -> str:
    sides = (value_json(value) for value in (conflict.base, conflict.ours, conflict.theirs))
    told = "\x1f".join((change_id, conflict.lead_id, conflict.field, *sides))
    return "C" + hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _columns(conflict_id: str, change_id: str, conflict: Conflict, now: datetime) -> dict[str, str]:
    return {
        "conflict_id": conflict_id,
        "change_id": change_id,
        "lead_id": conflict.lead_id,
        "field": storable(conflict.field),
        "base": value_json(conflict.base),
        "ours": value_json(conflict.ours),
        "theirs": value_json(conflict.theirs),
        "resolution": conflict.resolution,
        "at": moment_text(now),
    }


def _standing(row: Row[tuple[object, ...]]) -> StandingConflict:
    base, ours, theirs = (value_from_json(text) for text in (row.base, row.ours, row.theirs))
    found = Conflict(row.lead_id, row.field, base, ours, theirs, row.resolution)
    return StandingConflict(row.conflict_id, row.change_id, moment(row.at), found)
