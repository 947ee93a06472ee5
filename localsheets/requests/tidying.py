"""Requests that tidy what is there: whitespace trimmed, duplicate rows taken out, rows shuffled, text split into
columns."""

from __future__ import annotations

import secrets
from typing import Any

from ..a1 import Box
from ..entering import enter
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid
from ..rendering import effective
from ..storage.rows import Row
from ..values import grow
from .context import Context
from .pasting import drop, lift, wipe
from .sorting import arrange, refuse_merged

DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def trim_whitespace(context: Context, request: Json) -> Json:
    """Text loses blanks at its ends, and runs of blanks inside become one; numbers and formulas stay."""
    grid, box = context.closed(request.get("range"))
    context.check_editable(grid, box)
    assert box.bottom is not None
    slots = list(grid.slots[box.left : box.right])
    changed = 0

    def change(_position: int, row: Row) -> None:
        nonlocal changed
        for slot in slots:
            cell = row.get(slot)
            trimmed = " ".join(cell.split()) if isinstance(cell, str) else cell
            if trimmed != cell:
                row.put(slot, trimmed)
                changed += 1

    grid.edit(box.top, box.bottom, change, context.journal, fill=False)
    return {"cellsChangedCount": changed} if changed else {}


def delete_duplicates(context: Context, request: Json) -> Json:
    """Rows of the range that repeat an earlier one go, letter case aside; those below move up, in the range only."""
    grid, box = context.closed(request.get("range"))
    context.check_editable(grid, box)
    refuse_merged(grid, box)
    assert box.bottom is not None
    compared = _compared(grid, box, request.get("comparisonColumns", []))
    stop = min(box.bottom, len(grid.store.order))
    if stop <= box.top:
        return {}
    seen: set[tuple[Any, ...]] = set()
    kept = []
    pieces = lift(grid, Box(box.top, stop, box.left, box.right))
    for position, (row, carried) in enumerate(zip(grid.rows(box.top, stop), pieces, strict=True), box.top):
        key = tuple(_folded(context, grid, row, position, column) for column in compared)
        if key not in seen or all(value == ("blank", "") for value in key):
            seen.add(key)
            kept.append(carried)
    gone = len(pieces) - len(kept)
    if gone:
        drop(context, grid, Box(box.top, stop - gone, box.left, box.right), kept)
        wipe(context, grid, Box(stop - gone, stop, box.left, box.right))
    return {"duplicatesRemovedCount": gone} if gone else {}


def _compared(grid: Grid, box: Box, given: list[Json]) -> list[int]:
    columns: list[int] = []
    for found in given:
        start, stop = found.get("startIndex", 0), found.get("endIndex", grid.column_count)
        if found.get("dimension") != "COLUMNS" or start < box.left or stop > (box.right or 0) or start >= stop:
            raise bad_request("comparisonColumns must be columns inside the range.")
        columns.extend(range(start, stop))
    return columns or list(range(box.left, box.right or 0))


def _folded(context: Context, grid: Grid, row: Row, position: int, column: int) -> tuple[str, Any]:
    kind, value = effective(context.book, grid, row.get(grid.slots[column]), position, column)
    return kind, value.casefold() if isinstance(value, str) else value


def randomize_range(context: Context, request: Json) -> Json:
    grid, box = context.closed(request.get("range"))
    context.check_editable(grid, box)
    refuse_merged(grid, box)
    assert box.bottom is not None
    stop = min(box.bottom, len(grid.store.order))
    order = list(range(max(stop - box.top, 0)))
    secrets.SystemRandom().shuffle(order)
    arrange(context, grid, box, stop, list(grid.rows(box.top, stop)), order)
    return {}


def text_to_columns(context: Context, request: Json) -> Json:
    """The texts of one column are split; the parts are entered as if typed from that column on."""
    grid, box = context.closed(request.get("source"))
    assert box.bottom is not None
    assert box.right is not None
    if box.right - box.left != 1:
        raise bad_request("The source data range must span exactly one column.")
    rows = list(grid.rows(box.top, box.bottom))
    texts = [row.get(grid.slots[box.left]) for row in rows]
    delimiter = _delimiter(request, [text for text in texts if isinstance(text, str)])
    parts = [text.split(delimiter) if isinstance(text, str) and delimiter in text else [] for text in texts]
    width = max((len(one) for one in parts), default=0)
    if not width:
        return {}
    target = Box(box.top, box.top + len(rows), box.left, box.left + width)
    grow(context.book, grid, target)
    context.check_editable(grid, target)
    slots, write = list(grid.slots), context.write(raw=False)

    def change(position: int, row: Row) -> None:
        for column, part in enumerate(parts[position - box.top], box.left):
            enter(context.book, grid, row, position, column, slots[column], part.strip(), write)

    grid.edit(target.top, target.top + len(rows), change, context.journal)
    return {}


def _delimiter(request: Json, texts: list[str]) -> str:
    kind = request.get("delimiterType", "AUTODETECT")
    if kind == "CUSTOM":
        if not request.get("delimiter"):
            raise bad_request("delimiter must be set when delimiterType is CUSTOM.")
        return str(request["delimiter"])
    if "delimiter" in request:
        raise bad_request("delimiter must only be set when delimiterType is CUSTOM.")
    if kind == "AUTODETECT":
        return max(DELIMITERS.values(), key=lambda one: sum(one in text for text in texts))
    return DELIMITERS[kind]
