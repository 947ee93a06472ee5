"""Where a tab's header stands, and which rows under it are furniture: titles above, totals below, the header again.

Where it stands: the sync asks for a tab's `Top` before `columns.recognise`, and leaves furniture out of what it cleans.

The header is the first of the top rows that names a phone and a name or e-mail (or has a `lead_id`). Where no row does
so alone, two rows that do it together: a title that stands over several columns ("Child") goes before the titles under
it ("Name", "Age"), and one that was merged downwards stands for the blank below it. Else it is the first row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.columns import NAME_FIELDS
from core.config import Config
from core.headers import field_of, tight_table
from core.model import Cell
from core.text import cell_text, fold, tidy

TOP_ROWS = 15  # in which a header is looked for
_LONGEST = 120  # signs of a title; a question of a form may be long
_NUMBERS = re.compile(r"\d[\d ().-]{4,}|@")
_OF_STAFF = frozenset(("staff", "employee", "employees", "vendor", "vendors", "supplier", "suppliers"))
_SECTION = re.compile(
    r"[-–—=*#]{2,}.*|(?:week|batch|page|section|month)\s*[-:#]?\s*\d*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[\s,'’-]*(?:20)?\d\d",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:grand |sub ?)?(?:totals?|sum|count)(?: (?:of )?(?:leads?|rows?|records?|enquir\w+|count|no))?(?: \d+)?"
)


@dataclass(frozen=True, slots=True)
class Top:
    """A tab's header: `row`, the 0-based row under which the leads begin, and its titles."""

    row: int = 0
    header: tuple[Cell, ...] = ()


def find_top(rows: Sequence[Sequence[Cell]], config: Config) -> Top:
    """The header of a tab from its first rows."""
    tight = tight_table(config.column_synonyms)
    top = rows[:TOP_ROWS]
    for at, row in enumerate(top):
        if _names_leads(row, config, tight):
            if at + 1 < len(top) and _goes_on(row, top[at + 1], config, tight):
                return Top(at + 1, _stacked(row, top[at + 1]))
            return Top(at, _grouped(top[at - 1], row) if at else tuple(row))
    for at in range(1, len(top)):
        both = _stacked(top[at - 1], top[at])
        if _names_leads(both, config, tight):
            return Top(at, both)
    return Top(0, tuple(rows[0]) if rows else ())


def _names_leads(row: Sequence[Cell], config: Config, tight: dict[str, str]) -> bool:
    titles = [tidy(cell_text(cell)) for cell in row if cell not in (None, "")]
    if len(titles) < 2 or any(len(title) > _LONGEST or _NUMBERS.search(title) for title in titles):
        return False
    fields = {field_of(title, config.column_synonyms, tight)[0] for title in titles}
    if any(fold(title) == "lead id" for title in titles):
        return True
    return bool(fields & {"phone_number", "other_phones"}) and bool(fields & (NAME_FIELDS | {"email"}))


def _goes_on(above: Sequence[Cell], row: Sequence[Cell], config: Config, tight: dict[str, str]) -> bool:
    """Whether a second row of titles stands under merged ones: nothing but titles, some of them under a blank."""
    if not any(cell not in (None, "") and (at >= len(above) or above[at] in (None, "")) for at, cell in enumerate(row)):
        return False
    titles = [tidy(cell_text(cell)) for cell in row if cell not in (None, "")]
    return len(titles) > 1 and all(field_of(title, config.column_synonyms, tight)[0] for title in titles)


def _grouped(above: Sequence[Cell], row: Sequence[Cell]) -> tuple[Cell, ...]:
    """Titles that stand more than once, with the title over them in front: a parent's Name and a child's Name."""
    times = Counter(fold(cell_text(cell)) for cell in row)
    if max((count for title, count in times.items() if title), default=0) < 2:
        return tuple(row)
    over = _spread(above, len(row))
    return tuple(
        f"{group} {cell_text(cell)}" if group and cell not in (None, "") and times[fold(cell_text(cell))] > 1 else cell
        for group, cell in zip(over, row, strict=True)
    )


def _spread(above: Sequence[Cell], width: int) -> list[str]:
    """Merged titles: each stands over the blanks on its right."""
    titles = [tidy(cell_text(cell)) for cell in above]
    if sum(map(bool, titles)) < 2:  # one title over all is the tab's name
        return [""] * width
    spread: list[str] = []
    for title in [*titles, *[""] * width][:width]:
        spread.append(title or (spread[-1] if spread else ""))
    return spread


def _stacked(above: Sequence[Cell], row: Sequence[Cell]) -> tuple[Cell, ...]:
    """Two rows as one header."""
    width = max(len(above), len(row))
    upper, lower = [*above, *[None] * width][:width], [*row, *[None] * width][:width]
    merged = [up if low in (None, "") else low for up, low in zip(upper, lower, strict=True)]
    return _grouped(above, merged)


def names_others(title: str) -> bool:
    """Whether a tab's title says that it lists people who are no leads."""
    return bool(_OF_STAFF.intersection(fold(title).split()))


def is_furniture(cells: Sequence[Cell], header: Sequence[Cell]) -> bool:
    """Whether a row under the header is the header once more, a total or a title between rows (`March 2026`), and no
    lead."""
    told = [cell_text(cell).strip() for cell in cells if cell not in (None, "")]
    if not told or len(told) > len(header):
        return False
    first = fold(told[0])
    if first.startswith(("total", "grand", "sub", "sum", "count")) and len(told) <= 4 and _TOTAL.fullmatch(first):
        return not any(_NUMBERS.search(text) for text in told)
    if len(told) < 2:
        return len(header) > 1 and _SECTION.fullmatch(told[0]) is not None
    titles = _titles(tuple(header))
    return all(fold(text) in titles for text in told)


@lru_cache(maxsize=100)
def _titles(header: tuple[Cell, ...]) -> frozenset[str]:
    return frozenset(fold(cell_text(cell)) for cell in header)
