"""Data filters: what part of a spreadsheet an A1 range, a GridRange or a lookup of developer metadata selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import metadata
from .a1 import Box, Reference
from .book import Book
from .errors import bad_request
from .follow import Json
from .grid import Grid, box_of

KINDS = ("a1Range", "gridRange", "developerMetadataLookup")


@dataclass(frozen=True, slots=True)
class Match:
    """A place that data filters select: the sheet, the reference, and the filters that select it."""

    grid: Grid
    reference: Reference
    filters: list[Json]


def matches(book: Book, filters: Sequence[Json]) -> list[Match]:
    """The places that the filters select, in order, each place once with all its filters; ApiError 400 for a bad
    one."""
    found: list[Match] = []
    for i, one in enumerate(filters):
        for grid, reference in places(book, one, i):
            same = next((match for match in found if match.grid is grid and match.reference.box == reference.box), None)
            if same is not None:
                same.filters.append(one)
            else:
                found.append(Match(grid, reference, [one]))
    return found


def places(book: Book, one: Json, i: int) -> list[tuple[Grid, Reference]]:
    """The sheets and references of one filter: one for a range, any number for a lookup of developer metadata (that
    of the spreadsheet selects every sheet)."""
    if _kind(one, i) != "developerMetadataLookup":
        return [_range(book, one)]
    found: list[tuple[Grid, Reference]] = []
    for grid, entry in metadata.matching(book, one["developerMetadataLookup"]):
        found.extend((sheet, metadata.place(entry)) for sheet in (book.sheets if grid is None else [grid]))
    return found


def _kind(one: Json, i: int) -> str:
    chosen = [key for key in KINDS if key in one]
    if len(chosen) != 1:
        raise bad_request(
            f"Invalid dataFilters[{i}]: Must specify exactly one of a1Range, gridRange and developerMetadataLookup."
        )
    return chosen[0]


def _range(book: Book, one: Json) -> tuple[Grid, Reference]:
    if "a1Range" in one:
        return book.resolve(one["a1Range"])
    found = one["gridRange"]
    box = box_of(found)
    return book.sheet(found.get("sheetId", 0)), Reference(None, box, cell=False, whole=box == Box())


def metadata_of(book: Book, filters: Sequence[Json]) -> list[Json]:
    """The developer metadata that the filters select, each entry once: by lookup, or whatever hangs on the sheet, rows
    and columns that a range touches."""
    return [entry for entry, _ in metadata_matches(book, filters)]


def metadata_matches(book: Book, filters: Sequence[Json]) -> list[tuple[Json, list[Json]]]:
    """The same, each entry with the filters that select it."""
    found: dict[int, tuple[Json, list[Json]]] = {}
    for i, one in enumerate(filters):
        if _kind(one, i) == "developerMetadataLookup":
            selected = [entry for _, entry in metadata.matching(book, one["developerMetadataLookup"])]
        else:
            grid, reference = _range(book, one)
            selected = metadata.touching(grid, grid.closed(reference.box))
        for entry in selected:
            found.setdefault(entry["metadataId"], (entry, []))[1].append(one)
    return list(found.values())
