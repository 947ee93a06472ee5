"""Requests that carry cells from one place to another: copy, cut, sort, and ranges pushed aside or pulled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import references
from ..a1 import Box
from ..errors import bad_request
from ..evaluation import prepare
from ..follow import Json
from ..grid import Grid, box_of, range_of
from ..guard import covers, overlap
from ..rendering import seen
from ..storage.rows import Row
from .cells import KEPT, unmerge
from .context import Context

MOST_CELLS = 5_000_000
WITH_RULES = ("PASTE_NORMAL", "PASTE_FORMAT", "PASTE_NO_BORDERS", "PASTE_CONDITIONAL_FORMATTING")


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


def moved(pieces: list[list[Piece]], down: int, right: int) -> list[list[Piece]]:
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
    target, asked = context.ranged(request.get("destination"))
    target.check_within(asked)
    wanted = target.closed(asked)
    pieces = lift(grid, source)
    kind = request.get("pasteType", "PASTE_NORMAL")
    if kind == "PASTE_VALUES":
        pieces = _values(context, grid, source, pieces)
    turned = request.get("pasteOrientation") == "TRANSPOSE"
    if turned:
        pieces = _turned(pieces)
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
            carried = moved(pieces, top - source.top, left - source.left)
            drop(context, target, Box(top, top + height, left, left + width), carried, kind)
            if kind in ("PASTE_NORMAL", "PASTE_FORMAT", "PASTE_NO_BORDERS") and not turned:
                _copy_merges(grid, source, target, top, left)
            if kind in WITH_RULES and not turned:
                _copy_rules(grid, source, target, top, left)
    return {}


def _turned(pieces: list[list[Piece]]) -> list[list[Piece]]:
    """Rows as columns; formulas look as far sideways as they looked down."""
    out: list[list[Piece]] = []
    for j in range(len(pieces[0])):
        line = [moved([[pieces[i][j]]], j - i, i - j)[0][0] for i in range(len(pieces))]
        out.append(line)
    return out


def _copy_rules(grid: Grid, source: Box, target: Grid, top: int, left: int) -> None:
    """The conditional formats of the copied cells hold where they are pasted too."""
    for rule in list(grid.doc.get("conditionalFormats", ())):
        made = []
        for found in rule["ranges"]:
            part = _common(source, grid.closed(box_of(found)))
            if part is not None:
                down, right = top - source.top, left - source.left
                to = Box(part.top + down, (part.bottom or 0) + down, part.left + right, (part.right or 0) + right)
                made.append(range_of(target.closed(to), target.sheet_id))
        fresh = [found for found in made if found not in rule["ranges"]]
        if fresh and target is grid:
            rule["ranges"] = [*rule["ranges"], *fresh]
        elif fresh:
            target.doc.setdefault("conditionalFormats", []).append({**rule, "ranges": fresh})


def _common(one: Box, two: Box) -> Box | None:
    top, left = max(one.top, two.top), max(one.left, two.left)
    bottom, right = min(one.bottom or 0, two.bottom or 0), min(one.right or 0, two.right or 0)
    return Box(top, bottom, left, right) if top < bottom and left < right else None


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
    for one, part in ((grid, source), (target, box)):
        refuse_torn(one, part)
    if grid is not target:
        pieces = [[_at_home(piece, grid.title) for piece in row] for row in pieces]
    wipe(context, grid, source, data=kind == "PASTE_NORMAL")
    unmerge(target, box)
    drop(context, target, box, pieces, kind)
    context.book.follow_cut(grid, source, target, top - source.top, left - source.left)
    return {}


def refuse_torn(grid: Grid, box: Box) -> None:
    """ApiError 400 where a merged cell lies partly in a box that is cut or pasted over."""
    for found in grid.doc.get("merges", ()):
        if overlap(box, box_of(found)) and not covers(box, box_of(found)):
            raise bad_request("You must select all cells in a merged range to cut or paste over them.")


def _at_home(piece: Piece, title: str) -> Piece:
    """A formula that leaves its sheet goes on naming that sheet's cells."""
    if isinstance(piece.value, dict) and "f" in piece.value:
        return Piece({"f": references.qualified(piece.value["f"], title)}, piece.data)
    return piece
