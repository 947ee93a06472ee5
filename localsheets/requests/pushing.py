"""Cells pushed aside by others that come in, or pulled up where some go; all that names them follows."""

from __future__ import annotations

from ..a1 import Box
from ..errors import bad_request
from ..follow import Deleted, Inserted, Json
from ..grid import Grid, box_of
from ..guard import covers, overlap
from ..values import grow
from .context import Context
from .pasting import drop, lift, wipe


def insert_range(context: Context, request: Json) -> Json:
    """Blank cells come in; what was there moves down or right."""
    grid, box = context.closed(request.get("range"))
    dimension = request.get("shiftDimension")
    if dimension is None:
        raise bad_request("shiftDimension must be set.")
    assert box.bottom is not None
    assert box.right is not None
    if dimension == "ROWS":
        count = box.bottom - box.top
        end = grid.last_data_row(None, ((1 << (box.right - box.left)) - 1) << box.left) + 1
        moving = Box(box.top, max(end, box.top), box.left, box.right)
        needed = Box(moving.top + count, max(end, box.top) + count, box.left, box.right)
    else:
        count = box.right - box.left
        moving = Box(box.top, box.bottom, box.left, max(_last_column(grid, box) + 1, box.left))
        needed = Box(box.top, box.bottom, moving.left + count, (moving.right or 0) + count)
    _refuse_straddled(grid, box, dimension)
    context.check_editable(grid, box)
    _shift(context, grid, moving, needed)
    wipe(context, grid, box, data=False)
    start, band = (box.top, (box.left, box.right)) if dimension == "ROWS" else (box.left, (box.top, box.bottom))
    context.follow(Inserted(dimension, start, count, band), grid)
    return {}


def _refuse_straddled(grid: Grid, box: Box, dimension: str) -> None:
    """ApiError 400 where a merged cell would be torn: it stands partly in the way of what moves."""
    rows = dimension == "ROWS"
    moving = Box(box.top, None, box.left, box.right) if rows else Box(box.top, box.bottom, box.left, None)
    for found in grid.doc.get("merges", ()):
        if overlap(moving, box_of(found)) and not covers(moving, box_of(found)):
            raise bad_request("Shifting these cells would break up a merged cell.")


def _last_column(grid: Grid, box: Box) -> int:
    mask = 0
    for row in grid.rows(box.top, box.bottom or 0):
        mask |= grid.seen(row.mask())
    return mask.bit_length() - 1


def _shift(context: Context, grid: Grid, source: Box, target: Box) -> None:
    if source.bottom == source.top or source.right == source.left:
        return
    grow(context.book, grid, target)
    context.check_editable(
        grid, Box(min(source.top, target.top), max(source.bottom or 0, target.bottom or 0), source.left, target.right)
    )
    pieces = lift(grid, source)
    wipe(context, grid, source)
    drop(context, grid, target, pieces)


def delete_range(context: Context, request: Json) -> Json:
    """Cells go; what is below or to the right moves up or left."""
    grid, box = context.closed(request.get("range"))
    dimension = request.get("shiftDimension")
    if dimension is None:
        raise bad_request("shiftDimension must be set.")
    assert box.bottom is not None
    assert box.right is not None
    context.check_editable(grid, box)
    if dimension == "ROWS":
        end = max(grid.last_data_row(None, ((1 << (box.right - box.left)) - 1) << box.left) + 1, box.bottom)
        source = Box(box.bottom, end, box.left, box.right)
        target = Box(box.top, box.top + end - box.bottom, box.left, box.right)
    else:
        last = max(_last_column(grid, box) + 1, box.right)
        source = Box(box.top, box.bottom, box.right, last)
        target = Box(box.top, box.bottom, box.left, box.left + last - box.right)
    _refuse_straddled(grid, box, dimension)
    wipe(context, grid, box)
    _shift(context, grid, source, target)
    start, stop, band = (
        (box.top, box.bottom, (box.left, box.right)) if dimension == "ROWS" else
        (box.left, box.right, (box.top, box.bottom))
    )  # fmt: skip
    context.follow(Deleted(dimension, start, stop, band), grid)
    return {}
