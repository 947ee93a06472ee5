"""ironcalc's workbook as this server uses it: typed values in, typed values out, sheets under names that it accepts.

It only computes; it never keeps a cell (typed text would become numbers and formulas there).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ironcalc

from .results import Kinded, Place

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# The evaluator's error values that Google has no name for.
ERRORS = {
    "#SPILL!": "#REF!", "#CIRC!": "#REF!", "#CALC!": "#N/A", "#N/IMPL!": "#NAME?", "#NIMPL!": "#NAME?",
}  # fmt: skip
KNOWN = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#ERROR!"})


@dataclass(slots=True)
class Sheets:
    """The evaluator's sheets, each by the key of ours. `given` are the cells that were put, not computed, `laid` those
    of copied ranges."""

    model: Any
    names: dict[int, str]
    numbers: dict[int, int]
    keys: dict[str, int]
    given: set[Place] = field(default_factory=set)
    laid: set[Place] = field(default_factory=set)
    bottoms: dict[int, int] = field(default_factory=dict)  # where what was put ends, by sheet

    @classmethod
    def of(cls, names: dict[int, str], zone: str) -> Sheets:
        """Empty sheets under these names."""
        model = ironcalc.create("book", "en", _zone(zone), "en")
        for i in range(1, len(names)):
            model.add_sheet(f"\u00a7{i}")  # a name that none of ours has while they get theirs
        for i, name in enumerate(names.values()):
            model.rename_sheet(i, name)
        numbers = {key: i for i, key in enumerate(names)}
        return cls(model, names, numbers, {name: key for key, name in names.items()})

    def scratch(self) -> int:
        """A further sheet for formulas of our own; its number."""
        self.model.new_sheet()
        return len(self.model.get_worksheets_properties()) - 1

    def put(self, key: int, row: int, column: int, cell: Any) -> None:
        """A stored cell, or a formula in the evaluator's words; what lies beyond its grid is left out."""
        if row >= LAST_ROW or column >= LAST_COLUMN:
            return
        self.given.add((key, row, column))
        self._place(key, row, column, cell)

    def lay(self, key: int, row: int, column: int, cell: Any) -> None:
        """A value of a copied range."""
        if row < LAST_ROW and column < LAST_COLUMN:
            self.laid.add((key, row, column))
            self._place(key, row, column, cell)

    def _place(self, key: int, row: int, column: int, cell: Any) -> None:
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
        """Takes back a value of a copied range."""
        self.laid.discard((key, row, column))
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
