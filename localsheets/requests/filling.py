"""Requests that bring in new cells: text pasted from elsewhere, and series continued."""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import Any

from .. import references
from ..a1 import Box
from ..entering import enter
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid
from ..storage.rows import Row
from ..values import LONGEST_CELL, grow
from .context import Context
from .pasting import Piece, drop, lift

_NUMBERED = re.compile(r"(.*?)(\d{1,9})$", re.DOTALL)
PASTED = ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_FORMULA", "PASTE_NO_BORDERS")


def paste_data(context: Context, request: Json) -> Json:
    """Delimited text, entered as if typed from a cell on; quoted as in CSV."""
    if request.get("html"):
        raise bad_request("Pasting HTML is not supported by this server.")
    delimiter, kind = request.get("delimiter", ""), request.get("type", "PASTE_NORMAL")
    if not delimiter:
        raise bad_request("Must specify either html or a delimiter.")
    if kind not in PASTED:
        raise bad_request(f"Pasting text with {kind} is not supported by this server.")
    at = request.get("coordinate", {})
    grid = context.book.sheet(at.get("sheetId", 0))
    top, left = at.get("rowIndex", 0), at.get("columnIndex", 0)
    grid.check_within(Box(top, top + 1, left, left + 1))
    rows = _cells(request.get("data", ""), delimiter)
    width = max((len(row) for row in rows), default=0)
    if not width:
        return {}
    box = Box(top, top + len(rows), left, left + width)
    grow(context.book, grid, box)
    context.check_editable(grid, box)
    slots, write = list(grid.slots), context.write(raw=False)

    def change(position: int, row: Row) -> None:
        for column, text in enumerate(rows[position - top], left):
            enter(context.book, grid, row, position, column, slots[column], text, write)

    grid.edit(top, top + len(rows), change, context.journal)
    return {}


def _cells(data: str, delimiter: str) -> list[list[str]]:
    if len(delimiter) > 1:
        return [line.split(delimiter) for line in data.splitlines()]
    try:
        rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=delimiter))
    except (csv.Error, ValueError, TypeError) as error:
        raise bad_request(f"The data cannot be split: {error}") from None
    if any(len(text) > LONGEST_CELL for row in rows for text in row):
        raise bad_request("Your input contains more than the maximum of 50000 characters in a single cell.")
    return rows


# -- series -----------------------------------------------------------------------------------------------------------


def auto_fill(context: Context, request: Json) -> Json:
    """Continues what stands in the source: numbers in equal steps, numbered texts, formulas; anything else repeats."""
    grid, source, target, dimension = _asked(context, request)
    grid.check_within(target)
    context.check_editable(grid, target)
    pieces, alternate = lift(grid, source), request.get("useAlternateSeries", False)
    assert target.bottom is not None
    assert target.right is not None
    rows = dimension == "ROWS"
    backward = target.top < source.top if rows else target.left < source.left
    lines = [list(line) for line in zip(*pieces, strict=True)] if rows else pieces
    count = target.bottom - target.top if rows else target.right - target.left
    made = [_continued(line, count, rows, backward, alternate) for line in lines]
    drop(context, grid, target, [list(line) for line in zip(*made, strict=True)] if rows else made)
    return {}


def _asked(context: Context, request: Json) -> tuple[Grid, Box, Box, str]:
    """(sheet, source, the box to fill, dimension); of a mere range the filled first rows or columns are the source."""
    if ("range" in request) == ("sourceAndDestination" in request):
        raise bad_request("Exactly one of 'range' and 'sourceAndDestination' must be set.")
    if "range" in request:
        grid, box = context.closed(request["range"])
        return _split(grid, box)
    given = request["sourceAndDestination"]
    grid, source = context.closed(given.get("source"))
    length, dimension = given.get("fillLength", 0), given.get("dimension")
    if not length or dimension is None:
        raise bad_request("dimension and fillLength must be set.")
    assert source.bottom is not None
    assert source.right is not None
    if dimension == "ROWS":
        low, high = (source.bottom, source.bottom + length) if length > 0 else (source.top + length, source.top)
        target = Box(low, high, source.left, source.right)
    else:
        low, high = (source.right, source.right + length) if length > 0 else (source.left + length, source.left)
        target = Box(source.top, source.bottom, low, high)
    if low < 0:
        raise bad_request("The range to fill lies outside the grid.")
    return grid, source, target, dimension


def _split(grid: Grid, box: Box) -> tuple[Grid, Box, Box, str]:
    assert box.bottom is not None
    assert box.right is not None
    filled = [[piece.value != "" for piece in row] for row in lift(grid, box)]
    rows = sum(1 for _ in itertools.takewhile(all, filled))
    columns = sum(1 for _ in itertools.takewhile(all, zip(*filled, strict=True)))
    if 0 < rows < len(filled):
        edge = box.top + rows
        return grid, Box(box.top, edge, box.left, box.right), Box(edge, box.bottom, box.left, box.right), "ROWS"
    if 0 < columns < box.right - box.left:
        edge = box.left + columns
        return grid, Box(box.top, box.bottom, box.left, edge), Box(box.top, box.bottom, edge, box.right), "COLUMNS"
    raise bad_request("The range has no data to continue, or nothing to fill.")


def _continued(line: list[Piece], count: int, rows: bool, backward: bool, alternate: bool) -> list[Piece]:
    source = line[::-1] if backward else line
    made = []
    for i in range(count):
        piece, rounds = source[i % len(source)], i // len(source) + 1
        steps = -rounds * len(source) if backward else rounds * len(source)
        made.append(Piece(_next(source, piece.value, i, steps, rows, alternate), piece.data))
    return made[::-1] if backward else made


def _next(source: list[Piece], value: Any, i: int, steps: int, rows: bool, alternate: bool) -> Any:
    """The value `i` places beyond the source; `steps` is how far it stands from the cell that it continues."""
    if isinstance(value, dict):
        return {"f": references.copied(value["f"], *((steps, 0) if rows else (0, steps)))} if "f" in value else value
    values = [piece.value for piece in source]
    if all(type(one) in (int, float) for one in values):
        series = len(values) > 1 or alternate
        step = (values[-1] - values[0]) / (len(values) - 1) if len(values) > 1 else 1
        found = values[-1] + step * (i + 1) if series else value
        return int(found) if float(found).is_integer() else found
    numbered = _NUMBERED.match(value) if isinstance(value, str) and not alternate else None
    if numbered and numbered[1]:
        return f"{numbered[1]}{max(int(numbered[2]) + steps, 0):0{len(numbered[2])}}"
    return value
