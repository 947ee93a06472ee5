"""How programs usually keep leads in a Google Sheet with gspread: the peers of the call counts and the chaos run.

Not to be tuned: they stand for what is written everywhere. Each takes an open worksheet whose first row is the header.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gspread


class FindThenUpdate:
    """The careful usual way: look the row up at each write, then write one cell."""

    def __init__(self, worksheet: gspread.Worksheet) -> None:
        self.worksheet = worksheet

    def set(self, lead_id: str, field: str, value: str) -> None:
        header = self.worksheet.row_values(1)
        found = self.worksheet.find(lead_id)
        self.worksheet.update_cell(found.row, header.index(field) + 1, value)  # type: ignore[union-attr]  # as usual: None is not expected

    def add(self, values: Sequence[Any]) -> None:
        self.worksheet.append_row(values)


class CachedRows:
    """The fast usual way: read everything now and then, remember row numbers, write whole rows back."""

    def __init__(self, worksheet: gspread.Worksheet) -> None:
        self.worksheet = worksheet
        self.reload()

    def reload(self) -> None:
        table = self.worksheet.get_all_values()
        self.header = table[0]
        self.rows = {row[0]: (number, row) for number, row in enumerate(table[1:], 2) if row and row[0]}

    def set(self, lead_id: str, field: str, value: str) -> None:
        number, row = self.rows[lead_id]
        row[self.header.index(field)] = value
        self.worksheet.update([row], f"A{number}")

    def add(self, values: Sequence[Any]) -> None:
        self.worksheet.append_row(values)
        self.reload()


def idle_poll(spreadsheet: gspread.Spreadsheet) -> dict[str, list[dict[str, Any]]]:
    """What a usual worker reads to see whether anything is new: every tab, as records."""
    return {tab.title: tab.get_all_records() for tab in spreadsheet.worksheets()}
