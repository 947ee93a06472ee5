"""One spreadsheet, spoken to in few calls: what tabs there are, the values of many ranges, one atomic batch.

Each function here is one call. Above `sync.access`; everything else in sync goes through here.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import gspread
import orjson
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from core.model import Cell, Tab
from sync.access import DRIVE_BASE, SHEETS_BASE, Meter, call
from sync.errors import AnswerLost, FenceLost, OnlyRehearsed, Refused, ServiceDown, SheetsProblem, Unreachable
from sync.ranges import GridRange, from_json

FENCE_PREFIX = "bumukFence"
METADATA_FIELDS = (
    "spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone),namedRanges(namedRangeId),"
    "sheets.properties(sheetId,title,index,sheetType,hidden,gridProperties(rowCount,columnCount))"
)


@dataclass(frozen=True, slots=True)
class TabProperties:
    """A tab as the spreadsheet describes it: its grid's size counts empty rows too."""

    tab: Tab
    rows: int
    columns: int
    hidden: bool
    grid: bool  # False for a tab that is a chart


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the spreadsheet says of itself."""

    spreadsheet_id: str
    title: str
    url: str
    locale: str
    timezone: str
    tabs: tuple[TabProperties, ...]
    fences: tuple[str, ...]  # namedRangeIds that are ours


@dataclass(slots=True)
class Sheets:
    """An open spreadsheet and the meter of its calls."""

    http: gspread.HTTPClient
    spreadsheet_id: str
    meter: Meter = field(default_factory=Meter)
    attempts: int = 4  # of a read; writes are sent once
    may_write: bool = True  # False in a rehearsal: `batch` raises instead of sending

    @property
    def url(self) -> str:
        return f"{SHEETS_BASE}/v4/spreadsheets/{self.spreadsheet_id}"


def metadata(sheets: Sheets) -> Metadata:
    """One read: tabs, locale and fence."""
    found = _read(sheets, "get", sheets.url, params={"fields": METADATA_FIELDS})
    properties = found.get("properties", {})
    return Metadata(
        sheets.spreadsheet_id,
        properties.get("title", ""),
        found.get("spreadsheetUrl", ""),
        properties.get("locale", "en_US"),
        properties.get("timeZone", "Etc/GMT"),
        tuple(_tab(one.get("properties", {})) for one in found.get("sheets", ())),
        tuple(r["namedRangeId"] for r in found.get("namedRanges", ()) if r["namedRangeId"].startswith(FENCE_PREFIX)),
    )


def conditional_formats(sheets: Sheets, sheet_id: int) -> Sequence[Mapping[str, Any]]:
    """One read: the colour rules of a tab, in their order."""
    fields = "sheets(properties.sheetId,conditionalFormats)"
    found = _read(sheets, "get", sheets.url, params={"fields": fields})
    mine = (one for one in found.get("sheets", ()) if int(one.get("properties", {}).get("sheetId", 0)) == sheet_id)
    return next((one.get("conditionalFormats", ()) for one in mine), ())


def _tab(properties: Mapping[str, Any]) -> TabProperties:
    grid = properties.get("gridProperties", {})
    return TabProperties(
        Tab(int(properties.get("sheetId", 0)), properties.get("title", "")),
        int(grid.get("rowCount", 0)),
        int(grid.get("columnCount", 0)),
        bool(properties.get("hidden", False)),
        properties.get("sheetType", "GRID") == "GRID",
    )


Rows = tuple[tuple[Cell, ...], ...]


def read(
    sheets: Sheets, wanted: Sequence[GridRange], *, formulas: bool = False, columns: Sequence[GridRange] = ()
) -> tuple[Rows, ...]:
    """One read of all the ranges: for each of them its rows, trailing blanks cut, blanks between as "", dates as serial
    numbers. With `formulas` a formula's text stands in place of its value. Then for each range of `columns` its
    columns in the same way: like stands by like there, which Google packs into a quarter less."""
    body = {
        "dataFilters": [{"gridRange": one.json()} for one in (*wanted, *columns)],
        "majorDimension": "COLUMNS" if columns else "ROWS",
        "valueRenderOption": "FORMULA" if formulas else "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }
    url, params = f"{sheets.url}/values:batchGetByDataFilter", {"prettyPrint": "false"}
    found = _read(sheets, "post", url, json=body, params=params)
    by_range: dict[GridRange, Rows] = {}
    with uncollected():
        for match in found.get("valueRanges", ()):
            rows = tuple(map(tuple, match["valueRange"].get("values", ())))
            for data_filter in match.get("dataFilters", ()):
                by_range[from_json(data_filter.get("gridRange", {}))] = rows
    by_rows = _turned if columns else tuple
    return (*(by_rows(by_range.get(one, ())) for one in wanted), *(by_range.get(one, ()) for one in columns))


def _turned(columns: Rows) -> Rows:
    """Columns as rows, as they would have come as rows."""
    rows = [_trimmed(row) for row in zip_longest(*columns, fillvalue="")]
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


def _trimmed(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    end = len(row)
    while end and row[end - 1] in ("", None):
        end -= 1
    return row[:end]


def drive_version(sheets: Sheets) -> str:
    """What Drive counts up with every change of the spreadsheet; "" where it does not say, which is no reason to stop:
    it only spares reads. Not a read of the Sheets API and not of its quota."""
    url = f"{DRIVE_BASE}/drive/v3/files/{sheets.spreadsheet_id}"
    asked = {"fields": "version", "supportsAllDrives": "true"}
    try:
        raw = call(sheets.http, Meter(), "get", url, write=False, params=asked)
        return str(_parsed(raw, Unreachable("Drive's answer came in pieces")).get("version", ""))
    except SheetsProblem:
        return ""


def batch(
    sheets: Sheets, requests: Sequence[Mapping[str, Any]], answer_ranges: Sequence[str], fields: str
) -> Mapping[str, Any]:
    """One atomic write and, in the same answer, the cells of `answer_ranges` (A1) under the mask `fields`. Raises
    FenceLost where the fence refused it, Refused for any other 400, AnswerLost where nobody knows."""
    if not sheets.may_write:
        raise OnlyRehearsed("A cycle would write to the sheet here")
    body: dict[str, Any] = {"requests": list(requests)}
    if answer_ranges:
        body |= {
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
            "responseRanges": list(answer_ranges),
        }
    url, params = f"{sheets.url}:batchUpdate", {"fields": fields}
    payload, headers = orjson.dumps(body), {"Content-Type": "application/json"}
    try:
        raw = call(sheets.http, sheets.meter, "post", url, write=True, data=payload, headers=headers, params=params)
    except Refused as error:
        raise _fence_or(error) from error
    return _parsed(raw, AnswerLost("The sheet's answer to a write came in pieces"))


def _fence_or(error: Refused) -> Refused:
    text = str(error)
    fence = "amedRange" in text and ("requests[0]" in text or "requests[1]" in text)
    renamed = "Unable to parse range" in text  # a tab has another title than we knew it by
    return FenceLost(text) if fence or renamed else error


def _read(sheets: Sheets, method: str, url: str, **kwargs: Any) -> Mapping[str, Any]:
    """A read may be repeated; each attempt is counted. Waits 0 to 1, 2, 4 s at random between attempts."""
    waits = wait_random_exponential(multiplier=1, max=20)
    for attempt in Retrying(
        retry=retry_if_exception(_worth_repeating), stop=stop_after_attempt(sheets.attempts), wait=waits, reraise=True
    ):
        with attempt:
            raw = call(sheets.http, sheets.meter, method, url, write=False, **kwargs)
            return _parsed(raw, Unreachable("The sheet's answer came in pieces"))
    raise AssertionError("tenacity re-raises the last failure")


def _worth_repeating(error: BaseException) -> bool:
    return isinstance(error, Unreachable | ServiceDown)


def _parsed(raw: bytes, broken: SheetsProblem) -> Mapping[str, Any]:
    try:
        with uncollected():
            found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise broken from error
    if not isinstance(found, dict):
        raise broken
    return found


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic collector, which would walk a half-made answer again and again: a fifth of the time of a large
    one. Another thread may make rubbish meanwhile; it is collected after."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
