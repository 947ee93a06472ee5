"""What a person should see: rows of source tabs that could not become leads, or became them with a doubt.

The sheet's Needs attention tab shows the same; the source rows bring them back to a new database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_

from core.model import Issue
from core.near import pair_key
from store import bulk, counters, paging
from store.paging import Page
from store.schema import issues as table
from store.values import askable, storable


@dataclass(frozen=True, slots=True)
class StandingIssue:
    """An issue with the source row that it belongs to."""

    sheet_id: int
    fingerprint: str
    issue: Issue


def replace(conn: Connection, sheet_id: int, found: Iterable[tuple[str, Issue]]) -> None:
    """The issues of a tab, (fingerprint, issue), are these and no others."""
    bulk.hold(conn)
    now = _rows(sheet_id, found)
    columns = (table.c.issue_key, table.c.tab, table.c.row_number, table.c.blocking)
    there = {row.issue_key: row for row in conn.execute(select(*columns).where(table.c.sheet_id == sheet_id))}
    stale = [k for k, r in there.items() if k not in now or _shown(now[k]) != (r.tab, r.row_number, r.blocking)]
    _change(conn, stale, [row for key, row in now.items() if key not in there or key in set(stale)])


def add(conn: Connection, sheet_id: int, found: Iterable[tuple[str, Issue]]) -> None:
    """These issues stand besides those that do; one that stands already is brought up to date."""
    bulk.hold(conn)
    now = _rows(sheet_id, found)
    _change(conn, list(now), list(now.values()))


def clear(conn: Connection, sheet_id: int, fingerprints: Iterable[str] | None = None) -> None:
    """The issues of these rows, or of the whole tab, are settled."""
    bulk.hold(conn)
    of_tab = select(table.c.issue_key).where(table.c.sheet_id == sheet_id)
    if fingerprints is None:
        _change(conn, list(conn.scalars(of_tab)), [])
        return
    for part in bulk.parts(fingerprints):
        _change(conn, list(conn.scalars(of_tab.where(table.c.fingerprint.in_(part)))), [])


def standing(conn: Connection, sheet_id: int) -> list[StandingIssue]:
    """All issues of a tab."""
    return [_standing(row) for row in conn.execute(select(table).where(table.c.sheet_id == sheet_id)).all()]


def settle_pair(conn: Connection, pair: tuple[str, ...]) -> int:
    """Nothing is asked about these two leads any more; how many questions that were."""
    bulk.hold(conn)
    asked = list(conn.scalars(select(table.c.issue_key).where(table.c.pair == askable(pair_key(pair)))))
    _change(conn, asked, [])
    return len(asked)


def page(
    conn: Connection, limit: int, cursor: str | None = None, *, blocking: bool | None = None
) -> Page[StandingIssue]:
    """Issues by tab and row. Raises `paging.BadCursor`."""
    size = paging.page_size(limit)
    order = (table.c.sheet_id, table.c.row_number, table.c.seq)
    query = select(table).order_by(*order).limit(size + 1)
    if blocking is not None:
        query = query.where(table.c.blocking.is_(blocking))
    if cursor:
        query = query.where(tuple_(*order) > tuple_(*paging.after("issues", cursor, (int, int, int))))
    rows = conn.execute(query).all()
    last = rows[size - 1] if len(rows) > size else None
    following = paging.cursor("issues", (last.sheet_id, last.row_number, last.seq)) if last else None
    return Page(tuple(_standing(row) for row in rows[:size]), following)


def of_row(conn: Connection, sheet_id: int, fingerprint: str) -> list[Issue]:
    """What is said of one source row."""
    query = select(table).where(table.c.sheet_id == sheet_id, table.c.fingerprint == askable(fingerprint))
    return [_standing(row).issue for row in conn.execute(query.order_by(table.c.seq))]


def count(conn: Connection, *, blocking: bool | None = None) -> int:
    query = select(func.count()).select_from(table)
    return conn.scalar(query if blocking is None else query.where(table.c.blocking.is_(blocking))) or 0


def count_rows(conn: Connection, *, blocking: bool) -> int:
    """Of how many rows something is said."""
    rows = select(table.c.sheet_id, table.c.fingerprint).where(table.c.blocking.is_(blocking)).distinct()
    return conn.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _change(conn: Connection, gone: Sequence[str], fresh: Sequence[dict[str, str | int | bool]]) -> None:
    for part in bulk.parts(gone):
        conn.execute(delete(table).where(table.c.issue_key.in_(part)))
    if fresh:
        conn.execute(insert(table), fresh)
    if gone or fresh:
        counters.bump(conn)


def _rows(sheet_id: int, found: Iterable[tuple[str, Issue]]) -> dict[str, dict[str, str | int | bool]]:
    rows: dict[str, dict[str, str | int | bool]] = {}
    for fingerprint, issue in found:
        key = _key(sheet_id, fingerprint, issue)
        rows[key] = {
            "issue_key": key,
            "sheet_id": sheet_id,
            "fingerprint": fingerprint,
            "tab": storable(issue.tab),
            "row_number": issue.row,
            "reason": storable(issue.reason),
            "field": storable(issue.field),
            "blocking": issue.blocking,
            "pair": pair_key(issue.pair) if issue.pair else "",
        }
    return rows


def _key(sheet_id: int, fingerprint: str, issue: Issue) -> str:
    told = "\x1f".join((str(sheet_id), fingerprint, issue.field, issue.reason))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _shown(row: dict[str, str | int | bool]) -> tuple[str | int | bool, ...]:
    return (row["tab"], row["row_number"], row["blocking"])


def _standing(row: Row[tuple[object, ...]]) -> StandingIssue:
    pair = tuple(json.loads(row.pair)) if row.pair else ()
    issue = Issue(row.tab, row.row_number, row.reason, row.field, bool(row.blocking), pair)
    return StandingIssue(row.sheet_id, row.fingerprint, issue)
