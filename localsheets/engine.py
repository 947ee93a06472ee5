"""The spreadsheets themselves: every call of the Sheets API that reads or writes cells ends here, on one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: account (e-mail), the request's id and the server's clock in unix seconds."""

    account: str
    request_id: str
    at: float


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet of an uploaded workbook: its title and rows of plain values (str, int, float, bool, None)."""

    title: str
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class ExportCell:
    """One cell for a file export: the value (formulas: what they evaluate to), the formula, the cell format (JSON)."""

    value: Any
    formula: str | None
    format: Json | None


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One sheet for a file export: rows arrive lazily, each a list of ExportCell or None, trailing blanks dropped."""

    title: str
    hidden: bool
    rows: Iterator[list[ExportCell | None]]


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One line of the history: a cell before and after; a structural operation has row = column = -1 and says so in `after`."""

    request_id: str
    account: str
    at: float
    sheet_id: int
    row: int
    column: int
    before: Any
    after: Any


class Engine:
    """All spreadsheets of one data file; to be used from one thread only. Every write is one durable transaction."""

    connection: sqlite3.Connection

    @classmethod
    def open(cls, path: Path, parse: Callable[..., Any] | None = None, display: Callable[..., str] | None = None) -> Engine:
        raise NotImplementedError

    def close(self) -> None: ...
    def create(self, caller: Caller, body: Json) -> Json: ...
    def exists(self, sid: str) -> bool: ...
    def delete(self, caller: Caller, sid: str) -> None: ...
    def copy(self, caller: Caller, sid: str, title: str) -> str: ...
    def get(self, sid: str, *, ranges: Sequence[str] = (), include_grid_data: bool = False, fields: str | None = None) -> Json: ...
    def get_by_data_filter(self, sid: str, body: Json, fields: str | None = None) -> Json: ...
    def batch_update(self, caller: Caller, sid: str, body: Json, fields: str | None = None) -> Json: ...
    def copy_sheet_to(self, caller: Caller, sid: str, sheet_id: int, body: Json) -> Json: ...
    def values_get(self, sid: str, rng: str, *, major: str | None = None, render: str | None = None,
                   datetime_render: str | None = None, fields: str | None = None) -> Json | bytes: ...
    def values_batch_get(self, sid: str, ranges: Sequence[str], *, major: str | None = None, render: str | None = None,
                         datetime_render: str | None = None, fields: str | None = None) -> Json | bytes: ...
    def values_batch_get_by_data_filter(self, sid: str, body: Json, fields: str | None = None) -> Json | bytes: ...
    def values_update(self, caller: Caller, sid: str, rng: str, query: Json, body: Json) -> Json: ...
    def values_append(self, caller: Caller, sid: str, rng: str, query: Json, body: Json) -> Json: ...
    def values_clear(self, caller: Caller, sid: str, rng: str) -> Json: ...
    def values_batch_update(self, caller: Caller, sid: str, body: Json) -> Json: ...
    def values_batch_clear(self, caller: Caller, sid: str, body: Json) -> Json: ...
    def values_batch_update_by_data_filter(self, caller: Caller, sid: str, body: Json) -> Json: ...
    def values_batch_clear_by_data_filter(self, caller: Caller, sid: str, body: Json) -> Json: ...
    def replace_with_sheets(self, caller: Caller, sid: str, sheets: Sequence[SheetContent]) -> None: ...
    def cells_for_export(self, sid: str) -> Iterator[ExportSheet]: ...
    def history(self, sid: str, since: float = 0.0, limit: int = 1000) -> list[CellWrite]: ...
    def title(self, sid: str) -> str: ...
    def set_title(self, caller: Caller, sid: str, title: str) -> None: ...  # Drive's files.update name
    def version(self, sid: str) -> int: ...
    def modified(self, sid: str) -> float: ...
