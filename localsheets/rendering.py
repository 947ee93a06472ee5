"""What a cell shows: the entered value, the value it comes to, and the text of it, by the render options of a read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from .a1 import Box
from .book import Book
from .evaluation import prepare, spilled_value, value_of
from .follow import Json
from .formats import NumberFormat
from .formula_formats import inherited
from .grid import Grid
from .storage.rows import PLAIN, TEXT, Packed, Row, unpack

FORMATTED, UNFORMATTED, AS_FORMULA = "FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"
SERIAL, STRING = "SERIAL_NUMBER", "FORMATTED_STRING"
MOST_REMEMBERED = 50_000
AT_ONCE = 500  # rows
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")


@lru_cache(maxsize=4096)
def _number_format(kind: str, pattern: str) -> NumberFormat:
    return NumberFormat(kind, pattern)


def number_format(found: Json | None) -> NumberFormat | None:
    """A NumberFormat message as `display` takes it."""
    if not found or not (found.get("type") or found.get("pattern")):
        return None
    return _number_format(found.get("type", "NUMBER_FORMAT_TYPE_UNSPECIFIED"), found.get("pattern", ""))


def changes_text(found: NumberFormat | None) -> bool:
    """Whether text may show otherwise than it is under a format: one with a place for text, or with sections."""
    return found is not None and ("@" in found.pattern or ";" in found.pattern)


def effective(book: Book, grid: Grid, cell: Any, row: int, column: int) -> tuple[str, Any]:
    """(kind, value) that the cell entered at a place comes to: number, text, bool, error or blank."""
    if isinstance(cell, dict):
        if "e" in cell:
            return "error", cell["e"]
        return value_of(book, grid, row, column, cell["f"])
    if isinstance(cell, bool):
        return "bool", cell
    if isinstance(cell, int | float):
        return "number", cell
    return ("text", cell) if cell != "" else ("blank", "")


def seen(book: Book, grid: Grid, cell: Any, row: int, column: int) -> tuple[str, Any]:
    """The same, with what an array formula elsewhere shows in a blank cell."""
    if cell == "" and cell is not False:
        return spilled_value(book, grid, row, column)
    return effective(book, grid, cell, row, column)


def cell_text(book: Book, kind: str, value: Any, found: Json | None) -> str:
    """What a cell shows under its format."""
    if kind == "error":
        return str(value)
    return book.display(kind, value, number_format((found or {}).get("numberFormat")), book.locale)


def look(book: Book, grid: Grid, kind: str, cell: Any, given: Json, row: int, column: int) -> Json:
    """The format of a cell, with the one that a formula's number brings where the cell has none for numbers."""
    if kind != "number" or not isinstance(cell, dict) or given.get("numberFormat"):
        return given
    found = inherited(book, grid, cell["f"], row, column)
    return {**given, "numberFormat": found} if found else given


