"""Requests about rows and columns: inserting, deleting, moving, sizing, hiding and grouping them."""

from __future__ import annotations

import itertools

import orjson

from .. import masks, sizes
from ..a1 import Box
from ..by_columns import columns_json
from ..errors import bad_request
from ..follow import Deleted, Inserted, Json, Moved
from ..grid import COPY_FORMAT_ROWS, Grid
from ..lines import MAX_COLUMNS
from ..rendering import FORMATTED, SERIAL, Renderer, rows_json
from ..storage.rows import Extra, Row
from .context import DIMENSIONS, Context, size_of

MEASURED_ROWS = 20_000
INHERITED = frozenset({"f", "dataValidation"})


def insert_dimension(context: Context, request: Json) -> Json:
    grid, dimension, start, stop = context.spanned(request.get("range"))
    size, count = size_of(grid, dimension), stop - start
    if start > size:
        raise bad_request(f"range.startIndex[{start}] is beyond the end of the grid[{size}]")
    before = request.get("inheritFromBefore", False)
    if start == size and not before:
        raise bad_request(
            f"range.startIndex[{start}] must be less than the grid size ({size}) if inheritFromBefore is false."
        )
    if before and not start:
        raise bad_request("inheritFromBefore cannot be true if inserting at index 0.")
    insert(context, grid, dimension, start, count, before=before)
    return {}


def insert(context: Context, grid: Grid, dimension: str, at: int, count: int, *, before: bool) -> None:
    """Blank rows or columns, formatted like the ones before or after them; everything that names ranges follows."""
    check_room(context, grid, dimension, count)
    context.check_insertable(grid, dimension, at)
    if dimension == "ROWS":
        grid.insert_rows(at, count)
    else:
        grid.insert_columns(at, count)
    layers = grid.doc.get("layers")
    kept = [dict(layer["range"]) for layer in layers] if layers else []
    context.follow(Inserted(dimension, at, count), grid)
    _inherit_layers(grid, dimension, at, count, before, kept)
    if dimension == "ROWS" and count <= COPY_FORMAT_ROWS:
        _inherit_row(context, grid, at, count, before)


def check_room(context: Context, grid: Grid, dimension: str, count: int) -> None:
    other = grid.column_count if dimension == "ROWS" else grid.row_count
    if dimension == "COLUMNS" and grid.column_count + count > MAX_COLUMNS:
        raise bad_request(f"A sheet can have at most {MAX_COLUMNS} columns.")
    context.check_total(count * other)


def _inherit_layers(grid: Grid, dimension: str, at: int, count: int, before: bool, old: list[Json]) -> None:
    """A broad format that begins (or, inherited from before, ends) just here goes on over the new ones."""
    low, high = ("startRowIndex", "endRowIndex") if dimension == "ROWS" else ("startColumnIndex", "endColumnIndex")
    for layer, was in zip(grid.doc.get("layers", ()), old, strict=True):
        if not before and was.get(low, 0) == at:
            layer["range"] = {**layer["range"], low: at}
        elif before and was.get(high) == at:
            layer["range"] = {**layer["range"], high: at + count}


def _inherit_row(context: Context, grid: Grid, at: int, count: int, before: bool) -> None:
    neighbour = at - 1 if before else at + count
    for row in grid.rows(neighbour, neighbour + 1):
        extra = {slot: _inherited(entry) for slot, entry in row.extra.items()}
        extra = {slot: entry for slot, entry in extra.items() if entry}
        if not extra:
            return

        def change(_position: int, new: Row) -> None:
            new.extra = {slot: dict(own) for slot, own in extra.items()}  # noqa: B023 - one row, one round

        grid.edit(at, at + count, change, context.journal)


def _inherited(entry: Extra) -> Extra:
    return {key: value for key, value in entry.items() if key in INHERITED}


def append_dimension(context: Context, request: Json) -> Json:
    grid = context.book.sheet(request.get("sheetId", 0))
    length, dimension = request.get("length", 0), request.get("dimension")
    if dimension is None:
        raise bad_request("No dimension specified.")
    if length < 1:
        raise bad_request("length must be greater than zero.")
    check_room(context, grid, dimension, length)
    context.check_sheet(grid)
    if dimension == "ROWS":
        grid.set_size(rows=grid.row_count + length)
    else:
        grid.set_size(columns=grid.column_count + length)
    return {}


