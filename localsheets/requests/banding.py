"""Requests about banded ranges: rows or columns coloured in turn."""

from __future__ import annotations

import secrets

from .. import masks
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid, range_of
from .context import Context
from .formatting import BAND_TWINS, band_format

KEY = "bandedRanges"


def _banding(context: Context, given: Json) -> tuple[Json, Grid]:
    """A whole BandedRange as it is kept, and its sheet; ApiError 400 where it has no colours or lies on another one."""
    if "rowProperties" not in given and "columnProperties" not in given:
        raise bad_request("At least one of rowProperties or columnProperties must be specified.")
    grid, box = context.closed(given.get("range"))
    context.check_sheet(grid)
    made = {"bandedRangeId": given["bandedRangeId"], "range": range_of(box, grid.sheet_id)}
    for key in ("rowProperties", "columnProperties"):
        if key in given:
            made[key] = band_format(given[key])
    for other in grid.doc.get(KEY, ()):
        if other["bandedRangeId"] != made["bandedRangeId"] and _meet(other["range"], made["range"]):
            raise bad_request("You cannot add alternating background colors to a range that already has them.")
    return made, grid


def _meet(one: Json, other: Json) -> bool:
    return all(
        max(one[low], other[low]) < min(one[high], other[high])
        for low, high in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex"))
    )


def _find(context: Context, number: int | None) -> tuple[Json, Grid]:
    for grid in context.book.sheets:
        for found in grid.doc.get(KEY, ()):
            if found["bandedRangeId"] == number:
                return found, grid
    raise bad_request(f"No banded range with id: {number or 0}")


def add_banding(context: Context, request: Json) -> Json:
    given = request.get("bandedRange", {})
    number = given.get("bandedRangeId") or secrets.randbelow(2**31 - 1) + 1
    if any(found["bandedRangeId"] == number for sheet in context.book.sheets for found in sheet.doc.get(KEY, ())):
        raise bad_request(f"A banded range with ID {number} already exists.")
    made, grid = _banding(context, {**given, "bandedRangeId": number})
    grid.doc.setdefault(KEY, []).append(made)
    return {"bandedRange": made}


def update_banding(context: Context, request: Json) -> Json:
    given = request.get("bandedRange", {})
    paths = masks.write_paths(request.get("fields"), "BandedRange", context.where)
    old, grid = _find(context, given.get("bandedRangeId"))
    twins = [(*path[:-1], BAND_TWINS[path[-1]]) for path in paths if path and path[-1] in BAND_TWINS]
    changed = {**masks.write(old, given, [*paths, *twins]), "bandedRangeId": old["bandedRangeId"]}
    made, target = _banding(context, changed)
    if target is not grid:
        raise bad_request("A banded range cannot move to another sheet.")
    grid.doc[KEY] = [made if found is old else found for found in grid.doc[KEY]]
    return {}


def delete_banding(context: Context, request: Json) -> Json:
    old, grid = _find(context, request.get("bandedRangeId"))
    context.check_sheet(grid)
    grid.keep(KEY, [found for found in grid.doc[KEY] if found is not old])
    return {}