class Renderer:
    """Renders the cells of one sheet under one pair of options."""

    def __init__(self, book: Book, grid: Grid, render: str, moments: str) -> None:
        self.book = book
        self.grid = grid
        self.render = render
        self.moments = moments
        self.locale = book.locale
        self._by_format = render == FORMATTED or moments == STRING
        self._memo: dict[NumberFormat | None, dict[float, Any]] = {}
        self._formats: list[NumberFormat | None] | None = None
        self._memos: list[dict[float, Any]] = []

    def value(self, cell: Any, found: NumberFormat | None, row: int, column: int) -> Any:
        """One cell as the answer shows it; "" for a blank."""
        if isinstance(cell, str) and (self.render != FORMATTED or found is None):
            return cell
        if self.render == AS_FORMULA and isinstance(cell, dict):
            return cell.get("f", cell.get("e"))
        come_to = effective(self.book, self.grid, cell, row, column)
        if found is None and isinstance(cell, dict) and come_to[0] == "number" and self._by_format:
            found = number_format(inherited(self.book, self.grid, cell["f"], row, column))
        return self.shown(come_to, found)

    def shown(self, come_to: tuple[str, Any], found: NumberFormat | None) -> Any:
        """What a cell came to, as the answer shows it."""
        kind, value = come_to
        if kind in ("error", "blank"):
            return value
        if self.render == FORMATTED:
            return self.book.display(kind, value, found, self.locale)
        if kind == "number" and self.moments == STRING and found is not None and found.type in DATE_TYPES:
            return self.book.display(kind, value, found, self.locale)
        return value

    def payloads(self, box: Box) -> Iterator[bytes]:
        """The rows of a closed box, each a JSON array without trailing blanks; trailing blank rows are not dropped
        here."""
        return (found if isinstance(found, bytes) else orjson.dumps(found) for found in self._found(box))

    def parts(self, box: Box) -> Iterator[list[list[Any]]]:
        """The same as lists, some hundred rows at once; trailing blanks may be there."""
        grid, edges = self.grid, self.grid.layer_edges(box.top, box.bottom or 0)
        if not grid.straight or len(edges) > 2 or prepare(self.book, grid, box, formulas=self.render != AS_FORMULA):
            yield [orjson.loads(found) if isinstance(found, bytes) else found for found in self._found(box)]
            return
        as_it_is = not any(changes_text(number_format(found)) for found in grid.number_formats(box.top))
        top, packed = box.top, grid.store.packed(box.top, box.bottom or 0)
        while part := [one for _, one in itertools.islice(packed, AT_ONCE)]:
            if all(self._ready(one, as_it_is) for one in part):  # parsed at once: half the time of each by itself
                whole = orjson.loads(b"[" + b",".join([one.cells for one in part]) + b"]")
                yield [row[box.left : box.right] for row in whole]
            else:
                here = Box(top, top + len(part), box.left, box.right)
                yield [orjson.loads(found) if isinstance(found, bytes) else found for found in self._found(here)]
            top += len(part)

    def _found(self, box: Box) -> Iterator[bytes | list[Any]]:
        """Rows as they are cheapest to get: as they lie on the disk where nothing is to be done with them."""
        grid, straight = self.grid, self.grid.straight
        whole = straight and box.left == 0 and box.right is not None and box.right >= grid.column_count
        assert box.bottom is not None
        spilled = prepare(self.book, grid, box, formulas=self.render != AS_FORMULA)
        edges = grid.layer_edges(box.top, box.bottom)
        for top, bottom in itertools.pairwise(edges):
            formats = [number_format(found) for found in grid.number_formats(top)]
            as_it_is = not any(map(changes_text, formats))
            position = top - 1
            for position, (row_id, packed) in enumerate(grid.store.packed(top, bottom), top):
                more = spilled.get(position)
                ready = not more and self._ready(packed, as_it_is)
                if ready and whole:
                    yield packed.cells
                elif ready and straight:
                    yield trimmed(orjson.loads(packed.cells)[box.left : box.right])
                else:
                    yield self._row(unpack(row_id, packed), position, box, formats, as_it_is, more)
            for below in range(position + 1, min(bottom, max(spilled, default=-1) + 1)):
                yield self._row(Row(0), below, box, formats, as_it_is, spilled.get(below))

    def _ready(self, packed: Packed, as_it_is: bool) -> bool:
        """Whether a payload is the answer as it lies on the disk."""
        if packed.kind == TEXT:
            return self.render != FORMATTED or (as_it_is and packed.extra is None)
        return packed.kind == PLAIN and self.render != FORMATTED and self.moments == SERIAL

    def _row(
        self, row: Row, position: int, box: Box, formats: list[NumberFormat | None], as_it_is: bool,
        spilled: dict[int, tuple[str, Any]] | None = None,
    ) -> list[Any]:  # fmt: skip
        if row.extra:
            formats = self._own(row, formats)
            as_it_is = not any(map(changes_text, formats))
        cells, left = row.cells, box.left
        if self.grid.straight:
            out = cells[left : box.right]
        else:
            out = [row.get(slot) for slot in self.grid.slots[left : box.right]]
        if as_it_is:
            memos = self._remembered(formats)
            for i, cell in enumerate(out, left):
                if type(cell) is not str:  # this loop is what a formatted read of numbers costs
                    known = memos[i].get(cell) if type(cell) is float or type(cell) is int else None
                    if known is None:
                        known = self._shown(cell, formats[i], memos[i], position, i)
                    out[i - left] = known
        else:
            out = [self.value(cell, formats[i], position, i) for i, cell in enumerate(out, left)]
        for column, come_to in (spilled or {}).items():
            if left <= column < (box.right or 0):
                out.extend([""] * (column + 1 - left - len(out)))
                if out[column - left] == "":
                    out[column - left] = self.shown(come_to, formats[column])
        return trimmed(out)

    def _remembered(self, formats: list[NumberFormat | None]) -> list[dict[float, Any]]:
        """What numbers have come to under the format of each column."""
        if self._formats is not formats:
            self._formats = formats
            self._memos = [self._memo.setdefault(found, {}) for found in formats]
        return self._memos

    def _shown(self, cell: Any, found: NumberFormat | None, memo: dict[float, Any], row: int, column: int) -> Any:
        """The same as `value`; numbers are remembered."""
        if type(cell) is dict or type(cell) is bool:
            return self.value(cell, found, row, column)
        shown = self.value(cell, found, row, column)
        if len(memo) < MOST_REMEMBERED:
            memo[cell] = shown
        return shown

    def _own(self, row: Row, formats: list[NumberFormat | None]) -> list[NumberFormat | None]:
        out = list(formats)
        for column, slot in enumerate(self.grid.slots):
            entry = row.extra.get(str(slot))
            if entry is not None:
                doc = self.grid.formats.doc(entry["f"]) if "f" in entry else {}
                out[column] = number_format(doc.get("numberFormat"))
        return out


def rows_json(renderer: Renderer, box: Box) -> bytes | None:
    """The `values` of a read by rows as JSON, or None where there are none."""
    out, end = bytearray(b"["), 0  # joined at once: a payload by itself holds eight kilobytes, however short it is
    for payload in renderer.payloads(box):
        if len(out) > 1:
            out += b","
        out += payload
        if payload != b"[]":
            end = len(out)
    return bytes(out[:end]) + b"]" if end else None


def trimmed(cells: list[Any]) -> list[Any]:
    """Without the blanks at its end."""
    while cells and cells[-1] == "":
        cells.pop()
    return cells
