"""The requests by which a batch keeps its journal, and those by which it puts back what an earlier one displaced.

Part of `sync.batch`. The journal comes before the cells that are written, so it keeps what stands there at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from core import fields
from core.fields import Kind
from core.model import Cell
from sync import journal
from sync.cells import formula, id_of, number_format, row_data, text_row
from sync.crm import COLUMNS
from sync.journal import Journal, NewRow, Target
from sync.ranges import GridRange
from sync.worth import is_broken, is_formula, moved, relative

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Restore:
    """A cell of Master (0-based) that gets back what belongs there: a copy of a cell of `_crm`, so a formula stays one,
    or `back` itself where `source` is None, as a formula if that is set. `lead_id` is what the row's id cell says;
    `content` names the row where that does not. `wrong` is what the cell shows now, by `worth`, and `stood` the whole
    row; `tries` how often it was missed."""

    lead_id: str
    content: str
    row: int
    column: int
    source: tuple[int, int] | None
    back: Cell
    wrong: str = ""
    tries: int = 0
    stood: tuple[str, ...] = ()
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Revive:
    """A row of Master that was deleted and comes back: whose it is, the row of `_crm` that keeps it, its cells there,
    and where each of their columns (0-based) stands in Master by now; those that are gone are left out."""

    owner: str
    crm_row: int
    cells: tuple[Cell, ...]
    columns: Mapping[int, int]

    def shown(self, row: int) -> dict[int, Cell]:
        """What that row of Master shows then, by its columns."""
        return {place: self._moved(self.cells[c], row) for c, place in self._pairs()}

    def _moved(self, cell: Cell, row: int) -> Cell:
        return moved(str(cell), row - self.crm_row, self.columns) if is_formula(cell) else cell

    def turned(self, row: int) -> dict[int, str]:
        """The formulas, by Master's columns, of which a copy would point elsewhere, as columns have moved."""
        shown = self.shown(row)
        formulas = [
            (c, place) for c, place in self._pairs() if is_formula(self.cells[c]) and not is_broken(shown[place])
        ]
        return {
            place: str(shown[place])
            for c, place in formulas
            if relative(str(self.cells[c]), self.crm_row, c) != relative(str(shown[place]), row, place)
        }

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """What moves together: the first column, where it goes, and how many."""
        for _, group in groupby(enumerate(self._pairs()), key=lambda one: (one[1][0] - one[0], one[1][1] - one[0])):
            run = [pair for _, pair in group]
            yield *run[0], len(run)

    def _pairs(self) -> list[tuple[int, int]]:
        return sorted((c, place) for c, place in self.columns.items() if c < len(self.cells))


@dataclass(frozen=True, slots=True)
class Aims:
    """All that a flush aims at: rows with the cells that they shall show, rows of which cells are put back, new leads,
    leads whose rows come back, from row 1 on. `columns` are our fields, `header` Master's first row as it was read.
    `reach`: rows are kept whole, in so many columns; the journal's tab has `crm_columns`."""

    fence: int
    area: int
    crm: int
    master: int
    header: Sequence[Cell]
    columns: Mapping[str, int]
    updates: Sequence[tuple[Target, Mapping[int, Cell]]]
    restores: Sequence[Sequence[Restore]]
    created: Sequence[tuple[str, Mapping[int, Cell]]]
    revived: Sequence[tuple[str, Mapping[int, Cell]]]
    redo: tuple[str, ...]
    reach: int = 0
    crm_columns: int = COLUMNS

    @property
    def width(self) -> int:
        """How many columns the copies take."""
        return max(self.reach, len(self.header))

    @property
    def journal(self) -> Journal:
        targets = (*(target for target, _ in self.updates), *(_target(row) for row in self.restores))
        created = tuple(lead_id for lead_id, _ in (*self.created, *self.revived))
        width = len(self.header)
        return Journal(self.fence, self.area, width, self.columns, targets, created, self.redo, self.reach)


def by_row(restores: Sequence[Restore]) -> list[list[Restore]]:
    """Restores of one row together, by their columns."""
    ordered = sorted(restores, key=lambda one: (one.row, one.column))
    return [list(group) for _, group in groupby(ordered, key=lambda one: one.row)]


def _target(row: Sequence[Restore]) -> Target:
    first, columns = row[0], tuple(one.column for one in row)
    wrong, tries = tuple(one.wrong for one in row), max(one.tries for one in row)
    return Target(first.lead_id, first.row, (), columns, first.content, wrong, tries, first.stood)


def expected(row: Sequence[Restore], id_column: int) -> tuple[str, Mapping[int, Cell]]:
    """The id that a row shall have after it was put right, and what its cells shall show. A formula's references follow
    it: no text to expect."""
    shown = {one.column: one.back for one in row if not is_formula(one.back)}
    return id_of(shown.get(id_column, row[0].lead_id)), shown


