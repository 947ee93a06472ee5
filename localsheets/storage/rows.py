"""The rows of one sheet on the disk: their order in blocks and one packed payload a row.

A payload is a JSON array of cells by column slot: "" blank, text, number, bool, {"f": "=…"} a formula; trailing
blanks are dropped, so a row of text is, byte for byte, what a values answer shows. What few cells have (format,
note, validation)
stands apart in `extra`, by slot.
"""

from __future__ import annotations

import itertools
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from .order import Block, RowOrder

TEXT, PLAIN, FORMULA = 0, 1, 2  # all cells are text; some are numbers or flags; some are formulas
ROW_BITS = 32
_FETCH = 500
MOST_SEEN = 20_000

Extra = dict[str, Any]


@dataclass(slots=True)
class Row:
    """One row in hand: its id (0: none yet), cells by slot, extras by slot (as text)."""

    id: int
    cells: list[Any] = field(default_factory=list)
    extra: dict[str, Extra] = field(default_factory=dict)

    def get(self, slot: int) -> Any:
        return self.cells[slot] if slot < len(self.cells) else ""

    def put(self, slot: int, value: Any) -> None:
        if slot >= len(self.cells):
            if value == "" and value is not False:
                return
            self.cells.extend([""] * (slot + 1 - len(self.cells)))
        self.cells[slot] = value

    def blank(self) -> bool:
        return not self.extra and self.mask() == 0

    def mask(self) -> int:
        """A bit for each filled slot."""
        bits = 0
        for slot, value in enumerate(self.cells):
            if value != "":
                bits |= 1 << slot
        return bits


class Packed(NamedTuple):  # quicker to make than a dataclass: one for each row of a read
    """A row as it lies on the disk: kind, payload, packed extras."""

    kind: int
    cells: bytes
    extra: bytes | None


EMPTY = Packed(TEXT, b"[]", None)


def pack(row: Row) -> Packed:
    """The disk form; trailing blanks dropped."""
    cells = row.cells
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    if end < len(cells):
        del cells[end:]
    kind = TEXT
    for value in cells:
        if type(value) is not str:
            if type(value) is dict:
                kind = FORMULA
                break
            kind = PLAIN
    return Packed(kind, orjson.dumps(cells), orjson.dumps(row.extra) if row.extra else None)


def unpack(row_id: int, packed: Packed) -> Row:
    """A row in hand, its own copy."""
    return Row(row_id, orjson.loads(packed.cells), orjson.loads(packed.extra) if packed.extra else {})


