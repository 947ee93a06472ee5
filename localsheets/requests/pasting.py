"""Requests that carry cells from one place to another: copy, cut, sort, and ranges pushed aside or pulled in."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

from .. import metadata, references
from ..a1 import Box
from ..errors import bad_request
from ..evaluation import prepare
from ..follow import Json
from ..grid import Grid, box_of, range_of
from ..guard import overlap
from ..rendering import effective, seen
from ..storage.rows import Row
from .cells import KEPT, unmerge
from .context import Context

MOST_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One carried cell: what was entered, and what it has beside that."""

    value: Any
    data: Json


def lift(grid: Grid, box: Box) -> list[list[Piece]]:
    """The cells of a closed box, blank ones too."""
    assert box.bottom is not None
    assert box.right is not None
    if (box.bottom - box.top) * (box.right - box.left) > MOST_CELLS:
        raise bad_request("The range has too many cells.")
    slots = list(grid.slots[box.left : box.right])
    found = [
        [Piece(row.get(slot), grid.data(row, position, box.left + i)) for i, slot in enumerate(slots)]
        for position, row in enumerate(grid.rows(box.top, box.bottom), box.top)
    ]
    found.extend(
        [Piece("", grid.background(position, box.left + i)) for i in range(len(slots))]
        for position in range(box.top + len(found), box.bottom)
    )
    return found


def drop(context: Context, grid: Grid, box: Box, pieces: list[list[Piece]], kind: str = "PASTE_NORMAL") -> None:
    """Puts carried cells down in a closed box of their size."""
    assert box.bottom is not None
    slots = list(grid.slots)
    values = kind not in ("PASTE_FORMAT", "PASTE_DATA_VALIDATION", "PASTE_CONDITIONAL_FORMATTING")
    kept = {
        "PASTE_NORMAL": KEPT,
        "PASTE_FORMAT": ("userEnteredFormat",),
        "PASTE_NO_BORDERS": KEPT,
        "PASTE_DATA_VALIDATION": ("dataValidation",),
    }.get(kind, ())

    def change(position: int, row: Row) -> None:
        for offset, piece in enumerate(pieces[position - box.top]):
            column = box.left + offset
            if values:
                row.put(slots[column], piece.value)
            if kept:
                data = {key: value for key, value in grid.data(row, position, column).items() if key not in kept}
                data.update({key: value for key, value in piece.data.items() if key in kept})
                if kind == "PASTE_NO_BORDERS" and "borders" in data.get("userEnteredFormat", {}):
                    data["userEnteredFormat"] = {k: v for k, v in data["userEnteredFormat"].items() if k != "borders"}
                grid.set_data(row, position, column, data)

    grid.edit(box.top, box.bottom, change, context.journal)


def wipe(context: Context, grid: Grid, box: Box, *, data: bool = True) -> None:
    """Clears the cells of a closed box, with format and validation unless told otherwise."""
    assert box.bottom is not None
    slots = list(grid.slots[box.left : box.right])

    def change(position: int, row: Row) -> None:
        for offset, slot in enumerate(slots):
            row.put(slot, "")
            if data:
                grid.set_data(row, position, box.left + offset, {})

    grid.edit(box.top, box.bottom, change, context.journal, fill=False)


def _moved(pieces: list[list[Piece]], down: int, right: int) -> list[list[Piece]]:
    """Carried cells with their formulas' references carried as far."""
    return [
        [
            Piece({"f": references.copied(piece.value["f"], down, right)}, piece.data)
            if isinstance(piece.value, dict) and "f" in piece.value
            else piece
            for piece in row
        ]
        for row in pieces
    ]


