"""Workbooks in and out: xlsx, xls, ods (python-calamine) and csv, tsv become sheets; sheets become xlsx, csv, tsv.

Between Drive's uploads and exports and the engine's typed cells.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable
from typing import Any

from .engine import ExportCell, ExportSheet, SheetContent
from .entered import Entered
from .formats import NumberFormat

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
BOOKS = {XLSX, XLS, ODS, "application/x-vnd.oasis.opendocument.spreadsheet"}
TEXTS = {"text/csv": ",", "text/tab-separated-values": "\t", "text/plain": ",", "application/csv": ","}
LONGEST_CELL = 50_000
Read = Callable[[str], Entered]
Formats = dict[tuple[int, int], dict[str, Any]]
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # serial numbers have no zone


class CannotRead(Exception):
    """The uploaded bytes are not a workbook or table of the kind that they claim to be."""


def read_text(data: bytes, title: str, delimiter: str, read: Read) -> SheetContent:
    """One sheet from CSV or TSV bytes: UTF-8 (with or without a mark), else UTF-16 by its mark, else Windows-1252.

    Each cell is taken as typed (`read`), as Drive's conversion does: 12/7/2025 becomes a date by the locale.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    csv.field_size_limit(LONGEST_CELL * 4)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise CannotRead(str(error)) from None
    formats: Formats = {}
    typed = [[_typed(read(cell), (y, x), formats) for x, cell in enumerate(row)] for y, row in enumerate(rows)]
    return SheetContent(title, typed, formulas=True, formats=formats)


def _typed(entered: Entered, place: tuple[int, int], formats: Formats) -> Any:
    if entered.number_format:
        formats[place] = number_format(entered.number_format)
    return entered.value


def number_format(chosen: NumberFormat) -> dict[str, Any]:
    """The cell format (JSON) with this number format alone."""
    return {"numberFormat": {"type": chosen.type, **({"pattern": chosen.pattern} if chosen.pattern else {})}}


def _plain(value: object) -> Any:
    """A calamine cell as the engine takes it; dates, times and durations become their serial numbers."""
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return (dt.datetime(value.year, value.month, value.day) - EPOCH).days  # noqa: DTZ001  # serials have no zone
    if isinstance(value, dt.time):
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / dt.timedelta(days=1)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return None if value == "" else value


def _date_format(value: object) -> dict[str, Any] | None:
    """The cell format of a date, a moment or a time; None for any other value. The pattern is the locale's own."""
    if isinstance(value, dt.datetime):
        return number_format(NumberFormat("DATE_TIME"))
    if isinstance(value, dt.date):
        return number_format(NumberFormat("DATE"))
    return number_format(NumberFormat("TIME")) if isinstance(value, dt.time | dt.timedelta) else None


def read_book(data: bytes) -> list[SheetContent]:
    """All sheets of an xlsx, xls, xlsb or ods file, values only; CannotRead where it is none."""
    import python_calamine  # its own import: it costs start-up time that only uploads need

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            formats = {
                (y, x): kind for y, row in enumerate(rows) for x, cell in enumerate(row) if (kind := _date_format(cell))
            }
            sheets.append(SheetContent(name, [[_plain(value) for value in row] for row in rows], formats=formats))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise CannotRead(str(error)) from None
    if not sheets:
        raise CannotRead("no sheets")
    return sheets


def write_text(sheet: ExportSheet | None, delimiter: str = ",") -> bytes:
    """The first sheet as shown, rows filled up to the widest; no line end after the last row, as Google exports."""
    rows = [["" if cell is None else cell.text for cell in row] for row in sheet.rows] if sheet else []
    width = max(map(len, rows), default=0)
    out = io.StringIO(newline="")
    if delimiter == "\t":
        # Google's TSV has no quoting: tabs and line ends inside a cell become blanks.
        flat = [[" ".join(text.replace("\t", " ").splitlines()) for text in row] for row in rows]
        return "\r\n".join("\t".join(row + [""] * (width - len(row))) for row in flat).encode()
    csv.writer(out, lineterminator="\r\n").writerows(row + [""] * (width - len(row)) for row in rows)
    return out.getvalue().removesuffix("\r\n").encode()


def excel_pattern(number_format: dict[str, Any], default: Callable[[str], str]) -> str:
    """Excel's format code for a Google number format; the two languages agree on all that people commonly use."""
    kind = str(number_format.get("type", ""))
    return str(number_format.get("pattern") or default(kind) or ("@" if kind == "TEXT" else "General"))


def write_book(sheets: Iterable[ExportSheet], default_pattern: Callable[[str], str]) -> bytes:
    """An xlsx file with typed values, formulas with their present results, and number formats."""
    import xlsxwriter  # its own import: it costs start-up time that only exports need

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True},
    )
    styles: dict[str, Any] = {}

    def style(cell: ExportCell) -> Any:
        number_format = (cell.format or {}).get("numberFormat")
        if not number_format:
            return None
        pattern = excel_pattern(number_format, default_pattern)
        if pattern not in styles:
            styles[pattern] = book.add_format({"num_format": pattern})
        return styles[pattern]

    names: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.title, names))
        if sheet.hidden:
            page.hide()
        for y, row in enumerate(sheet.rows):
            for x, cell in enumerate(row):
                if cell is not None:
                    _put(page, y, x, cell, style(cell))
    book.close()
    return out.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    """Excel takes 31 characters, not these signs, and no two names that differ by case alone."""
    name = "".join("_" if c in "[]:*?/\\" else c for c in title)[:31].strip("'") or "Sheet"
    number = 1
    unique = name
    while unique.lower() in taken or unique.lower() == "history":
        number += 1
        unique = f"{name[: 30 - len(str(number))]} {number}"
    taken.add(unique.lower())
    return unique


def _put(page: Any, y: int, x: int, cell: ExportCell, style: Any) -> None:
    value = cell.value
    if cell.formula:
        page.write_formula(y, x, cell.formula, style, "" if value is None else value)
    elif isinstance(value, bool):
        page.write_boolean(y, x, value, style)
    elif isinstance(value, int | float):
        page.write_number(y, x, value, style)
    elif value is None or value == "":
        if style is not None:
            page.write_blank(y, x, None, style)
    else:
        page.write_string(y, x, str(value)[:32767], style)
