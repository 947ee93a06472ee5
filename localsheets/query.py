"""Google's query language, as QUERY takes it: select, where, group by, pivot, order by, limit, offset, label over a
table; scalar functions and arithmetic in each.

`parse` reads a query; `query_run` applies it. What is not known here (format, options) is None, and the formula is
#VALUE!. Columns are called by letters (A, B, those of the range's own sheet) or Col1, Col2.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .a1 import column_number
from .query_terms import (
    AGGREGATES,
    ARITHMETIC,
    BLANK,
    SCALARS,
    Called,
    Column,
    Constant,
    Term,
    Total,
    called,
    settled,
    totals_in,
)
from .results import Kinded

Table = list[list[Kinded]]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+(?:\.\d+)?)|(?P<sign><=|>=|!=|<>|[<>=(),*/+-])"
    r"|(?P<column>`[^`]+`)|(?P<word>[A-Za-z_][\w]*))"
)
SIGNS = ("=", "!=", "<>", "<", "<=", ">", ">=", "contains", "matches", "like")  # and `starts with`, `ends with`
DEEPEST = 40
NOTHING = Constant(BLANK, "")


@dataclass(frozen=True, slots=True)
class Compared:
    """A condition on one term: =, <, contains, matches … or `null`."""

    term: Term
    sign: str
    value: Term = NOTHING


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions joined by `and`, `or`, or one that is turned round by `not`."""

    how: str
    parts: tuple[Joined | Compared, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    items: tuple[Term, ...]
    where: Joined | Compared | None = None
    groups: tuple[Term, ...] = ()
    pivots: tuple[Term, ...] = ()
    order: tuple[tuple[Term, bool], ...] = ()
    limit: int | None = None
    offset: int = 0
    labels: tuple[tuple[Term, str], ...] = ()


class _Unknown(Exception):
    """Something that this module does not know."""


@dataclass(slots=True)
class _Reader:
    tokens: list[tuple[str, str]]
    left: int
    right: int
    at: int = 0

    def peek(self) -> str:
        return self.tokens[self.at][1].lower() if self.at < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Whether these words come next; they are passed over."""
        found = [text.lower() for kind, text in self.tokens[self.at : self.at + len(words)] if kind != "text"]
        if found != list(words):
            return False
        self.at += len(words)
        return True

    def need(self, *words: str) -> None:
        if not self.take(*words):
            raise _Unknown

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise _Unknown
        self.at += 1
        return self.tokens[self.at - 1]

    def column(self) -> int:
        kind, text = self.next()
        name = text.strip("`")
        if kind not in ("word", "column"):
            raise _Unknown
        if re.fullmatch(r"Col\d{1,5}", name, re.IGNORECASE):
            found = int(name[3:]) - 1
        elif re.fullmatch(r"[A-Z]{1,3}", name):
            found = column_number(name) - self.left
        else:
            raise _Unknown
        if not 0 <= found < self.right - self.left:
            raise _Unknown
        return found

    # -- terms: * and / bind closer than + and - ----------------------------------------------------------------------

    def term(self, depth: int = 0) -> Term:
        made = self.product(depth)
        while self.peek() in ("+", "-"):
            made = Called(ARITHMETIC[self.next()[1]], (made, self.product(depth)))
        return made

    def product(self, depth: int) -> Term:
        made = self.single(depth)
        while self.peek() in ("*", "/"):
            made = Called(ARITHMETIC[self.next()[1]], (made, self.single(depth)))
        return made

    def single(self, depth: int) -> Term:
        if depth > DEEPEST:
            raise _Unknown
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if self.take("("):
            made = self.term(depth + 1)
            self.need(")")
            return made
        if kind in ("text", "number") or text == "-" or text.lower() in ("true", "false", "date", "datetime"):
            return self.constant()
        if kind == "word" and self.tokens[self.at + 1 : self.at + 2] == [("sign", "(")]:
            return self.call(depth)
        return Column(self.column())

    def call(self, depth: int) -> Term:
        name = self.next()[1].lower()
        self.need("(")
        if name in AGGREGATES:
            made: Term | None = Total(name, self.column())
        else:
            made = called(name, self.listed(lambda: self.term(depth + 1))) if name in SCALARS else None
        self.need(")")
        if made is None:
            raise _Unknown
        return made

    def constant(self) -> Constant:
        minus = self.take("-")
        kind, found = self.value()
        if minus and kind != "number":
            raise _Unknown
        text = self.tokens[self.at - 1][1].strip("'\"")
        return Constant((kind, -found if minus else found), f"-{text}" if minus else text)

    def listed(self, one: Callable[[], Any]) -> tuple[Any, ...]:
        found = [one()]
        while self.take(","):
            found.append(one())
        return tuple(found)

    def value(self) -> Kinded:
        kind, text = self.next()
        if kind == "text":
            return "text", text[1:-1]
        if kind == "number":
            return "number", float(text)
        if text.lower() in ("true", "false"):
            return "bool", text.lower() == "true"
        if text.lower() in ("date", "datetime"):
            return "number", _serial(self.next()[1][1:-1])
        raise _Unknown

    def number(self) -> int:
        kind, text = self.next()
        if kind != "number" or not text.isdigit():
            raise _Unknown
        return int(text)

    # -- conditions: not binds closer than and, and closer than or ----------------------------------------------------

    def any_of(self) -> Joined | Compared:
        parts = [self.all_of()]
        while self.take("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Joined("or", tuple(parts))

    def all_of(self) -> Joined | Compared:
        parts = [self.condition()]
        while self.take("and"):
            parts.append(self.condition())
        return parts[0] if len(parts) == 1 else Joined("and", tuple(parts))

    def condition(self) -> Joined | Compared:
        if self.take("not"):
            return Joined("not", (self.condition(),))
        if self.peek() == "(" and self.bracketed():
            self.need("(")
            found = self.any_of()
            self.need(")")
            return found
        term = self.term()
        if self.take("is", "not", "null"):
            return Joined("not", (Compared(term, "null"),))
        if self.take("is", "null"):
            return Compared(term, "null")
        sign = self.next()[1].lower()
        if sign in ("starts", "ends"):
            self.need("with")
        elif sign not in SIGNS:
            raise _Unknown
        return Compared(term, sign, self.term())

    def bracketed(self) -> bool:
        """Whether the bracket that comes next holds conditions, not a term."""
        start = self.at
        try:
            self.term()
            return self.peek() in (")", "and", "or")
        except _Unknown:
            return True
        finally:
            self.at = start


def parse(text: str, left: int, right: int) -> Query | None:
    """A query over the columns left..right of a sheet; None where it says something that is not known here."""
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            return None
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    try:
        return _parsed(_Reader(tokens, left, right))
    except (_Unknown, ValueError):
        return None


def _parsed(reader: _Reader) -> Query:
    items: tuple[Term, ...] = tuple(Column(column) for column in range(reader.right - reader.left))
    if reader.take("select") and not reader.take("*"):
        items = reader.listed(reader.term)
    where = reader.any_of() if reader.take("where") else None
    groups = reader.listed(reader.term) if reader.take("group", "by") else ()
    pivots = reader.listed(reader.term) if reader.take("pivot") else ()
    order = reader.listed(lambda: _ordered(reader)) if reader.take("order", "by") else ()
    limit = reader.number() if reader.take("limit") else None
    offset = reader.number() if reader.take("offset") else 0
    labels = reader.listed(lambda: (reader.term(), reader.value()[1])) if reader.take("label") else ()
    totals = any(totals_in(item) for item in items)
    sets = (*groups, *pivots)
    if reader.at < len(reader.tokens) or (sets and not totals) or any(totals_in(term) for term in sets):
        raise _Unknown
    if totals and not all(settled(item, groups) for item in items):
        raise _Unknown  # Google refuses it too
    return Query(items, where, groups, pivots, order, limit, offset, labels)


def _ordered(reader: _Reader) -> tuple[Term, bool]:
    term = reader.term()
    descending = reader.take("desc")
    if not descending:
        reader.take("asc")
    return term, descending


def _serial(text: str) -> float:
    """The serial number of a day or moment as a query writes it; ValueError where it is none."""
    since = dt.datetime.fromisoformat(text.strip()) - dt.datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock time
    return since / dt.timedelta(days=1)
