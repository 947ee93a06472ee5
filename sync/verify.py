"""Did it land? The cells of a batch's own answer against what the batch was to write.

Id, header and value at each target: only then is a change applied. What stands somewhere else is named, not assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.model import Cell
from sync.batch import Batch, Expected, MasterShape
from sync.cells import entered, id_of
from sync.judging import overtaken as was_overtaken
from sync.worth import is_formula

Grid = Mapping[int, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`landed`: lead id -> 0-based row, verified. `astray`: leads whose row, header or value is not as expected.
    `header_moved`: Master's header is not what the batch was built on, so nothing can be called landed. `grid_rows`:
    how many rows Master's grid has, 0 where the answer does not say."""

    landed: Mapping[str, int]
    astray: tuple[str, ...]
    header_moved: bool
    grid_rows: int = 0


def grids(answer: Mapping[str, Any]) -> dict[int, dict[int, tuple[Cell, ...]]]:
    """The cells of an answer: sheetId -> 0-based row -> cells from column A, where every range asked for starts."""
    found: dict[int, dict[int, tuple[Cell, ...]]] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", ()):
        rows = found.setdefault(int(sheet.get("properties", {}).get("sheetId", 0)), {})
        for block in sheet.get("data", ()):
            start = int(block.get("startRow", 0))
            for offset, row in enumerate(block.get("rowData", ())):
                rows[start + offset] = tuple(entered(cell) for cell in row.get("values", ()))
    return found


def verify(answer: Mapping[str, Any], batch: Batch, master: MasterShape) -> Verdict:
    """Compare. A value of ours that a person overwrote in the meantime shows as astray; the next read tells why."""
    grid: Grid = grids(answer).get(master.sheet_id, {})
    header = grid.get(0, ())
    # What a formula there says is not in the answer; the journal keeps the titles themselves, and proves it.
    titles = ((_at(header, column), _at(master.header, column)) for column in master.columns.values())
    moved = any(found != known and not is_formula(found) for found, known in titles)
    if moved:
        return Verdict({}, tuple(one.lead_id for one in batch.expected), header_moved=True)
    id_column = master.columns["lead_id"]
    by_id = {id_of(row[id_column]): number for number, row in grid.items() if number and len(row) > id_column}
    landed: dict[str, int] = {}
    for one in batch.expected:
        row = by_id.get(one.lead_id) if one.row is None else one.row
        if row is not None and _holds(grid.get(row, ()), one, id_column):
            landed[one.lead_id] = row
    astray = tuple(one.lead_id for one in batch.expected if one.lead_id not in landed)
    return Verdict(landed, astray, header_moved=False, grid_rows=_grid_rows(answer, master.sheet_id))


def _grid_rows(answer: Mapping[str, Any], sheet_id: int) -> int:
    tabs = (one.get("properties", {}) for one in answer.get("updatedSpreadsheet", {}).get("sheets", ()))
    mine = (one.get("gridProperties", {}) for one in tabs if int(one.get("sheetId", 0)) == sheet_id)
    return next((int(one.get("rowCount", 0)) for one in mine), 0)


def overtaken(answer: Mapping[str, Any], batch: Batch, crm_sheet: int) -> bool:
    """Whether somebody typed into a cell between our read of it and our write, or another row stood where one was to be
    deleted: the journal, which the same batch kept just before, shows something else than we had seen. What they typed
    is gone from the cell, and stands there."""
    grid: Grid = grids(answer).get(crm_sheet, {})
    for number in range(len(batch.journal.targets)):
        before = grid.get(batch.journal.before(number), ())
        if was_overtaken(batch.journal, number, before):
            return True
    return False


def _holds(row: tuple[Cell, ...], one: Expected, id_column: int) -> bool:
    return id_of(_at(row, id_column)) == one.lead_id and all(same(_at(row, c), v) for c, v in one.cells.items())


def _at(row: tuple[Cell, ...], column: int) -> Cell:
    return row[column] if column < len(row) else None


def same(found: Cell, written: Cell) -> bool:
    if isinstance(found, bool) or isinstance(written, bool):
        return found is written
    if isinstance(found, int | float) and isinstance(written, int | float):
        return math.isclose(found, written, rel_tol=1e-12, abs_tol=1e-9)  # numbers travel as decimal text
    return found == written
