"""What was done to which lead, when, by whom: the mirror of the sheet's append-only Activity tab."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, select, tuple_

from core.model import Value
from store import bulk, counters, groups, paging
from store.paging import Page
from store.schema import activity as table
from store.values import askable, moment, moment_text, storable, value_from_json, value_json


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One field of one change. `actor` is a person, `sheet`, `sync` or `ai`; `field` "" means the lead as a whole."""

    at: datetime
    change_id: str
    lead_id: str
    actor: str
    field: str
    old: Value
    new: Value
    why: str = ""


def append(conn: Connection, entries: Iterable[ActivityEntry]) -> int:
    """Adds entries; one of the same change_id and field is not added twice. Returns how many were new."""
    bulk.hold(conn)
    added = 0
    for part in bulk.parts(entries):
        groups.learn(conn, [(entry.change_id, entry.at, entry.actor, entry.why) for entry in part])
        rows = {_key(entry): _columns(entry) for entry in reversed(part)}
        known = set(conn.scalars(select(table.c.entry_key).where(table.c.entry_key.in_(rows))))
        fresh = [row for key, row in reversed(rows.items()) if key not in known]
        added += len(fresh)
        if fresh:
            conn.execute(table.insert(), fresh)
    if added:
        counters.bump(conn)
    return added


def of_lead(conn: Connection, lead_id: str, limit: int, cursor: str | None = None) -> Page[ActivityEntry]:
    """What was done to a lead, newest first. Raises `paging.BadCursor`."""
    return _page(
        conn, select(table).where(table.c.lead_id == askable(lead_id)), "activity of " + lead_id, limit, cursor
    )


def recent(conn: Connection, limit: int, cursor: str | None = None) -> Page[ActivityEntry]:
    """What was done, newest first. Raises `paging.BadCursor`."""
    return _page(conn, select(table), "activity", limit, cursor)


def of_change(conn: Connection, change_id: str, lead_id: str) -> list[ActivityEntry]:
    """The entries of one change of a lead, to undo it."""
    query = (
        select(table)
        .where(table.c.lead_id == askable(lead_id), table.c.change_id == askable(change_id))
        .order_by(table.c.seq)
    )
    return [_entry(row) for row in conn.execute(query)]


def told(conn: Connection, changes: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of these (change id, lead id) that Activity tells of."""
    found: set[tuple[str, str]] = set()
    wanted = set(changes)
    for part in bulk.parts(askable(change_id) for change_id, _ in wanted):
        query = select(table.c.change_id, table.c.lead_id).where(table.c.change_id.in_(part)).distinct()
        found.update((change_id, lead_id) for change_id, lead_id in conn.execute(query))
    return frozenset(found & wanted)


def last_going(conn: Connection, lead_id: str) -> str | None:
    """The change by which a lead left Master last."""
    gone = (table.c.lead_id == askable(lead_id), table.c.field == "lead", table.c.new == value_json(None))
    order = (table.c.at.desc(), table.c.seq.desc())
    return conn.scalar(select(table.c.change_id).where(*gone).order_by(*order).limit(1))


def of_change_id(conn: Connection, change_id: str) -> list[ActivityEntry]:
    """The entries of a change, whichever lead it was of, in order."""
    query = select(table).where(table.c.change_id == askable(change_id)).order_by(table.c.seq)
    return [_entry(row) for row in conn.execute(query)]


def _page(
    conn: Connection, query: Select[tuple[object, ...]], kind: str, limit: int, cursor: str | None
) -> Page[ActivityEntry]:
    size = paging.page_size(limit)
    if cursor:
        query = query.where(tuple_(table.c.at, table.c.seq) < tuple_(*paging.after(kind, cursor, (str, int))))
    rows = conn.execute(query.order_by(table.c.at.desc(), table.c.seq.desc()).limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    following = paging.cursor(kind, (last.at, last.seq)) if last else None
    return Page(tuple(_entry(row) for row in rows[:size]), following)


def _key(entry: ActivityEntry) -> str:
    told = f"{entry.change_id}\x1f{entry.field}"
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _columns(entry: ActivityEntry) -> dict[str, str]:
    return {
        "entry_key": _key(entry),
        "at": moment_text(entry.at),
        "change_id": entry.change_id,
        "lead_id": entry.lead_id,
        "actor": storable(entry.actor),
        "field": storable(entry.field),
        "old": value_json(entry.old),
        "new": value_json(entry.new),
        "why": storable(entry.why),
    }


def _entry(row: Row[tuple[object, ...]]) -> ActivityEntry:
    old, new = value_from_json(row.old), value_from_json(row.new)
    return ActivityEntry(moment(row.at), row.change_id, row.lead_id, row.actor, row.field, old, new, row.why)
