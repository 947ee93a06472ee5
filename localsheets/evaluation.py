"""What formulas come to, as far as this server computes them itself: constants, arithmetic, comparisons,
references and a few functions. Anything else shows the error value that Google shows; the formula itself is always
kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import a1
from .a1 import Box

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

DEEPEST = 50
MOST_CELLS = 200_000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<ref>(?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?(?![\w(.])"
    r"|(?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w(.]))"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<op><=|>=|<>|[-+*/^&=<>(),;%]))"
)


class Failed(Exception):
    """The formula comes to an error value."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class Cells:
    """What a reference names."""

    values: list[list[Any]]

    def flat(self) -> list[Any]:
        return [value for row in self.values for value in row]


def evaluate(formula: str, book: Book, grid: Grid, depth: int = 0) -> tuple[str, Any]:
    """(kind, value) of a formula written in `grid`: number, text, bool, error or blank. Results last until the
    next write."""
    key = f"{grid.key}\x00{formula}"
    if key not in book.evaluated:
        book.evaluated[key] = ("error", "#REF!")  # what a formula that meets itself on the way sees
        try:
            book.evaluated[key] = _kinded(_single(_Parser(formula[1:], book, grid, depth).whole()))
        except Failed as failed:
            book.evaluated[key] = ("error", failed.error)
        except (OverflowError, ValueError):
            book.evaluated[key] = ("error", "#NUM!")
    found: tuple[str, Any] = book.evaluated[key]
    return found