def copy_paste(context: Context, request: Json) -> Json:
    grid, source = context.closed(request.get("source"))
    target, wanted = context.closed(request.get("destination"))
    pieces = lift(grid, source)
    kind = request.get("pasteType", "PASTE_NORMAL")
    if kind == "PASTE_CONDITIONAL_FORMATTING":
        raise bad_request("PASTE_CONDITIONAL_FORMATTING is not supported by this server.")
    if kind == "PASTE_VALUES":
        pieces = _values(context, grid, source, pieces)
    turned = request.get("pasteOrientation") == "TRANSPOSE"
    if turned:
        pieces = [list(column) for column in zip(*pieces, strict=True)]
    assert wanted.bottom is not None
    assert wanted.right is not None
    height, width = len(pieces), len(pieces[0])
    rows = max((wanted.bottom - wanted.top) // height, 1)
    columns = max((wanted.right - wanted.left) // width, 1)
    if rows * columns * height * width > MOST_CELLS:
        raise bad_request("The range has too many cells.")
    box = Box(wanted.top, wanted.top + rows * height, wanted.left, wanted.left + columns * width)
    target.check_within(box)
    context.check_editable(target, box)
    for i in range(rows):
        for j in range(columns):
            top, left = wanted.top + i * height, wanted.left + j * width
            carried = pieces if turned else _moved(pieces, top - source.top, left - source.left)
            drop(context, target, Box(top, top + height, left, left + width), carried, kind)
            if kind in ("PASTE_NORMAL", "PASTE_FORMAT", "PASTE_NO_BORDERS") and not turned:
                _copy_merges(grid, source, target, top, left)
    return {}


def _values(context: Context, grid: Grid, source: Box, pieces: list[list[Piece]]) -> list[list[Piece]]:
    """The pieces with what their formulas come to, and with what array formulas show among them."""
    prepare(context.book, grid, source)
    return [
        [Piece(_value(context, grid, piece, row, column), piece.data) for column, piece in enumerate(line, source.left)]
        for row, line in enumerate(pieces, source.top)
    ]


def _value(context: Context, grid: Grid, piece: Piece, row: int, column: int) -> Any:
    kind, value = seen(context.book, grid, piece.value, row, column)
    return {"e": value} if kind == "error" else value


def _copy_merges(grid: Grid, source: Box, target: Grid, top: int, left: int) -> None:
    for found in list(grid.doc.get("merges", ())):
        if (
            source.top <= found["startRowIndex"]
            and found["endRowIndex"] <= (source.bottom or 0)
            and (source.left <= found["startColumnIndex"] and found["endColumnIndex"] <= (source.right or 0))
        ):
            down, right = top - source.top, left - source.left
            box = Box(
                found["startRowIndex"] + down, found["endRowIndex"] + down,
                found["startColumnIndex"] + right, found["endColumnIndex"] + right,
            )  # fmt: skip
            if (target, down, right) != (grid, 0, 0):
                unmerge(target, box)
                target.doc.setdefault("merges", []).append(range_of(box, target.sheet_id))


def cut_paste(context: Context, request: Json) -> Json:
    grid, source = context.closed(request.get("source"))
    to = request.get("destination", {})
    target = context.book.sheet(to.get("sheetId", 0))
    assert source.bottom is not None
    assert source.right is not None
    top, left = to.get("rowIndex", 0), to.get("columnIndex", 0)
    box = Box(top, top + source.bottom - source.top, left, left + source.right - source.left)
    target.check_within(box)
    kind = request.get("pasteType", "PASTE_NORMAL")
    if kind not in ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_FORMULA"):
        raise bad_request(f"Cutting with {kind} is not supported by this server.")
    context.check_editable(grid, source)
    context.check_editable(target, box)
    pieces = lift(grid, source)
    if kind == "PASTE_VALUES":
        pieces = _values(context, grid, source, pieces)
    wipe(context, grid, source, data=kind == "PASTE_NORMAL")
    drop(context, target, box, pieces, kind)
    return {}


# -- sorting ----------------------------------------------------------------------------------------------------------


def sort_range(context: Context, request: Json) -> Json:
    grid, box = context.closed(request.get("range"))
    specs = request.get("sortSpecs", [])
    for spec in specs:
        index = spec.get("dimensionIndex", 0)
        if not box.left <= index < (box.right or 0):
            raise bad_request(f"Sort column {index} is outside the range.")
    context.check_editable(grid, box)
    sort(context, grid, box, [(spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING") for spec in specs])
    return {}


def sort(context: Context, grid: Grid, box: Box, specs: list[tuple[int, bool]]) -> None:
    """Sorts the rows of a box: numbers, then text, then flags, then errors; blanks last in either direction."""
    assert box.bottom is not None
    assert box.right is not None
    refuse_merged(grid, box)
    stop = min(box.bottom, len(grid.store.order))
    if stop - box.top < 2:
        return
    rows = list(grid.rows(box.top, stop))
    order = list(range(len(rows)))
    for column, descending in reversed(specs or [(box.left, False)]):
        slot = grid.slots[column]
        keys = [
            _key(effective(context.book, grid, row.get(slot), position, column))
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
        carried = [_moved([pieces[old]], new - old, 0)[0] for new, old in enumerate(order)]
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


# -- pushing aside ----------------------------------------------------------------------------------------------------


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
    _shift(context, grid, moving, needed)
    wipe(context, grid, box, data=False)
    return {}


def _last_column(grid: Grid, box: Box) -> int:
    mask = 0
    for row in grid.rows(box.top, box.bottom or 0):
        mask |= grid.seen(row.mask())
    return mask.bit_length() - 1


def _shift(context: Context, grid: Grid, source: Box, target: Box) -> None:
    if source.bottom == source.top or source.right == source.left:
        return
    if (target.bottom or 0) > grid.row_count or (target.right or 0) > grid.column_count:
        grid.set_size(max(grid.row_count, target.bottom or 0), max(grid.column_count, target.right or 0))
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
    wipe(context, grid, box)
    _shift(context, grid, source, target)
    return {}
