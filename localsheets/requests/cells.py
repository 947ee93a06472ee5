"""Requests that write cells: values, formats, notes and validation, by exactly the fields that their mask names."""

from __future__ import annotations

from typing import Any

from .. import masks, references
from ..a1 import Box
from ..entering import stored
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid
from ..storage.rows import Row
from ..values import LONGEST_CELL, grow
from .context import Context
from .formatting import canonical_format, with_twins

Paths = list[tuple[str, ...]]
BROAD = 500  # cells; what is written beyond that is kept as one layer, not cell by cell
ENDLESS = 2_000  # cells; a layer beyond that which reaches the end of the grid goes on for rows that come later
READ_ONLY = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")
KEPT = ("userEnteredFormat", "dataValidation", "note", "textFormatRuns")


def entered(found: Json | None) -> Any:
    """An ExtendedValue as it is kept in a cell; "" where nothing is given. Text is never parsed."""
    if not found:
        return ""
    if "errorValue" in found:
        raise bad_request("Cell values of type errorValue cannot be written.")
    if "formulaValue" in found:
        formula = found["formulaValue"]
        return {"f": formula if formula.startswith("=") else f"={formula}"}
    for key in ("numberValue", "stringValue", "boolValue"):
        if key in found:
            value = stored(found[key])
            if isinstance(value, str) and len(value) > LONGEST_CELL:
                raise bad_request("Your input contains more than the maximum of 50000 characters in a single cell.")
            return value
    return ""


def cell_paths(context: Context, fields: str | None) -> tuple[bool, Paths]:
    """(whether the value is written, the paths of the rest) of a mask over CellData."""
    value = False
    rest: Paths = []
    for path in masks.write_paths(fields, "CellData", context.where):
        if not path:
            value, rest = True, rest + [(name,) for name in KEPT]
        elif path[0] == "userEnteredValue":
            value = True
        elif path[0] in KEPT:
            rest.append(path)
        elif path[0] not in READ_ONLY:
            raise bad_request(f"The field {'.'.join(path)} cannot be written by this server.")
        else:
            raise bad_request(f"The field {path[0]} is read-only.")
    return value, with_twins(rest)


def kept_data(cell: Json) -> Json:
    """What of a CellData is kept beside the value, in canonical form."""
    out = {name: cell[name] for name in KEPT if name in cell}
    if "userEnteredFormat" in out:
        out["userEnteredFormat"] = canonical_format(out["userEnteredFormat"])
    return out


def put_cell(grid: Grid, row: Row, position: int, column: int, cell: Json, value: bool, rest: Paths) -> None:
    """Writes the masked fields of one CellData into a row in hand."""
    if value:
        row.put(grid.slots[column], entered(cell.get("userEnteredValue")))
    if rest:
        data = masks.write(grid.data(row, position, column), kept_data(cell), rest)
        grid.set_data(row, position, column, {key: found for key, found in data.items() if found not in ({}, "", [])})


def update_cells(context: Context, request: Json) -> Json:
    value, rest = cell_paths(context, request.get("fields"))
    rows = [row.get("values", []) for row in request.get("rows", [])]
    if ("start" in request) == ("range" in request):
        raise bad_request("Exactly one of 'start' and 'range' must be set.")
    width = max((len(row) for row in rows), default=0)
    if "start" in request:
        grid, box = _from_start(context, request["start"], len(rows), width)
        if not rows or not width:
            return {}
    else:
        grid, box = context.closed(request["range"])
        assert box.bottom is not None
        assert box.right is not None
        _check_fits("row", box.top, len(rows), box.bottom)
        _check_fits("column", box.left, width, box.right)
    context.check_editable(grid, box)
    covered = "range" in request
    right, filled = box.right or 0, box.top + len(rows)

    def change(position: int, row: Row) -> None:
        given = rows[position - box.top]
        for offset, cell in enumerate(given):
            put_cell(grid, row, position, box.left + offset, cell, value, rest)
        for column in range(box.left + len(given), right) if covered else ():
            put_cell(grid, row, position, column, {}, value, rest)

    grid.edit(box.top, filled, change, context.journal)
    if covered and filled < (box.bottom or 0):
        _clear(context, grid, Box(filled, box.bottom, box.left, box.right), value, rest)
    return {}