class RowStore:
    """Rows of one sheet: reads by position, writes by row; nothing is committed here."""

    def __init__(self, connection: sqlite3.Connection, sheet: int, next_row: int) -> None:
        self.connection = connection
        self.sheet = sheet
        self.next_row = next_row
        self.order = RowOrder()
        self._masks: dict[int, int] = {}  # of the rows that this write has saved
        self._seen: dict[int, int] = {}  # of rows that were looked at or saved lately
        for ord_, ids, every, some in connection.execute(
            "SELECT ord, ids, every, some FROM block WHERE sheet = ? ORDER BY ord", (sheet,)
        ):
            block = Block(ord_, array("q", ids), _number(every), _number(some))
            self.order.blocks.append(block)

    def new_ids(self, count: int) -> range:
        first = (self.sheet << ROW_BITS) + self.next_row
        self.next_row += count
        return range(first, first + count)

    def packed(self, start: int, stop: int) -> Iterator[tuple[int, Packed]]:
        """(row id, payload) at positions start..stop in order, clipped to the stored rows."""
        ids = self.order.slice(start, stop)
        for first in range(0, len(ids), _FETCH):
            yield from self._fetch(ids[first : first + _FETCH])

    def _fetch(self, ids: array[int]) -> Iterator[tuple[int, Packed]]:
        if ids[-1] - ids[0] == len(ids) - 1 and all(b - a == 1 for a, b in itertools.pairwise(ids)):
            found = self.connection.execute(
                "SELECT id, kind, cells, extra FROM cells WHERE id BETWEEN ? AND ? ORDER BY id", (ids[0], ids[-1])
            ).fetchall()
            if len(found) == len(ids):
                return ((row[0], Packed(row[1], row[2], row[3])) for row in found)
        else:
            marks = ",".join("?" * len(ids))
            query = f"SELECT id, kind, cells, extra FROM cells WHERE id IN ({marks})"  # noqa: S608 - only question marks
            found = self.connection.execute(query, list(ids)).fetchall()
        by_id = {row[0]: Packed(row[1], row[2], row[3]) for row in found}
        return ((row_id, by_id.get(row_id, EMPTY)) for row_id in ids)

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """The rows at positions start..stop in hand, clipped to the stored rows."""
        for row_id, packed in self.packed(start, stop):
            yield unpack(row_id, packed)

    def extend_to(self, count: int) -> None:
        """Makes sure that positions 0..count have row ids."""
        missing = count - len(self.order)
        if missing > 0:
            self.order.insert(len(self.order), self.new_ids(missing))

    def save(self, rows: Iterable[tuple[int, Row, int]]) -> None:
        """Writes (position, row, its mask before) triples; a row without content costs nothing on the disk."""
        writes, blanks = [], []
        for position, row, before in rows:
            packed = pack(row)
            mask = row.mask()
            self._masks[row.id] = self._seen[row.id] = mask
            if mask != before:
                self._forget_summary(position)
            if mask or packed.extra:
                writes.append((row.id, packed.kind, packed.cells, packed.extra))
            else:
                blanks.append((row.id,))
        self.connection.executemany("INSERT OR REPLACE INTO cells (id, kind, cells, extra) VALUES (?, ?, ?, ?)", writes)
        if blanks:
            self.connection.executemany("DELETE FROM cells WHERE id = ?", blanks)

    def _forget_summary(self, position: int) -> None:
        """A cell was filled or emptied: what the rows of the block have in common must be looked up anew."""
        block = self.order.blocks[self.order.locate(position)[0]]
        block.every = block.some = None
        self.order.changed.add(block)

    def remove(self, ids: Iterable[int]) -> None:
        """Deletes the payloads of rows that have left the order."""
        self.connection.executemany("DELETE FROM cells WHERE id = ?", [(row_id,) for row_id in ids])

    def masks(self, number: int) -> list[int]:
        """The column masks of the rows of a block; its common masks are put right on the way."""
        block = self.order.blocks[number]
        unknown = array("q", [row_id for row_id in block.ids if row_id not in self._seen])
        if len(self._seen) + len(unknown) > MOST_SEEN:
            self._seen, unknown = {}, block.ids
        if unknown:
            for row_id, packed in self._fetch(unknown):
                self._seen[row_id] = Row(0, orjson.loads(packed.cells)).mask()
        found = [self._seen[row_id] for row_id in block.ids]
        self._settle(block, found)
        return found

    def _settle(self, block: Block, masks: list[int]) -> None:
        if block.every is None or block.some is None:
            block.every, block.some = _common(masks)
            self.order.changed.add(block)

    def summary(self, number: int) -> tuple[int, int]:
        """(filled in every row, filled in some row) of a block."""
        block = self.order.blocks[number]
        if block.every is None or block.some is None:
            self.masks(number)
        assert block.every is not None
        assert block.some is not None
        return block.every, block.some

    def flush(self) -> None:
        """Writes the blocks that changed."""
        order = self.order
        for block in order.changed:
            if block.every is None and all(row_id in self._masks for row_id in block.ids):
                block.every, block.some = _common([self._masks[row_id] for row_id in block.ids])
        self.connection.executemany(
            "DELETE FROM block WHERE sheet = ? AND ord = ?", [(self.sheet, o) for o in order.removed]
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO block (sheet, ord, ids, every, some) VALUES (?, ?, ?, ?, ?)",
            [(self.sheet, b.ord, b.ids.tobytes(), _text(b.every), _text(b.some)) for b in order.changed],
        )
        order.changed, order.removed, self._masks = set(), set(), {}
        if len(self._seen) > MOST_SEEN:
            self._seen = {}


def _common(masks: list[int]) -> tuple[int, int]:
    every, some = masks[0], 0
    for mask in masks:
        every &= mask
        some |= mask
    return every, some


def _number(text: str | None) -> int | None:
    return int(text, 16) if text is not None else None


def _text(number: int | None) -> str | None:
    return f"{number:x}" if number is not None else None
