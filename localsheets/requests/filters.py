"""Requests about a sheet's filter and its filter views."""

from __future__ import annotations

import secrets

from .. import masks
from ..a1 import Box
from ..decode import decode
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid, range_of
from .context import Context
from .sorting import sort_by


def canonical(given: Json) -> Json:
    """The filter with its criteria in both forms in which the API has them; `filterSpecs` win where both are given."""
    specs = given.get("filterSpecs")
    if specs is None:
        specs = [
            {"columnIndex": int(column), "filterCriteria": decode("FilterCriteria", found, f"criteria[{column}]")}
            for column, found in given.get("criteria", {}).items()
        ]
    made = {key: value for key, value in given.items() if key not in ("criteria", "filterSpecs")}
    if specs:
        made["criteria"] = {str(one.get("columnIndex", 0)): one.get("filterCriteria", {}) for one in specs}
        made["filterSpecs"] = specs
    return made


def set_basic_filter(context: Context, request: Json) -> Json:
    """A filter that names an order also puts the rows below its header into that order."""
    made = canonical(request.get("filter", {}))
    grid, box = context.closed(made.get("range", {}))
    grid.doc["basicFilter"] = {**made, "range": range_of(box, grid.sheet_id)}
    below = Box(box.top + 1, box.bottom, box.left, box.right)
    if made.get("sortSpecs") and below.top < (box.bottom or 0):
        sort_by(context, grid, below, made["sortSpecs"])
    return {}


def clear_basic_filter(context: Context, request: Json) -> Json:
    context.book.sheet(request.get("sheetId", 0)).doc.pop("basicFilter", None)
    return {}


def add_filter_view(context: Context, request: Json) -> Json:
    made = canonical(request.get("filter", {}))
    grid, box = context.closed(made.get("range", {}))
    made["filterViewId"] = made.get("filterViewId") or secrets.randbelow(2**31 - 1) + 1
    if any(found["filterViewId"] == made["filterViewId"] for sheet in context.book.sheets for found in _views(sheet)):
        raise bad_request(f"A filter view with ID {made['filterViewId']} already exists.")
    made.setdefault("title", f"Filter {len(_views(grid)) + 1}")
    made["range"] = range_of(box, grid.sheet_id)
    grid.doc.setdefault("filterViews", []).append(made)
    return {"filter": made}


def _views(grid: Grid) -> list[Json]:
    found: list[Json] = grid.doc.get("filterViews", [])
    return found


def _find_view(context: Context, number: int | None) -> tuple[Json, Grid]:
    for grid in context.book.sheets:
        for found in _views(grid):
            if found["filterViewId"] == number:
                return found, grid
    raise bad_request(f"No filter view with id: {number or 0}")


def update_filter_view(context: Context, request: Json) -> Json:
    given = canonical(request.get("filter", {}))
    paths = masks.write_paths(request.get("fields"), "FilterView", context.where)
    if any(path[:1] in (("criteria",), ("filterSpecs",)) for path in paths):
        paths = [*paths, ("criteria",), ("filterSpecs",)]
    found, grid = _find_view(context, given.get("filterViewId"))
    made = {**masks.write(found, given, paths), "filterViewId": found["filterViewId"]}
    target, box = context.closed(made.get("range", {}))
    if target is not grid:
        raise bad_request("A filter view cannot move to another sheet.")
    made["range"] = range_of(box, grid.sheet_id)
    views = _views(grid)
    views[views.index(found)] = made
    return {}


def delete_filter_view(context: Context, request: Json) -> Json:
    found, grid = _find_view(context, request.get("filterId"))
    _views(grid).remove(found)
    if not _views(grid):
        grid.doc.pop("filterViews")
    return {}


def duplicate_filter_view(context: Context, request: Json) -> Json:
    found, _ = _find_view(context, request.get("filterId"))
    copy = {key: value for key, value in found.items() if key != "filterViewId"}
    return add_filter_view(context, {"filter": {**copy, "title": f"Copy of {found.get('title', '')}"}})
