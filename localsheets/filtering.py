"""Which rows a sheet's filter hides, as a read of rows tells it (DimensionProperties.hiddenByFilter).

Looked at when it is read: a row that has been written since the filter was set is hidden or shown by what it says now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .a1 import Box
from .book import Book
from .colour_rules import FURTHER, Painter, Tester, painter, tester
from .effective import effective_format, hyperlink, merged
from .follow import Json
from .grid import Grid, box_of
from .rendering import cell_text, look, seen
from .results import Kinded
from .storage.rows import Row

Test = Callable[[int, Row], bool]
_COLOURS = (
    ("visibleBackgroundColor", lambda look: look["backgroundColor"]),
    ("visibleForegroundColor", lambda look: look["textFormat"]["foregroundColor"]),
)


def hidden_rows(book: Book, grid: Grid, top: int, bottom: int) -> Iterator[int]:
    """The rows of top..bottom that the basic filter hides; its heading never is."""
    found = grid.doc.get("basicFilter", {})
    if not found.get("filterSpecs"):
        return
    box = grid.closed(box_of(found["range"]))
    below = Box(max(box.top + 1, top), min(box.bottom or 0, bottom), box.left, box.right)
    if below.top >= (below.bottom or 0):
        return
    tests = list(_tests(book, grid, below, box.top + 1, found["filterSpecs"]))
    stored = grid.rows(below.top, below.bottom or 0)
    for position in range(below.top, below.bottom or 0):
        row = next(stored, Row(0))
        if not all(test(position, row) for test in tests):
            yield position


def _tests(book: Book, grid: Grid, box: Box, first: int, specs: list[Json]) -> Iterator[Test]:
    """The tests of the rows of `box`; formulas of conditions are written for the row `first`."""
    for number, spec in enumerate(specs):
        column, given = spec.get("columnIndex", 0), spec.get("filterCriteria", {})
        if not box.left <= column < (box.right or 0):
            continue
        if given.get("hiddenValues"):
            yield _without(book, grid, column, frozenset(given["hiddenValues"]))
        part = Box(box.top, box.bottom, column, column + 1)
        if "condition" in given:
            whole = Box(first, box.bottom, column, column + 1)
            met = tester(book, grid, given["condition"], whole, part, FURTHER + number)
            yield _meeting(book, grid, column, met)
        for name, shown in _COLOURS:
            if name in given or f"{name}Style" in given:
                wanted = given.get(f"{name}Style", {}).get("rgbColor", given.get(name, {}))
                yield _coloured(book, grid, part, wanted, shown)


def _seen(book: Book, grid: Grid, column: int, position: int, row: Row) -> tuple[Kinded, str]:
    """What a cell comes to, and its text."""
    cell, given = row.get(grid.slots[column]), grid.data(row, position, column).get("userEnteredFormat", {})
    kind, value = seen(book, grid, cell, position, column)
    return (kind, value), cell_text(book, kind, value, look(book, grid, kind, cell, given, position, column))


def _without(book: Book, grid: Grid, column: int, values: frozenset[str]) -> Test:
    return lambda position, row: _seen(book, grid, column, position, row)[1] not in values


def _meeting(book: Book, grid: Grid, column: int, met: Tester) -> Test:
    return lambda position, row: met(position, column, *_seen(book, grid, column, position, row))


def _coloured(book: Book, grid: Grid, box: Box, wanted: Json, shown: Callable[[Json], Json]) -> Test:
    ruled = painter(book, grid, box)
    return lambda position, row: shown(_look(book, grid, box.left, position, row, ruled)) == wanted


def _look(book: Book, grid: Grid, column: int, position: int, row: Row, ruled: Painter | None) -> Json:
    cell, text = _seen(book, grid, column, position, row)
    given = grid.data(row, position, column).get("userEnteredFormat", {})
    made = effective_format(given, hyperlink(row.get(grid.slots[column]), given))
    return merged(made, ruled.format(position, column, cell, text)) if ruled is not None else made
