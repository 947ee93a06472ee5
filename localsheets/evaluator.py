"""ironcalc's workbook as this server uses it: typed values in, typed values out, sheets under names that it accepts.

It only computes; it never keeps a cell (typed text would become numbers and formulas there).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ironcalc

from .results import Kinded, Place

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_NAME = re.compile(r"[^\[\]:*?/\\]{1,31}")
# The evaluator's error values that Google has no name for.
ERRORS = {
    "#SPILL!": "#REF!", "#CIRC!": "#REF!", "#CALC!": "#N/A", "#N/IMPL!": "#NAME?", "#NIMPL!": "#NAME?",
}  # fmt: skip
KNOWN = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#ERROR!"})


@dataclass(slots=True)
class Sheets:
    """The evaluator's sheets, each by the key of ours. `given` are the cells that were put, not computed."""

    model: Any
    names: dict[int, str]
    numbers: dict[int, int]
    grids: dict[str, Grid]
    given: set[Place] = field(default_factory=set)
    bottoms: dict[int, int] = field(default_factory=dict)  # where what was put ends, by sheet

    @classmethod
    def of(cls, book: Book) -> Sheets:
        """Empty sheets for those of a spreadsheet; they are called the same where the evaluator allows it."""
        model = ironcalc.create("book", "en", _zone(str(book.properties.get("timeZone", "UTC"))), "en")
        names: dict[int, str] = {}
        taken: set[str] = set()
        for i, grid in enumerate(book.sheets):
            name = grid.title if _NAME.fullmatch(grid.title) and not grid.title.startswith("'") else f"Sheet no {i}"
            while name.casefold() in taken:
                name = f"Sheet no {i} {len(taken)}"
            taken.add(name.casefold())
            names[grid.key] = name
        for i in range(1, len(names)):
            model.add_sheet(f"\u00a7{i}")  # a name that none of ours has while they get theirs
        for i, name in enumerate(names.values()):
            model.rename_sheet(i, name)
        numbers = {key: i for i, key in enumerate(names)}
        return cls(model, names, numbers, {names[grid.key]: grid for grid in book.sheets})

    def scratch(self) -> int:
        """A further sheet for formulas of our own; its number."""
        self.model.new_sheet()
        return len(self.model.get_worksheets_properties()) - 1

    def put(self, key: int, row: int, column: int, cell: Any) -> None:
        """A stored cell, or a formula in the evaluator's words; what lies beyond its grid is left out."""
        if row >= LAST_ROW or column >= LAST_COLUMN:
            return
        self.given.add((key, row, column))
        self.bottoms[key] = max(self.bottoms.get(key, 0), row + 1)
        self.put_at(self.numbers[key], row, column, cell)

    def put_at(self, number: int, row: int, column: int, cell: Any) -> None:
        model, at = self.model, (number, row + 1, column + 1)
        if isinstance(cell, str):
            model.update_cell_with_text(*at, cell)
        elif isinstance(cell, bool):
            model.update_cell_with_bool(*at, cell)
        elif isinstance(cell, int | float):
            model.update_cell_with_number(*at, float(cell))
        else:
            self._put_formula(at, cell["f"] if "f" in cell else f"={cell['e']}")

    def _put_formula(self, at: tuple[int, int, int], formula: str) -> None:
        try:
            self.model.update_cell_with_formula(*at, formula)
        except ironcalc.WorkbookError:
            self.model.update_cell_with_formula(*at, "=#ERROR!")

    def clear(self, key: int, row: int, column: int) -> None:
        """Takes back what was put in a cell."""
        self.given.discard((key, row, column))
        self.model.clear_cell_contents(self.numbers[key], row + 1, column + 1)

    def evaluate(self) -> None:
        self.model.evaluate()

    def get(self, key: int, row: int, column: int) -> Kinded:
        """(kind, value) of a cell after the evaluation; blank where there is nothing, or nothing can be."""
        if row >= LAST_ROW or column >= LAST_COLUMN:
            return "error", "#ERROR!"
        return self.get_at(self.numbers[key], row, column)

    def get_at(self, number: int, row: int, column: int) -> Kinded:
        at = (number, row + 1, column + 1)
        value = self.model.get_cell_value(*at)
        if value is None:
            return "blank", ""
        if isinstance(value, bool):
            return "bool", value
        if isinstance(value, int | float):
            return "number", int(value) if float(value).is_integer() and abs(value) < 2**53 else value
        if value.startswith("#") and self.model.get_cell_type(*at) == ironcalc.CellType.ErrorValue:
            name = ERRORS.get(value, value)
            return "error", name if name in KNOWN else "#ERROR!"
        return "text", value

    def filled(self) -> list[Place]:
        """Every cell that holds something after the evaluation."""
        keys = list(self.names)
        return [(keys[n], row - 1, column - 1) for n, row, column in self.model.get_all_cells() if n < len(keys)]


def _zone(name: str) -> str:
    """The spreadsheet's time zone where the evaluator knows it."""
    return name if name in ironcalc.get_all_timezones() else "UTC"
