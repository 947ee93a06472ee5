"""Copies of sheets: the rows are copied inside the database, none passes through the program."""

from __future__ import annotations

import copy
from array import array

from . import metadata
from .book import Book
from .follow import Json
from .grid import Grid
from .storage.order import Block, RowOrder
from .storage.rows import ROW_BITS

RANGE_KEYS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "dimension")


def copy_sheet(source: Grid, book: Book, sheet_id: int, title: str, index: int | None = None) -> Grid:
    """A copy of a sheet in a spreadsheet (the same or another), its ranges pointing into the copy; what hangs on it has
    ids of its own."""
    source.flush()
    doc = _renumbered(copy.deepcopy(source.doc), source.sheet_id, sheet_id)
    doc["properties"] = {**doc["properties"], "sheetId": sheet_id, "title": title}
    doc["properties"].pop("hidden", None)
    for protection in doc.get("protectedRanges", ()):
        protection["protectedRangeId"] = book.fresh_sheet_id()
        if protection.get("range") == {} and sheet_id:  # the whole of sheet 0
            protection["range"] = {"sheetId": sheet_id}
    for banding in doc.get("bandedRanges", ()):
        banding["bandedRangeId"] = book.fresh_sheet_id()
    for view in doc.get("filterViews", ()):
        view["filterViewId"] = book.fresh_sheet_id()
    held = doc.pop(metadata.KEY, None)
    if held:
        doc[metadata.KEY] = metadata.copied(book, held)
    grid = book.add_sheet(doc, index)
    _copy_rows(source, grid)
    return grid


def _copy_rows(source: Grid, grid: Grid) -> None:
    moved = (grid.key - source.key) << ROW_BITS
    low, high = source.key << ROW_BITS, (source.key + 1) << ROW_BITS
    source.connection.execute(
        "INSERT INTO cells (id, kind, cells, extra) SELECT id + ?, kind, cells, extra FROM cells WHERE id >= "
        "? AND id < ?",
        (moved, low, high),
    )
    blocks = [
        Block(block.ord, array("q", [row_id + moved for row_id in block.ids]), block.every, block.some)
        for block in source.store.order.blocks
    ]
    grid.store.order = RowOrder(blocks, set(blocks))
    grid.store.next_row = source.store.next_row


def _renumbered(node: Json, old: int, new: int) -> Json:
    """The record with each range of the old sheet pointing to the new one."""
    for key, value in node.items():
        items = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, dict) and key != "cell":
                _point(item, old, new)
                _renumbered(item, old, new)
    return node


def _point(found: Json, old: int, new: int) -> None:
    is_range = any(name in found for name in RANGE_KEYS)
    of_sheet = "sheetId" in found and (set(found) == {"sheetId"} or found.get("locationType") == "SHEET")
    if (is_range or of_sheet) and found.get("sheetId", 0) == old:
        found.pop("sheetId", None)
        if new or of_sheet:
            found["sheetId"] = new
