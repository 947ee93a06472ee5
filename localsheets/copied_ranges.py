"""Array formulas that show a range again, whole or in part: `={Tab!A:D}`, `=QUERY(Tab!A:D)`, FILTER, SORT, UNIQUE.

The evaluator turns blanks into zeros when it carries ranges, which Google does not; so these are carried here, and the
evaluator only says which rows FILTER takes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import a1
from .a1 import Box
from .evaluator import Sheets
from .formula_text import Named, call, split
from .results import Kinded, Place, Spilled

Table = list[list[Kinded]]
Adapt = Callable[[str], tuple[str, list[Named]]]
MOST_COPIED = 1_000_000
MOST_ROUNDS = 6  # copies of copies
BLANK: Kinded = ("blank", "")
_QUERY = re.compile(
    r"\s*(?:select\s+(?P<columns>\*|[A-Z]{1,3}(?:\s*,\s*[A-Z]{1,3})*))?"
    r"\s*(?:where\s+(?P<filled>[A-Z]{1,3})\s+is\s+not\s+null)?\s*(?:limit\s+(?P<limit>\d{1,7}))?\s*",
    re.IGNORECASE,
)
_ORDER = {"number": 0, "text": 1, "bool": 2, "error": 3}


@dataclass(frozen=True, slots=True)
class Copy:
    """What a formula carries: a range, and either the rows that a formula of the evaluator's picks (by number from
    1) or what `choose` makes of them."""

    source: Named
    picking: str | None = None
    choose: Callable[[Table], Table] | None = None


@dataclass(slots=True)
class Settled:
    """Where copies have come to lie: what the formulas' own cells show, and the cells beyond."""

    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)


def copy_of(formula: str, adapt: Adapt) -> Copy | None:
    """What a formula carries, or None where it is no copy of a range."""
    text = formula[1:].strip()
    if text.startswith("{") and text.endswith("}") and split(text[1:-1]) == [text[1:-1].strip()]:
        return _plain(text[1:-1], adapt)
    found = call(formula)
    if found is None or not found[1]:
        return None
    name, (first, *rest) = found
    maker = {"ARRAYFORMULA": _array, "QUERY": _query, "FILTER": _filter, "SORT": _sort, "UNIQUE": _unique}.get(name)
    copy = _plain(first, adapt) if maker is not None else None
    return maker(copy.source, rest, adapt) if maker is not None and copy is not None else None


def _plain(text: str, adapt: Adapt) -> Copy | None:
    made, named = adapt(f"={text}")
    bare = len(named) == 1 and made in (f"={named[0].text()}", f"=@({named[0].text()})")
    return Copy(named[0]) if bare else None