def keep(aims: Aims) -> Iterator[Request]:
    """A copy of Master's header and of each target row as they stand at the moment of writing, formulas as formulas,
    and beside them what is written: with these a write that went astray is found and taken back, also after a crash."""
    made, width = aims.journal, aims.width
    if not made.targets and not made.created:
        return
    if width > aims.crm_columns:
        wider = {"sheetId": aims.crm, "gridProperties": {"columnCount": width}}
        yield {"updateSheetProperties": {"properties": wider, "fields": "gridProperties.columnCount"}}
    yield _put(aims.crm, journal.HEAD_ROW, 0, journal.journal_cells(made))
    # A copy is as wide as Master is by then: where a column is gone, an older flush would show through beside it.
    copies = GridRange(aims.crm, journal.first_row(aims.area), made.before(len(made.targets)), 0, width)
    yield {"updateCells": {"range": copies.json(), "fields": "userEnteredValue"}}
    # What it says: a formula would say something else here.
    yield _keep_row(aims, 0, journal.first_row(aims.area), "PASTE_VALUES")
    yield _put(aims.crm, made.aimed, 0, [*aims.header, *[None] * (width - len(aims.header))])
    for number, target in enumerate(made.targets):
        yield _keep_row(aims, target.row, made.before(number))
    yield from _written(aims, made)
    yield from _new_rows(aims, made)


def _keep_row(aims: Aims, row: int, crm_row: int, paste: str = "PASTE_FORMULA") -> Request:
    """A row as wide as the headers that were read, or, where rows are kept whole, to wherever it ends by then: all of a
    source is copied to a destination of one cell."""
    width = None if aims.reach else len(aims.header)
    source = GridRange(aims.master, row, row + 1, 0, width)
    destination = GridRange(aims.crm, crm_row, crm_row + 1, 0, width or 1)
    return {"copyPaste": {"source": source.json(), "destination": destination.json(), "pasteType": paste}}


def _written(aims: Aims, made: Journal) -> Iterator[Request]:
    for number, (_, shown) in enumerate(aims.updates):
        row = [shown.get(column) for column in range(max(shown, default=-1) + 1)]
        yield _put(aims.crm, made.written(number), 0, row)
    for number, row_restores in enumerate(aims.restores, len(aims.updates)):
        for one in row_restores:
            if one.formula:
                there = moved(str(one.back), made.written(number) - one.row, {})
                yield _put_formula(aims.crm, made.written(number), one.column, there)
            elif one.source is None:
                yield _put(aims.crm, made.written(number), one.column, [one.back])
            else:
                crm_row, column = one.source
                source = GridRange(aims.crm, crm_row, crm_row + 1, column, column + 1)
                yield _copy(source, aims.crm, made.written(number), one.column)


def _new_rows(aims: Aims, made: Journal) -> Iterator[Request]:
    new = [NewRow(shown) for _, shown in aims.created]
    new += [NewRow(shown, row) for row, (_, shown) in enumerate(aims.revived, 1)]
    for number, one in enumerate(new, len(made.targets)):
        if number < journal.ROWS:
            yield _put(aims.crm, made.written(number), 0, journal.new_lead_cells(one))


def put_back(aims: Aims) -> Iterator[Request]:
    """The restores, out of the journal's own copy; days with the format that shows them."""
    made, names = aims.journal, {column: name for name, column in aims.columns.items()}
    for number, row in enumerate(aims.restores, len(aims.updates)):
        for one in row:
            source = GridRange(aims.crm, made.written(number), made.written(number) + 1, one.column, one.column + 1)
            yield _copy(source, aims.master, one.row, one.column)
            if one.column in names:
                yield from _shown(aims.master, one, fields.BY_NAME[names[one.column]].kind)


def come_back(one: Revive, crm: int, master: int, row: int) -> Iterator[Request]:
    """A blank row of Master gets what the journal keeps of one that was deleted."""
    for first, place, width in one.spans():
        yield _copy(GridRange(crm, one.crm_row, one.crm_row + 1, first, first + width), master, row, place)
    for place, said in one.turned(row).items():
        yield _put_formula(master, row, place, said)


def _shown(sheet_id: int, one: Restore, kind: Kind) -> Iterator[Request]:
    if shown := number_format(kind):
        place = GridRange(sheet_id, one.row, one.row + 1, one.column, one.column + 1).json()
        yield {"repeatCell": {"range": place, "cell": shown, "fields": "userEnteredFormat.numberFormat"}}


def _put(sheet_id: int, row: int, column: int, data: Sequence[Cell]) -> Request:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    rows = [text_row(data) if data else row_data([])]
    return {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": start}}


def _put_formula(sheet_id: int, row: int, column: int, said: str) -> Request:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"rows": [row_data([formula(said)])], "fields": "userEnteredValue", "start": start}}


def _copy(source: GridRange, target: int, row: int, column: int, paste: str = "PASTE_FORMULA") -> Request:
    height, width = (source.row_end or 0) - source.row, (source.column_end or 0) - source.column
    destination = GridRange(target, row, row + height, column, column + width)
    return {"copyPaste": {"source": source.json(), "destination": destination.json(), "pasteType": paste}}
