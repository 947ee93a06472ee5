"""One sheet in hand: every change that can be made to the cells on its rows and columns (see `lines`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from . import covered, following, masks
from .a1 import Box
from .follow import Json, Shift
from .formula_text import spills
from .lines import Lines
from .storage.formats import Formats
from .storage.history import Journal
from .storage.rows import FORMULA, ROW_BITS, Row, unpack

MAX_CELLS = 10_000_000
COPY_FORMAT_ROWS = 1_000
FEW_ROWS = 5_000


class Grid(Lines):
    """A sheet: its lines, and the cells on them."""

    def __init__(self, connection: sqlite3.Connection, key: int, doc: Json, formats: Formats) -> None:
        super().__init__(connection, key, doc, formats)
        self._saved = b""
        self.keeps_covered = True  # whether a cell under a merge can hold a value (see `covered`)
        self._arrays: list[tuple[int, int, str]] | None = None  # array formulas (row id, slot, text), once looked for

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
        here = [layer for layer in self.doc.get("layers", ()) if _inside(layer["range"], position, None)]
        known: dict[tuple[int, ...], Json | None] = {(): None}  # most columns are under the same broad writes
        found: list[Json | None] = []
        for column in range(self.column_count):
            over = tuple(n for n, layer in enumerate(here) if _inside(layer["range"], None, column))
            if over not in known:
                known[over] = self.background(position, column).get("userEnteredFormat", {}).get("numberFormat")
            found.append(known[over])
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

    def has_formulas(self) -> bool:
        """Whether any cell holds a formula or an error value."""
        low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
        query = "SELECT 1 FROM cells WHERE kind = 2 AND id >= ? AND id < ? LIMIT 1"
        return self.connection.execute(query, (low, high)).fetchone() is not None

    def formula_rows(self, top: int, bottom: int) -> Iterator[tuple[int, Row]]:
        """(position, row) of the rows among top..bottom in which some cell is a formula or an error value."""
        if bottom - top <= FEW_ROWS:
            for position, (row_id, packed) in enumerate(self.store.packed(top, bottom), top):
                if packed.kind == FORMULA:
                    yield position, unpack(row_id, packed)
            return
        low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
        query = "SELECT id, cells FROM cells WHERE kind = 2 AND id >= ? AND id < ?"
        found = dict(self.connection.execute(query, (low, high)).fetchall())
        for position, row_id in enumerate(self.store.order.slice(top, bottom), top):
            if row_id in found:
                yield position, Row(row_id, orjson.loads(found[row_id]))

    def array_formulas(self) -> list[tuple[int, int, str]]:
        """(row, column, text) of the formulas whose results can go on into other cells. Looked for once, and again when
        a formula changes; where their rows and columns stand is looked up each time."""
        if self._arrays is None:
            low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
            query = "SELECT id, cells FROM cells WHERE kind = 2 AND id >= ? AND id < ?"
            self._arrays = [
                (row_id, slot, cell["f"])
                for row_id, cells in self.connection.execute(query, (low, high))
                for slot, cell in enumerate(orjson.loads(cells))
                if type(cell) is dict and "f" in cell and spills(cell["f"])
            ]
        if not self._arrays:
            return []
        columns = {slot: column for column, slot in enumerate(self.slots)}
        rows = self.store.order.positions_of({row_id for row_id, _, _ in self._arrays})
        return sorted(
            (rows[row_id], columns[slot], text)
            for row_id, slot, text in self._arrays
            if row_id in rows and slot in columns
        )

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
            if not self.keeps_covered and (merges := self.doc.get("merges")):
                covered.drop(merges, self.slots, position, row, cells)
            if row.cells != cells or row.extra != extra or _kinds_differ(row.cells, cells):
                if self._arrays is not None and _formulas(row.cells) != _formulas(cells):
                    self._arrays = None
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
        row.extra[slot] = self._entry(data)

    def _entry(self, data: Json) -> Json:
        """What a cell has beside its value, as it is kept."""
        entry = {key: value for key, value in data.items() if key != "userEnteredFormat"}
        if data.get("userEnteredFormat"):
            entry["f"] = self.formats.number(data["userEnteredFormat"])
        if following.has_formula(data.get("dataValidation", {})):
            self.doc["formulaRules"] = True  # some cell's validation names cells: it must follow them
        return entry

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
                row.extra[slot] = self._entry(data)

        low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
        some = self.connection.execute(
            "SELECT 1 FROM cells WHERE extra IS NOT NULL AND id BETWEEN ? AND ? LIMIT 1", (low, high)
        ).fetchone()
        if some:
            self.edit(box.top, box.bottom, change, journal, fill=False)

    def follow(self, shift: Shift, sheet_id: int) -> None:
        """Everything of this sheet that names ranges follows a change of the sheet `sheet_id`."""
        following.follow(self.doc, self.sheet_id, shift, sheet_id)

    def rewrite_formulas(self, change: Callable[[str], str]) -> None:
        """Passes every formula of the sheet through `change`, in cells and in the conditions of rules; no history, for
        nobody wrote it."""
        low, high = self.key << ROW_BITS, (self.key + 1) << ROW_BITS
        query = "SELECT id, cells FROM cells WHERE kind = 2 AND id >= ? AND id < ?"
        written = []
        for row_id, packed in self.connection.execute(query, (low, high)).fetchall():
            cells = orjson.loads(packed)
            made = [{"f": change(cell["f"])} if type(cell) is dict and "f" in cell else cell for cell in cells]
            if made != cells:
                written.append((orjson.dumps(made), row_id))
        self.connection.executemany("UPDATE cells SET cells = ? WHERE id = ?", written)
        if written:
            self._arrays = None
        for key in ("conditionalFormats", "layers"):
            if key in self.doc:
                self.doc[key] = [following.rewrite_conditions(item, change) for item in self.doc[key]]
        if self.doc.get("formulaRules"):
            self._rewrite_rules(change, low, high)

    def _rewrite_rules(self, change: Callable[[str], str], low: int, high: int) -> None:
        query = "SELECT id, extra FROM cells WHERE extra IS NOT NULL AND id >= ? AND id < ?"
        written = []
        for row_id, packed in self.connection.execute(query, (low, high)).fetchall():
            extra = orjson.loads(packed)
            made = following.rewrite_conditions(extra, change)
            if made is not extra:
                written.append((orjson.dumps(made), row_id))
        self.connection.executemany("UPDATE cells SET extra = ? WHERE id = ?", written)

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


def _formulas(cells: list[Any]) -> list[tuple[int, Any]]:
    return [(slot, cell) for slot, cell in enumerate(cells) if type(cell) is dict]


def _kinds_differ(now: list[Any], was: list[Any]) -> bool:
    """1 == True and 0 == False in Python, not in a sheet."""
    return any(type(a) is not type(b) for a, b in zip(now, was, strict=True)) if len(now) == len(was) else True


def _inside(found: Json, row: int | None, column: int | None) -> bool:
    """Whether a GridRange holds a cell; None for any row or any column."""
    bottom, right = found.get("endRowIndex"), found.get("endColumnIndex")
    return (row is None or (found.get("startRowIndex", 0) <= row and (bottom is None or row < bottom))) and (
        column is None or (found.get("startColumnIndex", 0) <= column and (right is None or column < right))
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
