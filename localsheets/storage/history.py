"""Who wrote what when: every write leaves one record for each row that it touched, and one for each structural
operation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]
Place = tuple[int, int]  # the record's number, the cell's number in it
LONGEST_OPERATION = 4000


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One line of the history: a cell before and after ("" blank, {"f": …} a formula). A structural operation has
    row = column = -1, and `after` is {kind: request}.

    `row` and `column` are where the cell stood then; `row_id` and `column_id` stay with the row and the column wherever
    they go (0 and -1 for an operation, and in histories written before ids were kept). `place` is the line's own place
    in the history: to read on after it.
    """

    request_id: str
    account: str
    at: float
    sheet_id: int
    row: int
    column: int
    before: Any
    after: Any
    row_id: int
    column_id: int
    place: Place


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: since a moment (unix seconds), after a place, of one sheet, row, column or account (None: any)."""

    since: float = 0.0
    after: Place = (0, 0)
    sheet_id: int | None = None
    row: int | None = None
    column: int | None = None
    row_id: int | None = None
    account: str | None = None
    request_id: str | None = None

    def takes(self, one: CellWrite) -> bool:
        """Whether a line is wanted, its time and place aside."""
        pairs = (
            (self.sheet_id, one.sheet_id), (self.row, one.row), (self.column, one.column), (self.row_id, one.row_id),
            (self.account, one.account), (self.request_id, one.request_id),
        )  # fmt: skip
        return all(asked is None or asked == held for asked, held in pairs)


class Journal:
    """Collects the records of one request; `flush` writes them in its transaction."""

    def __init__(
        self, connection: sqlite3.Connection, spreadsheet: int, request_id: str, account: str, at: float
    ) -> None:
        self.connection = connection
        self.request = (spreadsheet, request_id, account, at)
        self._records: list[tuple[int, int, bytes]] = []

    def row(
        self, sheet_id: int, row: int, columns: list[int], before: list[Any], after: list[Any], row_id: int,
        slots: list[int] | None = None,
    ) -> None:  # fmt: skip
        """A touched row: the columns whose cells changed, what was there and what is; `slots` are the columns' own ids
        where these differ from their places."""
        was: Any = before if any(value != "" for value in before) else 0
        ids = [row_id] if slots is None else [row_id, slots]
        self._records.append((sheet_id, row, orjson.dumps([columns, was, after, *ids])))

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


def written(connection: sqlite3.Connection, spreadsheet: int, wanted: Wanted) -> Iterator[CellWrite]:
    """The wanted writes in the order in which they were done; read as far as they are asked for."""
    record, cell = max(wanted.after, (_first_since(connection, spreadsheet, wanted.since), -1))
    found = connection.execute(
        # The cross join keeps SQLite reading in the order of the history, so that a page costs what it holds.
        "SELECT h.id, r.request_id, r.account, r.at, h.sheet_id, h.row, h.record FROM history h CROSS JOIN request r"
        " ON r.id = h.request WHERE h.id >= ? AND r.spreadsheet = ? AND r.at >= ? ORDER BY h.id",
        (record, spreadsheet, wanted.since),
    )
    for number, request_id, account, at, sheet_id, row, packed in found:
        for i, cells in enumerate(_cells(row, orjson.loads(packed))):
            one = CellWrite(request_id, account, at, sheet_id, row, *cells, (number, i))
            if one.place > (record, cell) and wanted.takes(one):
                yield one


def _first_since(connection: sqlite3.Connection, spreadsheet: int, since: float) -> int:
    """The number of the first record that can be so late."""
    query = "SELECT min(id) FROM request WHERE spreadsheet = ? AND at >= ?"
    request = connection.execute(query, (spreadsheet, since)).fetchone()[0]
    if request is None:
        return 0
    return int(connection.execute("SELECT min(id) FROM history WHERE request >= ?", (request,)).fetchone()[0] or 0)


def _cells(row: int, record: Any) -> Iterator[tuple[int, Any, Any, int, int]]:
    """(column, before, after, row id, column id) of each cell in a record."""
    if row < 0:
        yield -1, None, record, 0, -1
        return
    columns, before, after, *ids = record
    row_id, slots = (ids[0] if ids else 0), (ids[1] if len(ids) > 1 else columns)
    for i, column in enumerate(columns):
        yield column, before[i] if before else "", after[i], row_id, slots[i]
