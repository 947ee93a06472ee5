"""The spreadsheet on our own local server: found by its name, made with sample leads where there is none.

For `bumuk run` and every command that runs without credentials; through the same client as everything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import gspread
import orjson

from core.model import Cell
from core.samples import sample_tabs
from sync.access import DRIVE_BASE, SHEETS_BASE, Meter, call
from sync.cells import text_row

SEED = 2026
_SHEET_TYPE = "application/vnd.google-apps.spreadsheet"


def find(http: gspread.HTTPClient, name: str) -> str | None:
    """The id of the oldest spreadsheet of this name, or None. Raises SheetsProblem."""
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    query = f"name = '{quoted}' and mimeType = '{_SHEET_TYPE}' and trashed = false"
    params = {"q": query, "orderBy": "createdTime", "fields": "files(id)"}
    found = orjson.loads(call(http, Meter(), "get", f"{DRIVE_BASE}/drive/v3/files", write=False, params=params))
    files = found.get("files", [])
    return str(files[0]["id"]) if files else None


def create(http: gspread.HTTPClient, name: str, timezone: str, today: date | None) -> str:
    """A new spreadsheet, with the sample tabs of that day (None: without). Its id."""
    tabs = sample_tabs(SEED, today) if today else ()
    sheets = [_sheet(number, tab.title, tab.rows) for number, tab in enumerate(tabs, 1)]
    properties = {"title": name, "locale": "en_US", "timeZone": timezone}
    body = {"properties": properties} | ({"sheets": sheets} if sheets else {})
    made = call(http, Meter(), "post", f"{SHEETS_BASE}/v4/spreadsheets", write=True, json=body)
    return str(orjson.loads(made)["spreadsheetId"])


def _sheet(number: int, title: str, rows: Sequence[Sequence[Cell]]) -> Mapping[str, Any]:
    width = max(len(row) for row in rows)
    grid = {"rowCount": len(rows) + 100, "columnCount": width, "frozenRowCount": 1}
    data = [{"startRow": 0, "startColumn": 0, "rowData": [text_row(row) for row in rows]}]
    return {"properties": {"sheetId": number, "title": title, "gridProperties": grid}, "data": data}
