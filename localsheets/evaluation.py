"""What formulas come to. Nothing is computed when cells are written: a read asks for what it shows, and only that,
with all that it depends on, is handed to the evaluator (ironcalc) as typed values; results last until the next write.

The formulas themselves stay in the cells, word for word. What the evaluator cannot compute shows the error value that
Google would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .a1 import Box
from .formula_feed import Task
from .formula_text import too_deep
from .results import Kinded, Place, Results, Spilled

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
    assert box.bottom is not None
    assert box.right is not None
    if not grid.has_formulas():
        book.results.reach[grid.key] = (grid.row_count, grid.column_count)
        return NOTHING
    _forget_old(book)
    bottom, right = book.results.reach.get(grid.key, (0, 0))
    wanted: list[Task] = []
    if box.bottom > bottom or box.right > right:
        bottom, right = max(box.bottom, bottom), max(box.right, right)
        wanted = array_tasks(book, grid, bottom, right)
    if formulas:
        wanted.extend(_tasks(grid, box))
    known = book.results.values
    _compute(book, [task for task in wanted if (task.grid.key, task.row, task.column) not in known])
    book.results.reach[grid.key] = (bottom, right)
    return book.results.spilled.get(grid.key, NOTHING)


def spilled_value(book: Book, grid: Grid, row: int, column: int) -> Kinded:
    """What an array formula elsewhere shows in a blank cell; a blank where none does."""
    bottom, right = book.results.reach.get(grid.key, (0, 0))
    if row >= bottom or column >= right:
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


def array_tasks(book: Book, grid: Grid, bottom: int, right: int) -> list[Task]:
    """The array formulas of a sheet that may fill cells above `bottom` and left of `right`: they fill none above
    or left of theirs."""
    found = book.results.arrays.get(grid.key)
    if found is None:
        found = book.results.arrays[grid.key] = grid.array_formulas()
    return [Task(grid, *one, beside=True) for one in found if one[0] < bottom and one[1] < right]


def _forget_old(book: Book) -> None:
    """Formulas that look at the clock are computed anew each minute."""
    minute = book.results.minute
    if minute is not None and minute != int(book.now() // 60):
        book.results = Results()


def compute(book: Book, wanted: list[Task]) -> None:
    """Makes sure that what formulas come to is among the results, those of rules too."""
    _forget_old(book)
    _compute(book, [task for task in wanted if task.place not in book.results.values])


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
    done = book.evaluate(book, tasks)
    results.values.update(done.values)
    for key, rows in done.spilled.items():
        mine = results.spilled.setdefault(key, rows)
        for row, cells in rows.items() if mine is not rows else ():
            mine.setdefault(row, {}).update(cells)
    if done.volatile and not done.partial:
        results.minute = int(book.now() // 60)
