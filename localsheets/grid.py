"""One sheet in hand: its properties, its rows and columns, and every change that can be made to its cells.

Positions are what people see (zero-based); slots are where a column's cells lie in a row's payload. Inserting,
deleting or moving columns changes the map between the two and no row.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from . import following, masks
from .a1 import Box, quoted, shown
from .errors import bad_request
from .follow import Json, Shift
from .storage.formats import Formats
from .storage.history import Journal
from .storage.rows import ROW_BITS, Row, RowStore

MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278
COPY_FORMAT_ROWS = 1_000


class Grid:
    """A sheet. `doc` is its record on the disk: `properties` as the API shows them and everything that hangs on
    ranges."""

    def __init__(self, connection: sqlite3.Connection, key: int, doc: Json, formats: Formats) -> None:
        self.connection = connection
        self.key = key
        self.doc = doc
        self.formats = formats
        self.store = RowStore(connection, key, doc.get("nextRow", 1))
        self._saved = b""

    # -- what it is ---------------------------------------------------------------------------------------------------

    @property
    def properties(self) -> Json:
        found: Json = self.doc["properties"]
        return found

    @property
    def sheet_id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def row_count(self) -> int:
        return int(self.properties["gridProperties"]["rowCount"])

    @property
    def column_count(self) -> int:
        return int(self.properties["gridProperties"]["columnCount"])

    @property
    def slots(self) -> list[int] | range:
        """The slot of each column, in visible order."""
        found = self.doc.get("slots")
        return found if found is not None else range(self.column_count)

    @property
    def straight(self) -> bool:
        """Whether payloads can be shown as they lie: column order is slot order and no dead slot follows."""
        return self.doc.get("slots") is None

    def positions(self) -> dict[int, int] | None:
        """The column of each slot, or None where they are the same."""
        if self.straight:
            return None
        return {slot: position for position, slot in enumerate(self.slots)}

    def closed(self, box: Box) -> Box:
        """The box with open ends closed and clipped to the grid."""
        bottom = self.row_count if box.bottom is None else min(box.bottom, self.row_count)
        right = self.column_count if box.right is None else min(box.right, self.column_count)
        return Box(box.top, bottom, box.left, right)

    def check_within(self, box: Box) -> None:
        """Refuses a box that begins or ends outside the grid, in Google's words."""
        if (
            box.top >= self.row_count
            or box.left >= self.column_count
            or (box.bottom or 0) > self.row_count
            or (box.right or 0) > self.column_count
        ):
            right = min(self.column_count, MAX_COLUMNS) if box.right is None else box.right
            named = Box(box.top, box.bottom or max(self.row_count, box.top + 1), box.left, max(right, box.left + 1))
            raise bad_request(
                f"Range ({shown(self.title, named)}) exceeds grid limits. "
                f"Max rows: {self.row_count}, max columns: {self.column_count}"
            )

    def name(self, box: Box) -> str:
        """The range as Google shows it."""
        return shown(self.title, self.closed(box)) if self.row_count and self.column_count else quoted(self.title)

    # -- reading ------------------------------------------------------------------------------------------------------

    def rows(self, top: int, bottom: int) -> Iterator[Row]:
        """The stored rows among top..bottom, in order; what lies below the last one is blank."""
        return self.store.rows(top, bottom)

    def matrix(self, box: Box) -> list[list[Any]]:
        """The entered cells of a closed box, by column; rows below the last stored one are left out."""
        assert box.bottom is not None
        slots = list(self.slots[box.left : box.right])
        if self.straight:
            return [_cut(row.cells, box.left, len(slots)) for row in self.rows(box.top, box.bottom)]
        return [[row.get(slot) for slot in slots] for row in self.rows(box.top, box.bottom)]

    def cell(self, row: int, column: int) -> Any:
        """One entered cell; "" where there is none."""
        if column >= self.column_count or column < 0 or row < 0:
            return ""
        for found in self.rows(row, row + 1):
            return found.get(self.slots[column])
        return ""

    def data(self, row: Row, position: int, column: int) -> Json:
        """What a cell has beside its value: userEnteredFormat, dataValidation, note, textFormatRuns; its own copy."""
        entry = row.extra.get(str(self.slots[column]))
        if entry is None:
            return self.background(position, column)
        return self._opened(entry)

    def background(self, position: int, column: int) -> Json:
        """What the broad writes (whole columns) say of a cell that has nothing of its own."""
        out: Json = {}
        for layer in self.doc.get("layers", ()):
            if _inside(layer["range"], position, column):
                out = masks.write(out, layer["cell"], [tuple(path) for path in layer["paths"]])
        return out

    def _opened(self, entry: Json) -> Json:
        out = {key: value for key, value in entry.items() if key != "f"}
        if "f" in entry:
            out["userEnteredFormat"] = self.formats.doc(entry["f"])
        return out

    def number_formats(self, position: int) -> list[Json | None]:
        """The number format that the broad writes give each column of a row."""
        found: list[Json | None] = [None] * self.column_count
        if self.doc.get("layers"):
            for column in range(self.column_count):
                found[column] = self.background(position, column).get("userEnteredFormat", {}).get("numberFormat")
        return found

    def layer_edges(self, top: int, bottom: int) -> list[int]:
        """The positions within top..bottom where another set of broad writes begins; top first, bottom last."""
        edges = {top, bottom}
        for layer in self.doc.get("layers", ()):
            for key in ("startRowIndex", "endRowIndex"):
                edge = layer["range"].get(key)
                if edge is not None and top < edge < bottom:
                    edges.add(edge)
        return sorted(edges)

    # -- changing cells -----------------------------------------------------------------------------------------------

    def edit(
        self, top: int, bottom: int, change: Callable[[int, Row], None], journal: Journal, *, fill: bool = True
    ) -> None:
        """Lets `change` work on each row at top..bottom and writes those that differ; rows that are not stored yet are
        made unless `fill` is false. The history gets what changed."""
        if fill:
            self.store.extend_to(bottom)
        columns = self.positions()
        changed = []
        for position, row in enumerate(self.rows(top, bottom), top):
            cells, extra, mask = list(row.cells), row.extra, row.mask()
            row.extra = dict(extra)
            change(position, row)
            if row.cells != cells or row.extra != extra or _kinds_differ(row.cells, cells):
                changed.append((position, row, mask))
                self._record(journal, position, row, cells, columns)
            if len(changed) >= 2_000:
                self.store.save(changed)
                changed = []
        self.store.save(changed)

    def _record(
        self, journal: Journal, position: int, row: Row, was: list[Any], columns: dict[int, int] | None
    ) -> None:
        size = max(len(was), len(row.cells))
        was = was + [""] * (size - len(was))
        now = row.cells + [""] * (size - len(row.cells))
        changed = [i for i in range(size) if was[i] != now[i] or type(was[i]) is not type(now[i])]
        if columns is not None:
            changed = [i for i in changed if i in columns]
        if changed:
            places = changed if columns is None else [columns[i] for i in changed]
            slots = None if columns is None else changed
            before, after = [was[i] for i in changed], [now[i] for i in changed]
            journal.row(self.sheet_id, position, places, before, after, row.id, slots)

    def set_data(self, row: Row, position: int, column: int, data: Json) -> None:
        """Gives a cell its format, validation and note; a cell that the broad writes already say this of keeps
        nothing."""
        slot = str(self.slots[column])
        if data == self.background(position, column):
            row.extra.pop(slot, None)
            return
        entry = {key: value for key, value in data.items() if key != "userEnteredFormat"}
        if data.get("userEnteredFormat"):
            entry["f"] = self.formats.number(data["userEnteredFormat"])
        row.extra[slot] = entry

    def add_layer(self, found: Json, cell: Json, paths: list[tuple[str, ...]], journal: Journal) -> None:
        """Writes format or validation fields over a broad range: kept as one layer; cells with something of their
        own are written one by one."""
        layers = [
            layer
            for layer in self.doc.get("layers", [])
            if not (layer["range"] == found and set(map(tuple, layer["paths"])) <= set(paths))
        ]
        box = self.closed(box_of(found))
        assert box.bottom is not None
        assert box.right is not None
        self._write_own(box, cell, paths, journal)
        layers.append({"range": found, "cell": cell, "paths": [list(path) for path in paths]})
        self.doc["layers"] = layers

    def _write_own(self, box: Box, cell: Json, paths: list[tuple[str, ...]], journal: Journal) -> None:
        assert box.bottom is not None
        slots = {str(slot) for slot in self.slots[box.left : box.right]}

        def change(_position: int, row: Row) -> None:
            for slot in slots & row.extra.keys():
                data = masks.write(self._opened(row.extra[slot]), cell, paths)
                entry = {key: value for key, value in data.items() if key != "userEnteredFormat"}
                if data.get("userEnteredFormat"):
                    entry["f"] = self.formats.number(data["userEnteredFormat"])
                row.extra[slot] = entry

        low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
        some = self.connection.execute(
            "SELECT 1 FROM cells WHERE extra IS NOT NULL AND id BETWEEN ? AND ? LIMIT 1", (low, high)
        ).fetchone()
        if some:
            self.edit(box.top, box.bottom, change, journal, fill=False)

    # -- rows and columns ---------------------------------------------------------------------------------------------

    def set_size(self, rows: int | None = None, columns: int | None = None) -> None:
        """Grows or cuts the grid at its ends."""
        if columns is not None and columns > self.column_count:
            self._add_slots(self.column_count, columns - self.column_count)
        elif columns is not None and columns < self.column_count:
            self.delete_columns(columns, self.column_count)
        if rows is not None and rows < self.row_count:
            self.delete_rows(rows, self.row_count)
        elif rows is not None:
            self._set_count("rowCount", rows)

    def _set_count(self, name: str, value: int) -> None:
        self.properties["gridProperties"][name] = value

    def insert_rows(self, at: int, count: int) -> None:
        """Blank rows before the one at `at`."""
        if at < len(self.store.order):
            self.store.order.insert(at, self.store.new_ids(count))
        self._set_count("rowCount", self.row_count + count)

    def delete_rows(self, start: int, stop: int) -> None:
        self.store.remove(self.store.order.delete(start, stop))
        self._set_count("rowCount", self.row_count - (stop - start))

    def move_rows(self, start: int, stop: int, to: int) -> None:
        """The rows at start..stop come to stand before the one at `to`."""
        self.store.extend_to(min(max(stop, to), self.row_count))
        gone = self.store.order.delete(start, stop)
        self.store.order.insert(to if to <= start else to - (stop - start), gone)

    def put_order(self, top: int, ids: array[int]) -> None:
        """Rows from `top` on in a new order (a sort of whole rows)."""
        self.store.order.replace(top, ids)

    def _add_slots(self, at: int, count: int) -> None:
        used = self.doc.get("usedSlots", self.column_count)
        if self.straight and at == self.column_count and used == at:
            self.doc["usedSlots"] = used + count
        else:
            slots = list(self.slots)
            slots[at:at] = range(used, used + count)
            self.doc["slots"] = slots
            self.doc["usedSlots"] = used + count
        self._set_count("columnCount", self.column_count + count)

    def insert_columns(self, at: int, count: int) -> None:
        self._add_slots(at, count)

    def delete_columns(self, start: int, stop: int) -> None:
        if not len(self.store.order):
            self.doc.pop("slots", None)
            self.doc["usedSlots"] = self.column_count - (stop - start)
        else:
            self.doc.setdefault("usedSlots", self.column_count)
            slots = list(self.slots)
            del slots[start:stop]
            self.doc["slots"] = slots
        self._set_count("columnCount", self.column_count - (stop - start))

    def move_columns(self, start: int, stop: int, to: int) -> None:
        self.doc.setdefault("usedSlots", self.column_count)
        slots = list(self.slots)
        moved = slots[start:stop]
        del slots[start:stop]
        at = to if to <= start else to - (stop - start)
        slots[at:at] = moved
        self.doc["slots"] = slots

    def follow(self, shift: Shift, sheet_id: int) -> None:
        """Everything of this sheet that names ranges follows a change of the sheet `sheet_id`."""
        following.follow(self.doc, self.sheet_id, shift, sheet_id)

    def rewrite_formulas(self, change: Callable[[str], str]) -> None:
        """Passes every formula of the sheet through `change`; no history, for nobody wrote it."""
        low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
        query = "SELECT id, cells FROM cells WHERE kind = 2 AND id >= ? AND id < ?"
        written = []
        for row_id, packed in self.connection.execute(query, (low, high)).fetchall():
            cells = orjson.loads(packed)
            made = [{"f": change(cell["f"])} if type(cell) is dict and "f" in cell else cell for cell in cells]
            if made != cells:
                written.append((orjson.dumps(made), row_id))
        self.connection.executemany("UPDATE cells SET cells = ? WHERE id = ?", written)

    # -- where the data ends ------------------------------------------------------------------------------------------

    def last_data_row(self, bottom: int | None = None, columns: int = -1) -> int:
        """The position of the last row (above `bottom`) with a value in the columns (a bit mask of positions); -1:
        none."""
        order = self.store.order
        bottom = len(order) if bottom is None else min(bottom, len(order))
        number = order.locate(bottom - 1)[0] if bottom else -1
        while number >= 0:
            if self.seen(self.store.summary(number)[1]) & columns:
                start = order.start_of(number)
                found = self.store.masks(number)
                for offset in range(min(len(found), bottom - start) - 1, -1, -1):
                    if self.seen(found[offset]) & columns:
                        return start + offset
            number -= 1
        return -1

    def seen(self, mask: int) -> int:
        """A mask of slots as a mask of columns."""
        if self.straight:
            return mask
        out = 0
        for position, slot in enumerate(self.slots):
            if mask >> slot & 1:
                out |= 1 << position
        return out

    # -- keeping ------------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Writes what changed of the order and of the record."""
        self.store.flush()
        self.doc["nextRow"] = self.store.next_row
        packed = orjson.dumps(self.doc)
        if packed != self._saved:
            self.connection.execute("UPDATE sheet SET doc = ? WHERE key = ?", (packed, self.key))
            self._saved = packed


