"""Rows put into another order: the sortRange request, and what else moves whole rows about."""

from __future__ import annotations

from array import array
from typing import Any

from .. import metadata, references
from ..a1 import Box
from ..errors import bad_request
from ..evaluation import prepare
from ..follow import Json
from ..grid import Grid, box_of
from ..guard import overlap
from ..rendering import seen
from ..storage.rows import Row
from .context import Context
from .pasting import drop, lift, moved


def sort_range(context: Context, request: Json) -> Json:
    grid, box = context.closed(request.get("range"))
    sort_by(context, grid, box, request.get("sortSpecs", []))
    return {}


def sort_by(context: Context, grid: Grid, box: Box, specs: list[Json]) -> None:
    """Sorts the rows of a box by SortSpecs; ApiError 400 for a column beside it or cells that may not be edited."""
    for spec in specs:
        index = spec.get("dimensionIndex", 0)
        if not box.left <= index < (box.right or 0):
            raise bad_request(f"Sort column {index} is outside the range.")
    context.check_editable(grid, box)
    sort(context, grid, box, [(spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING") for spec in specs])


def sort(context: Context, grid: Grid, box: Box, specs: list[tuple[int, bool]]) -> None:
    """Sorts the rows of a box: numbers, then text, then flags, then errors; blanks last in either direction."""
    assert box.bottom is not None
    assert box.right is not None
    refuse_merged(grid, box)
    stop = min(box.bottom, len(grid.store.order))
    if stop - box.top < 2:
        return
    rows = list(grid.rows(box.top, stop))
    prepare(context.book, grid, Box(box.top, stop, box.left, box.right))
    order = list(range(len(rows)))
    for column, descending in reversed(specs or [(box.left, False)]):
        slot = grid.slots[column]
        keys = [
            _key(seen(context.book, grid, row.get(slot), position, column))
            for position, row in enumerate(rows, box.top)
        ]
        blanks = [i for i in order if keys[i] is None]
        filled = [i for i in order if keys[i] is not None]
        filled.sort(key=lambda i: keys[i] or (0, 0), reverse=descending)
        order = filled + blanks
    arrange(context, grid, box, stop, rows, order)


def refuse_merged(grid: Grid, box: Box) -> None:
    """ApiError 400 where cells merged over several rows stand in the way of rows that change places."""
    for found in grid.doc.get("merges", ()):
        if found["endRowIndex"] - found["startRowIndex"] > 1 and overlap(box, box_of(found)):
            raise bad_request("You can't sort a range that contains merged cells.")


def arrange(context: Context, grid: Grid, box: Box, stop: int, rows: list[Row], order: list[int]) -> None:
    """Puts the rows top..stop of a box into another order: the one at top + order[i] comes to stand at top + i."""
    if order == list(range(len(rows))):
        return
    if _whole_rows(grid, box, stop):
        _reorder(context, grid, box, rows, order)
    else:
        pieces = lift(grid, Box(box.top, stop, box.left, box.right))
        carried = [moved([pieces[old]], new - old, 0)[0] for new, old in enumerate(order)]
        drop(context, grid, Box(box.top, stop, box.left, box.right), carried)


def _key(found: tuple[str, Any]) -> tuple[int, Any] | None:
    kind, value = found
    if kind == "blank":
        return None
    if kind == "text":
        return 1, (value.casefold(), value)
    return {"number": 0, "bool": 2, "error": 3}[kind], value


def _whole_rows(grid: Grid, box: Box, stop: int) -> bool:
    """Whether the box holds all that its rows have: then the rows themselves change places."""
    if box.left == 0 and box.right == grid.column_count:
        return True
    outside = {slot for i, slot in enumerate(grid.slots) if not box.left <= i < (box.right or 0)}
    return not any(
        any(row.get(slot) != "" or str(slot) in row.extra for slot in outside) for row in grid.rows(box.top, stop)
    )


def _reorder(context: Context, grid: Grid, box: Box, rows: list[Row], order: list[int]) -> None:
    grid.put_order(box.top, array("q", [rows[old].id for old in order]))
    columns = [{"from": box.top + old, "to": box.top + new} for new, old in enumerate(order) if old != new][:200]
    context.journal.operation(grid.sheet_id, "rowsMoved", {"rows": columns})
    if context.book.metadata_follows_sort:
        metadata.sorted_rows(grid.doc, box.top, order)
    for new, old in enumerate(order):
        row = rows[old]
        if new != old and any(isinstance(cell, dict) and "f" in cell for cell in row.cells):
            _carry_formulas(context, grid, box.top + new, new - old)


def _carry_formulas(context: Context, grid: Grid, position: int, down: int) -> None:
    def change(_position: int, row: Row) -> None:
        row.cells = [
            {"f": references.copied(cell["f"], down, 0)} if isinstance(cell, dict) and "f" in cell else cell
            for cell in row.cells
        ]

    grid.edit(position, position + 1, change, context.journal)
