"""One tab as the server's history tells it: rows and columns keep their identity wherever people move them.

Replayed by position, line after line; `chaos.track` asks it who stood where at each write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, int]  # (row, column) by identity, not by position
Json = dict[str, Any]


@dataclass(slots=True)
class Grid:
    """`rows` and `columns` are identities in today's order; `cells` by identity, blanks left out. `made` are columns
    that somebody inserted."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    cells: dict[Place, Any] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)
    _last: int = 0
    _header: dict[int, str] | None = None  # until the first row or the columns change

    def place(self, row: int, column: int) -> Place:
        """Who stands at a position (0-based); the tab grows as far as it is asked for."""
        self._grow(self.rows, row + 1)
        self._grow(self.columns, column + 1)
        return self.rows[row], self.columns[column]

    def put(self, place: Place, value: Any) -> None:
        if self.rows and place[0] == self.rows[0]:
            self._header = None
        if value in ("", None):
            self.cells.pop(place, None)
        else:
            self.cells[place] = value

    def at(self, row: int, column: int) -> Any:
        """The cell at a position, "" blank."""
        if row >= len(self.rows) or column >= len(self.columns):
            return ""
        return self.cells.get((self.rows[row], self.columns[column]), "")

    def header(self) -> dict[int, str]:
        """Column identity -> what its header says, in today's order."""
        if self._header is None:
            first = self.rows[0] if self.rows else -1
            self._header = {column: str(self.cells.get((first, column), "")) for column in self.columns}
        return self._header

    def column(self, name: str) -> int | None:
        """The first column whose header is this."""
        return next((column for column, said in self.header().items() if said == name), None)

    def apply(self, operation: Mapping[str, Json]) -> list[tuple[Place, Any]]:
        """One structural operation. Returns the cells that vanished with their values."""
        self._header = None
        for kind, asked in operation.items():
            match kind:
                case "insertDimension":
                    self._insert(asked["range"])
                case "deleteDimension":
                    return self._delete(asked["range"])
                case "moveDimension":
                    self._move(asked["source"], asked.get("destinationIndex", 0))
                case "rowsMoved":
                    self._reorder(asked["rows"])
        return []

    def _line(self, span: Json) -> list[int]:
        line = self.rows if span["dimension"] == "ROWS" else self.columns
        self._grow(line, span.get("endIndex", 0))
        return line

    def _fresh(self, count: int) -> list[int]:
        self._last += count
        return list(range(self._last - count + 1, self._last + 1))

    def _grow(self, line: list[int], size: int) -> None:
        if len(line) < size:
            self._header = None
            line += self._fresh(size - len(line))

    def _insert(self, span: Json) -> None:
        start, end = span.get("startIndex", 0), span["endIndex"]
        line = self.rows if span["dimension"] == "ROWS" else self.columns
        self._grow(line, start)
        fresh = self._fresh(end - start)
        line[start:start] = fresh
        if line is self.columns:
            self.made.update(fresh)

    def _delete(self, span: Json) -> list[tuple[Place, Any]]:
        line = self._line(span)
        start, end = span.get("startIndex", 0), span["endIndex"]
        gone = set(line[start:end])
        del line[start:end]
        side = 0 if line is self.rows else 1
        vanished = [(place, value) for place, value in self.cells.items() if place[side] in gone]
        for place, _ in vanished:
            del self.cells[place]
        return vanished

    def _move(self, span: Json, to: int) -> None:
        line = self._line(span)
        self._grow(line, to)
        start, end = span.get("startIndex", 0), span["endIndex"]
        block = line[start:end]
        del line[start:end]
        at = to - (end - start) if to > start else to
        line[at:at] = block

    def _reorder(self, moves: list[Json]) -> None:
        self._grow(self.rows, max(max(one["from"], one["to"]) for one in moves) + 1)
        old = list(self.rows)
        for one in moves:
            self.rows[one["to"]] = old[one["from"]]

    def texts(self) -> Iterator[tuple[int, list[Any]]]:
        """Position and cells of every row that holds anything."""
        for number, row in enumerate(self.rows):
            cells = [self.cells.get((row, column), "") for column in self.columns]
            if any(cell != "" for cell in cells):
                yield number, cells
