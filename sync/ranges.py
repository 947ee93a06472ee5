"""Rectangles of a spreadsheet by sheetId, so that a renamed tab is still the same tab.

0-based, half-open, as the API's GridRange; None leaves a side open. Used by every read and every write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GridRange:
    """Rows [row, row_end) and columns [column, column_end) of the tab `sheet_id`."""

    sheet_id: int
    row: int = 0
    row_end: int | None = None
    column: int = 0
    column_end: int | None = None

    def json(self) -> dict[str, int]:
        """The API's GridRange object."""
        found = {"sheetId": self.sheet_id, "startRowIndex": self.row, "startColumnIndex": self.column}
        if self.row_end is not None:
            found["endRowIndex"] = self.row_end
        if self.column_end is not None:
            found["endColumnIndex"] = self.column_end
        return found


def from_json(found: Mapping[str, Any]) -> GridRange:
    """A GridRange of an answer, where zeros are left out."""
    return GridRange(
        int(found.get("sheetId", 0)),
        int(found.get("startRowIndex", 0)),
        found.get("endRowIndex"),
        int(found.get("startColumnIndex", 0)),
        found.get("endColumnIndex"),
    )


def column_letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(title: str, row: int, row_end: int | None, columns: int) -> str:
    """A1 notation of `columns` columns from A and rows [row, row_end): 'My tab'!A2:F9, or to the end of the tab."""
    quoted = "'" + title.replace("'", "''") + "'"
    return f"{quoted}!A{row + 1}:{column_letters(columns - 1)}{'' if row_end is None else row_end}"
