"""Files into source tabs: each sheet of a workbook, or a csv, becomes a tab of its own, and the next cycle takes it in.

Values go in as they are (a date as a date, text never parsed again), in batches under 2 MB. Until the last row is there
the tab is called "(importing) …", which no cycle takes for a source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineWorkbook
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from core.dates import EPOCH
from core.model import Cell
from sync.cells import cell_data, row_data
from sync.errors import OverQuota
from sync.layout import free_title, new_sheet_id
from sync.link import Link
from sync.sheets import batch, metadata
from sync.tabs import UNFINISHED
from sync.text_tables import UnreadableFile, read_table

BATCH_BYTES = 1_500_000
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_LONGEST_TITLE = 80  # Google takes 100; ours may get "(importing) " before it and a number behind
_WIDE = 200  # columns; a spreadsheet of Google's holds 10,000,000 cells, blank ones too
_PATIENCE = 300.0  # seconds that an import waits for the minute's quota
Dated = tuple[float, str]  # a serial number and the type of its format


@dataclass(frozen=True, slots=True)
class FileTab:
    """A table out of a file; dates are (serial number, DATE | TIME | DATE_TIME)."""

    title: str
    rows: tuple[tuple[Cell | Dated, ...], ...]


def read_files(files: Sequence[Path]) -> tuple[FileTab, ...]:
    """All tables of all files that hold anything. Raises UnreadableFile, by name, before anything is written."""
    return tuple(tab for file in files for tab in _read_file(file) if tab.rows)


def _read_file(file: Path) -> Iterator[FileTab]:
    if file.suffix.lower() in WORKBOOKS:
        yield from _workbook(file)
    else:
        yield FileTab(file.stem, _trimmed(read_table(_bytes(file), file.name)))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{file.name} cannot be read: {error.strerror}") from error


def _workbook(file: Path) -> Iterator[FileTab]:
    try:
        with CalamineWorkbook.from_path(str(file)) as book:
            names = book.sheet_names
            for name in names:
                rows = [_row(row) for row in book.get_sheet_by_name(name).iter_rows()]
                yield FileTab(file.stem if len(names) == 1 else f"{file.stem} {name}", _trimmed(rows))
    except (CalamineError, OSError) as error:
        raise UnreadableFile(f"{file.name} cannot be read as a workbook: {error}") from error


def _row(values: Sequence[object]) -> tuple[Cell | Dated, ...]:
    """Without the blank cells behind the last: in a file all rows are as wide as the widest."""
    cells = [_cell(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def _cell(value: object) -> Cell | Dated:
    if isinstance(value, datetime):
        days = (value.date() - EPOCH).days + (value - datetime.combine(value.date(), time())) / timedelta(days=1)
        return days, "DATE_TIME" if value.time() != time() else "DATE"
    if isinstance(value, date):
        return float((value - EPOCH).days), "DATE"
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400, "TIME"
    if isinstance(value, timedelta):
        return value / timedelta(days=1), "TIME"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return None if value == "" else value
    return str(value)


def _trimmed(rows: Sequence[tuple[Cell | Dated, ...]]) -> tuple[tuple[Cell | Dated, ...], ...]:
    """Without blank rows before the first and after the last; of a table that is wider than any by hand, without blank
    columns: one stray cell would make it more than a spreadsheet holds."""
    kept = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    table = tuple(rows[kept[0] : kept[-1] + 1]) if kept else ()
    if max(map(len, table), default=0) <= _WIDE:
        return table
    said = sorted({column for row in table for column, cell in enumerate(row) if cell is not None})
    return tuple(tuple(row[column] for column in said if column < len(row)) for row in table)


def add_tabs(link: Link, found: Sequence[FileTab]) -> Iterator[tuple[str, int]]:
    """Write each as a new tab; yields title and number of rows below the header. Raises SheetsProblem."""
    about = metadata(link.sheets)
    titles = {one.tab.title.removeprefix(UNFINISHED).lower() for one in about.tabs}  # also of imports that broke off
    taken = {one.tab.sheet_id for one in about.tabs}
    for tab in found:
        title = free_title(tab.title[:_LONGEST_TITLE], frozenset(titles))
        sheet_id = new_sheet_id(f"{link.owner}/{title}", frozenset(taken))
        titles.add(title.lower())
        taken.add(sheet_id)
        _write(link, tab, title, sheet_id)
        yield title, len(tab.rows) - 1


def _write(link: Link, tab: FileTab, title: str, sheet_id: int) -> None:
    grid = {"rowCount": len(tab.rows) + 1, "columnCount": max(len(row) for row in tab.rows), "frozenRowCount": 1}
    made = {"sheetId": sheet_id, "title": UNFINISHED + title, "gridProperties": grid}
    requests: list[Mapping[str, Any]] = [{"addSheet": {"properties": made}}]
    for start, rows in _chunks(tab):
        place = {"sheetId": sheet_id, "rowIndex": start, "columnIndex": 0}
        mask = "userEnteredValue,userEnteredFormat.numberFormat"
        requests.append({"updateCells": {"rows": rows, "fields": mask, "start": place}})
        _send(link, requests)
        link.step(f"{title}: {start + len(rows):,} of {len(tab.rows):,} rows")
        requests = []
    ready = {"properties": {"sheetId": sheet_id, "title": title}, "fields": "title"}
    _send(link, [{"updateSheetProperties": ready}])


def _send(link: Link, requests: Sequence[Mapping[str, Any]]) -> None:
    """One batch. A large file uses up the minute's quota: what was refused for that has not been applied and may be
    sent again."""
    waits = wait_random_exponential(multiplier=4, max=60)
    for attempt in Retrying(
        retry=retry_if_exception_type(OverQuota),
        wait=waits,
        stop=stop_after_delay(_PATIENCE),
        sleep=lambda seconds: sleep(seconds),
        reraise=True,
    ):
        with attempt:
            batch(link.sheets, requests, (), "spreadsheetId")


def _chunks(tab: FileTab) -> Iterator[tuple[int, list[Mapping[str, Any]]]]:
    rows: list[Mapping[str, Any]] = []
    start = size = 0
    for number, row in enumerate(tab.rows):
        made = row_data([_data(cell) for cell in row])
        weight = len(orjson.dumps(made))
        if rows and size + weight > BATCH_BYTES:
            yield start, rows
            rows, start, size = [], number, 0
        rows.append(made)
        size += weight
    if rows:
        yield start, rows


def _data(cell: Cell | Dated) -> Mapping[str, Any]:
    if isinstance(cell, tuple):
        serial, shown = cell
        return {"userEnteredValue": {"numberValue": serial}, "userEnteredFormat": {"numberFormat": {"type": shown}}}
    return cell_data(cell)
