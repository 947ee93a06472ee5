"""The number format of a formula's result where its cell has none: Google lets formats go along with values, so that a
day after a date is a date, and a sum of money is money.

Read off the formula's text, not computed: its own cell's format goes before. What is not known of Google's rules (a
product of percentages, what array formulas bring into other cells) stays Automatic. Used by `rendering`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import references
from .display import default_pattern
from .follow import Json
from .formula_text import call, split
from .locales import locale_of
from .references import REFERENCE, Corner
from .storage.rows import Row

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

DEEPEST = 60  # brackets, and formulas that name formulas
LOOKED_AT = 50  # cells of a range
MOST_READ = 10_000  # cells
DATES = ("DATE", "DATE_TIME")
# What a function makes by itself …
_MADE = {
    "TODAY": "DATE", "DATE": "DATE", "TO_DATE": "DATE", "NOW": "DATE_TIME", "EPOCHTODATE": "DATE_TIME", "TIME": "TIME",
    "TO_PERCENT": "PERCENT", "TO_DOLLARS": "CURRENCY",
}  # fmt: skip
# … and of which of its arguments it passes on the format: the first of them that has one.
_EVERY = tuple(range(30))
_PASSED = {
    **dict.fromkeys(("SUM", "AVERAGE", "MIN", "MAX", "MEDIAN"), _EVERY),
    **dict.fromkeys(("ROUND", "ROUNDUP", "ROUNDDOWN", "ABS", "IFERROR", "IFNA", "EDATE", "EOMONTH"), (0,)),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS", "MINIFS", "MAXIFS"), (0,)),
    **dict.fromkeys(("SUMIF", "AVERAGEIF"), (2, 0)),
    "IF": (1, 2),
    "XLOOKUP": (2,),
}
_DIGITS = re.compile(r"\d+")
_SIGN = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\d[eE][+-](?=\d)|[-+*/^&=<>(){}]")


def inherited(book: Book, grid: Grid, formula: str, position: int, column: int) -> Json | None:
    """The numberFormat of the number that the formula in a cell comes to; None for Automatic. Read once for each cell
    until the next write; of very many, once for all of a column that differ in their numbers alone."""
    formats = book.results.formats
    place = (grid.key, position, column)
    if place in formats:
        return formats[place]
    key = place if len(formats) < MOST_READ else (grid.key, column, _DIGITS.sub("", formula))
    if key not in formats:
        for row in grid.rows(position, position + 1):
            formats[key] = _Reading(book, grid, (position, row)).of_cell(row, position, column)
    return formats.get(key)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A formula of one sheet being read, `depth` steps into it; `here` is its row, the likeliest to be named."""

    book: Book
    grid: Grid
    here: tuple[int, Row]
    depth: int = 0

    def of_cell(self, row: Row, position: int, column: int) -> Json | None:
        slot = self.grid.slots[column]
        cell = row.get(slot)
        own: Json = self.grid.data(row, position, column).get("userEnteredFormat", {}).get("numberFormat", {})
        if own or not (isinstance(cell, dict) and "f" in cell):
            return own if own.get("type") != "TEXT" else None
        known, place = self.book.results.formats, (self.grid.key, position, column)
        if place not in known:
            known[place] = None  # what names itself has none
            known[place] = _Reading(self.book, self.grid, (position, row), self.depth + 1).format(cell["f"][1:])
        return known[place]

    def format(self, text: str) -> Json | None:
        text = _unwrapped(text.strip())
        if self.depth > DEEPEST or len(_cut(text, "=<>&^")) > 1:
            return None
        inside, terms = replace(self, depth=self.depth + 1), _cut(text, "+-")
        if len(terms) > 1:
            return _sum([(sign, inside.format(part)) for sign, part in terms])
        factors = _cut(text, "*/")
        if len(factors) > 1:
            return _product([(sign, inside.format(part)) for sign, part in factors])
        found = call(f"={text}")
        if found is not None:
            return inside.called(*found)
        match = REFERENCE.fullmatch(text.lstrip("+-"))
        return self.named(match) if match is not None and match.group("cells") else None

    def called(self, name: str, arguments: list[str]) -> Json | None:
        if name in _MADE:
            return {"type": _MADE[name], "pattern": default_pattern(_MADE[name], locale_of(self.book.locale))}
        wanted = (arguments[i] for i in _PASSED.get(name, ()) if i < len(arguments))
        return next((found for found in map(self.format, wanted) if found), None)

    def named(self, match: re.Match[str]) -> Json | None:
        """The first format among the cells of a reference."""
        title = references.title_of(match)
        grid = self.grid if title is None else self.book.titled(title)
        if grid is None:
            return None
        there = self if grid is self.grid else replace(self, grid=grid, here=(-1, Row(0)))
        cells = itertools.islice(there.cells(references.corners_of(match)), LOOKED_AT)
        return next((found for found in (there.of_cell(*cell) for cell in cells) if found), None)

    def cells(self, corners: list[Corner]) -> Iterator[tuple[Row, int, int]]:
        """(row, position, column) of the first cells of a reference, in rows that are stored."""
        rows = sorted(corner.row for corner in corners if corner.row is not None) or [0]
        columns = sorted(corner.column for corner in corners if corner.column is not None) or [0]
        bottom = rows[0] + LOOKED_AT if any(corner.row is None for corner in corners) else rows[-1] + 1
        stored = iter([self.here[1]]) if (rows[0], bottom) == (self.here[0], self.here[0] + 1) else None
        for position, row in enumerate(stored or self.grid.rows(rows[0], bottom), rows[0]):
            for column in range(columns[0], min(columns[-1] + 1, self.grid.column_count)):
                yield row, position, column


def _sum(terms: list[tuple[str, Json | None]]) -> Json | None:
    """The first format; but days between dates are a number."""
    first = next((found for _, found in terms if found), None)
    if any(sign == "-" and found and found.get("type") in DATES for sign, found in terms):
        return None
    return first


def _product(factors: list[tuple[str, Json | None]]) -> Json | None:
    """Money times or by a number is money."""
    money = [(sign, found) for sign, found in factors if found and found.get("type") == "CURRENCY"]
    return money[0][1] if len(money) == 1 and money[0][0] != "/" else None


def _unwrapped(text: str) -> str:
    while text.startswith("(") and text.endswith(")") and split(text[1:-1], "") is not None:
        text = text[1:-1].strip()
    return text


def _cut(text: str, signs: str) -> list[tuple[str, str]]:
    """The parts between signs that stand in no brackets and no quotes, each with the sign before it; a sign that has
    nothing before it is part of a number."""
    parts: list[tuple[str, str]] = []
    depth, at, sign = 0, 0, ""
    for found in _SIGN.finditer(text):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(found[0], 0)
        before = text[at : found.start()].strip()
        if depth == 0 and found[0] in signs and before and before[-1] not in "*/^":
            parts.append((sign, before))
            at, sign = found.end(), found[0]
    return [*parts, (sign, text[at:].strip())]
