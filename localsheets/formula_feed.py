"""What a computation is fed: the formulas asked for and all that they depend on, in the evaluator's words.

Cells are given by blocks of rows and only the columns that formulas name; formulas among them bring what they name in
turn. Nothing is computed here, so the feed may be gathered in one process and computed in another (see `worksheet`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from . import copied_ranges
from .a1 import Box
from .formula_text import ANYWHERE, ELSEWHERE, VOLATILE, Named, adapted, at_moment, call, spills, too_deep
from .google_words import shown_instead
from .references import Corner
from .results import Place
from .sheet_names import sheet_names

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

BLOCK = 512  # rows given at once
MOST_CELLS = 60_000_000  # cells that all formulas of one computation may name together
Put = Callable[[int, int, int, Any], None]  # takes the sheet's key, row, column and the cell


@dataclass(frozen=True, slots=True)
class Task:
    """A formula and the cell that it stands in. `beside`: that cell is not asked for, only what it may fill.
    `sheet`: it stands in no cell, but on a sheet of a rule (see `rule_sheet`)."""

    grid: Grid
    row: int
    column: int
    formula: str
    beside: bool = False
    sheet: int | None = None

    @property
    def place(self) -> Place:
        return self.grid.key if self.sheet is None else self.sheet, self.row, self.column


RULES, VALUES = 10_000, 4  # rules of a sheet, and formulas of a rule, that can be told apart


def rule_sheet(key: int, rule: int, value: int) -> int:
    """The key of the sheet on which a rule's formulas are computed: no sheet has it."""
    return -(key * RULES * VALUES + rule % RULES * VALUES + value % VALUES) - 1


def home_of(key: int) -> int:
    """The key of the sheet whose rule it is."""
    return key if key >= 0 else (-key - 1) // (RULES * VALUES)


def named_sheets(book: Book, places: Iterable[Place]) -> dict[int, str]:
    """What all sheets of a computation are called: the spreadsheet's, and those of rules."""
    names = sheet_names(book)
    for key in sorted({key for key, _, _ in places if key < 0}):
        names[key] = f"\u00a7 {-key}"
    return names


@dataclass(slots=True)
class Feed:
    """One computation, but for the cells (which `gather` hands out one by one): the sheets' names there by key, how
    large they are (stored rows, columns), the formulas, and which of them are carried by us (`copies`)."""

    names: dict[int, str]
    sizes: dict[int, tuple[int, int]]
    zone: str
    formulas: dict[Place, str] = field(default_factory=dict)
    copies: list[tuple[Place, copied_ranges.Copy]] = field(default_factory=list)
    bare: dict[Place, Named] = field(default_factory=dict)  # formulas that are one cell's reference and nothing else


@dataclass(slots=True)
class _Gathering:
    """What has been given so far."""

    book: Book
    feed: Feed
    put: Put
    grids: dict[str, Grid]  # by the evaluator's names
    most: int
    given: set[tuple[int, int, int]] = field(default_factory=set)  # sheet key, block, column
    boxes: set[Named] = field(default_factory=set)
    cells: int = 0


def gather(book: Book, tasks: dict[Place, Task], put: Put, most: int = MOST_CELLS) -> Feed:
    """The feed for some formulas; every cell that they need goes through `put`. A formula that names more than `most`
    cells (with all before it) is given as an error."""
    names = named_sheets(book, tasks)
    sizes = dict.fromkeys(names, (0, 1)) | {
        grid.key: (len(grid.store.order), grid.column_count) for grid in book.sheets
    }
    feed = Feed(names, sizes, str(book.properties.get("timeZone", "UTC")))
    at_work = _Gathering(book, feed, put, {names[grid.key]: grid for grid in book.sheets}, most)
    waiting = list(tasks.values())
    while waiting:
        needed: dict[tuple[int, int], set[int]] = {}
        for task in waiting:
            if task.place not in feed.formulas:
                feed.formulas[task.place] = task.formula
                _put(at_work, task, needed)
        waiting = _feed(at_work, needed)
    return feed