def delete_dimension(context: Context, request: Json) -> Json:
    grid, dimension, start, stop = context.spanned(request.get("range"))
    size, name = size_of(grid, dimension), DIMENSIONS[dimension]
    if stop > size:
        raise bad_request(
            f"Cannot delete a {name} that doesn't exist. Tried to delete {name} index {stop - 1} but there "
            f"are only {size} {name}s."
        )
    if stop - start == size:
        raise bad_request(f"You can't delete all the {name}s on the sheet.")
    frozen = grid.properties["gridProperties"].get(f"frozen{name.capitalize()}Count", 0)
    if frozen and start <= frozen and stop == size:
        raise bad_request(f"Sorry, it is not possible to delete all non-frozen {name}s.")
    box = Box(start, stop, 0, grid.column_count) if dimension == "ROWS" else Box(0, grid.row_count, start, stop)
    context.check_editable(grid, box)
    if dimension == "ROWS":
        grid.delete_rows(start, stop)
    else:
        grid.delete_columns(start, stop)
    context.follow(Deleted(dimension, start, stop), grid)
    return {}


def move_dimension(context: Context, request: Json) -> Json:
    grid, dimension, start, stop = context.spanned(request.get("source"))
    to, size, name = request.get("destinationIndex", 0), size_of(grid, dimension), DIMENSIONS[dimension]
    if stop > size or not 0 <= to <= size:
        raise bad_request(f"Cannot move a {name} that doesn't exist: the sheet has {size} {name}s.")
    if start <= to <= stop:
        return {}
    low, high = min(start, to), max(stop, to)
    box = Box(low, high, 0, grid.column_count) if dimension == "ROWS" else Box(0, grid.row_count, low, high)
    context.check_editable(grid, box)
    if dimension == "ROWS":
        grid.move_rows(start, stop, to)
    else:
        grid.move_columns(start, stop, to)
    context.follow(Moved(dimension, start, stop, to), grid)
    return {}


def update_dimension_properties(context: Context, request: Json) -> Json:
    grid, dimension, start, stop = context.spanned(request.get("range"))
    size, name = size_of(grid, dimension), DIMENSIONS[dimension]
    if stop > size:
        raise bad_request(
            f"Cannot update a {name} that doesn't exist: index {stop - 1}, but there are only {size} {name}s."
        )
    context.check_sheet(grid)
    paths = masks.write_paths(request.get("fields"), "DimensionProperties", context.where)
    for path in paths:
        if path not in ((), ("hiddenByUser",), ("pixelSize",)):
            raise bad_request(f"The field {'.'.join(path)} cannot be written.")
    given = {key: value for key, value in request.get("properties", {}).items() if key in ("hiddenByUser", "pixelSize")}
    if given.get("pixelSize", 1) < 1:
        raise bad_request("pixelSize must be greater than zero.")
    sizes.update(grid, dimension, start, stop, given, paths if paths != [()] else [("hiddenByUser",), ("pixelSize",)])
    return {}


def auto_resize_dimensions(context: Context, request: Json) -> Json:
    if "dimensions" not in request:
        raise bad_request("dimensions must be set.")
    grid, dimension, start, stop = context.spanned(request["dimensions"])
    stop = min(stop, size_of(grid, dimension))
    renderer = Renderer(context.book, grid, FORMATTED, SERIAL)
    for index in range(start, stop) if dimension == "COLUMNS" else ():
        box = grid.closed(Box(0, MEASURED_ROWS, index, index + 1))
        texts = _texts(columns_json(renderer, [box])[0])
        if texts:
            width = max(sizes.text_width(line) for text in texts for line in text.split("\n"))
            sizes.update(grid, dimension, index, index + 1, {"pixelSize": width}, [("pixelSize",)])
    for index in range(start, min(stop, len(grid.store.order))) if dimension == "ROWS" else ():
        box = grid.closed(Box(index, index + 1, 0, None))
        lines = max((text.count("\n") + 1 for text in _texts(rows_json(renderer, box))), default=1)
        paths: list[tuple[str, ...]] = [("pixelSize",)]
        sizes.update(
            grid, dimension, index, index + 1, {"pixelSize": 21 + 15 * (lines - 1)} if lines > 1 else {}, paths
        )
    return {}


