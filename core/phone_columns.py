"""Columns of phones read quickly, where most cells are one Indian mobile, alone or with words around it.

Where it stands: `readers` asks it for a column of source cells. `core.phones` says what a cell means; nothing is known
here that it has not said of another mobile in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from core.config import Config
from core.model import Cell
from core.phones import FILLERS, ONE_MOBILE, PhoneReading, parse
from core.text import parted

_Else = TypeVar("_Else")
# 91 may be the country's code before eight digits: the blanks behind it tell, and they are gone here.
_COLUMN = re.compile(rf"(?!91\d{{8}}\D){ONE_MOBILE}\0|[^\0]*+\0", re.ASCII)
_NONE = FILLERS | {""}
_SAME_AS = [
    (sign.encode(), plain.encode())
    for sign, plain in [
        *((blank, "") for blank in "\u00a0\u200e\u202c–"),
        *((chr(0x966 + n), str(n)) for n in range(10)),
    ]
]  # in UTF-8: a text with a sign beyond Latin is four times as wide to look through
_WORDED = re.compile(r"(\D*+(?:\d{1,4}\D*)?)([6-9]\d{4})([ .-]?)(\d{5})(\D*+)", re.ASCII)
_MOST_WORDINGS = 5_000


def indian_mobiles(cells: Sequence[Cell], otherwise: Callable[[Cell], _Else]) -> list[str | _Else]:
    """For each cell of a column E.164 where it is one Indian mobile and nothing else, the case of most cells; what
    `otherwise` says of it where it is not. The whole column is one text here, which costs a third of single cells."""
    text = parted(cells)
    column = text.encode(errors="replace")
    if not text.isascii():
        for sign, plain in _SAME_AS:
            column = column.replace(sign, plain)
    typed = _COLUMN.findall(column.translate(None, b" -()").decode())
    if len(typed) != len(cells):  # a cell holds the sign that parts them
        return [otherwise(cell) for cell in cells]
    return [otherwise(cell) if digits in _NONE else "+91" + digits for digits, cell in zip(typed, cells, strict=True)]


class Wordings:
    """Remembers what cells say in which a mobile stands between the same words: from `9876543210 (wife)` it knows
    what `9812345670 (wife)` says."""

    __slots__ = ("_config", "_known")

    def __init__(self, config: Config) -> None:
        self._config = config
        self._known: dict[tuple[str, str, str], tuple[str, str] | None] = {}  # wording -> what stands around in `words`

    def read(self, cell: Cell) -> PhoneReading:
        """What `phones.parse` says of a source cell."""
        found = _WORDED.fullmatch(cell) if isinstance(cell, str) and self._config.phone_region == "IN" else None
        if found is None:
            return parse(cell, self._config)
        before, first, gap, second, behind = found.groups()
        digits, typed = first + second, first + gap + second
        if digits in FILLERS:
            return parse(cell, self._config)
        around = self._known.get((before, gap, behind))
        if around is None:
            reading = parse(cell, self._config)
            if reading.phones == ("+91" + digits,) and not reading.doubt:
                self._remember((before, gap, behind), reading.words, typed)
            return reading
        return PhoneReading(("+91" + digits,), "", typed.join(around) if any(around) else "")

    def _remember(self, wording: tuple[str, str, str], words: str, typed: str) -> None:
        """Keeps a wording that says nothing but its mobile; any other is looked at each time."""
        if len(self._known) >= _MOST_WORDINGS:
            self._known.clear()
        before, found, behind = words.partition(typed)
        if not words or (found and (before or behind) and typed not in behind):
            self._known[wording] = (before, behind)
