"""The lines of a sheet in hand: its size, the order of its rows, and which slot each column has.

Positions are what people see (zero-based); slots are where a column's cells lie in a row's payload. Inserting,
deleting or moving columns changes the map between the two and no row. `grid` puts cells on these lines.
"""

from __future__ import annotations

import sqlite3
from array import array
from dataclasses import replace

from .a1 import Box, quoted, shown
from .errors import bad_request
from .follow import Json
from .storage.formats import Formats
from .storage.rows import RowStore

MAX_COLUMNS = 18_278


class Lines:
    """A sheet's rows and columns. `doc` is its record on the disk: `properties` as the API shows them and everything
    that hangs on ranges."""

    def __init__(self, connection: sqlite3.Connection, key: int, doc: Json, formats: Formats) -> None:
        self.connection = connection
        self.key = key
        self.doc = doc
        self.formats = formats
        self.store = RowStore(connection, key, doc.get("nextRow", 1))

    # -- what it is ---------------------------------------------------------------------------------------------------

    def keep(self, key: str, items: list[Json]) -> None:
        """A list of the record; none at all where it is empty."""
        if items:
            self.doc[key] = items
        else:
            self.doc.pop(key, None)

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

    def check_begins_within(self, box: Box) -> None:
        """Refuses a box that begins outside the grid, in Google's words; where it ends does not matter."""
        if box.top >= self.row_count or box.left >= self.column_count:
            self._refuse(box)

    def check_within(self, box: Box) -> None:
        """Refuses a box that begins or ends outside the grid."""
        self.check_begins_within(box)
        if (box.bottom or 0) > self.row_count or (box.right or 0) > self.column_count:
            self._refuse(box)

    def _refuse(self, box: Box) -> None:
        right = max(self.column_count, box.left + 1) if box.bottom is None and box.right is None else box.right
        raise bad_request(
            f"Range ({shown(self.title, replace(box, right=right))}) exceeds grid limits. "
            f"Max rows: {self.row_count}, max columns: {self.column_count}"
        )

    def name(self, box: Box) -> str:
        """The range as Google shows it."""
        return shown(self.title, self.closed(box)) if self.row_count and self.column_count else quoted(self.title)

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
