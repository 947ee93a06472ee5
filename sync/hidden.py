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
    """The rows but those whose id cell is covered, which a person is told of."""
    column = master.columns["lead_id"]
    found = [one for one in unnamed if merges.covers(one.row - 1, column)]
    with link.engine.begin() as conn:
        _tell(conn, master, [one.row for one in found])
    return [one for one in unnamed if one not in found]


def _tell(conn: Connection, master: MasterShape, rows: Sequence[int]) -> None:
    told = [one.fingerprint for one in issues.standing(conn, master.sheet_id) if one.fingerprint.startswith(_MARK)]
    wanted = [f"{_MARK}{row}" for row in rows]
    if sorted(told) != sorted(wanted):
        issues.clear(conn, master.sheet_id, told)
        issues.add(conn, master.sheet_id, [(f"{_MARK}{row}", Issue(master.title, row, _WHY)) for row in rows])
    if rows:
        state.put(conn, HIDDEN, "1")
    else:
        state.forget(conn, HIDDEN)
