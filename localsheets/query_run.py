"""A parsed query applied to a table: rows picked, put in order, cut, summed up, with their headings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

from .query import BLANK, Compared, Item, Joined, Query, Table
from .results import Kinded

_ORDER = {"number": 0, "text": 1, "bool": 2, "error": 3}


def run(query: Query, table: Table, headers: int | None) -> Table:
    """The rows that a query makes of a table, headings first."""
    count = _guessed(table) if headers is None else headers
    heading = [_one_heading(column) for column in zip(*table[:count], strict=True)] if count else []
    rows = [row for row in table[count:] if any(cell != BLANK for cell in row) or query.where is None]
    if query.where is not None:
        rows = [row for row in rows if _holds(query.where, row)]
    if any(item.aggregate for item in query.items):
        made = _totals(query, rows)
    else:
        for item, descending in reversed(query.order):
            rows = _sorted(rows, item.column, descending)
        made = [[row[item.column] for item in query.items] for row in rows]
    made = made[query.offset :]
    made = made if query.limit is None else made[: query.limit]
    return [*_headings(query, heading, count), *made]


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


def _headings(query: Query, heading: list[Kinded], count: int) -> Table:
    labels = dict(query.labels)
    if not count and not labels and not any(item.aggregate for item in query.items):
        return []
    return [[_heading(item, heading, labels) for item in query.items]]


def _heading(item: Item, heading: list[Kinded], labels: dict[Item, str]) -> Kinded:
    if item in labels:
        return ("text", labels[item]) if labels[item] else BLANK
    name = heading[item.column] if heading else BLANK
    if not item.aggregate:
        return name
    return "text", f"{item.aggregate} {name[1]}".strip()


def order_key(cell: Kinded) -> tuple[int, Any]:
    """What filled cells are sorted by: numbers, text, flags, errors; text without regard to case."""
    kind, value = cell
    return _ORDER[kind], value.casefold() if isinstance(value, str) else value


def _sorted(rows: Table, column: int, descending: bool) -> Table:
    """Blanks come first where it ascends, as QUERY does."""
    filled = [row for row in rows if row[column] != BLANK]
    blank = [row for row in rows if row[column] == BLANK]
    filled.sort(key=lambda row: order_key(row[column]), reverse=descending)
    return filled + blank if descending else blank + filled


def _totals(query: Query, rows: Table) -> Table:
    groups: dict[tuple[Kinded, ...], Table] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in query.groups), []).append(row)
    if not query.groups:
        groups = {(): rows}
    keys = sorted(groups, key=lambda key: [(0, "") if cell == BLANK else order_key(cell) for cell in key])
    made = [(groups[key], [_total(item, groups[key]) for item in query.items]) for key in keys]
    for item, descending in reversed(query.order):
        made.sort(key=lambda one, item=item: _total_key(_total(item, one[0])), reverse=descending)  # type: ignore[misc]
    return [cells for _, cells in made]


def _total_key(cell: Kinded) -> tuple[int, Any]:
    return (-1, "") if cell == BLANK else order_key(cell)


def _total(item: Item, rows: Table) -> Kinded:
    if not item.aggregate:
        return rows[0][item.column] if rows else BLANK
    filled = [row[item.column] for row in rows if row[item.column] != BLANK]
    if item.aggregate == "count":
        return "number", len(filled)
    if item.aggregate in ("max", "min"):
        return (max if item.aggregate == "max" else min)(filled, key=order_key, default=BLANK)
    numbers = [value for kind, value in filled if kind == "number"]
    if len(numbers) < len(filled):
        return "error", "#VALUE!"  # AVG_SUM_ONLY_NUMERIC
    if not numbers:
        return BLANK
    total = sum(numbers)
    return "number", total if item.aggregate == "sum" else total / len(numbers)


def _holds(condition: Joined | Compared, row: list[Kinded]) -> bool:
    if isinstance(condition, Joined):
        found = (_holds(part, row) for part in condition.parts)
        if condition.how == "not":
            return not next(itertools.islice(found, 1))
        return all(found) if condition.how == "and" else any(found)
    cell = row[condition.column]
    if condition.sign == "null":
        return cell == BLANK
    kind, value = condition.value
    if condition.sign in _TEXT_SIGNS:
        return kind == "text" and cell != BLANK and _TEXT_SIGNS[condition.sign](_text(cell), str(value))
    if cell[0] != kind:  # a cell of another kind is as good as blank
        return condition.sign in ("!=", "<>") and cell != BLANK
    return _SIGNS[condition.sign](cell[1], value)


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
