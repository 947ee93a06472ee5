"""One spreadsheet, spoken to in few calls: what tabs there are, one atomic batch, and what is done when a call fails.

Each function here is one call. Above `sync.access`; everything else in sync goes through here, and for what cells hold
through `sync.reading` beside it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import gspread
import orjson
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from core.model import Tab
from sync.access import DRIVE_BASE, SHEETS_BASE, Meter, call
from sync.errors import AnswerLost, FenceLost, OnlyRehearsed, Refused, ServiceDown, SheetsProblem, Unreachable
from sync.ranges import GridRange, from_json

FENCE_PREFIX = "bumukFence"
RAISED_PREFIX = "bumukRaised"  # of what stays where a fence was put up with none standing
IN_PIECES = Unreachable("The sheet's answer came in pieces")
Answer = TypeVar("Answer")
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
    raised: tuple[str, ...]  # the same, of those that stay


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
    properties, names = found.get("properties", {}), [one["namedRangeId"] for one in found.get("namedRanges", ())]
    return Metadata(
        sheets.spreadsheet_id,
        properties.get("title", ""),
        found.get("spreadsheetUrl", ""),
        properties.get("locale", "en_US"),
        properties.get("timeZone", "Etc/GMT"),
        tuple(_tab(one.get("properties", {})) for one in found.get("sheets", ())),
        tuple(name for name in names if name.startswith(FENCE_PREFIX)),
        tuple(name for name in names if name.startswith(RAISED_PREFIX)),
    )


def conditional_formats(sheets: Sheets, sheet_id: int) -> Sequence[Mapping[str, Any]]:
    """One read: the colour rules of a tab, in their order."""
    fields = "sheets(properties.sheetId,conditionalFormats)"
    found = _read(sheets, "get", sheets.url, params={"fields": fields})
    mine = (one for one in found.get("sheets", ()) if int(one.get("properties", {}).get("sheetId", 0)) == sheet_id)
    return next((one.get("conditionalFormats", ()) for one in mine), ())


def merged_ranges(sheets: Sheets, sheet_id: int) -> tuple[GridRange, ...]:
    """One read: the merged ranges of a tab."""
    found = _read(sheets, "get", sheets.url, params={"fields": "sheets(properties.sheetId,merges)"})
    mine = (one for one in found.get("sheets", ()) if int(one.get("properties", {}).get("sheetId", 0)) == sheet_id)
    return tuple(from_json(place) for one in mine for place in one.get("merges", ()))


def _tab(properties: Mapping[str, Any]) -> TabProperties:
    grid = properties.get("gridProperties", {})
    return TabProperties(
        Tab(int(properties.get("sheetId", 0)), properties.get("title", "")),
        int(grid.get("rowCount", 0)),
        int(grid.get("columnCount", 0)),
        bool(properties.get("hidden", False)),
        properties.get("sheetType", "GRID") == "GRID",
    )


def drive_version(sheets: Sheets) -> str:
    """What Drive counts up with every change of the spreadsheet; "" where it does not say, which is no reason to stop:
    it only spares reads. Not a read of the Sheets API and not of its quota."""
    url = f"{DRIVE_BASE}/drive/v3/files/{sheets.spreadsheet_id}"
    asked = {"fields": "version", "supportsAllDrives": "true"}
    try:
        raw = call(sheets.http, Meter(), "get", url, write=False, params=asked)
        return str(parsed(raw, Unreachable("Drive's answer came in pieces")).get("version", ""))
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
    return parsed(raw, AnswerLost("The sheet's answer to a write came in pieces"))


def _fence_or(error: Refused) -> Refused:
    text = str(error)
    fence = "amedRange" in text and ("requests[0]" in text or "requests[1]" in text)
    renamed = "Unable to parse range" in text  # a tab has another title than we knew it by
    return FenceLost(text) if fence or renamed else error


def _read(sheets: Sheets, method: str, url: str, **kwargs: Any) -> Mapping[str, Any]:
    def once() -> Mapping[str, Any]:
        return parsed(call(sheets.http, sheets.meter, method, url, write=False, **kwargs), IN_PIECES)

    return repeated(sheets, once)


def repeated(sheets: Sheets, once: Callable[[], Answer]) -> Answer:
    """What `once` gives. A read may be repeated; each attempt is counted. Waits 0 to 1, 2, 4 s at random between
    attempts."""
    waits = wait_random_exponential(multiplier=1, max=20)
    for attempt in Retrying(
        retry=retry_if_exception(_worth_repeating), stop=stop_after_attempt(sheets.attempts), wait=waits, reraise=True
    ):
        with attempt:
            return once()
    raise AssertionError("tenacity re-raises the last failure")


def _worth_repeating(error: BaseException) -> bool:
    return isinstance(error, Unreachable | ServiceDown)


def parsed(raw: bytes, broken: SheetsProblem) -> Mapping[str, Any]:
    """An answer's JSON object. Raises `broken` where it is none."""
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
