"""A parsed query applied to a table: rows picked, put in order, cut, summed up, with their headings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

from .query import Compared, Joined, Query, Table
from .query_terms import BLANK, Column, Term, Total, Totals, heading, totals_in, value
from .results import Kinded

_ORDER = {"number": 0, "text": 1, "bool": 2, "error": 3}


def run(query: Query, table: Table, headers: int | None) -> Table:
    """The rows that a query makes of a table, headings first."""
    count = _guessed(table) if headers is None else headers
    names = [_one_heading(column) for column in zip(*table[:count], strict=True)] if count else []
    rows = [row for row in table[count:] if any(cell != BLANK for cell in row) or query.where is None]
    if query.where is not None:
        rows = [row for row in rows if _holds(query.where, row)]
    headings, made = _totals(query, rows, names) if _sums_up(query) else _plain(query, rows, names)
    made = made[query.offset :]
    made = made if query.limit is None else made[: query.limit]
    unnamed = all(isinstance(item, Column) for item in query.items) and not query.labels
    return made if not count and unnamed else [headings, *made]


def _sums_up(query: Query) -> bool:
    return any(totals_in(item) for item in query.items)


def _plain(query: Query, rows: Table, names: list[Kinded]) -> tuple[list[Kinded], Table]:
    for term, descending in reversed(query.order):
        rows = _sorted(rows, term, descending)
    made = [[value(item, row) for item in query.items] for row in rows]
    return [_heading(query, item, names) for item in query.items], made


def _guessed(table: Table) -> int:
    """One heading where all of the first row is text and not all of the second is, or where it says more; as Google
    guesses, near enough."""
    if not table or any(kind not in ("text", "blank") for kind, _ in table[0]):
        return 0
    below = table[1:]
    numbers = any(kind in ("number", "bool") for row in below for kind, _ in row)
    return 1 if numbers or not below or all(cell != BLANK for cell in table[0]) else 0


def _one_heading(cells: tuple[Kinded, ...]) -> Kinded:
    said = " ".join(str(value) for kind, value in cells if kind != "blank")
    return ("text", said) if len(cells) > 1 and said else cells[0]


def _heading(query: Query, item: Term, names: list[Kinded]) -> Kinded:
    labels = dict(query.labels)
    if item in labels:
        return ("text", labels[item]) if labels[item] else BLANK
    if isinstance(item, Column):
        return names[item.at] if names else BLANK
    return "text", heading(item, names)


def order_key(cell: Kinded) -> tuple[int, Any]:
    """What filled cells are sorted by: numbers, text, flags, errors; text without regard to case."""
    kind, value = cell
    return _ORDER[kind], value.casefold() if isinstance(value, str) else value


def _sorted(rows: Table, term: Term, descending: bool) -> Table:
    """Blanks come first where it ascends, as QUERY does."""
    filled = [row for row in rows if value(term, row) != BLANK]
    blank = [row for row in rows if value(term, row) == BLANK]
    filled.sort(key=lambda row: order_key(value(term, row)), reverse=descending)
    return filled + blank if descending else blank + filled


Key = tuple[Kinded, ...]


def _totals(query: Query, rows: Table, names: list[Kinded]) -> tuple[list[Kinded], Table]:
    """A row for each group; with a pivot, what is summed up stands in a column for each of its values."""
    groups = _grouped(query.groups, rows)
    columns = sorted(_grouped(query.pivots, rows), key=_key_order) if query.pivots else [()]
    sets = _grouped((*query.groups, *query.pivots), rows)
    wanted = {found for item in (*query.items, *(term for term, _ in query.order)) for found in totals_in(item)}
    known = {key: {total: _total(total, part) for total in wanted} for key, part in sets.items()}
    keys = sorted(groups, key=_key_order)
    for term, descending in reversed(query.order):
        keys.sort(key=lambda key, t=term: _total_key(value(t, groups[key][0], known.get(key, {}))), reverse=descending)  # type: ignore[misc]
    fixed = [item for item in query.items if not totals_in(item)] if query.pivots else []
    summed = [item for item in query.items if item not in fixed]
    made = []
    for key in keys:
        first = groups[key][0] if groups[key] else []
        cells = [value(item, first) for item in fixed]
        cells += [_summed(item, first, known.get((*key, *column))) for column in columns for item in summed]
        made.append(cells)
    if not query.pivots:
        return [_heading(query, item, names) for item in query.items], made
    pivoted = [_pivoted(query, item, column, names, alone=len(summed) == 1) for column in columns for item in summed]
    return [*(_heading(query, item, names) for item in fixed), *pivoted], made


def _grouped(terms: tuple[Term, ...], rows: Table) -> dict[Key, Table]:
    found: dict[Key, Table] = {} if terms else {(): rows}
    for row in rows if terms else ():
        found.setdefault(tuple(value(term, row) for term in terms), []).append(row)
    return found


def _summed(item: Term, first: list[Kinded], totals: Totals | None) -> Kinded:
    return BLANK if totals is None else value(item, first, totals)


def _pivoted(query: Query, item: Term, column: Key, names: list[Kinded], *, alone: bool) -> Kinded:
    said = ",".join(_text(cell) if cell != BLANK else "" for cell in column)
    return "text", said if alone else f"{said} {_heading(query, item, names)[1]}"


def _key_order(key: Key) -> list[tuple[int, Any]]:
    return [_total_key(cell) for cell in key]


def _total_key(cell: Kinded) -> tuple[int, Any]:
    return (-1, "") if cell == BLANK else order_key(cell)


def _total(item: Total, rows: Table) -> Kinded:
    filled = [row[item.at] for row in rows if row[item.at] != BLANK]
    if item.name == "count":
        return "number", len(filled)
    if item.name in ("max", "min"):
        return (max if item.name == "max" else min)(filled, key=order_key, default=BLANK)
    numbers = [found for kind, found in filled if kind == "number"]
    if len(numbers) < len(filled):
        return "error", "#VALUE!"  # AVG_SUM_ONLY_NUMERIC
    if not numbers:
        return BLANK
    total = sum(numbers)
    return "number", total if item.name == "sum" else total / len(numbers)


def _holds(condition: Joined | Compared, row: list[Kinded]) -> bool:
    if isinstance(condition, Joined):
        found = (_holds(part, row) for part in condition.parts)
        if condition.how == "not":
            return not next(itertools.islice(found, 1))
        return all(found) if condition.how == "and" else any(found)
    cell = value(condition.term, row)
    if condition.sign == "null":
        return cell == BLANK
    kind, wanted = value(condition.value, row)
    if condition.sign in _TEXT_SIGNS:
        return kind == "text" and cell != BLANK and _TEXT_SIGNS[condition.sign](_text(cell), str(wanted))
    if cell[0] != kind:  # a cell of another kind is as good as blank
        return condition.sign in ("!=", "<>") and cell != BLANK
    return _SIGNS[condition.sign](cell[1], wanted)


def _text(cell: Kinded) -> str:
    kind, value = cell
    if kind == "number" and float(value).is_integer():
        return str(int(value))
    return str(value)


def _like(text: str, pattern: str) -> bool:
    parts = [{"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _matches(text: str, pattern: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


_TEXT_SIGNS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts": str.startswith,
    "ends": str.endswith,
    "matches": _matches,
    "like": _like,
}
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    **_TEXT_SIGNS,
}