def _texts(values: bytes | None) -> list[str]:
    return [str(text) for line in orjson.loads(values or b"[]") for text in line if text != ""]


# -- groups -----------------------------------------------------------------------------------------------------------


def add_dimension_group(context: Context, request: Json) -> Json:
    return _regroup(context, request, 1)


def delete_dimension_group(context: Context, request: Json) -> Json:
    return _regroup(context, request, -1)


def _regroup(context: Context, request: Json, by: int) -> Json:
    """Groups are runs of equal or greater depth: adding one deepens its range by one, deleting one makes it
    shallower."""
    grid, dimension, start, stop = context.spanned(request.get("range"))
    context.check_sheet(grid)
    key = "rowGroups" if dimension == "ROWS" else "columnGroups"
    if stop > size_of(grid, dimension):
        raise bad_request(f"Cannot group a {DIMENSIONS[dimension]} that doesn't exist.")
    old: list[Json] = grid.doc.get(key, [])
    edges = sorted({start, stop, *(edge for group in old for edge in _ends(group))})
    runs = []
    for low, high in itertools.pairwise(edges):
        depth = max((group["depth"] for group in old if _ends(group)[0] <= low < _ends(group)[1]), default=0)
        if start <= low < stop:
            if depth + by < 0:
                raise bad_request(f"There is no group to delete at index {low}.")
            depth += by
        runs.append((low, high, depth))
    if max((depth for *_, depth in runs), default=0) > 8:
        raise bad_request("You can't have more than 8 levels of groups.")
    groups = _groups(runs, grid.sheet_id, dimension, old)
    if groups:
        grid.doc[key] = groups
    else:
        grid.doc.pop(key, None)
    control = "rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"
    if by > 0:
        grid.properties["gridProperties"][control] = True
    return {"dimensionGroups": groups} if groups else {}


def _ends(group: Json) -> tuple[int, int]:
    return group["range"]["startIndex"], group["range"]["endIndex"]


def _groups(runs: list[tuple[int, int, int]], sheet_id: int, dimension: str, old: list[Json]) -> list[Json]:
    collapsed = {(*_ends(group), group["depth"]) for group in old if group.get("collapsed")}
    found: list[tuple[int, int, int]] = []
    for level in range(1, max((depth for *_, depth in runs), default=0) + 1):
        start: int | None = None
        stop: int | None = None
        for low, high, depth in [*runs, (10**9, 10**9, 0)]:
            if depth >= level and stop == low:
                stop = high
                continue
            if start is not None and stop is not None:
                found.append((start, stop, level))
            start, stop = (low, high) if depth >= level else (None, None)
    sheet = {"sheetId": sheet_id} if sheet_id else {}
    return [
        {
            "range": {**sheet, "dimension": dimension, "startIndex": low, "endIndex": high},
            "depth": level,
            **({"collapsed": True} if (low, high, level) in collapsed else {}),
        }
        for low, high, level in sorted(found, key=lambda group: (group[2], group[0]))
    ]


def update_dimension_group(context: Context, request: Json) -> Json:
    given = request.get("dimensionGroup", {})
    paths = masks.write_paths(request.get("fields"), "DimensionGroup", context.where)
    grid, dimension, start, stop = context.spanned(given.get("range"))
    for group in grid.doc.get("rowGroups" if dimension == "ROWS" else "columnGroups", ()):
        if _ends(group) == (start, stop) and group["depth"] == given.get("depth", 0):
            if ("collapsed",) in paths or paths == [()]:
                group.pop("collapsed", None)
                if given.get("collapsed"):
                    group["collapsed"] = True
                hidden = {"hiddenByUser": True} if given.get("collapsed") else {}
                sizes.update(grid, dimension, start, stop, hidden, [("hiddenByUser",)])
            return {}
    raise bad_request("No dimension group over the specified range with this depth.")
