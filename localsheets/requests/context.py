"""What every batchUpdate request works with: the spreadsheet, the account, the journal, and ranges checked as
Google checks them."""

from __future__ import annotations

from dataclasses import dataclass

from ..a1 import Box
from ..book import Book
from ..entering import Write
from ..errors import bad_request
from ..follow import Json, Shift
from ..grid import Grid, box_of
from ..guard import check_editable, check_insertable, check_sheet
from ..storage.history import Journal
from ..values import check_total

DIMENSIONS = {"ROWS": "row", "COLUMNS": "column"}


@dataclass(frozen=True, slots=True)
class Context:
    """One request of a batch at work. `where` names it in refusals: requests[3].addNamedRange."""

    book: Book
    account: str
    at: float
    journal: Journal
    where: str

    def write(self, *, raw: bool = True) -> Write:
        return Write(self.account, self.at, self.journal, raw)

    def ranged(self, found: Json | None, *, empty: bool = False) -> tuple[Grid, Box]:
        """The sheet and the box of a GridRange, open ends left open; ApiError 400 for no sheet, for a range that begins
        beyond the grid (it may end there), or, unless `empty` says so, for one without cells."""
        if found is None:
            raise bad_request("No range specified.")
        grid = self.book.sheet(found.get("sheetId", 0))
        box = box_of(found)
        for low, high, name in ((box.top, box.bottom, "Row"), (box.left, box.right, "Column")):
            if low < 0 or (high is not None and high < low + (not empty)):
                raise bad_request(f"GridRange.end{name}Index[{high}] must be greater than start{name}Index[{low}]")
        grid.check_begins_within(box)
        return grid, box

    def closed(self, found: Json | None) -> tuple[Grid, Box]:
        """The same with open ends closed at the grid's."""
        grid, box = self.ranged(found)
        return grid, grid.closed(box)

    def check_editable(self, grid: Grid, box: Box) -> None:
        check_editable(self.book, grid, box, self.account)

    def check_insertable(self, grid: Grid, dimension: str, at: int) -> None:
        check_insertable(self.book, grid, dimension, at, self.account)

    def check_sheet(self, grid: Grid) -> None:
        check_sheet(self.book, grid, self.account)

    def check_total(self, more: int) -> None:
        check_total(self.book, more)

    def spanned(self, found: Json | None) -> tuple[Grid, str, int, int]:
        """(sheet, dimension, start, stop) of a DimensionRange; an open end is the grid's. Not checked against the
        grid."""
        if found is None or "dimension" not in found:
            raise bad_request("No dimension specified." if found is not None else "No range specified.")
        grid = self.book.sheet(found.get("sheetId", 0))
        size = grid.row_count if found["dimension"] == "ROWS" else grid.column_count
        start, stop = found.get("startIndex", 0), found.get("endIndex", size)
        if start < 0 or stop <= start:
            raise bad_request(f"DimensionRange.endIndex[{stop}] must be greater than startIndex[{start}]")
        return grid, found["dimension"], start, stop

    def follow(self, shift: Shift, grid: Grid) -> None:
        self.book.follow(shift, grid.sheet_id)


def size_of(grid: Grid, dimension: str) -> int:
    return grid.row_count if dimension == "ROWS" else grid.column_count
