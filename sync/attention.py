"""What the Needs attention tab shows: rows that could not become leads, each with its reason, until fixed.

Made anew from the store's issues whenever they change; part of the flush that changes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from core.model import Cell, Issue
from store import issues, ledger, state
from sync.batch import AttentionList
from sync.restore import ATTENTION_ROWS

SAYS_CHARACTERS = 200
PAGE = 200

Row = tuple[int, str]  # sheetId, fingerprint


def attention_list(
    conn: Connection,
    settled: Iterable[Row],
    fresh: Iterable[tuple[Row, Issue]],
    said: Mapping[Row, Sequence[Cell]],
) -> AttentionList | None:
    """The tab's lines after these rows are settled and these issues are new; None where nothing changes. `said` holds
    the cells of the rows that were just read."""
    gone, new = set(settled), [(row, issue) for row, issue in fresh if issue.blocking]
    standing = [((one.sheet_id, one.fingerprint), one.issue) for one in blocking(conn)]
    if not new and not any(row in gone for row, _ in standing):
        return None
    shown = [(row, issue) for row, issue in standing if row not in gone] + new
    cells = _cells(conn, {row for row, _ in shown} - said.keys()) | dict(said)
    lines = tuple(_line(row, issue, cells.get(row, ())) for row, issue in shown)
    return AttentionList(lines, int(state.get(conn, ATTENTION_ROWS) or 0))


def standing_list(conn: Connection) -> AttentionList:
    """The tab's lines as the issues stand, which a person has just settled some of."""
    shown = [((one.sheet_id, one.fingerprint), one.issue) for one in blocking(conn)]
    cells = _cells(conn, {row for row, _ in shown})
    lines = tuple(_line(row, issue, cells.get(row, ())) for row, issue in shown)
    return AttentionList(lines, int(state.get(conn, ATTENTION_ROWS) or 0))


def blocking(conn: Connection) -> Iterator[issues.StandingIssue]:
    """Every issue that keeps a row from becoming a lead."""
    cursor: str | None = None
    while True:
        page = issues.page(conn, PAGE, cursor, blocking=True)
        yield from page.items
        cursor = page.next_cursor
        if not cursor:
            return


def _cells(conn: Connection, rows: Iterable[Row]) -> dict[Row, Sequence[Cell]]:
    by_tab: dict[int, list[str]] = {}
    for sheet_id, fingerprint in rows:
        by_tab.setdefault(sheet_id, []).append(fingerprint)
    found = ((sheet_id, one) for sheet_id, names in by_tab.items() for one in ledger.of_rows(conn, sheet_id, names))
    return {(sheet_id, one.entry.fingerprint): one.cells or () for sheet_id, one in found}


def _line(row: Row, issue: Issue, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    says = " · ".join(str(cell) for cell in cells if cell not in (None, ""))[:SAYS_CHARACTERS]
    return (issue.tab, issue.row, issue.reason, says, row[1])
