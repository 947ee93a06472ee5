"""Developer metadata: entries attached to the spreadsheet, a sheet, a row or a column, and which of them a lookup
selects. Rules from Google's reference of DeveloperMetadata, DeveloperMetadataLocation and DeveloperMetadataLookup.

An entry is kept as the API shows it, in the spreadsheet's record or in the record of the sheet that it hangs on, so
that it dies with that sheet; `following` moves those of rows and columns.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from .a1 import Box, Reference
from .book import Book
from .errors import bad_request
from .follow import Json
from .grid import Grid

KEY = "developerMetadata"
LOCATION_TYPES = {"ROWS": "ROW", "COLUMNS": "COLUMN"}
MOST_CHARACTERS = 30_000


def entries(book: Book) -> Iterator[tuple[Grid | None, Json]]:
    """Every entry with the sheet that it hangs on (None: the spreadsheet)."""
    for found in book.doc.get(KEY, ()):
        yield None, found
    for grid in book.sheets:
        for found in grid.doc.get(KEY, ()):
            yield grid, found


def by_id(book: Book, number: int) -> Json | None:
    """The entry with this id."""
    return next((found for _, found in entries(book) if found["metadataId"] == number), None)


def fresh_id(book: Book) -> int:
    used = {found["metadataId"] for _, found in entries(book)}
    while (number := secrets.randbelow(2**31 - 1) + 1) in used:
        pass
    return number


# -- locations --------------------------------------------------------------------------------------------------------


def located(book: Book, given: Json | None) -> tuple[Grid | None, Json]:
    """The sheet (None: the spreadsheet) and the canonical form of a DeveloperMetadataLocation; ApiError 400 for one
    that is not there, or for more or less than one whole row or column."""
    given = given or {}
    chosen = [key for key in ("spreadsheet", "sheetId", "dimensionRange") if key in given]
    if len(chosen) != 1:
        raise bad_request("DeveloperMetadataLocation must specify exactly one of spreadsheet, sheetId, dimensionRange.")
    if "spreadsheet" in given:
        return None, {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in given:
        return book.sheet(given["sheetId"]), {"locationType": "SHEET", "sheetId": given["sheetId"]}
    found = given["dimensionRange"]
    if "dimension" not in found:
        raise bad_request("No dimension specified.")
    grid = book.sheet(found.get("sheetId", 0))
    start, stop = found.get("startIndex"), found.get("endIndex")
    if start is None or stop != start + 1 or start < 0:
        raise bad_request(
            "The dimensionRange of developer metadata must represent a single row or column: it cannot be unbounded or "
            "span multiple rows or columns."
        )
    size = grid.row_count if found["dimension"] == "ROWS" else grid.column_count
    if start >= size:
        raise bad_request(f"dimensionRange.startIndex[{start}] is beyond the end of the grid[{size}]")
    sheet = {"sheetId": grid.sheet_id} if grid.sheet_id else {}
    line = {**sheet, "dimension": found["dimension"], "startIndex": start, "endIndex": start + 1}
    return grid, {"locationType": LOCATION_TYPES[found["dimension"]], "dimensionRange": line}


def place(entry: Json) -> Reference:
    """The cells of the row, column or sheet that an entry hangs on."""
    line = entry["location"].get("dimensionRange")
    if line is None:
        return Reference(None, Box(), whole=True)
    start, stop = line["startIndex"], line["endIndex"]
    return Reference(None, Box(start, stop, 0, None) if line["dimension"] == "ROWS" else Box(0, None, start, stop))


# -- looking up -------------------------------------------------------------------------------------------------------


def matching(book: Book, lookup: Json) -> list[tuple[Grid | None, Json]]:
    """The entries that a DeveloperMetadataLookup selects: those that have all that it names; ApiError 400 for one that
    contradicts itself."""
    where = _checked(book, lookup)
    exact = lookup.get("locationMatchingStrategy") == "EXACT_LOCATION"
    found = []
    for grid, entry in entries(book):
        named = ("metadataId", "metadataKey", "metadataValue", "visibility")
        if any(key in lookup and entry.get(key) != lookup[key] for key in named):
            continue
        if lookup.get("locationType", entry["location"]["locationType"]) != entry["location"]["locationType"]:
            continue
        if where is None or (entry["location"] == where[1] if exact else _meets(grid, entry["location"], *where)):
            found.append((grid, entry))
    return found


def _checked(book: Book, lookup: Json) -> tuple[Grid | None, Json] | None:
    strategy, kind = lookup.get("locationMatchingStrategy"), lookup.get("locationType")
    if "metadataLocation" not in lookup:
        if strategy:
            raise bad_request("A metadataLocation must be specified when locationMatchingStrategy is specified.")
        return None
    if kind and strategy == "EXACT_LOCATION":
        raise bad_request("locationType must be left unspecified when locationMatchingStrategy is EXACT_LOCATION.")
    where = located(book, lookup["metadataLocation"])
    if kind == "SPREADSHEET" and (where[0] is not None or strategy == "INTERSECTING_LOCATION"):
        raise bad_request("locationType cannot be SPREADSHEET: spreadsheet metadata cannot intersect other locations.")
    return where


def _meets(grid: Grid | None, one: Json, other_grid: Grid | None, other: Json) -> bool:
    """Whether two locations intersect: a row meets every column and its sheet; the spreadsheet only itself."""
    if grid is not other_grid:
        return False
    line, other_line = one.get("dimensionRange"), other.get("dimensionRange")
    return line is None or other_line is None or line["dimension"] != other_line["dimension"] or line == other_line


def touching(grid: Grid, box: Box) -> list[Json]:
    """The entries of a sheet, its rows and its columns that a closed box touches."""
    found = []
    for entry in grid.doc.get(KEY, ()):
        line = entry["location"].get("dimensionRange")
        rows = line is not None and line["dimension"] == "ROWS"
        low, high = (box.top, box.bottom) if rows else (box.left, box.right)
        if line is None or (low <= line["startIndex"] and (high is None or line["startIndex"] < high)):
            found.append(entry)
    return found


# -- changing ---------------------------------------------------------------------------------------------------------


def checked(book: Book, entry: Json) -> Json:
    """A whole entry as it is kept; ApiError 400 where something that it must have is missing."""
    if not entry.get("metadataKey"):
        raise bad_request("Developer metadata must always have a key specified.")
    if "visibility" not in entry:
        raise bad_request("Developer metadata must always have a visibility specified.")
    if entry["metadataId"] <= 0:
        raise bad_request(f"The developer metadata id must be positive: {entry['metadataId']}")
    _, location = located(book, entry.get("location"))
    value = {"metadataValue": entry["metadataValue"]} if entry.get("metadataValue") else {}
    return {
        "metadataId": entry["metadataId"], "metadataKey": entry["metadataKey"], **value, "location": location,
        "visibility": entry["visibility"],
    }  # fmt: skip


def add(book: Book, entry: Json) -> None:
    """Keeps a checked entry; ApiError 400 beyond the characters that a sheet or the spreadsheet holds."""
    grid, _ = located(book, entry["location"])
    doc = book.doc if grid is None else grid.doc
    held = [*doc.get(KEY, ()), entry]
    if sum(len(found["metadataKey"]) + len(found.get("metadataValue", "")) for found in held) > MOST_CHARACTERS:
        where = "a spreadsheet" if grid is None else "a sheet"
        raise bad_request(f"Developer metadata on {where} cannot exceed {MOST_CHARACTERS} characters.")
    doc[KEY] = held


def remove(book: Book, entry: Json) -> None:
    """Takes an entry away."""
    grid, _ = located(book, entry["location"])
    doc = book.doc if grid is None else grid.doc
    doc[KEY] = [found for found in doc[KEY] if found["metadataId"] != entry["metadataId"]]
    if not doc[KEY]:
        del doc[KEY]


def copied(book: Book, held: list[Json]) -> list[Json]:
    """The entries of a copied sheet, with ids of their own; the ranges already point into the copy."""
    return [{**entry, "metadataId": fresh_id(book)} for entry in held]


# -- showing ----------------------------------------------------------------------------------------------------------


def of_sheet(grid: Grid) -> list[Json]:
    """The entries on the sheet as a whole."""
    return [entry for entry in grid.doc.get(KEY, ()) if entry["location"]["locationType"] == "SHEET"]


def by_line(grid: Grid, dimension: str) -> dict[int, list[Json]]:
    """The entries of each row or column that has any."""
    found: dict[int, list[Json]] = {}
    for entry in grid.doc.get(KEY, ()):
        line = entry["location"].get("dimensionRange")
        if line is not None and line["dimension"] == dimension:
            found.setdefault(line["startIndex"], []).append(entry)
    return found


def sorted_rows(doc: Json, top: int, order: list[int]) -> None:
    """The entries of sorted rows go where their rows went: the row at top + order[i] now stands at top + i."""
    went = {top + old: top + new for new, old in enumerate(order)}
    kept = []
    for entry in doc.get(KEY, ()):
        line = entry["location"].get("dimensionRange")
        if line is not None and line["dimension"] == "ROWS" and line["startIndex"] in went:
            at = went[line["startIndex"]]
            line = {**line, "startIndex": at, "endIndex": at + 1}
            entry = {**entry, "location": {**entry["location"], "dimensionRange": line}}
        kept.append(entry)
    if kept:
        doc[KEY] = kept