def _put(at_work: _Gathering, task: Task, needed: dict[tuple[int, int], set[int]]) -> None:
    """One formula into its cell; what it names is noted as needed."""
    grid, feed, put = task.grid, at_work.feed, at_work.put
    if too_deep(task.formula) or ELSEWHERE.search(task.formula):
        put(*task.place, {"e": "#ERROR!" if too_deep(task.formula) else "#REF!"})
        return
    whole = call(task.formula)
    instead = shown_instead(whole[0]) if whole is not None else None
    if instead is not None:
        put(*task.place, {"e": instead} if instead else {"f": '=""'})
        return
    resolve, word = partial(_resolved, at_work, grid), partial(_worded, at_work)
    made, named = adapted(task.formula, resolve, word)
    if ANYWHERE.search(task.formula):
        named = [*named, *(_whole(at_work, one) for one in at_work.book.sheets)]
    for one in named:
        _need(at_work, one, needed)
    if at_work.cells > at_work.most:
        put(*task.place, {"e": "#ERROR!"})
        return
    if VOLATILE.search(made):
        made = at_moment(made, at_work.book.now(), feed.zone)
    copy = copied_ranges.copy_of(task.formula, lambda text: adapted(text, resolve, word))
    if copy is not None:
        feed.copies.append((task.place, copy))
    else:
        put(*task.place, {"f": made})
        if len(named) == 1 and made == f"={named[0].text()}":
            feed.bare[task.place] = named[0]
    if spills(task.formula) and task.sheet is None:  # whatever stands in its way must be there
        for block in range(task.row // BLOCK, -(-len(grid.store.order) // BLOCK)):
            needed.setdefault((grid.key, block), set()).update(range(task.column, grid.column_count))


def _need(at_work: _Gathering, one: Named, needed: dict[tuple[int, int], set[int]]) -> None:
    """Notes a box as needed, once, with the array formulas that may show something in it."""
    from .evaluation import array_tasks  # evaluation asks this module

    if one in at_work.boxes:
        return
    at_work.boxes.add(one)
    other = at_work.grids[one.sheet]
    for found in array_tasks(at_work.book, other, one.bottom, one.right):
        needed.setdefault((other.key, found.row // BLOCK), set()).add(found.column)
    bottom = min(one.bottom, len(other.store.order))
    at_work.cells += max(bottom - one.top, 0) * (one.right - one.left)
    for block in range(one.top // BLOCK, -(-bottom // BLOCK)):
        needed.setdefault((other.key, block), set()).update(range(one.left, one.right))


def _feed(at_work: _Gathering, needed: dict[tuple[int, int], set[int]]) -> list[Task]:
    """Gives the needed cells that were not given yet; the formulas among them come next."""
    found: list[Task] = []
    grids = {grid.key: grid for grid in at_work.book.sheets}
    for (key, block), columns in needed.items():
        grid = grids[key]
        fresh = [column for column in columns if (key, block, column) not in at_work.given]
        if not fresh:
            continue
        at_work.given.update((key, block, column) for column in fresh)
        slots = [(column, grid.slots[column]) for column in fresh if column < grid.column_count]
        for position, row in enumerate(grid.rows(block * BLOCK, (block + 1) * BLOCK), block * BLOCK):
            for column, slot in slots:
                cell = row.get(slot)
                if type(cell) is dict and "f" in cell:
                    found.append(Task(grid, position, column, cell["f"]))
                elif cell != "" or cell is False:
                    at_work.put(key, position, column, cell)
    return found


def _resolved(at_work: _Gathering, home: Grid, title: str | None, corners: list[Corner]) -> Named | None:
    grid = home if title is None else at_work.book.titled(title)
    if grid is None:
        return None
    rows = [corner.row for corner in corners if corner.row is not None]
    columns = [corner.column for corner in corners if corner.column is not None]
    both = len(corners) == 2
    top, left = min(rows, default=0), min(columns, default=0)
    bottom = max(rows) + 1 if rows and not (both and len(rows) == 1) else None
    right = max(columns) + 1 if columns and not (both and len(columns) == 1) else None
    return _closed(at_work, grid, Box(top, bottom, left, right))


def _worded(at_work: _Gathering, name: str) -> Named | None:
    from .grid import box_of

    found = at_work.book.named(name)
    if found is None:
        return None
    return _closed(at_work, at_work.book.sheet(found["range"].get("sheetId", 0)), box_of(found["range"]))


def _closed(at_work: _Gathering, grid: Grid, box: Box) -> Named | None:
    closed = grid.closed(box)
    assert closed.bottom is not None
    assert closed.right is not None
    if closed.top >= closed.bottom or closed.left >= closed.right:
        return None
    return Named(at_work.feed.names[grid.key], closed.top, closed.bottom, closed.left, closed.right)


def _whole(at_work: _Gathering, grid: Grid) -> Named:
    return Named(at_work.feed.names[grid.key], 0, grid.row_count, 0, grid.column_count)
