"""Who wrote what when: every write leaves one record for each row that it touched, and one for each structural
operation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]
LONGEST_OPERATION = 4000


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One line of the history: a cell before and after ("" blank, {"f": …} a formula). A structural operation has
    row = column = -1, and `after` is {kind: request}."""

    request_id: str
    account: str
    at: float
    sheet_id: int
    row: int
    column: int
    before: Any
    after: Any


class Journal:
    """Collects the records of one request; `flush` writes them in its transaction."""

    def __init__(
        self, connection: sqlite3.Connection, spreadsheet: int, request_id: str, account: str, at: float
    ) -> None:
        self.connection = connection
        self.request = (spreadsheet, request_id, account, at)
        self._records: list[tuple[int, int, bytes]] = []

    def row(self, sheet_id: int, row: int, columns: list[int], before: list[Any], after: list[Any]) -> None:
        """A touched row: the columns whose cells changed, what was there and what is."""
        was: Any = before if any(value != "" for value in before) else 0
        self._records.append((sheet_id, row, orjson.dumps([columns, was, after])))

    def operation(self, sheet_id: int, kind: str, request: Json) -> None:
        """A structural operation, as it was asked for; a very long one by its size alone."""
        record = orjson.dumps({kind: request})
        if len(record) > LONGEST_OPERATION:
            record = orjson.dumps({kind: {"bytes": len(record)}})
        self._records.append((sheet_id, -1, record))

    def flush(self) -> None:
        if not self._records:
            return
        number = self.connection.execute(
            "INSERT INTO request (spreadsheet, request_id, account, at) VALUES (?, ?, ?, ?)", self.request
        ).lastrowid
        self.connection.executemany(
            "INSERT INTO history (request, sheet_id, row, record) VALUES (?, ?, ?, ?)",
            ((number, *record) for record in self._records),
        )
        self._records = []


def written(connection: sqlite3.Connection, spreadsheet: int, since: float, limit: int) -> Iterator[CellWrite]:
    """The writes since a moment (unix seconds), oldest first, at most `limit` of them."""
    found = connection.execute(
        "SELECT r.request_id, r.account, r.at, h.sheet_id, h.row, h.record FROM request r JOIN history h ON "
        "h.request = r.id"
        " WHERE r.spreadsheet = ? AND r.at >= ? ORDER BY r.at, h.id LIMIT ?",
        (spreadsheet, since, limit),
    )
    left = limit
    for request_id, account, at, sheet_id, row, record in found:
        for column, before, after in _cells(row, orjson.loads(record)):
            if not left:
                return
            left -= 1
            yield CellWrite(request_id, account, at, sheet_id, row, column, before, after)


def _cells(row: int, record: Any) -> Iterator[tuple[int, Any, Any]]:
    if row < 0:
        yield -1, None, record
        return
    columns, before, after = record
    for i, column in enumerate(columns):
        yield column, before[i] if before else "", after[i]
