"""Array formulas that show a range again, whole or in part: `={Tab!A:D}`, `=QUERY(Tab!A:D)`, FILTER, SORT, UNIQUE.

The evaluator turns blanks into zeros when it carries ranges, which Google does not; so these are carried here, and the
evaluator only says which rows FILTER takes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .formula_text import Named, call, split
from .query import Query, Table, parse
from .query_run import order_key, run
from .query_terms import BLANK
from .results import Kinded, Place, Spilled

if TYPE_CHECKING:
    from .evaluator import Sheets

Adapt = Callable[[str], tuple[str, list[Named]]]
MOST_COPIED = 1_000_000
MOST_ROUNDS = 6  # copies of copies
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class Copy:
    """What a formula carries: a range with others below it (`more`), and what becomes of its rows: all of them, those
    that a formula of the evaluator's picks (by number from 1), what `choose` makes of them, or what a query does whose
    text such a formula says."""

    source: Named
    picking: str | None = None
    choose: Callable[[Table], Table] | None = None
    more: tuple[Named, ...] = ()
    asking: str | None = None
    headers: int | None = None

    @property
    def helping(self) -> str | None:
        """The formula that the evaluator computes beside."""
        return self.picking or self.asking


@dataclass(slots=True)
class Settled:
    """Where copies have come to lie: what the formulas' own cells show, and the cells beyond."""

    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)


def copy_of(formula: str, adapt: Adapt) -> Copy | None:
    """What a formula carries, or None where it is no copy of a range."""
    text = formula[1:].strip()
    if text.startswith("{"):
        return _stack(text, adapt)
    found = call(formula)
    if found is None or not found[1]:
        return None
    name, (first, *rest) = found
    maker = {"ARRAYFORMULA": _array, "QUERY": _query, "FILTER": _filter, "SORT": _sort, "UNIQUE": _unique}.get(name)
    copy = (_plain(first, adapt) or _stack(first, adapt)) if maker is not None else None
    if maker is None or copy is None or (copy.more and maker is _filter):
        return None
    made = maker(copy.source, rest, adapt)
    return made and replace(made, more=copy.more)


def _stack(text: str, adapt: Adapt) -> Copy | None:
    """Ranges of the same width below each other in braces; or one alone."""
    inner = text[1:-1].strip() if text.startswith("{") and text.endswith("}") else ""
    parts = [_plain(part, adapt) for part in split(inner, ";") or []] if split(inner, ",") == [inner] else []
    found = [part.source for part in parts if part is not None]
    if not found or len(found) < len(parts) or len({one.right - one.left for one in found}) > 1:
        return None
    return Copy(found[0], more=tuple(found[1:]))


def _plain(text: str, adapt: Adapt) -> Copy | None:
    made, named = adapt(f"={text}")
    bare = len(named) == 1 and made in (f"={named[0].text()}", f"=@({named[0].text()})")
    return Copy(named[0]) if bare else None


