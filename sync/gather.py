"""The first step of a cycle: one read that shows everything worth looking at.

Which tabs there are is remembered from the last look (`store.tabs`); `_crm`'s row says whether tabs were added, and a
refused range that one is gone. Gives a `Picture`; decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from core.model import Cell
from store.tabs import TabState
from sync import crm
from sync.link import WINDOW_ROWS
from sync.ranges import GridRange
from sync.sheets import Rows, Sheets, read

WHOLE_ROWS = 20_000  # up to which every cycle sees everything
SYSTEM_ROLES = ("master", "activity", "attention", "settings", "team", "crm")
GLANCE_ROWS = 30  # of tabs that are not sources, to notice when one becomes a table of leads


@dataclass(frozen=True, slots=True)
class TabRead:
    """Rows of a tab from row 0; `complete` where all of it was read."""

    tab: TabState
    rows: Rows
    digest: str
    complete: bool

    def seen(self) -> TabState:
        """The tab, remembered as it was read now."""
        header = self.rows[0] if self.rows else ()
        return replace(self.tab, header=header, rows=len(self.rows), digest=self.digest)


@dataclass(frozen=True, slots=True)
class Picture:
    """What one cycle has seen."""

    head: crm.Head | None
    tabs: tuple[TabRead, ...]

    def of(self, role: str) -> TabRead | None:
        """The one tab of a role of ours, if it was read."""
        return next((one for one in self.tabs if one.tab.role == role), None)

    def sources(self) -> Iterator[TabRead]:
        return (one for one in self.tabs if one.tab.role == "source")

    def others(self) -> Iterator[TabRead]:
        return (one for one in self.tabs if one.tab.role not in (*SYSTEM_ROLES, "source"))


def gather(sheets: Sheets, tabs: Sequence[TabState]) -> Picture:
    """One read. Raises SheetsProblem."""
    looked_at = [tab for tab in tabs if tab.role not in ("activity", "attention")]
    answers = read(sheets, [_range(tab) for tab in looked_at])
    head: crm.Head | None = None
    found: list[TabRead] = []
    for tab, rows in zip(looked_at, answers, strict=True):
        if tab.role == "crm":
            head = crm.parse_head(rows[0] if rows else ())
        else:
            complete = tab.role in (*SYSTEM_ROLES, "source")
            found.append(TabRead(tab, rows, digest(rows), complete))
    return Picture(head, tuple(found))


def _range(tab: TabState) -> GridRange:
    if tab.role == "crm":
        return GridRange(tab.sheet_id, 0, 1, 0, crm.HEAD_COLUMNS)
    if tab.role in (*SYSTEM_ROLES, "source"):
        return GridRange(tab.sheet_id)
    return GridRange(tab.sheet_id, 0, GLANCE_ROWS)


def digest(rows: Sequence[Cell] | Sequence[Sequence[Cell]]) -> str:
    """Names what a tab or row says; equal rows have equal digests."""
    return hashlib.blake2b(orjson.dumps(rows), digest_size=12).hexdigest()


def windows(sheets: Sheets, sheet_id: int, first_row: int, grid_rows: int) -> Iterator[tuple[int, Rows]]:
    """All rows of a tab from `first_row` on, a read for each 20,000: (first row, rows). `grid_rows` is the size of its
    grid, blank rows included: a range that begins behind it is refused."""
    for start in range(first_row, grid_rows, WINDOW_ROWS):
        part = read(sheets, [GridRange(sheet_id, start, min(start + WINDOW_ROWS, grid_rows))])[0]
        if part:
            yield start, part
