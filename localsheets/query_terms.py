"""What a query selects, groups and compares: columns, constants, totals, and what is calculated from them.

A term is worked out for one row, with the totals of its group at hand. Read by `query`, used by `query_run`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .results import Kinded

BLANK: Kinded = ("blank", "")
WRONG: Kinded = ("error", "#VALUE!")
AGGREGATES = ("sum", "avg", "count", "max", "min")
ARITHMETIC = {"+": "sum", "-": "difference", "*": "product", "/": "quotient"}
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock time


@dataclass(frozen=True, slots=True)
class Column:
    """A column, counted from the range's first."""

    at: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant and how it was written."""

    value: Kinded
    written: str


@dataclass(frozen=True, slots=True)
class Total:
    """What an aggregate makes of a column of a group."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Called:
    """A scalar function or an arithmetic sign, by its name in headings, over terms."""

    name: str
    args: tuple[Term, ...]


Term = Column | Constant | Total | Called
Totals = Mapping[Total, Kinded]
NO_TOTALS: Totals = {}


def value(term: Term, row: Sequence[Kinded], totals: Totals = NO_TOTALS) -> Kinded:
    """What a term comes to in a row; a blank of what is blank."""
    if isinstance(term, Column):
        return row[term.at] if row else BLANK
    if isinstance(term, Constant):
        return term.value
    if isinstance(term, Total):
        return totals.get(term, BLANK)
    args = [value(arg, row, totals) for arg in term.args]
    if BLANK in args:
        return BLANK
    error = next((arg for arg in args if arg[0] == "error"), None)
    return error or _called(term.name, args)


def _called(name: str, args: Sequence[Kinded]) -> Kinded:
    if name in _ON_TEXT:
        return "text", _ON_TEXT[name](str(args[0][1])) if args[0][0] == "text" else str(args[0][1])
    numbers = [found for kind, found in args if kind == "number"]
    if len(numbers) < len(args):
        return WRONG
    try:
        made = _ON_NUMBERS[name](*numbers)
    except (ArithmeticError, ValueError):
        return BLANK
    return ("number", made) if math.isfinite(made) else BLANK


def _at(serial: float) -> dt.datetime:
    return _EPOCH + dt.timedelta(seconds=round(serial * 86_400, 3))


_ON_TEXT: Mapping[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower}
_ON_NUMBERS: Mapping[str, Callable[..., float]] = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / b,
    "year": lambda a: _at(a).year,
    "month": lambda a: _at(a).month - 1,  # January is 0
    "day": lambda a: _at(a).day,
    "hour": lambda a: _at(a).hour,
    "minute": lambda a: _at(a).minute,
    "second": lambda a: _at(a).second,
    "millisecond": lambda a: _at(a).microsecond // 1000,
    "quarter": lambda a: (_at(a).month + 2) // 3,
    "dayofweek": lambda a: _at(a).isoweekday() % 7 + 1,  # Sunday is 1
    "datediff": lambda a, b: math.floor(a) - math.floor(b),
    "todate": math.floor,
}
# name as it is written without regard to case: (its name in headings, how many terms it takes)
SCALARS: Mapping[str, tuple[str, int]] = {
    **{name: (name, 1) for name in ("year", "month", "day", "hour", "minute", "second", "millisecond", "quarter")},
    **{name: (name, 1) for name in ("upper", "lower")},
    "dayofweek": ("dayOfWeek", 1), "datediff": ("dateDiff", 2), "todate": ("toDate", 1),
}  # fmt: skip


def called(name: str, args: tuple[Term, ...]) -> Called | None:
    """A scalar function over terms; None for an unknown one, or with too few or too many."""
    known = SCALARS.get(name.lower())
    return Called(name.lower(), args) if known is not None and known[1] == len(args) else None


def totals_in(term: Term) -> list[Total]:
    """The totals that a term is calculated from."""
    if isinstance(term, Total):
        return [term]
    return [found for arg in term.args for found in totals_in(arg)] if isinstance(term, Called) else []


def settled(term: Term, groups: Sequence[Term]) -> bool:
    """Whether a term has one value in each group."""
    if term in groups or isinstance(term, Constant | Total):
        return True
    return isinstance(term, Called) and all(settled(arg, groups) for arg in term.args)


def heading(term: Term, names: Sequence[Kinded]) -> str:
    """What a column of this term is called."""
    if isinstance(term, Column):
        return str(names[term.at][1]) if names else ""
    if isinstance(term, Constant):
        return f"{term.written}()"
    if isinstance(term, Total):
        return f"{term.name} {names[term.at][1] if names else ''}".strip()
    name = SCALARS.get(term.name, (term.name, 0))[0]
    return f"{name}({''.join(heading(arg, names) for arg in term.args)})"
