"""A spreadsheet made of its whole resource: what POST /v4/spreadsheets and PUT /_local/spreadsheets/<id> are given.

Cells go straight into the rows; what hangs on ranges is added by the same requests that a client would send, so that
it is checked by the same rules.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from . import metadata, requests, values
from .a1 import Box
from .book import Book, new_sheet_doc
from .entering import Write
from .errors import bad_request
from .follow import Json
from .grid import MAX_CELLS, Grid
from .requests.cells import KEPT, put_cell
from .requests.formatting import canonical_format
from .requests.sheets import check_size, check_title, check_type
from .resources import ERROR_TYPES
from .sizes import DEFAULT_PIXELS
from .storage.rows import Row

ERRORS = {kind: text for text, kind in ERROR_TYPES.items()}
CONTROLS = ("rowGroupControlAfter", "columnGroupControlAfter")


def fill_new(book: Book, given: Json, write: Write) -> None:
    """Fills an empty spreadsheet; ApiError 400 names what cannot be."""
    hanging: list[Json] = []
    for i, sheet in enumerate(given.get("sheets") or [{}]):
        grid = _add(book, i, sheet.get("properties", {}))
        for part in sheet.get("data", ()):
            _fill_cells(book, grid, part, write)
        hanging += _on_sheet(grid.sheet_id, sheet)
    if book.cell_total() > MAX_CELLS:
        values.check_total(book, 1)
    named = [{"addNamedRange": {"namedRange": one}} for one in given.get("namedRanges", ())]
    wanted = [*named, *_metadata(given), *hanging]
    if wanted:
        controls = [_controls(grid) for grid in book.sheets]
        requests.apply(book, wanted, write.account, write.at, write.journal)
        for grid, as_given in zip(book.sheets, controls, strict=True):
            kept = {key: value for key, value in grid.properties["gridProperties"].items() if key not in CONTROLS}
            grid.properties["gridProperties"] = {**kept, **as_given}


def _controls(grid: Grid) -> Json:
    """Where the buttons of groups stand, which making the groups anew would change."""
    return {key: value for key, value in grid.properties["gridProperties"].items() if key in CONTROLS}


def _add(book: Book, i: int, given: Json) -> Grid:
    properties = canonical_format({key: value for key, value in given.items() if key != "index"})
    check_type(properties)
    sheet_id = properties.get("sheetId", 0 if i == 0 else book.fresh_sheet_id())
    if any(grid.sheet_id == sheet_id for grid in book.sheets):
        raise bad_request(f"Invalid sheets[{i}].properties: A sheet with id {sheet_id} already exists.")
    title = properties.get("title") or f"Sheet{i + 1}"
    check_title(book, title)
    doc = new_sheet_doc(sheet_id, title, properties)
    check_size(doc["properties"])
    return book.add_sheet(doc)


# -- cells ------------------------------------------------------------------------------------------------------------


def _fill_cells(book: Book, grid: Grid, part: Json, write: Write) -> None:
    top, left = part.get("startRow", 0), part.get("startColumn", 0)
    rows = [row.get("values", []) for row in part.get("rowData", ())]
    if not rows:
        return
    width = max(len(row) for row in rows)
    values.grow(book, grid, Box(top, top + len(rows), left, left + max(width, 1)))
    paths: list[tuple[str, ...]] = [(name,) for name in KEPT]

    def change(position: int, row: Row) -> None:
        for column, cell in enumerate(rows[position - top], left):
            error = cell.get("userEnteredValue", {}).get("errorValue")
            put_cell(grid, row, position, column, cell, error is None, paths)
            if error is not None:
                row.put(grid.slots[column], {"e": ERRORS.get(error.get("type", ""), "#ERROR!")})

    grid.edit(top, top + len(rows), change, write.journal)


# -- what hangs on ranges ---------------------------------------------------------------------------------------------


def _on_sheet(sheet_id: int, sheet: Json) -> Iterator[Json]:
    """The requests that give a sheet what its resource shows beside the cells."""
    for part in sheet.get("data", ()):
        yield from _lines(sheet_id, "ROWS", part.get("startRow", 0), part.get("rowMetadata", []))
        yield from _lines(sheet_id, "COLUMNS", part.get("startColumn", 0), part.get("columnMetadata", []))
    for found in sheet.get("merges", ()):
        yield {"mergeCells": {"range": _here(found, sheet_id), "mergeType": "MERGE_ALL"}}
    for index, rule in enumerate(sheet.get("conditionalFormats", ())):
        ranges = [_here(found, sheet_id) for found in rule.get("ranges", ())]
        yield {"addConditionalFormatRule": {"rule": {**rule, "ranges": ranges}, "index": index}}
    for banding in sheet.get("bandedRanges", ()):
        yield {"addBanding": {"bandedRange": _ranged(banding, sheet_id)}}
    for view in sheet.get("filterViews", ()):
        yield {"addFilterView": {"filter": _ranged(view, sheet_id)}}
    if "basicFilter" in sheet:
        yield {"setBasicFilter": {"filter": _ranged(sheet["basicFilter"], sheet_id)}}
    yield from _metadata(sheet)
    for group in (*sheet.get("rowGroups", ()), *sheet.get("columnGroups", ())):
        made = _ranged(group, sheet_id)
        yield {"addDimensionGroup": {"range": made.get("range", {})}}
        if made.get("collapsed"):
            yield {"updateDimensionGroup": {"dimensionGroup": made, "fields": "collapsed"}}
    for protection in sheet.get("protectedRanges", ()):
        free = [_here(found, sheet_id) for found in protection.get("unprotectedRanges", ())]
        made = {**_ranged(protection, sheet_id), **({"unprotectedRanges": free} if free else {})}
        yield {"addProtectedRange": {"protectedRange": made}}


def _here(found: Json, sheet_id: int) -> Json:
    return {**found, "sheetId": sheet_id}


def _ranged(holder: Json, sheet_id: int) -> Json:
    """The same with its range on this sheet; one that names a named range instead stays as it is."""
    return {**holder, "range": _here(holder["range"], sheet_id)} if "range" in holder else holder


def _metadata(holder: Json) -> list[Json]:
    return [{"createDeveloperMetadata": {"developerMetadata": one}} for one in holder.get(metadata.KEY, ())]


def _lines(sheet_id: int, dimension: str, start: int, lines: list[Json]) -> Iterator[Json]:
    """Sizes and hiding of rows or columns, one request for each run of equal ones, and their metadata."""
    for properties, run in itertools.groupby(enumerate(lines, start), key=lambda one: _size(one[1], dimension)):
        places = [index for index, _ in run]
        if properties:
            span = {"dimension": dimension, "startIndex": places[0], "endIndex": places[-1] + 1, "sheetId": sheet_id}
            body: Any = {"range": span, "properties": properties, "fields": ",".join(properties)}
            yield {"updateDimensionProperties": body}
    for line in lines:
        yield from _metadata(line)


def _size(line: Json, dimension: str) -> Json:
    kept = {key: line[key] for key in ("hiddenByUser", "pixelSize") if key in line}
    return {key: value for key, value in kept.items() if (key, value) != ("pixelSize", DEFAULT_PIXELS[dimension])}
