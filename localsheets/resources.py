"""The Spreadsheet resource: properties, sheets and, where asked for, their grid data, in exactly Google's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import masks, metadata, sizes
from .a1 import Box
from .book import Book
from .colour_rules import Painter, painter
from .effective import effective_format, hyperlink, merged
from .error_words import message_of
from .evaluation import prepare
from .filtering import hidden_rows
from .follow import Json
from .grid import Grid, box_of
from .guard import may_edit, overlap
from .masks import Mask
from .rendering import FORMATTED, SERIAL, Renderer, cell_text, look, seen
from .storage.rows import Row

URL = "https://docs.google.com/spreadsheets/d/{}/edit"
DATA = "sheets.data"


def spreadsheet(
    book: Book, places: Sequence[tuple[Grid, Box]] | None, *, grid_data: bool, mask: Mask, account: str | None = None
) -> Json:
    """A spreadsheet; `places` are the closed boxes asked for (None: whole sheets). With a mask, it alone decides
    on grid data."""
    with_data = mask.selects(DATA) if mask.children else grid_data
    out: Json = {"spreadsheetId": book.id, "properties": book.properties}
    wanted = [grid for grid in book.sheets if places is None or any(grid is found for found, _ in places)]
    sheets = []
    for grid in wanted if mask.selects("sheets") else ():
        made = sheet(book, grid, account)
        if with_data:
            boxes = [box for found, box in places or () if found is grid] or [grid.closed(Box())]
            made["data"] = [data(book, grid, box, mask) for box in boxes]
        sheets.append(made)
    if sheets or not mask.children:
        out["sheets"] = sheets
    if book.doc.get("namedRanges"):
        out["namedRanges"] = [_shown_range(named) for named in book.doc["namedRanges"]]
    if book.doc.get(metadata.KEY):
        out[metadata.KEY] = book.doc[metadata.KEY]
    out["spreadsheetUrl"] = URL.format(book.id)
    selected: Json = masks.select(mask, out)
    return selected


def _shown_range(found: Json) -> Json:
    return found


def sheet(book: Book, grid: Grid, account: str | None = None) -> Json:
    """A sheet without its data."""
    out: Json = {"properties": {**grid.properties, "index": book.sheets.index(grid)}}
    for key in ("merges", "conditionalFormats", "filterViews"):
        if grid.doc.get(key):
            out[key] = grid.doc[key]
    if grid.doc.get("protectedRanges"):
        out["protectedRanges"] = [_protection(book, found, account) for found in grid.doc["protectedRanges"]]
    if held := metadata.of_sheet(grid):
        out[metadata.KEY] = held
    for key in ("basicFilter", "bandedRanges", "rowGroups", "columnGroups"):
        if grid.doc.get(key):
            out[key] = grid.doc[key]
    return out


def _protection(book: Book, found: Json, account: str | None) -> Json:
    """Who may not edit a range does not see who may."""
    can = account is None or may_edit(book, found, account)
    out = {key: value for key, value in found.items() if key != "editors"}
    if can:
        out["requestingUserCanEdit"] = True
        out["editors"] = found.get("editors", {})
    return out


def data(book: Book, grid: Grid, box: Box, mask: Mask) -> Json:
    """The GridData of a closed box: rows down to the last and cells up to the last that have something."""
    out: Json = {}
    assert box.bottom is not None
    assert box.right is not None
    for key, value in (("startRow", box.top), ("startColumn", box.left)):
        if value:
            out[key] = value
    if mask.selects(f"{DATA}.rowData"):
        rows = _rows(book, grid, box, mask)
        if rows:
            out["rowData"] = rows
    if mask.selects(f"{DATA}.rowMetadata"):
        lines = sizes.shown(grid, "ROWS", box.top, box.bottom)
        filtered = mask.selects(f"{DATA}.rowMetadata.hiddenByFilter")
        for row in hidden_rows(book, grid, box.top, box.bottom) if filtered else ():
            lines[row - box.top]["hiddenByFilter"] = True
        out["rowMetadata"] = lines
    if mask.selects(f"{DATA}.columnMetadata"):
        out["columnMetadata"] = sizes.shown(grid, "COLUMNS", box.left, box.right)
    return out


def _rows(book: Book, grid: Grid, box: Box, mask: Mask) -> list[Json]:
    assert box.bottom is not None
    renderer = Renderer(book, grid, FORMATTED, SERIAL)
    spilled = prepare(book, grid, box)
    below = _values_mask(mask)
    out: list[Json] = []
    filled = 0
    edges = set(grid.layer_edges(box.top, box.bottom))
    ruled = painter(book, grid, box) if below.selects("effectiveFormat") else None
    ends = (len(grid.store.order), max(spilled, default=-1) + 1, ruled.bottom if ruled is not None else 0)
    bottom = max(min(box.bottom, max(ends)), _layered_to(grid, box))
    backgrounds: dict[int, Json] = {}
    blank: list[Json] | None = None  # what a row without anything of its own shows until the next edge
    stored = grid.rows(box.top, bottom)
    for position in range(box.top, bottom):
        if position in edges:
            backgrounds, blank = {}, None
        row = next(stored, Row(0))
        plain = ruled is None and position not in spilled and row.blank()
        values = (
            blank if plain and blank is not None else _cells(renderer, row, position, box, below, backgrounds, ruled)
        )
        blank = values if plain else blank
        out.append({"values": values} if values else {})
        if values:
            filled = len(out)
    return out[:filled]


def _layered_to(grid: Grid, box: Box) -> int:
    """Where cells end that only a broad, closed write gives something; open ones show as far as there are rows."""
    found = [
        layer["range"].get("endRowIndex", 0)
        for layer in grid.doc.get("layers", ())
        if overlap(box, box_of(layer["range"]))
    ]
    return min(max(found, default=0), box.bottom or 0)


def _values_mask(mask: Mask) -> Mask:
    node = mask
    for name in ("sheets", "data", "rowData", "values"):
        node = node.at(name) or masks.EVERYTHING
    return node


def _cells(
    renderer: Renderer, row: Row, position: int, box: Box, mask: Mask, backgrounds: dict[int, Json],
    ruled: Painter | None,
) -> list[Json]:  # fmt: skip
    grid = renderer.grid
    out: list[Json] = []
    filled = 0
    for column in range(box.left, box.right or 0):
        slot = grid.slots[column]
        entry = row.extra.get(str(slot))
        if entry is not None:
            beside = grid.data(row, position, column)
        else:
            if column not in backgrounds:
                backgrounds[column] = grid.background(position, column)
            beside = backgrounds[column]
        cell = cell_data(renderer, row.get(slot), beside, position, column, ruled)
        out.append(masks.select(mask, cell))
        if out[-1]:
            filled = len(out)
    return out[:filled]


def cell_data(renderer: Renderer, cell: Any, beside: Json, row: int, column: int, ruled: Painter | None = None) -> Json:
    """A CellData: what was entered, what it comes to, what it shows, and what it has beside that; {} for a blank
    cell. `ruled`: the colours by rule, where its effective format shall have them."""
    kind, value = seen(renderer.book, renderer.grid, cell, row, column)
    given = beside.get("userEnteredFormat", {})
    looks = look(renderer.book, renderer.grid, kind, cell, given, row, column)
    shown = cell_text(renderer.book, kind, value, looks) if ruled is not None else ""
    by_rule = ruled.format(row, column, (kind, value), shown) if ruled is not None else {}
    if kind == "blank" and cell == "" and not beside and not by_rule:
        return {}
    out: Json = {}
    if kind != "blank" or isinstance(cell, dict):
        if cell != "" or cell is False:
            out["userEnteredValue"] = (
                {"formulaValue": cell["f"]} if isinstance(cell, dict) and "f" in cell else extended(kind, value)
            )
        if kind != "blank":
            out["effectiveValue"] = extended(kind, value, cell)
            out["formattedValue"] = cell_text(renderer.book, kind, value, looks)
    if given:
        out["userEnteredFormat"] = given
    link = hyperlink(cell, given)
    if link:
        out["hyperlink"] = link
    if out or by_rule:
        out["effectiveFormat"] = merged(effective_format(looks, link), by_rule)
    for key in ("note", "dataValidation", "textFormatRuns"):
        if key in beside:
            out[key] = beside[key]
    return out


def extended(kind: str, value: Any, cell: Any = "") -> Json:
    """An ExtendedValue; `cell` is what was entered, for what an error says of itself."""
    if kind == "error":
        said = message_of(value, cell.get("f", "") if isinstance(cell, dict) else "")
        return {"errorValue": {"type": ERROR_TYPES.get(value, "ERROR"), **({"message": said} if said else {})}}
    return {{"number": "numberValue", "bool": "boolValue"}.get(kind, "stringValue"): value}


ERROR_TYPES = {
    "#ERROR!": "ERROR", "#NULL!": "NULL_VALUE", "#DIV/0!": "DIVIDE_BY_ZERO", "#VALUE!": "VALUE", "#REF!": "REF",
    "#NAME?": "NAME", "#NUM!": "NUM", "#N/A": "N_A", "Loading...": "LOADING",
}  # fmt: skip
