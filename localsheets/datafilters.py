"""Data filters: what part of a spreadsheet an A1 range or a GridRange selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .a1 import Box, Reference
from .book import Book
from .errors import bad_request
from .follow import Json
from .grid import Grid, box_of


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
        grid, reference = place(book, one, i)
        same = next((match for match in found if match.grid is grid and match.reference.box == reference.box), None)
        if same is not None:
            same.filters.append(one)
        else:
            found.append(Match(grid, reference, [one]))
    return found


def place(book: Book, one: Json, i: int) -> tuple[Grid, Reference]:
    """The sheet and reference of one filter."""
    chosen = [key for key in ("a1Range", "gridRange", "developerMetadataLookup") if key in one]
    if len(chosen) != 1:
        raise bad_request(
            f"Invalid dataFilters[{i}]: Must specify exactly one of a1Range, gridRange and developerMetadataLookup."
        )
    if "a1Range" in one:
        return book.resolve(one["a1Range"])
    if "gridRange" in one:
        found = one["gridRange"]
        box = box_of(found)
        grid = book.sheet(found.get("sheetId", 0))
        one_cell = (box.bottom, box.right) == (box.top + 1, box.left + 1)
        return grid, Reference(None, box, cell=False, whole=box == Box() and not one_cell)
    raise bad_request(f"Invalid dataFilters[{i}]: developerMetadataLookup is not supported by this server yet.")
