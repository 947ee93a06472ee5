"""Rows of Master without an id whose id would come under merged cells: told, and given one when it is free.

Part of `sync.adopting`; `sync.seeing` looks at such rows again and again, as taking a merge apart changes no value.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from core.model import Issue
from store import issues, state
from store.database import reading
from sync.batch import MasterShape
from sync.gather import TabRead
from sync.link import Link
from sync.merged import Merges
from sync.people import Unnamed

HIDDEN = "rows_under_merges"
_MARK = "covered "  # begins the fingerprint of their issues
_WHY = "merged cells cover its lead_id: it becomes a lead when they are taken apart"


def some(link: Link) -> bool:
    """Whether there were such rows at the last look."""
    with reading(link.engine) as conn:
        return state.get(conn, HIDDEN) is not None


def left_out(link: Link, master: MasterShape, unnamed: Sequence[Unnamed], merges: Merges) -> list[Unnamed]:
    """The rows but those whose id cell is covered, which a person is told of. What was told of other rows stands:
    perhaps nobody looked at them."""
    column = master.columns["lead_id"]
    found = [one for one in unnamed if merges.covers(one.row - 1, column)]
    with link.engine.begin() as conn:
        _tell(conn, master, {one.row for one in found}, {one.row for one in unnamed})
    return [one for one in unnamed if one not in found]


def _tell(conn: Connection, master: MasterShape, covered: set[int], asked: set[int]) -> None:
    told = _told(conn, master.sheet_id)
    fresh = [(f"{_MARK}{row}", Issue(master.title, row, _WHY)) for row in sorted(covered - told)]
    if fresh:
        issues.add(conn, master.sheet_id, fresh)
        state.put(conn, HIDDEN, "1")
    _forget(conn, master.sheet_id, told & (asked - covered))


def forget_named(conn: Connection, seen: TabRead, unnamed: Sequence[Unnamed]) -> None:
    """Rows that Master, as it was seen now, shows and that want no id any more are told of no longer."""
    if state.get(conn, HIDDEN) is None:
        return
    wanting = {one.row for one in unnamed}
    over = {row for row in _told(conn, seen.tab.sheet_id) - wanting if seen.shows(row)}
    _forget(conn, seen.tab.sheet_id, over)


def _forget(conn: Connection, sheet_id: int, rows: set[int]) -> None:
    if rows:
        issues.clear(conn, sheet_id, [f"{_MARK}{row}" for row in rows])
    if not _told(conn, sheet_id):
        state.forget(conn, HIDDEN)


def _told(conn: Connection, sheet_id: int) -> set[int]:
    """The rows (1-based) that are told of."""
    marks = (one.fingerprint for one in issues.standing(conn, sheet_id))
    return {int(mark.removeprefix(_MARK)) for mark in marks if mark.startswith(_MARK)}
