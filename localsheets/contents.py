"""Whole contents of spreadsheets: what an upload brings, what an export takes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from . import entering, values
from .book import Book, new_sheet_doc
from .entering import Write
from .errors import bad_request
from .follow import Json
from .grid import Grid
from .lines import MAX_COLUMNS
from .rendering import cell_text, effective, look
from .storage.rows import Row


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet of an uploaded workbook: its title and rows of values (str, int, float, bool, None), entered as
    they are; text that begins with "=" in `formulas` mode is a formula. `formats`: (row, column) -> cell format
    (JSON)."""

    title: str
    rows: Sequence[Sequence[Any]]
    formulas: bool = False
    formats: dict[tuple[int, int], Json] | None = None


@dataclass(frozen=True, slots=True)
class ExportCell:
    """One cell for a file export: the value that it comes to, what it shows, the formula, the cell format (JSON)."""

    value: Any
    text: str
    formula: str | None
    format: Json | None


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One sheet for a file export: rows arrive lazily, each a list of ExportCell or None for a blank."""

    title: str
    hidden: bool
    rows: Iterator[list[ExportCell | None]]


def load(book: Book, content: SheetContent, write: Write) -> None:
    """One uploaded sheet: at least 1000 x 26, as Google makes it (recordings)."""
    width = max((len(row) for row in content.rows), default=0)
    if width > MAX_COLUMNS:
        raise bad_request(f"A sheet can have at most {MAX_COLUMNS} columns.")
    title, number = content.title[:100] or "Sheet1", 2
    while book.titled(title) is not None:
        title, number = f"{content.title[:90]} {number}", number + 1
    size = {"rowCount": max(1000, len(content.rows)), "columnCount": max(26, width)}
    values.check_total(book, size["rowCount"] * size["columnCount"])
    grid = book.add_sheet(new_sheet_doc(book.fresh_sheet_id(), title, {"gridProperties": size}))
    formats = content.formats or {}

    def change(position: int, row: Row) -> None:
        for column, value in enumerate(content.rows[position]):
            formula = content.formulas and isinstance(value, str) and value.startswith("=")
            row.put(column, {"f": value} if formula else entering.stored(value))
            if (position, column) in formats:
                grid.set_data(row, position, column, {"userEnteredFormat": formats[position, column]})

    if content.rows:
        grid.edit(0, len(content.rows), change, write.journal)


def export_rows(book: Book, grid: Grid) -> Iterator[list[ExportCell | None]]:
    end = grid.last_data_row() + 1
    for position, row in enumerate(grid.rows(0, end)):
        out: list[ExportCell | None] = []
        for column, slot in enumerate(grid.slots):
            cell = row.get(slot)
            if cell == "" and cell is not False:
                out.append(None)
                continue
            kind, value = effective(book, grid, cell, position, column)
            given = grid.data(row, position, column).get("userEnteredFormat", {})
            found = look(book, grid, kind, cell, given, position, column)
            text = cell_text(book, kind, value, found)
            out.append(ExportCell(value, text, cell.get("f") if isinstance(cell, dict) else None, found))
        while out and out[-1] is None:
            out.pop()
        yield out
