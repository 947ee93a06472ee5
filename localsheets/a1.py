"""A1 notation: `'Sheet 1'!A2:C` to a range of a grid and back, quoted only where Google quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import bad_request

_CELL = re.compile(r"^\$?([A-Za-z]{1,3})?\$?([0-9]+)?$")
_BARE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_LIKE_A1 = re.compile(r"^[A-Za-z]{1,3}[0-9]+$")
_LIKE_R1C1 = re.compile(r"^[Rr]([0-9]*)([Cc][0-9]*)?$|^[Cc][0-9]*$")
_R1C1 = re.compile(r"^R([0-9]+)?(?:C([0-9]+)?)?$")


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open rectangle of cells, zero-based; an end of None is open (to the end of the grid)."""

    top: int = 0
    bottom: int | None = None
    left: int = 0
    right: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What an A1 text names: the sheet's title (None: not said), the box, and whether it was one single cell."""

    title: str | None
    box: Box
    cell: bool = False
    whole: bool = False


def letters(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    text = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def column_number(text: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for char in text.upper():
        number = number * 26 + ord(char) - 64
    return number - 1


def split_title(text: str) -> tuple[str | None, str | None]:
    """(title, cells) of `'It''s'!A1`, `Sheet1!A1` or a bare text (None, text); cells is None for a quoted title
    alone."""
    if text.startswith("'"):
        end = 1
        while end < len(text):
            if text[end] == "'":
                if text[end + 1 : end + 2] != "'":
                    break
                end += 1
            end += 1
        title, rest = text[1:end].replace("''", "'"), text[end + 1 :]
        if end >= len(text) or (rest and not rest.startswith("!")):
            raise bad_request(f"Unable to parse range: {text}")
        return title, rest[1:] if rest else None
    if "!" in text:
        title, _, cells = text.rpartition("!")
        return title, cells
    return None, text


def parse_cells(text: str) -> tuple[Box, bool] | None:
    """The box of `A1`, `A1:B2`, `B2:A1`, `A:C`, `2:5`, `A2:C`, `A2:5`, `R1C1:R2C2`; None where it is no range."""
    first, colon, second = text.partition(":")
    start = _corner(first)
    end = _corner(second) if colon else start
    if start is None or end is None:
        return None
    if not colon and (start[0] is None or start[1] is None):
        return None
    rows = [n for n in (start[0], end[0]) if n is not None]
    columns = [n for n in (start[1], end[1]) if n is not None]
    top, bottom = _side(start[0], end[0], rows)
    left, right = _side(start[1], end[1], columns)
    return Box(top, bottom, left, right), not colon


def _side(start: int | None, end: int | None, known: list[int]) -> tuple[int, int | None]:
    if not known:
        return 0, None
    if start is None or end is None:
        return known[0], None
    return min(known), max(known) + 1


def _corner(text: str) -> tuple[int | None, int | None] | None:
    """(row, column), zero-based, of one corner; either may be missing, not both."""
    match = _CELL.match(text)
    if match and text:
        column, row = match.groups()
        if (column or row) and row != "0" and not (row and int(row) == 0):
            return int(row) - 1 if row else None, column_number(column) if column else None
        return None
    indexed = _R1C1.match(text)
    if indexed and (indexed.group(1) or indexed.group(2)):
        row, column = indexed.groups()
        return int(row) - 1 if row else None, int(column) - 1 if column else None
    return None


def quoted(title: str) -> str:
    """The title as it stands before the `!`: bare where that is legal, else in single quotes."""
    if _BARE.match(title) and not _LIKE_A1.match(title) and not _LIKE_R1C1.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def shown(title: str, box: Box) -> str:
    """The range as Google answers it, or names it in a refusal: `A1001:B` and `AA1:2` where an end is open (one of
    them at most)."""
    first = f"{letters(box.left)}{box.top + 1}"
    last = f"{'' if box.right is None else letters(box.right - 1)}{'' if box.bottom is None else box.bottom}"
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")
