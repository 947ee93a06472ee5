"""Requests about sheets as a whole and about the spreadsheet."""

from __future__ import annotations

import zoneinfo

from .. import locales, masks, references
from ..a1 import Box
from ..book import Book, new_sheet_doc
from ..copying import copy_sheet
from ..errors import bad_request
from ..follow import Deleted, Json
from ..grid import Grid
from ..guard import check_removable
from ..lines import MAX_COLUMNS
from .context import Context
from .formatting import canonical_format, with_twins

LONGEST_TITLE = 100


def check_title(book: Book, title: str, own: Grid | None = None) -> None:
    """ApiError 400 where a sheet cannot be called so."""
    if not title:
        raise bad_request("The sheet name cannot be empty.")
    if len(title) > LONGEST_TITLE:
        raise bad_request(f"The sheet name cannot be greater than {LONGEST_TITLE} characters.")
    folded = title.casefold()
    if any(grid is not own and grid.title.casefold() == folded for grid in book.sheets):
        raise bad_request(f'A sheet with the name "{title}" already exists. Please enter another name.')


def free_title(book: Book, stem: str = "Sheet") -> str:
    """The first of Sheet2, Sheet3 … that no sheet has."""
    number = len(book.sheets) + 1
    while book.titled(f"{stem}{number}") is not None:
        number += 1
    return f"{stem}{number}"


def check_size(properties: Json) -> None:
    """ApiError 400 for a grid that cannot be."""
    grid = properties.get("gridProperties", {})
    for key, name in (("rowCount", "rows"), ("columnCount", "columns")):
        if grid.get(key, 1) < 1:
            raise bad_request(f"GridProperties.{key} must be at least 1: a sheet cannot have {grid[key]} {name}.")
    if grid.get("columnCount", 1) > MAX_COLUMNS:
        raise bad_request(f"A sheet can have at most {MAX_COLUMNS} columns.")
    for name in ("row", "column"):
        if grid.get(f"frozen{name.capitalize()}Count", 0) >= grid.get(f"{name}Count", 10**9):
            raise bad_request(f"You can't freeze all visible {name}s on the sheet.")


def check_type(properties: Json) -> None:
    """ApiError 400 for a sheet that is no grid of cells."""
    if properties.get("sheetType", "GRID") != "GRID":
        raise bad_request("Only sheets of type GRID are supported by this server.")


def add_sheet(context: Context, request: Json) -> Json:
    given = canonical_format(request.get("properties", {}))
    book = context.book
    check_type(given)
    sheet_id = given.get("sheetId")
    if sheet_id is None:
        sheet_id = book.fresh_sheet_id()
    elif sheet_id < 0:
        raise bad_request(f"Invalid sheet ID: {sheet_id}")
    elif any(grid.sheet_id == sheet_id for grid in book.sheets):
        raise bad_request(f"A sheet with id {sheet_id} already exists.")
    title = given.get("title") or free_title(book)
    check_title(book, title)
    doc = new_sheet_doc(sheet_id, title, given)
    check_size(doc["properties"])
    size = doc["properties"]["gridProperties"]
    context.check_total(size["rowCount"] * size["columnCount"])
    grid = book.add_sheet(doc, given.get("index"))
    grid.properties["index"] = book.sheets.index(grid)
    return {"properties": grid.properties}


def delete_sheet(context: Context, request: Json) -> Json:
    grid = context.book.sheet(request.get("sheetId", 0))
    check_removable(context.book, grid, context.account)
    if len(context.book.sheets) == 1:
        raise bad_request("You can't remove all the sheets in a document.")
    if not any(not other.properties.get("hidden") for other in context.book.sheets if other is not grid):
        raise bad_request("You can't remove all the visible sheets in a document.")
    context.book.drop_sheet(grid)
    return {}


def duplicate_sheet(context: Context, request: Json) -> Json:
    book = context.book
    source = book.sheet(request.get("sourceSheetId", 0))
    sheet_id = request.get("newSheetId") or book.fresh_sheet_id()
    if any(grid.sheet_id == sheet_id for grid in book.sheets):
        raise bad_request(f"A sheet with id {sheet_id} already exists.")
    title = request.get("newSheetName") or free_copy_title(book, source.title)
    check_title(book, title)
    context.check_total(source.row_count * source.column_count)
    grid = copy_sheet(source, book, sheet_id, title, request.get("insertSheetIndex", 0))
    grid.properties["index"] = book.sheets.index(grid)
    return {"properties": grid.properties}