def _clear(context: Context, grid: Grid, box: Box, value: bool, rest: Paths) -> None:
    """Rows of a range for which nothing was given."""
    assert box.bottom is not None
    slots = list(grid.slots[box.left : box.right])

    def change(_position: int, row: Row) -> None:
        for slot in slots:
            row.put(slot, "")

    if value:
        grid.edit(box.top, box.bottom, change, context.journal, fill=False)
    if rest:
        write_broadly(context, grid, box, {}, rest)


def _from_start(context: Context, start: Json, height: int, width: int) -> tuple[Grid, Box]:
    grid = context.book.sheet(start.get("sheetId", 0))
    row, column = start.get("rowIndex", 0), start.get("columnIndex", 0)
    for name, index, size in (("row", row, grid.row_count), ("column", column, grid.column_count)):
        if index >= size or index < 0:
            raise bad_request(f"GridCoordinate.{name}Index[{index}] is after last {name} in grid[{size - 1}]")
    _check_fits("row", row, height, grid.row_count)
    _check_fits("column", column, width, grid.column_count)
    return grid, Box(row, row + height, column, column + width)


def _check_fits(name: str, start: int, count: int, stop: int) -> None:
    if start + count > stop:
        raise bad_request(f"Attempting to write {name}: {stop}, beyond the last requested {name} of: {stop - 1}")


def repeat_cell(context: Context, request: Json) -> Json:
    value, rest = cell_paths(context, request.get("fields"))
    grid, box = context.ranged(request.get("range"), empty=True)
    cell = request.get("cell", {})
    if box.top == box.bottom or box.left == box.right:
        return {}
    closed = grid.closed(box)
    context.check_editable(grid, closed)
    if value:
        _repeat_value(context, grid, closed, cell)
    if rest:
        write_broadly(context, grid, box, cell, rest)
    return {}


def _repeat_value(context: Context, grid: Grid, box: Box, cell: Json) -> None:
    found = entered(cell.get("userEnteredValue"))
    assert box.bottom is not None
    assert box.right is not None
    slots = list(grid.slots[box.left : box.right])

    def change(position: int, row: Row) -> None:
        for offset, slot in enumerate(slots):
            if isinstance(found, dict):
                row.put(slot, {"f": references.copied(found["f"], position - box.top, offset)})
            else:
                row.put(slot, found)

    grid.edit(box.top, box.bottom, change, context.journal, fill=found != "")


def write_broadly(context: Context, grid: Grid, box: Box, cell: Json, rest: Paths) -> None:
    """Writes format, note or validation over a box: cell by cell where it is small, else as one layer."""
    closed = grid.closed(box)
    assert closed.bottom is not None
    assert closed.right is not None
    layered = [path for path in rest if path[0] in ("userEnteredFormat", "dataValidation")]
    single = [path for path in rest if path not in layered]
    size = (closed.bottom - closed.top) * (closed.right - closed.left)
    if size <= BROAD:
        single, layered = rest, []
    if layered:
        open_end = size > ENDLESS and (box.bottom is None or box.bottom >= grid.row_count)
        found = {"startRowIndex": box.top, "startColumnIndex": box.left, "endColumnIndex": closed.right}
        if not open_end:
            found["endRowIndex"] = closed.bottom
        if grid.sheet_id:
            found["sheetId"] = grid.sheet_id
        grid.add_layer(found, kept_data(cell), layered, context.journal)
    if single:

        def change(position: int, row: Row) -> None:
            for column in range(closed.left, closed.right or 0):
                put_cell(grid, row, position, column, cell, False, single)

        # A cell without a row may still look as a layer says.
        fill = any(kept_data(cell).values()) or bool(grid.doc.get("layers"))
        grid.edit(closed.top, closed.bottom, change, context.journal, fill=fill)


def append_cells(context: Context, request: Json) -> Json:
    value, rest = cell_paths(context, request.get("fields"))
    grid = context.book.sheet(request.get("sheetId", 0))
    rows = [row.get("values", []) for row in request.get("rows", [])]
    top = grid.last_data_row() + 1
    width = max((len(row) for row in rows), default=0)
    if not rows:
        return {}
    _check_fits("column", 0, width, grid.column_count)
    box = Box(top, top + len(rows), 0, max(width, 1))
    grow(context.book, grid, box)
    context.check_editable(grid, box)

    def change(position: int, row: Row) -> None:
        for column, cell in enumerate(rows[position - top]):
            put_cell(grid, row, position, column, cell, value, rest)

    grid.edit(top, top + len(rows), change, context.journal)
    return {}


