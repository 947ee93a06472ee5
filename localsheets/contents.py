"""Whole contents of spreadsheets: what a new one is made of, what an upload brings, what an export takes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from . import entering, requests, resources, values
from .a1 import Box
from .book import Book, new_sheet_doc
from .entering import Write
from .errors import bad_request
from .follow import Json
from .grid import MAX_CELLS, Grid
from .lines import MAX_COLUMNS
from .rendering import effective
from .requests.cells import put_cell
from .requests.sheets import check_size, check_title
from .storage.rows import Row

ALL_CELL_PATHS: list[tuple[str, ...]] = [("userEnteredFormat",), ("note",), ("dataValidation",), ("textFormatRuns",)]


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


def fill_new(book: Book, given: Json, write: Write) -> None:
    """The sheets and named ranges of a new spreadsheet."""
    sheets = given.get("sheets") or [{}]
    for i, sheet in enumerate(sheets):
        properties = {key: value for key, value in sheet.get("properties", {}).items() if key != "index"}
        sheet_id = properties.get("sheetId", 0 if i == 0 else book.fresh_sheet_id())
        if any(grid.sheet_id == sheet_id for grid in book.sheets):
            raise bad_request(f"Invalid sheets[{i}].properties: A sheet with id {sheet_id} already exists.")
        title = properties.get("title") or f"Sheet{i + 1}"
        check_title(book, title)
        doc = new_sheet_doc(sheet_id, title, properties)
        check_size(doc["properties"])
        grid = book.add_sheet(doc)
        _fill_data(book, grid, sheet, write)
        for key in ("merges", "conditionalFormats"):
            if sheet.get(key):
                grid.doc[key] = sheet[key]
    if book.cell_total() > MAX_CELLS:
        values.check_total(book, 1)
    if given.get("namedRanges"):
        adding = [{"addNamedRange": {"namedRange": named}} for named in given["namedRanges"]]
        requests.apply(book, adding, write.account, write.at, write.journal)


def _fill_data(book: Book, grid: Grid, sheet: Json, write: Write) -> None:
    for part in sheet.get("data", ()):
        top, left = part.get("startRow", 0), part.get("startColumn", 0)
        rows = [row.get("values", []) for row in part.get("rowData", ())]
        if not rows:
            continue
        width = max(len(row) for row in rows)
        values.grow(book, grid, Box(top, top + len(rows), left, left + max(width, 1)))

        def change(position: int, row: Row, rows: list[Any] = rows, top: int = top, left: int = left) -> None:
            for offset, cell in enumerate(rows[position - top]):
                put_cell(grid, row, position, left + offset, cell, True, ALL_CELL_PATHS)

        grid.edit(top, top + len(rows), change, write.journal)


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
            found = grid.data(row, position, column).get("userEnteredFormat")
            kind, value = effective(book, grid, cell, position, column)
            text = resources.cell_text(book, kind, value, found)
            out.append(ExportCell(value, text, cell.get("f") if isinstance(cell, dict) else None, found))
        while out and out[-1] is None:
            out.pop()
        yield out