def free_copy_title(book: Book, title: str) -> str:
    found, number = f"Copy of {title}", 2
    while book.titled(found) is not None:
        found, number = f"Copy of {title} {number}", number + 1
    return found


def update_sheet_properties(context: Context, request: Json) -> Json:
    given = canonical_format(request.get("properties", {}))
    grid = context.book.sheet(given.get("sheetId", 0))
    paths = with_twins(masks.write_paths(request.get("fields"), "SheetProperties", context.where))
    paths = _expanded(paths, given)
    context.check_sheet(grid)
    made = masks.write(grid.properties, given, paths)
    # Sizes and ids that a broad mask leaves out stay.
    emptied = {
        path[1]: 0
        for path in paths
        if path[:1] == ("gridProperties",) and path[1:] in (("rowCount",), ("columnCount",))
    }
    made["gridProperties"] = {**_sizes(grid), **emptied, **made.get("gridProperties", {})}
    made.update({key: grid.properties[key] for key in ("sheetId", "sheetType")})
    if ("title",) in paths:
        check_title(context.book, made.get("title", ""), grid)
    _check_visible(context, grid, made)
    check_size(made)
    sizes = made["gridProperties"]
    context.check_total(sizes["rowCount"] * sizes["columnCount"] - grid.row_count * grid.column_count)
    _resize(context, grid, sizes["rowCount"], sizes["columnCount"])
    for key in ("frozenRowCount", "frozenColumnCount"):
        if not sizes.get(key):
            sizes.pop(key, None)
    old = grid.title
    grid.doc["properties"] = made
    if made["title"] != old:
        for other in context.book.sheets:
            other.rewrite_formulas(lambda formula: references.retitled(formula, old, made["title"]))
    if ("index",) in paths:
        _move(context, grid, given.get("index", 0))
    return {}


def _expanded(paths: list[tuple[str, ...]], given: Json) -> list[tuple[str, ...]]:
    """`*` and whole gridProperties write every field but those that cannot be unset."""
    if paths == [()]:
        names = ["title", "index", "gridProperties", "hidden", "tabColor", "tabColorStyle", "rightToLeft"]
        return [(name,) for name in names if name != "index" or name in given]
    return paths


def _sizes(grid: Grid) -> Json:
    return {"rowCount": grid.row_count, "columnCount": grid.column_count}


def _check_visible(context: Context, grid: Grid, made: Json) -> None:
    if made.get("hidden") and not any(
        not other.properties.get("hidden") for other in context.book.sheets if other is not grid
    ):
        raise bad_request("You can't hide all the sheets in a document.")


def _resize(context: Context, grid: Grid, rows: int, columns: int) -> None:
    old_rows, old_columns = grid.row_count, grid.column_count
    if rows < old_rows:
        context.check_editable(grid, Box(rows, old_rows, 0, None))
    if columns < old_columns:
        context.check_editable(grid, Box(0, None, columns, old_columns))
    grid.set_size(rows, columns)
    if rows < old_rows:
        context.follow(Deleted("ROWS", rows, old_rows), grid)
    if columns < old_columns:
        context.follow(Deleted("COLUMNS", columns, old_columns), grid)


def _move(context: Context, grid: Grid, index: int) -> None:
    """A new index counts the sheets as they stand before the move."""
    sheets = context.book.sheets
    old = sheets.index(grid)
    if index < 0 or index > len(sheets):
        raise bad_request(f"Sheet index {index} is out of bounds.")
    if index in (old, old + 1):
        return
    sheets.remove(grid)
    sheets.insert(index if index < old else index - 1, grid)


def update_spreadsheet_properties(context: Context, request: Json) -> Json:
    given = request.get("properties", {})
    paths = masks.write_paths(request.get("fields"), "SpreadsheetProperties", context.where)
    made = masks.write(context.book.properties, given, paths)
    for key in ("title", "locale", "timeZone", "autoRecalc", "defaultFormat", "spreadsheetTheme"):
        if key not in made:
            if key == "title":
                raise bad_request("The spreadsheet's title cannot be empty.")
            made[key] = context.book.properties[key]
    if not locales.is_known(made["locale"]):
        raise bad_request(f"Unsupported locale: {made['locale']}")
    if made["timeZone"] not in zoneinfo.available_timezones():
        raise bad_request(f"Invalid time zone: {made['timeZone']}")
    context.book.doc["properties"] = made
    return {}