def _kinded(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return "number", int(value)
    if isinstance(value, int | float):
        return "number", value
    # A reference to a blank cell shows 0 in a formula of its own only when counted with; alone it is blank.
    return ("text", value) if value else ("blank", "")


def _single(value: Any) -> Any:
    if isinstance(value, Cells):
        flat = value.flat()
        if len(flat) != 1:
            raise Failed("#VALUE!")
        return flat[0]
    return value


def _number(value: Any) -> float:
    value = _single(value)
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return value
    if value == "":
        return 0
    try:
        return float(value)
    except ValueError:
        raise Failed("#VALUE!") from None


def _text(value: Any) -> str:
    value = _single(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class _Parser:
    """Recursive descent over one formula; computes as it goes."""

    def __init__(self, text: str, book: Book, grid: Grid, depth: int) -> None:
        if depth > DEEPEST:
            raise Failed("#REF!")
        self.book, self.grid, self.depth = book, grid, depth
        self.tokens: list[tuple[str, str]] = []
        at = 0
        text = text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match or match.lastgroup is None:
                raise Failed("#ERROR!")
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()
        self.at = 0
        self.nested = 0

    def whole(self) -> Any:
        value = self.comparison()
        if self.at != len(self.tokens):
            raise Failed("#ERROR!")
        return value

    def _op(self, *ops: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "op" and self.tokens[self.at][1] in ops:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def comparison(self) -> Any:
        value = self.joined()
        while op := self._op("=", "<>", "<", ">", "<=", ">="):
            value = _compare(op, _single(value), _single(self.joined()))
        return value

    def joined(self) -> Any:
        value = self.sum()
        while self._op("&"):
            value = _text(value) + _text(self.sum())
        return value

    def sum(self) -> Any:
        value = self.product()
        while op := self._op("+", "-"):
            other = _number(self.product())
            value = _number(value) + other if op == "+" else _number(value) - other
        return value

    def product(self) -> Any:
        value = self.power()
        while op := self._op("*", "/"):
            other = _number(self.power())
            if op == "/" and other == 0:
                raise Failed("#DIV/0!")
            value = _number(value) * other if op == "*" else _number(value) / other
        return value

    def power(self) -> Any:
        value = self.unary()
        while self._op("^"):
            try:
                value = math.pow(_number(value), _number(self.unary()))
            except ValueError:
                raise Failed("#NUM!") from None
        return value

    def unary(self) -> Any:
        signs = []
        while op := self._op("-", "+"):
            signs.append(op)
        value = self.atom()
        while self._op("%"):
            value = _number(value) / 100
        if "-" in signs:
            return -_number(value) if signs.count("-") % 2 else _number(value)
        return value

    def atom(self) -> Any:
        if self.at >= len(self.tokens):
            raise Failed("#ERROR!")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text) if not text.isdigit() else int(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "ref":
            return self.reference(text)
        if kind == "name":
            return self.named(text)
        if text == "(":
            self.nested += 1
            if self.nested > DEEPEST:
                raise Failed("#ERROR!")
            value = self.comparison()
            if not self._op(")"):
                raise Failed("#ERROR!")
            self.nested -= 1
            return value
        raise Failed("#ERROR!")

    def reference(self, text: str) -> Cells:
        title, cells = a1.split_title(text)
        grid = self.grid if title is None else self.book.titled(title)
        parsed = a1.parse_cells(cells or "")
        if grid is None or parsed is None:
            raise Failed("#REF!")
        return self.cells(grid, grid.closed(parsed[0]))

    def cells(self, grid: Grid, box: Box) -> Cells:
        assert box.bottom is not None
        assert box.right is not None
        if box.top >= box.bottom or box.left >= box.right:
            raise Failed("#REF!")
        if (min(box.bottom, len(grid.store.order)) - box.top) * (box.right - box.left) > MOST_CELLS:
            raise Failed("#ERROR!")
        single = box.bottom - box.top == 1 and box.right - box.left == 1
        rows = grid.matrix(box)
        values = [[self.come_to(grid, cell) for cell in row] for row in rows]
        return Cells(values if values else [[""]] if single else [])

    def come_to(self, grid: Grid, cell: Any) -> Any:
        if not isinstance(cell, dict):
            return cell
        kind, value = evaluate(cell["f"], self.book, grid, self.depth + 1) if "f" in cell else ("error", cell["e"])
        if kind == "error":
            raise Failed(str(value))
        return value

    def named(self, name: str) -> Any:
        upper = name.upper()
        if not self._op("("):
            if upper in ("TRUE", "FALSE"):
                return upper == "TRUE"
            found = self.book.named(name)
            if found is None:
                raise Failed("#NAME?")
            grid = self.book.sheet(found["range"].get("sheetId", 0))
            from .grid import box_of

            return self.cells(grid, grid.closed(box_of(found["range"])))
        arguments = self.arguments()
        if upper == "SHEETS" and not arguments:
            return len(self.book.sheets)
        function = FUNCTIONS.get(upper)
        if function is None:
            raise Failed("#NAME?")
        try:
            return function(*arguments)
        except TypeError:
            raise Failed("#N/A") from None

    def arguments(self) -> list[Any]:
        found: list[Any] = []
        self.nested += 1
        if self.nested > DEEPEST:
            raise Failed("#ERROR!")
        if not self._op(")"):
            found.append(self.comparison())
            while self._op(",", ";"):
                found.append(self.comparison())
            if not self._op(")"):
                raise Failed("#ERROR!")
        self.nested -= 1
        return found


def _compare(op: str, one: Any, two: Any) -> bool:
    def order(value: Any) -> tuple[int, Any]:
        if isinstance(value, bool):
            return 2, value
        if isinstance(value, int | float):
            return 0, value
        return 1, str(value).casefold()

    if one == "" and isinstance(two, int | float):
        one = 0
    if two == "" and isinstance(one, int | float):
        two = 0
    a, b = order(one), order(two)
    return {"=": a == b, "<>": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[op]


def _numbers(arguments: tuple[Any, ...]) -> list[float]:
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, Cells):
            found += [v for v in argument.flat() if isinstance(v, int | float) and not isinstance(v, bool)]
        else:
            found.append(_number(argument))
    return found


def _average(*arguments: Any) -> float:
    found = _numbers(arguments)
    if not found:
        raise Failed("#DIV/0!")
    return sum(found) / len(found)


def _counted(*arguments: Any) -> int:
    return sum(len([v for v in a.flat() if v != ""]) if isinstance(a, Cells) else 1 for a in arguments)


def _if(condition: Any, then: Any, otherwise: Any = False) -> Any:
    return then if _number(condition) else otherwise


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *a: sum(_numbers(a)),
    "AVERAGE": _average,
    "MIN": lambda *a: min(_numbers(a), default=0),
    "MAX": lambda *a: max(_numbers(a), default=0),
    "COUNT": lambda *a: len(list(_numbers(tuple(x for x in a if isinstance(x, Cells))))),
    "COUNTA": _counted,
    "IF": _if,
    "ABS": lambda a: abs(_number(a)),
    "CONCATENATE": lambda *a: "".join(_text(v) for v in a),
    "UPPER": lambda a: _text(a).upper(),
    "LOWER": lambda a: _text(a).lower(),
    "LEN": lambda a: len(_text(a)),
    "TRIM": lambda a: " ".join(_text(a).split()),
    "TRUE": lambda: True,
    "FALSE": lambda: False,
    "HYPERLINK": lambda url, label=None: _text(url) if label is None else _single(label),
}
