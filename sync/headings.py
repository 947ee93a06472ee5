"""Titles of Master's columns where some are formulas. What such a title says is not what a read of formulas gives, and
that is the read by which a flush aims: one formula in the header costs it a read more. Used by `sync.targets`,
`sync.repair` and `sync.verify`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from core.model import Cell
from sync.errors import LOOKED, Unsettled
from sync.ranges import GridRange
from sync.reading import read
from sync.sheets import Sheets
from sync.worth import is_formula


def titles(sheets: Sheets, sheet_id: int, texts: Sequence[Cell]) -> tuple[Cell, ...]:
    """What a header says that was read with formulas as text. Raises Unsettled where somebody changed it meanwhile."""
    if not any(map(is_formula, texts)):
        return tuple(texts)
    rows = read(sheets, [GridRange(sheet_id, 0, 1)])[0]
    shown = rows[0] if rows else ()
    if not same_titles(shown, texts):
        raise Unsettled(LOOKED)
    return shown


def same_titles(shown: Sequence[Cell], texts: Sequence[Cell]) -> bool:
    """Whether a header that was read with formulas as text can be one whose titles are `shown`."""
    pairs = zip_longest(shown, texts, fillvalue=None)
    return all(is_formula(text) or (text or "") == (title or "") for title, text in pairs)
