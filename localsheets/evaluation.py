"""What formulas come to. Nothing is computed when cells are written: a read asks for what it shows, and only that,
with all that it depends on, is handed to the evaluator (ironcalc) as typed values; results last until the next write.

The formulas themselves stay in the cells, word for word. What the evaluator cannot compute shows the error value that
Google would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .a1 import Box
from .formula_text import VOLATILE, spills, too_deep
from .results import Kinded, Place, Results, Spilled
from .worksheet import Task, computed

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

NOTHING: Spilled = {}


def value_of(book: Book, grid: Grid, row: int, column: int, formula: str) -> Kinded:
    """(kind, value) of the formula in a cell: number, text, bool or error."""
    _forget_old(book)
    found = book.results.values.get((grid.key, row, column))
    if found is None:
        _compute(book, [Task(grid, row, column, formula)])
        found = book.results.values[grid.key, row, column]
    return found


def prepare(book: Book, grid: Grid, box: Box, *, formulas: bool = True) -> Spilled:
    """Computes in one go what a read of a closed box will show (`formulas` false: array formulas alone), and gives the
    cells that array formulas have filled in this sheet."""
    if not grid.has_formulas():
        book.results.arrays.add(grid.key)
        return NOTHING
    _forget_old(book)
    wanted = []
    if grid.key not in book.results.arrays:
        wanted = array_tasks(grid)
    if formulas:
        wanted.extend(_tasks(grid, box))
    known = book.results.values
    _compute(book, [task for task in wanted if (task.grid.key, task.row, task.column) not in known])
    book.results.arrays.add(grid.key)
    return book.results.spilled.get(grid.key, NOTHING)


def spilled_value(book: Book, grid: Grid, row: int, column: int) -> Kinded:
    """What an array formula elsewhere shows in a blank cell; a blank where none does."""
    if grid.key not in book.results.arrays:
        prepare(book, grid, Box(row, row + 1, column, column + 1), formulas=False)
    return book.results.spilled.get(grid.key, NOTHING).get(row, {}).get(column, ("blank", ""))


def _tasks(grid: Grid, box: Box) -> Iterator[Task]:
    assert box.bottom is not None
    columns = list(enumerate(grid.slots))[box.left : box.right]
    for position, row in grid.formula_rows(box.top, box.bottom):
        for column, slot in columns:
            cell = row.get(slot)
            if type(cell) is dict and "f" in cell:
                yield Task(grid, position, column, cell["f"])


def array_tasks(grid: Grid) -> list[Task]:
    """The array formulas of a sheet; looked for once, until its formulas or their places change."""
    if grid.arrays is None:
        whole = grid.closed(Box())
        grid.arrays = [(one.row, one.column, one.formula) for one in _tasks(grid, whole) if spills(one.formula)]
    return [Task(grid, *one) for one in grid.arrays]


def _forget_old(book: Book) -> None:
    """Formulas that look at the clock are computed anew each minute."""
    minute = book.results.minute
    if minute is not None and minute != int(book.now() // 60):
        book.results = Results()


def _compute(book: Book, wanted: Iterable[Task]) -> None:
    tasks: dict[Place, Task] = {}
    results = book.results
    for task in wanted:
        if too_deep(task.formula):
            results.values[task.place] = ("error", "#ERROR!")
            continue
        tasks[task.place] = task
    if not tasks:
        return
    done = computed(book, tasks)
    results.values.update(done.values)
    for key, rows in done.spilled.items():
        mine = results.spilled.setdefault(key, {})
        for row, cells in rows.items():
            mine.setdefault(row, {}).update(cells)
    if any(VOLATILE.search(task.formula) for task in done.tasks):
        results.minute = int(book.now() // 60)