def _array(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    return None if rest else Copy(source)


def _unique(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    return None if rest else Copy(source, choose=_each_once)


def _each_once(table: Table) -> Table:
    first: dict[tuple[Kinded, ...], list[Kinded]] = {}
    for row in table:
        first.setdefault(tuple(row), row)
    return list(first.values())


def _filter(source: Named, rest: list[str], adapt: Adapt) -> Copy | None:
    conditions = [adapt(f"=ARRAYFORMULA({text})")[0][1:] for text in rest]
    if not conditions:
        return None
    return Copy(source, picking=f"=FILTER(SEQUENCE({source.bottom - source.top}),{'*'.join(conditions)})")


def _query(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    asked = rest[0].strip('"') if rest else ""
    found = _QUERY.fullmatch(asked)
    if found is None or len(rest) > 2:
        return None
    width = source.right - source.left
    names = (found["columns"] or "*").split(",")
    columns = list(range(width)) if names == ["*"] else [a1.column_number(n.strip()) - source.left for n in names]
    filled = a1.column_number(found["filled"]) - source.left if found["filled"] else None
    if any(not 0 <= column < width for column in [*columns, *([] if filled is None else [filled])]):
        return None
    limit = int(found["limit"]) if found["limit"] else None
    headers = int(rest[1]) if len(rest) == 2 and rest[1].isdigit() else 1

    def choose(table: Table) -> Table:
        body = [row for row in table[headers:] if filled is None or row[filled] != BLANK]
        rows = table[:headers] + (body if limit is None else body[:limit])
        return [[row[column] for column in columns] for row in rows]

    return Copy(source, choose=choose)


def _sort(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    specs = []
    for column, direction in itertools.zip_longest(rest[::2] or ["1"], rest[1::2], fillvalue="TRUE"):
        if not column.isdigit() or not 0 < int(column) <= source.right - source.left:
            return None
        if direction.upper() not in ("TRUE", "FALSE", "1", "0"):
            return None
        specs.append((int(column) - 1, direction.upper() in ("FALSE", "0")))

    def choose(table: Table) -> Table:
        rows = [row for row in table if any(cell != BLANK for cell in row)]
        for column, descending in reversed(specs):
            filled = [row for row in rows if row[column] != BLANK]
            blank = [row for row in rows if row[column] == BLANK]
            filled.sort(key=lambda row, column=column: _key(row[column]), reverse=descending)  # type: ignore[misc]
            rows = filled + blank
        return rows

    return Copy(source, choose=choose)


def _key(cell: Kinded) -> tuple[int, Any]:
    kind, value = cell
    return _ORDER[kind], value.casefold() if isinstance(value, str) else value


# -- laying down ------------------------------------------------------------------------------------------------------


def settle(sheets: Sheets, copies: list[tuple[Any, Copy]], *, alone: bool) -> Settled:
    """Puts the copies down beside and below their formulas until nothing changes any more; a cell in the way makes the
    formula #REF!, as in Google's. `alone`: no other formula is there to see them, so that once is enough."""
    settled = Settled()
    if not copies:
        return settled
    scratch = sheets.scratch()
    for i, (_, copy) in enumerate(copies):
        if copy.picking is not None:
            sheets.put_at(scratch, 0, i, {"f": copy.picking})
    sheets.evaluate()
    tables: dict[Place, Table | Kinded] = {}
    for _ in range(MOST_ROUNDS):
        changed = False
        for i, (task, copy) in enumerate(copies):
            table = _table(sheets, copy, scratch, i)
            if isinstance(table, list) and _in_the_way(task, table):
                table = ("error", "#REF!")
            if tables.get(task.place) != table:
                if not alone:
                    _replace(sheets, task, tables.get(task.place, []), table)
                tables[task.place] = table
                changed = True
        if alone or not changed:
            break
        sheets.evaluate()
    for (key, row, column), table in tables.items():
        _show(settled, key, row, column, table)
    return settled


def _table(sheets: Sheets, copy: Copy, scratch: int, number: int) -> Table | Kinded:
    source = copy.source
    grid = sheets.grids[source.sheet]
    bottom = min(source.bottom, max(sheets.bottoms.get(grid.key, 0), len(grid.store.order), source.top + 1))
    if (bottom - source.top) * (source.right - source.left) > MOST_COPIED:
        return "error", "#ERROR!"
    columns = range(source.left, source.right)
    table = [[sheets.get(grid.key, row, column) for column in columns] for row in range(source.top, bottom)]
    if copy.picking is not None:
        picked = _picked(sheets, scratch, number)
        if not isinstance(picked, list):
            return picked
        return [table[n - 1] for n in picked if n <= len(table)] or [[BLANK]]
    while len(table) > 1 and all(cell == BLANK for cell in table[-1]):
        table.pop()
    chosen = copy.choose(table) if copy.choose is not None else table
    return chosen or [[BLANK]]


def _picked(sheets: Sheets, scratch: int, number: int) -> list[int] | Kinded:
    found: list[int] = []
    while (cell := sheets.get_at(scratch, len(found), number))[0] == "number":
        found.append(int(cell[1]))
    return found if found else (cell if cell[0] == "error" else ("error", "#N/A"))


def _in_the_way(task: Any, table: Table) -> bool:
    grid, width = task.grid, max(len(row) for row in table)
    box = Box(task.row, task.row + len(table), task.column, min(task.column + width, grid.column_count))
    own = True
    for row in grid.matrix(box):
        if any(cell != "" or cell is False for cell in (row[1:] if own else row)):
            return True
        own = False
    return False


def _replace(sheets: Sheets, task: Any, old: Table | Kinded, new: Table | Kinded) -> None:
    """The cells of a copy, as values, for the formulas that name them."""
    key = task.grid.key
    for i, row in enumerate(old if isinstance(old, list) else [[BLANK]]):
        for j in range(len(row)):
            sheets.clear(key, task.row + i, task.column + j)
    for i, row in enumerate(new if isinstance(new, list) else [[new]]):
        for j, (kind, value) in enumerate(row):
            if kind != "blank":
                sheets.put(key, task.row + i, task.column + j, {"e": value} if kind == "error" else value)


def _show(settled: Settled, key: int, top: int, left: int, table: Table | Kinded) -> None:
    if not isinstance(table, list):
        settled.values[key, top, left] = table
        return
    rows = settled.spilled.setdefault(key, {})
    for i, cells in enumerate(table):
        for j, cell in enumerate(cells):
            if i == j == 0:
                settled.values[key, top, left] = cell
            elif cell != BLANK:
                rows.setdefault(top + i, {})[left + j] = cell
