"""People's columns of a part of a large Master: which they are, how they are asked for, what came.

What only we write (scores, moments, where a lead came from) is half of a row's bytes and comes with the few rows that
every cycle reads whole (`core.reading`). Between `sync.gather`, which reads, and `sync.glancing`, which compares. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from core import fields
from core.model import Cell
from core.reading import joined
from core.text import fold
from sync.ranges import GridRange

_OURS = frozenset(
    (
        "lead_score", "status_updated_date", "customer_segment", "potential_value", "engagement_strategy",
        "library_benefits", "household", "source_tab", "source_key", "created_at", "updated_at",
    )
)  # fmt: skip
_BY_FOLDED = {fold(name): name for name in fields.NAMES}


@dataclass(frozen=True, slots=True)
class Window:
    """Rows [first, last), 0-based, blank ones at the end left out; each has a cell ("" blank) for each of `columns`
    (0-based)."""

    first: int
    last: int
    columns: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


def columns_of(header: Sequence[Cell]) -> Mapping[str, int]:
    """Where each of our columns stands. Of two columns with one name the first is ours."""
    columns: dict[str, int] = {}
    for column, cell in enumerate(header):
        name = _BY_FOLDED.get(fold(str(cell))) if cell is not None else None
        if name and name not in columns:
            columns[name] = column
    return columns


def contested(header: Sequence[Cell]) -> frozenset[int]:
    """The columns that share the name of one of ours: nobody can tell which of them is meant."""
    names = [_BY_FOLDED.get(fold(str(cell))) if cell is not None else None for cell in header]
    often = Counter(names)
    return frozenset(column for column, name in enumerate(names) if name and often[name] > 1)


def own_titles(header: Sequence[Cell], ours: Collection[int]) -> dict[str, int]:
    """People's own columns by their titles, those of `ours` left out. Of several with one title each says which of how
    many it is, as only that tells them apart: "Remarks (2 of 3)"; with another number of them it is another name."""
    own = [(str(title), c) for c, title in enumerate(header) if title not in (None, "") and c not in ours]
    often, met = Counter(title for title, _ in own), Counter[str]()
    found = {title: c for title, c in own if often[title] == 1}
    for title, column in own:
        if often[title] > 1:
            met[title] += 1
            name = f"{title} ({met[title]} of {often[title]})"
            while name in found:  # somebody calls another column just so
                name += " again"
            found[name] = column
    return found


def numbered(header: Sequence[Cell]) -> tuple[str, ...]:
    """The titles that several columns share."""
    often = Counter(str(title) for title in header if title not in (None, ""))
    return tuple(sorted(title for title, times in often.items() if times > 1))


def peoples(header: Sequence[Cell]) -> tuple[int, ...]:
    """The columns that people type in, the lead_id and their own ones included; all that have a title but ours."""
    ours = {column for name, column in columns_of(header).items() if name in _OURS}
    return tuple(c for c, title in enumerate(header) if title not in (None, "") and c not in ours)


def ranges(sheet_id: int, rows: tuple[int, int], columns: Sequence[int]) -> list[GridRange]:
    """These columns of the rows [first, last), those side by side in one range."""
    spans = joined((column, column + 1) for column in columns)
    return [GridRange(sheet_id, *rows, first, last) for first, last in spans]


def window_of(wanted: Sequence[GridRange], answers: Sequence[Sequence[Sequence[Cell]]]) -> Window:
    """The answers to `ranges`, column by column, as rows."""
    spans = [range(one.column, one.column_end or 0) for one in wanted]
    columns = [
        column
        for span, found in zip(spans, answers, strict=True)
        for column in chain(found, [()] * (len(span) - len(found)))
    ]
    rows = tuple(zip_longest(*columns, fillvalue=""))
    return Window(wanted[0].row, wanted[0].row_end or wanted[0].row, tuple(chain(*spans)), rows)