def set_data_validation(context: Context, request: Json) -> Json:
    grid, box = context.ranged(request.get("range"), empty=True)
    context.check_editable(grid, grid.closed(box))
    rule = request.get("rule")
    if rule and "condition" not in rule:
        raise bad_request("DataValidationRule.condition is required.")
    write_broadly(context, grid, box, {"dataValidation": rule} if rule else {}, [("dataValidation",)])
    return {}


def merge_cells(context: Context, request: Json) -> Json:
    grid, box = context.closed(request.get("range"))
    context.check_editable(grid, box)
    unmerge(grid, box)
    kind = request.get("mergeType", "MERGE_ALL")
    assert box.bottom is not None
    assert box.right is not None
    if kind == "MERGE_ROWS":
        made = [Box(row, row + 1, box.left, box.right) for row in range(box.top, box.bottom)]
    elif kind == "MERGE_COLUMNS":
        made = [Box(box.top, box.bottom, column, column + 1) for column in range(box.left, box.right)]
    else:
        made = [box]
    for part in made:
        if (part.bottom or 0) - part.top > 1 or (part.right or 0) - part.left > 1:
            _merge(context, grid, part)
    return {}


def _merge(context: Context, grid: Grid, box: Box) -> None:
    """One merged cell: the first one's content stays, the others' goes."""
    sheet = {"sheetId": grid.sheet_id} if grid.sheet_id else {}
    found = {
        **sheet, "startRowIndex": box.top, "endRowIndex": box.bottom, "startColumnIndex": box.left,
        "endColumnIndex": box.right
    }  # fmt: skip
    grid.doc.setdefault("merges", []).append(found)
    slots = list(grid.slots[box.left : box.right])

    def change(position: int, row: Row) -> None:
        for slot in slots[1:] if position == box.top else slots:
            row.put(slot, "")

    grid.edit(box.top, box.bottom or 0, change, context.journal, fill=False)


def unmerge(grid: Grid, box: Box) -> None:
    """Takes apart the merges in a box; ApiError 400 where one lies partly outside."""
    kept = []
    for found in grid.doc.get("merges", ()):
        top, bottom = found["startRowIndex"], found["endRowIndex"]
        left, right = found["startColumnIndex"], found["endColumnIndex"]
        assert box.bottom is not None
        assert box.right is not None
        if bottom <= box.top or box.bottom <= top or right <= box.left or box.right <= left:
            kept.append(found)
        elif not (box.top <= top and bottom <= box.bottom and box.left <= left and right <= box.right):
            raise bad_request("You must select all cells in a merged range to merge or unmerge them.")
    if kept:
        grid.doc["merges"] = kept
    else:
        grid.doc.pop("merges", None)


def unmerge_cells(context: Context, request: Json) -> Json:
    grid, box = context.closed(request.get("range"))
    context.check_editable(grid, box)
    unmerge(grid, box)
    return {}


def update_borders(context: Context, request: Json) -> Json:
    """Outer and inner borders of a range, cell by cell."""
    grid, box = context.closed(request.get("range"))
    context.check_editable(grid, box)
    assert box.bottom is not None
    assert box.right is not None
    if (box.bottom - box.top) * (box.right - box.left) > 200_000:
        raise bad_request("Borders of more than 200000 cells in one request are not supported by this server.")

    def change(position: int, row: Row) -> None:
        for column in range(box.left, box.right or 0):
            sides = {
                "top": request.get("top" if position == box.top else "innerHorizontal"),
                "bottom": request.get("bottom" if position == (box.bottom or 0) - 1 else "innerHorizontal"),
                "left": request.get("left" if column == box.left else "innerVertical"),
                "right": request.get("right" if column == (box.right or 0) - 1 else "innerVertical"),
            }
            given = {side: canonical_format(border) for side, border in sides.items() if border is not None}
            paths: Paths = [("userEnteredFormat", "borders", side) for side in given]
            cleared = {side: border for side, border in given.items() if border.get("style") != "NONE"}
            put_cell(grid, row, position, column, {"userEnteredFormat": {"borders": cleared}}, False, paths)

    grid.edit(box.top, box.bottom, change, context.journal)
    return {}
