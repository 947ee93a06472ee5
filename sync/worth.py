"""What a cell or a row says, as a short name by which it is known again after it was copied to another place.

A formula is named by where its references point from where it stands, as a copy keeps that and changes the text. Used
by the journal, which has to say "if the cell still holds this" in few characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence

from core.model import Cell
from sync.ranges import column_letters

_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')")
_ELSEWHERE = re.compile(r"(![$A-Za-z0-9:]+)")  # what a formula says of another tab
_REFERENCE = re.compile(r"(?<![\w.$])(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?![\w(])")


def worth(cell: Cell, row: int, column: int) -> str:
    """The name of what a cell at a place (0-based) holds; "" for a blank one."""
    if cell is None or cell == "":
        return ""
    return hashlib.blake2b(_said(cell, row, column).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def content_of(row: Sequence[Cell], at: int = 0, but: Collection[int] = ()) -> str:
    """Names what a row at a place (0-based) holds, by which one without an id is known. What formulas fill is left out:
    the columns `but` are part of the name, so that whoever looks for it leaves out the same."""
    said = content(["" if column in but else worth(cell, at, column) for column, cell in enumerate(row)])
    return " ".join((said, *map(str, sorted(but))))


def left_out(name: str) -> frozenset[int]:
    """The columns that a name leaves out."""
    return frozenset(int(column) for column in name.split()[1:] if column.isdigit())


def content(worths: Sequence[str]) -> str:
    """The same from what its cells hold."""
    said = list(worths)
    while said and not said[-1]:
        said.pop()
    return hashlib.blake2b(" ".join(said).encode(), digest_size=12).hexdigest()


def is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith("=")


def is_broken(cell: Cell) -> bool:
    """Whether a formula has lost what it looked at, as a copy of it stood too high for that."""
    return is_formula(cell) and "#REF!" in str(cell)


def _said(cell: Cell, row: int, column: int) -> str:
    if isinstance(cell, bool):
        return f"b{cell}"
    if isinstance(cell, int | float):
        return f"n{float(cell)!r}"
    text = str(cell)
    return f"f{relative(text, row, column)}" if is_formula(text) else f"s{text}"


def relative(formula: str, row: int, column: int) -> str:
    """A formula with each reference as its distance from the cell that it stands in. What is quoted stays."""

    def distance(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, number = found.groups()
        across = letters.upper() if fixed_column else f"[{_index(letters) - column}]"
        down = number if fixed_row else f"[{int(number) - 1 - row}]"
        return f"R{down}C{across}"

    parts = _QUOTED.split(formula)
    return "".join(part if i % 2 else _REFERENCE.sub(distance, part) for i, part in enumerate(parts))


def moved(formula: str, down: int, columns: Mapping[int, int]) -> str:
    """A formula as it reads so many rows further down, where columns (0-based) of its tab went to other places."""
    parts = _QUOTED.split(formula)
    return "".join(part if i % 2 else _moved(part, down, columns) for i, part in enumerate(parts))


def _moved(part: str, down: int, columns: Mapping[int, int]) -> str:
    def step(found: re.Match[str], places: Mapping[int, int]) -> str:
        fixed_column, letters, fixed_row, number = found.groups()
        row, column = int(number) + (0 if fixed_row else down), _index(letters)
        place = column_letters(places.get(column, column))
        return f"{fixed_column}{place}{fixed_row}{row}" if row > 0 else "#REF!"

    pieces = _ELSEWHERE.split(part)
    ways = ((piece, {} if i % 2 else columns) for i, piece in enumerate(pieces))
    return "".join(_REFERENCE.sub(lambda found, places=places: step(found, places), piece) for piece, places in ways)


def _index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1
