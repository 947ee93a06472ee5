"""One given value into one cell: as it is, or as if typed; what every write of plain values ends in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .book import Book
from .errors import bad_request
from .follow import Json
from .grid import Grid
from .storage.history import Journal
from .storage.rows import Row

DATE_TYPES = frozenset({"DATE", "TIME", "DATE_TIME"})


@dataclass(frozen=True, slots=True)
class Write:
    """One write at hand: the account for protections, the moment (unix seconds) and the journal."""

    account: str
    at: float
    journal: Journal
    raw: bool = True


def enter(book: Book, grid: Grid, row: Row, position: int, column: int, slot: int, value: Any, write: Write) -> None:
    """Puts one given value into a cell: as it is, or as if typed."""
    if write.raw or not isinstance(value, str):
        row.put(slot, stored(value))
        return
    held = _held_format(grid, row, position, column, slot)
    if held.get("type") == "TEXT" and value:
        row.put(slot, value.removeprefix("'"))
        return
    entered = book.parse(value, book.locale)
    if entered.kind == "formula":
        row.put(slot, {"f": storable(str(entered.value))})
    elif entered.kind == "error":
        row.put(slot, {"e": str(entered.value)})
    else:
        row.put(slot, stored(entered.value))
    if entered.number_format is not None and _gives_way(held, entered.number_format.type):
        data = grid.data(row, position, column)
        pattern = {"pattern": entered.number_format.pattern} if entered.number_format.pattern else {}
        found = {**data.get("userEnteredFormat", {}), "numberFormat": {"type": entered.number_format.type, **pattern}}
        grid.set_data(row, position, column, {**data, "userEnteredFormat": found})


def _held_format(grid: Grid, row: Row, position: int, column: int, slot: int) -> Json:
    """The number format that a cell has already, its own or from a broad write."""
    if str(slot) not in row.extra and not grid.doc.get("layers"):
        return {}
    held = grid.data(row, position, column).get("userEnteredFormat", {}).get("numberFormat", {})
    return held if isinstance(held, dict) else {}


def _gives_way(held: Json, typed: str) -> bool:
    """Whether the format that typing brings replaces the one there: dates replace numbers and the other way round."""
    kind = str(held.get("type", ""))
    return not kind or (kind in DATE_TYPES) != (typed in DATE_TYPES)


def stored(value: Any) -> Any:
    """A scalar as it is kept: numbers are doubles, whole ones within 2^53 as integers; None is blank."""
    if value is None:
        return ""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, bool):
        return value
    number = float(value)
    if not math.isfinite(number):
        raise bad_request("Invalid value: not a finite number")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def storable(text: str) -> str:
    """The text; ApiError 400 where it holds half a surrogate pair, which no UTF-8 can carry."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("Invalid value: the text is not valid Unicode") from None
    return text
