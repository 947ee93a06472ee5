"""How programs usually keep leads in a Google Sheet with gspread: peers for the chaos run and for counting calls. Not
to be tuned.

Each is given an open worksheet whose first row is the header; ids stand in the first column when it is opened.
"""

from __future__ import annotations

from typing import Any

import gspread


class FindThenUpdate:
    """Looks the row up for each write and then writes one cell: the careful usual way."""

    def __init__(self, worksheet: gspread.Worksheet) -> None:
        self.worksheet = worksheet

    def set(self, lead_id: str, field: str, value: str) -> None:
        """Three calls; LookupError where the lead or the field is not there."""
        names = self.worksheet.row_values(1)
        found = self.worksheet.find(lead_id)
        if found is None or field not in names:
            raise LookupError(lead_id, field)
        self.worksheet.update_cell(found.row, names.index(field) + 1, value)

    def add(self, values: list[str]) -> None:
        self.worksheet.append_row(values)


class CachedRows:
    """Reads everything now and then, keeps the numbers of the rows, writes whole rows back: the fast usual way."""

    def __init__(self, worksheet: gspread.Worksheet) -> None:
        self.worksheet = worksheet
        self.names: list[str] = []
        self.rows: dict[str, tuple[int, list[Any]]] = {}
        self.reload()

    def reload(self) -> None:
        self.names, *body = self.worksheet.get_all_values()
        self.rows = {cells[0]: (number, cells) for number, cells in enumerate(body, 2) if cells and cells[0]}

    def set(self, lead_id: str, field: str, value: str) -> None:
        """One call; LookupError where the lead or the field was not there at the last reload."""
        if lead_id not in self.rows or field not in self.names:
            raise LookupError(lead_id, field)
        number, cells = self.rows[lead_id]
        cells[self.names.index(field)] = value
        self.worksheet.update([cells], f"A{number}")

    def add(self, values: list[str]) -> None:
        self.worksheet.append_row(values)
        self.reload()


def idle_poll(spreadsheet: gspread.Spreadsheet) -> dict[str, list[dict[str, Any]]]:
    """What a usual worker reads to see whether anything is new: every tab, as records."""
    return {tab.title: tab.get_all_records() for tab in spreadsheet.worksheets()}