def _cut(cells: list[Any], left: int, width: int) -> list[Any]:
    found = cells[left : left + width]
    return found if len(found) == width else found + [""] * (width - len(found))


def _kinds_differ(now: list[Any], was: list[Any]) -> bool:
    """1 == True and 0 == False in Python, not in a sheet."""
    return any(type(a) is not type(b) for a, b in zip(now, was, strict=True)) if len(now) == len(was) else True


def _inside(found: Json, row: int, column: int) -> bool:
    bottom, right = found.get("endRowIndex"), found.get("endColumnIndex")
    return (
        found.get("startRowIndex", 0) <= row
        and (bottom is None or row < bottom)
        and found.get("startColumnIndex", 0) <= column
        and (right is None or column < right)
    )


def box_of(found: Json) -> Box:
    """A GridRange as a box."""
    return Box(
        found.get("startRowIndex", 0),
        found.get("endRowIndex"),
        found.get("startColumnIndex", 0),
        found.get("endColumnIndex"),
    )


def range_of(box: Box, sheet_id: int) -> Json:
    """A box as a GridRange; the sheet 0 and open ends are left out."""
    found: Json = {"sheetId": sheet_id} if sheet_id else {}
    found["startRowIndex"] = box.top
    if box.bottom is not None:
        found["endRowIndex"] = box.bottom
    found["startColumnIndex"] = box.left
    if box.right is not None:
        found["endColumnIndex"] = box.right
    return found