def _array(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    return None if rest else Copy(source)


def _unique(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    return None if rest else Copy(source, choose=EachOnce())


@dataclass(frozen=True, slots=True)
class EachOnce:
    """UNIQUE: rows that are there before are left out."""

    def __call__(self, table: Table) -> Table:
        first: dict[tuple[Kinded, ...], list[Kinded]] = {}
        for row in table:
            first.setdefault(tuple(row), row)
        return list(first.values())


def _filter(source: Named, rest: list[str], adapt: Adapt) -> Copy | None:
    conditions = [adapt(f"=ARRAYFORMULA({text})")[0][1:] for text in rest]
    if not conditions:
        return None
    return Copy(source, picking=f"=FILTER(SEQUENCE({source.bottom - source.top}),{'*'.join(conditions)})")


def _query(source: Named, rest: list[str], adapt: Adapt) -> Copy | None:
    headers = int(rest[1]) if len(rest) == 2 and rest[1].isdigit() else None
    if len(rest) > 2 or (len(rest) == 2 and headers is None and rest[1] != "-1"):
        return None
    text = _literal(rest[0]) if rest else ""
    if text is None:
        return Copy(source, asking=adapt(f"={rest[0]}")[0], headers=headers)
    return Copy(source, choose=Queried(parse(text, source.left, source.right), headers))


def _literal(text: str) -> str | None:
    """The text of a constant in quotes; None for anything else."""
    whole = _QUOTED.fullmatch(text.strip())
    return whole[1].replace('""', '"') if whole else None


@dataclass(frozen=True, slots=True)
class Queried:
    """QUERY over a table whose first rows are headings; None: as many as it seems to have. A query that is not
    understood is #VALUE!, as in Google's."""

    query: Query | None
    headers: int | None

    def __call__(self, table: Table) -> Table:
        return [[("error", "#VALUE!")]] if self.query is None else run(self.query, table, self.headers)


def _sort(source: Named, rest: list[str], _adapt: Adapt) -> Copy | None:
    specs = []
    for column, direction in itertools.zip_longest(rest[::2] or ["1"], rest[1::2], fillvalue="TRUE"):
        if not column.isdigit() or not 0 < int(column) <= source.right - source.left:
            return None
        if direction.upper() not in ("TRUE", "FALSE", "1", "0"):
            return None
        specs.append((int(column) - 1, direction.upper() in ("FALSE", "0")))
    return Copy(source, choose=Sorted(tuple(specs)))


@dataclass(frozen=True, slots=True)
class Sorted:
    """SORT by columns, each with whether it descends; blanks last in either direction."""

    specs: tuple[tuple[int, bool], ...]

    def __call__(self, table: Table) -> Table:
        rows = [row for row in table if any(cell != BLANK for cell in row)]
        for column, descending in reversed(self.specs):
            filled = [row for row in rows if row[column] != BLANK]
            blank = [row for row in rows if row[column] == BLANK]
            filled.sort(key=lambda row, column=column: order_key(row[column]), reverse=descending)  # type: ignore[misc]
            rows = filled + blank
        return rows


# -- laying down ------------------------------------------------------------------------------------------------------


def settle(
    sheets: Sheets, copies: list[tuple[Place, Copy]], sizes: dict[int, tuple[int, int]], *, alone: bool
) -> Settled:
    """Puts the copies down beside and below their formulas until nothing changes any more; a cell in the way makes the
    formula #REF!, as in Google's. `sizes` are the stored rows and columns of each sheet; `alone`: no other formula is
    there to see them, so that once is enough."""
    settled = Settled()
    if not copies:
        return settled
    scratch = sheets.scratch()
    for i, (_, copy) in enumerate(copies):
        if copy.helping is not None:
            sheets.put_at(scratch, 0, i, {"f": copy.helping})
    sheets.evaluate()
    tables: dict[Place, Table | Kinded] = {}
    for _ in range(MOST_ROUNDS):
        changed = False
        for i, (place, copy) in enumerate(copies):
            table = _table(sheets, copy, sizes, scratch, i)
            if isinstance(table, list) and _in_the_way(sheets, place, table, sizes[place[0]][1]):
                table = ("error", "#REF!")
            if tables.get(place) != table:
                if not alone:
                    _replace(sheets, place, tables.get(place, []), table)
                tables[place] = table
                changed = True
        if alone or not changed:
            break
        sheets.evaluate()
    for (key, row, column), table in tables.items():
        _show(settled, key, row, column, table)
    return settled


def _table(sheets: Sheets, copy: Copy, sizes: dict[int, tuple[int, int]], scratch: int, number: int) -> Table | Kinded:
    table: Table = []
    for one in (copy.source, *copy.more):
        part = _of_range(sheets, one, sizes)
        if part is None or (len(table) + len(part)) * (one.right - one.left) > MOST_COPIED:
            return "error", "#ERROR!"
        table += part
    if copy.picking is not None:
        picked = _picked(sheets, scratch, number)
        if not isinstance(picked, list):
            return picked
        return [table[n - 1] for n in picked if n <= len(table)] or [[BLANK]]
    while len(table) > 1 and all(cell == BLANK for cell in table[-1]):
        table.pop()
    choose = copy.choose
    if copy.asking is not None:
        kind, text = sheets.get_at(scratch, 0, number)
        if kind == "error":
            return kind, text
        choose = Queried(parse(str(text), copy.source.left, copy.source.right), copy.headers)
    return (choose(table) if choose is not None else table) or [[BLANK]]


def _of_range(sheets: Sheets, source: Named, sizes: dict[int, tuple[int, int]]) -> Table | None:
    """The cells of a range down to where its sheet holds something; None for too many."""
    key = sheets.keys[source.sheet]
    bottom = min(source.bottom, max(sheets.bottoms.get(key, 0), sizes[key][0], source.top + 1))
    if (bottom - source.top) * (source.right - source.left) > MOST_COPIED:
        return None
    columns = range(source.left, source.right)
    return [[sheets.get(key, row, column) for column in columns] for row in range(source.top, bottom)]


def _picked(sheets: Sheets, scratch: int, number: int) -> list[int] | Kinded:
    found: list[int] = []
    while (cell := sheets.get_at(scratch, len(found), number))[0] == "number":
        found.append(int(cell[1]))
    return found if found else (cell if cell[0] == "error" else ("error", "#N/A"))


def _in_the_way(sheets: Sheets, place: Place, table: Table, column_count: int) -> bool:
    """Whether a cell with something of its own stands where a copy would come to lie."""
    key, top, left = place
    right = min(left + max(len(row) for row in table), column_count)
    box = ((key, row, column) for row in range(top, top + len(table)) for column in range(left, right))
    return any(one in sheets.given and one != place for one in box)


def _replace(sheets: Sheets, place: Place, old: Table | Kinded, new: Table | Kinded) -> None:
    """The cells of a copy, as values, for the formulas that name them."""
    key, top, left = place
    for i, row in enumerate(old if isinstance(old, list) else [[BLANK]]):
        for j in range(len(row)):
            sheets.clear(key, top + i, left + j)
    for i, row in enumerate(new if isinstance(new, list) else [[new]]):
        for j, (kind, value) in enumerate(row):
            if kind != "blank":
                sheets.lay(key, top + i, left + j, {"e": value} if kind == "error" else value)


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
