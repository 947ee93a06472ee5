"""Merged cells of Master. Google keeps a value only in the first cell of a merge, and drops what is written to the
others without a word: such a write must not go, and nobody be told that it went.

No read shows merges without a call of its own, so a batch asks: `unmergeCells` must not span a part of a merge
(Google's reference), so that of a single cell refuses the batch where that cell is in one, and else does nothing. Only
then are merges read, and the flush made anew, knowing them. Between `sync.flush` and those who call it; decision 0029.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from core import fields
from core.model import Cell, Change, ChangeState
from core.undo import cancels
from store import covered as waits
from store import mirror, outbox, state
from store.database import reading
from sync.link import Link
from sync.ranges import GridRange
from sync.sheets import drive_version, merged_ranges

Request = Mapping[str, Any]
GRID_ROWS = "master_grid_rows"  # as the last answer said
_KNOWN = "master_merges"


@dataclass(frozen=True, slots=True)
class Merges:
    """The merged ranges of Master as they were read."""

    ranges: tuple[GridRange, ...] = ()

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell (0-based) is part of one."""
        return self._of(row, column) is not None

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell is part of one and not its first."""
        found = self._of(row, column)
        return found is not None and (found.row, found.column) != (row, column)

    def reaching(self, row: int, columns: int) -> Iterator[GridRange]:
        """Those that reach into the rows from `row` on, and into the first so many columns."""
        return (one for one in self.ranges if one.row_end is None or (one.row_end > row and one.column < columns))

    def _of(self, row: int, column: int) -> GridRange | None:
        return next((one for one in self.ranges if _in(one, row, column)), None)


def _in(one: GridRange, row: int, column: int) -> bool:
    below = one.row <= row and (one.row_end is None or row < one.row_end)
    return below and one.column <= column and (one.column_end is None or column < one.column_end)


def guard_cells(sheet_id: int, row: int, written: Mapping[int, Cell], known: Merges | None) -> Iterator[Request]:
    """Refuses the batch where a cell of a row that gets a value is part of a merge that nobody knew. Asked of those too
    that showed a value: rows may have been moved under a merge with theirs."""
    for column, cell in sorted(written.items()):
        if cell not in (None, "") and not (known and known.holds(row, column)):
            yield _unmerge(GridRange(sheet_id, row, row + 1, column, column + 1))


def free_below(sheet_id: int, row: int, width: int, grid_rows: int, known: Merges | None) -> Iterator[Request]:
    """Takes merges apart in the blank rows from `row` on, where new leads come. One that begins above refuses the
    batch, and is taken apart as a whole once it is known: its value stands in its first cell and stays there."""
    if known is not None:
        yield from (_unmerge(one) for one in known.reaching(row, width))
    elif row < grid_rows:  # what comes behind the grid's end is under no merge
        yield _unmerge(GridRange(sheet_id, row, None, 0, width))


def _unmerge(place: GridRange) -> Request:
    return {"unmergeCells": {"range": place.json()}}


def read_merges(link: Link, sheet_id: int) -> Merges:
    """One read."""
    return Merges(merged_ranges(link.sheets, sheet_id))


def known_merges(link: Link, sheet_id: int) -> Merges:
    """The merges as they stand; one read where the spreadsheet has changed since the last time, by Drive's version."""
    version = drive_version(link.sheets)
    with reading(link.engine) as conn:
        said = json.loads(state.get(conn, _KNOWN) or "{}")
    if version and said.get("version") == version:
        return Merges(tuple(GridRange(sheet_id, *one) for one in said["ranges"]))
    found = read_merges(link, sheet_id)
    ranges = [(one.row, one.row_end, one.column, one.column_end) for one in found.ranges]
    with link.engine.begin() as conn:
        state.put(conn, _KNOWN, json.dumps({"version": version, "ranges": ranges}))
    return found


def covered(merges: Merges | None, row: int, names: Iterable[str], columns: Mapping[str, int]) -> list[str]:
    """Those of the fields whose cell in a row is covered."""
    return [n for n in names if merges and n in columns and merges.covers(row, columns[n])]


def set_aside(conn: Connection, these: Sequence[tuple[Change, Sequence[str]]]) -> None:
    """Changes that cannot go, with the fields whose cells are covered: blocked, and remembered until they can."""
    found = {change.change_id: names for change, names in these}
    for change_id, names in found.items():
        labels = ", ".join(fields.BY_NAME[name].label for name in sorted(names))
        why = f"{labels}: merged cells cover it in the sheet. It goes there when they are taken apart"
        outbox.mark(conn, [change_id], ChangeState.BLOCKED, why)
    if found:
        waits.add(conn, found)
        _let_go(conn, [change for change, _ in these])


def _let_go(conn: Connection, these: Sequence[Change]) -> None:
    """What somebody took back while it was on its way goes no more, and neither does what took it back."""
    later = [one.change for one in outbox.of_leads(conn, {change.lead_id for change in these})]
    pairs = ((one, back) for one in these for back in later if back.lead_id == one.lead_id and cancels(back, one))
    over = {change.change_id for pair in pairs for change in pair}
    outbox.mark(conn, over, ChangeState.DONE)
    waits.forget(conn, over)


def release(link: Link, sheet_id: int, columns: Mapping[str, int]) -> None:
    """Lets the changes go whose cells are covered no more. Nothing is asked where none waits for that."""
    with reading(link.engine) as conn:
        ids = waits.waiting(conn)
    if not ids:
        return
    merges = known_merges(link, sheet_id)
    with link.engine.begin() as conn:
        these = [one.change for one in outbox.changes(conn, ids).values() if one.state is ChangeState.BLOCKED]
        rows = mirror.rows_of(conn, [change.lead_id for change in these])
        held = {
            change.change_id
            for change in these
            if change.lead_id in rows and covered(merges, rows[change.lead_id] - 1, change.fields, columns)
        }
        outbox.mark(conn, [c.change_id for c in these if c.change_id not in held], ChangeState.PENDING)
        waits.forget(conn, set(ids) - held)
