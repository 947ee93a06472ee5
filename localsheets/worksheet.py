"""One computation: the formulas asked for and all that they depend on, laid out for the evaluator and read back.

Cells are fed by blocks of rows and only the columns that formulas name; formulas among them bring what they name in
turn. A formula that cannot be fed is an error and goes no further.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import ironcalc

from . import copied_ranges
from .a1 import Box
from .evaluator import Sheets
from .formula_text import ANYWHERE, ELSEWHERE, VOLATILE, Named, adapted, at_moment, spills, too_deep
from .references import Corner
from .results import Kinded, Place, Spilled

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

BLOCK = 512  # rows fed at once
MOST_CELLS = 60_000_000  # cells that all formulas of one computation may name together
STACK_BYTES = 64 << 20  # the evaluator recurses along chains of formulas


@dataclass(frozen=True, slots=True)
class Task:
    """A formula and the cell that it stands in."""

    grid: Grid
    row: int
    column: int
    formula: str

    @property
    def place(self) -> Place:
        return self.grid.key, self.row, self.column


@dataclass(slots=True)
class Done:
    """What a computation found."""

    tasks: list[Task]
    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)


@dataclass(slots=True)
class Layout:
    """What has been fed so far."""

    book: Book
    sheets: Sheets
    tasks: dict[Place, Task] = field(default_factory=dict)
    copies: list[tuple[Task, copied_ranges.Copy]] = field(default_factory=list)
    fed: set[tuple[int, int, int]] = field(default_factory=set)  # sheet key, block, column
    bare: dict[Place, Named] = field(default_factory=dict)  # formulas that are one cell's reference and nothing else
    met: set[int] = field(default_factory=set)  # sheets whose array formulas are among the tasks
    boxes: set[Named] = field(default_factory=set)
    cells: int = 0


def computed(book: Book, tasks: dict[Place, Task]) -> Done:
    """Computes formulas with all that they depend on. Runs on a thread of its own, for the sake of its stack."""
    found: list[Done] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(_computed(book, tasks))
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
            failed.append(error)

    size = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=work, name="formulas")
        thread.start()
    finally:
        threading.stack_size(size)
    thread.join()
    if failed:
        return _none(failed[0], tasks)
    return found[0]


def _none(error: BaseException, tasks: dict[Place, Task]) -> Done:
    """What a broken evaluator leaves: its panics are no Exceptions, and end this computation alone."""
    if not isinstance(error, ironcalc.WorkbookError) and type(error).__name__ != "PanicException":
        raise error
    return Done(list(tasks.values()), dict.fromkeys(tasks, ("error", "#ERROR!")))


def _computed(book: Book, tasks: dict[Place, Task]) -> Done:
    layout = Layout(book, Sheets.of(book))
    waiting = list(tasks.values())
    while waiting:
        needed: dict[tuple[int, int], set[int]] = {}
        for task in waiting:
            if task.place not in layout.tasks:
                layout.tasks[task.place] = task
                _put(layout, task, needed)
        waiting = _feed(layout, needed)
    layout.sheets.evaluate()
    copied = copied_ranges.settle(layout.sheets, layout.copies, alone=_alone(layout))
    return _read(layout, copied)


def _alone(layout: Layout) -> bool:
    """Whether copies of ranges are all there is, and none of another."""
    homes = {layout.sheets.names[task.grid.key] for task, _ in layout.copies}
    return len(layout.tasks) == len(layout.copies) and not any(c.source.sheet in homes for _, c in layout.copies)


def _put(layout: Layout, task: Task, needed: dict[tuple[int, int], set[int]]) -> None:
    """One formula into its cell; what it names is noted as needed."""
    from .evaluation import array_tasks  # evaluation asks this module

    grid, sheets = task.grid, layout.sheets
    if too_deep(task.formula) or ELSEWHERE.search(task.formula):
        error = "#ERROR!" if too_deep(task.formula) else "#REF!"
        sheets.put(grid.key, task.row, task.column, {"e": error})
        return
    resolve, word = partial(_resolved, layout.book, sheets, grid), partial(_worded, layout.book, sheets)
    made, named = adapted(task.formula, resolve, word)
    if ANYWHERE.search(task.formula):
        named = [*named, *(_whole(sheets, one) for one in layout.book.sheets)]
    for one in named:
        if one in layout.boxes:
            continue
        layout.boxes.add(one)
        other = sheets.grids[one.sheet]
        if other.key not in layout.met:
            layout.met.add(other.key)
            for found in array_tasks(other):
                needed.setdefault((other.key, found.row // BLOCK), set()).add(found.column)
        bottom = min(one.bottom, len(other.store.order))
        layout.cells += max(bottom - one.top, 0) * (one.right - one.left)
        for block in range(one.top // BLOCK, -(-bottom // BLOCK)):
            needed.setdefault((other.key, block), set()).update(range(one.left, one.right))
    if layout.cells > MOST_CELLS:
        sheets.put(grid.key, task.row, task.column, {"e": "#ERROR!"})
        return
    if VOLATILE.search(made):
        made = at_moment(made, layout.book.now(), str(layout.book.properties.get("timeZone", "UTC")))
    copy = copied_ranges.copy_of(task.formula, lambda text: adapted(text, resolve, word))
    if copy is None:
        sheets.put(grid.key, task.row, task.column, {"f": made})
        if len(named) == 1 and made == f"={named[0].text()}":
            layout.bare[task.place] = named[0]
        if spills(task.formula):  # whatever stands in its way must be there
            for block in range(task.row // BLOCK, -(-len(grid.store.order) // BLOCK)):
                needed.setdefault((grid.key, block), set()).update(range(task.column, grid.column_count))
    else:
        layout.copies.append((task, copy))


def _feed(layout: Layout, needed: dict[tuple[int, int], set[int]]) -> list[Task]:
    """Feeds the needed cells that are not there yet; the formulas among them come next."""
    found: list[Task] = []
    grids = {grid.key: grid for grid in layout.book.sheets}
    for (key, block), columns in needed.items():
        grid = grids[key]
        fresh = [column for column in columns if (key, block, column) not in layout.fed]
        if not fresh:
            continue
        layout.fed.update((key, block, column) for column in fresh)
        slots = [(column, grid.slots[column]) for column in fresh if column < grid.column_count]
        for position, row in enumerate(grid.rows(block * BLOCK, (block + 1) * BLOCK), block * BLOCK):
            for column, slot in slots:
                cell = row.get(slot)
                if type(cell) is dict and "f" in cell:
                    found.append(Task(grid, position, column, cell["f"]))
                elif cell != "" or cell is False:
                    layout.sheets.put(key, position, column, cell)
    return found


def _resolved(book: Book, sheets: Sheets, home: Grid, title: str | None, corners: list[Corner]) -> Named | None:
    grid = home if title is None else book.titled(title)
    if grid is None:
        return None
    rows = [corner.row for corner in corners if corner.row is not None]
    columns = [corner.column for corner in corners if corner.column is not None]
    both = len(corners) == 2
    top, left = min(rows, default=0), min(columns, default=0)
    bottom = max(rows) + 1 if rows and not (both and len(rows) == 1) else None
    right = max(columns) + 1 if columns and not (both and len(columns) == 1) else None
    return _closed(sheets, grid, Box(top, bottom, left, right))


def _worded(book: Book, sheets: Sheets, name: str) -> Named | None:
    from .grid import box_of

    found = book.named(name)
    if found is None:
        return None
    return _closed(sheets, book.sheet(found["range"].get("sheetId", 0)), box_of(found["range"]))


def _closed(sheets: Sheets, grid: Grid, box: Box) -> Named | None:
    closed = grid.closed(box)
    assert closed.bottom is not None
    assert closed.right is not None
    if closed.top >= closed.bottom or closed.left >= closed.right:
        return None
    return Named(sheets.names[grid.key], closed.top, closed.bottom, closed.left, closed.right)


def _whole(sheets: Sheets, grid: Grid) -> Named:
    return Named(sheets.names[grid.key], 0, grid.row_count, 0, grid.column_count)


# -- reading back -----------------------------------------------------------------------------------------------------


def _read(layout: Layout, copied: copied_ranges.Settled) -> Done:
    sheets = layout.sheets
    done = Done(list(layout.tasks.values()))
    for place, task in layout.tasks.items():
        done.values[place] = copied.values.get(place) or _shown(layout, place, task.formula)
    done.spilled = copied.spilled
    arrays = [task for task in layout.tasks.values() if spills(task.formula) and task.place not in copied.values]
    if arrays:
        keys = {task.grid.key for task in arrays}
        for key, row, column in sheets.filled():
            if key in keys and (key, row, column) not in sheets.given:
                rows = done.spilled.setdefault(key, {})
                rows.setdefault(row, {})[column] = sheets.get(key, row, column)
    return done


def _shown(layout: Layout, place: Place, formula: str) -> Kinded:
    sheets, named = layout.sheets, layout.bare.get(place)
    kind, value = sheets.get(*place)
    if named is not None and (kind, value) == ("number", 0):
        return sheets.get(sheets.grids[named.sheet].key, named.top, named.left)  # a reference to a blank shows a blank
    if value == "#DIV/0!" and "^" in formula and "/" not in formula:
        return "error", "#NUM!"  # the evaluator's name for a power beyond all numbers
    return kind, value
