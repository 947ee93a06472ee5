"""The first step of a cycle: one read that shows everything worth looking at.

Which tabs there are is remembered from the last look (`store.tabs`); `_crm`'s row says whether tabs were added, and a
refused range that one is gone. Gives a `Picture`; decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from core.model import Cell
from core.reading import Sized, asks, sees_everything, window
from store.tabs import TabState
from sync import crm
from sync.link import WINDOW_ROWS
from sync.ranges import GridRange
from sync.reading import Rows, read, read_on
from sync.sheets import Sheets, metadata
from sync.window import Window, columns_of, peoples, ranges, window_of

SYSTEM_ROLES = ("master", "activity", "attention", "settings", "team", "crm")
GLANCE_ROWS = 30  # of tabs that are not sources, to notice when one becomes a table of leads


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a tab from the 0-based row `first` on."""

    first: int
    rows: Rows

    def body(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Its rows without the header's, each with its number (1-based)."""
        return ((number, row) for number, row in enumerate(self.rows, self.first + 1) if number > 1)


@dataclass(frozen=True, slots=True)
class TabRead:
    """What was read of a tab: all of it from row 0 where `complete`, else its header and some parts; of a large Master
    also a `window` of people's columns."""

    tab: TabState
    parts: tuple[Part, ...]
    digest: str
    complete: bool
    window: Window | None = None

    @property
    def rows(self) -> Rows:
        """The rows from row 0, as far as they were read in one piece."""
        return self.parts[0].rows if self.parts else ()

    @property
    def end_lost(self) -> bool:
        """Whether the part that should show the tab's end shows nothing: rows were deleted. A short tab ends before."""
        return not self.complete and not self.parts[-1].rows and self.tab.rows > self.parts[-1].first

    @property
    def last_row(self) -> int:
        """The number of rows with anything in them, as far as we know."""
        parts = (*self.parts, *((self.window,) if self.window else ()))
        return max((part.first + len(part.rows) for part in parts if part.rows), default=0)

    def shows(self, row: int) -> bool:
        """Whether it can be told what stands in a row (1-based), if only that it lies below all others."""
        whole = self.complete or any(part.first < row <= part.first + len(part.rows) for part in self.parts)
        return whole or row > self.last_row or (self.window is not None and self.window.first < row <= self.window.last)

    def seen(self) -> TabState:
        """The tab, remembered as it was read now."""
        header = self.rows[0] if self.rows else ()
        return replace(self.tab, header=header, rows=self.last_row, digest=self.digest)


@dataclass(frozen=True, slots=True)
class Picture:
    """What one cycle has seen."""

    head: crm.Head | None
    tabs: tuple[TabRead, ...]
    proof: tuple[Rows, ...] = ()  # of the last flush (`sync.proving`), where it was asked for
    after: str | None = None  # the fence that was remembered when the read went out

    @property
    def gone_back(self) -> bool:
        """Whether it shows less than was remembered before it was taken: the sheet was put back, or `_crm` edited."""
        known = crm.fence_of(self.after)
        return self.head is None or (known is not None and self.head.fence < known)

    def of(self, role: str) -> TabRead | None:
        """The one tab of a role of ours, if it was read."""
        return next((one for one in self.tabs if one.tab.role == role), None)

    def sources(self) -> Iterator[TabRead]:
        return (one for one in self.tabs if one.tab.role == "source")

    def others(self) -> Iterator[TabRead]:
        return (one for one in self.tabs if one.tab.role not in (*SYSTEM_ROLES, "source"))


def sized(tabs: Iterable[TabState]) -> list[Sized]:
    """The tabs whose size decides what a cycle reads."""
    return [Sized(tab.sheet_id, tab.role == "master", tab.rows) for tab in tabs if tab.role in ("master", "source")]


def gather(
    sheets: Sheets,
    tabs: Sequence[TabState],
    turn: int | None,
    hot: Callable[[], Sequence[int]],
    proof: Sequence[GridRange] = (),
) -> Picture:
    """One read. `turn` counts windows, None leaves them out; `hot` says which 0-based rows of Master are hot, asked
    only where not everything is read anyway; `proof` is read along. Raises SheetsProblem."""
    looked_at = [tab for tab in tabs if tab.role not in ("activity", "attention")]
    whole = sees_everything(sized(tabs))
    rows = () if whole else hot()
    plan = {tab.sheet_id: _ranges(tab, whole, turn, rows) for tab in looked_at}
    master = next((tab for tab in looked_at if tab.role == "master" and not whole), None)
    shown = _window(master, turn) if master else []
    wanted = [*(one for asked in plan.values() for one in asked), *proof]
    came = read(sheets, wanted, columns=shown)
    answers = iter(came[: len(wanted)])
    glimpse = window_of(shown, came[len(wanted) :]) if shown else None
    head: crm.Head | None = None
    found: list[TabRead] = []
    for tab in looked_at:
        parts = tuple(Part(one.row, next(answers)) for one in plan[tab.sheet_id])
        if tab.role == "crm":
            head = crm.parse_head(parts[0].rows[0] if parts[0].rows else ())
        else:
            complete = whole or tab.role in ("settings", "team")
            seen = glimpse if tab is master else None
            said = digest([*(part.rows for part in parts), seen.rows if seen else ()])
            found.append(TabRead(tab, parts, said, complete, seen))
    return Picture(head, tuple(found), tuple(answers))


def _ranges(tab: TabState, whole: bool, turn: int | None, hot: Sequence[int]) -> list[GridRange]:
    if tab.role == "crm":
        return [GridRange(tab.sheet_id, 0, 1, 0, crm.HEAD_COLUMNS)]
    if tab.role in ("master", "source") and not whole:
        found = asks(Sized(tab.sheet_id, tab.role == "master", tab.rows), turn, hot)
        return [GridRange(ask.sheet_id, ask.first, ask.last) for ask in found]
    if tab.role in (*SYSTEM_ROLES, "source"):
        return [GridRange(tab.sheet_id)]
    return [GridRange(tab.sheet_id, 0, GLANCE_ROWS)]


def _window(master: TabState, turn: int | None) -> list[GridRange]:
    """People's columns of the window, as the header stood when it was last read; none where that is not known."""
    rows = window(Sized(master.sheet_id, True, master.rows), turn)
    known = "lead_id" in columns_of(master.header)
    return ranges(master.sheet_id, rows, peoples(master.header)) if rows and known else []


def read_whole(sheets: Sheets, tab: TabState) -> TabRead:
    """All of a tab, however large: a read for its size and one for each 12,000 rows."""
    size = next((one.rows for one in metadata(sheets).tabs if one.tab.sheet_id == tab.sheet_id), 0)
    rows: list[tuple[Cell, ...]] = []
    for start, part in windows(sheets, tab.sheet_id, 0, size):
        rows += [()] * (start - len(rows)) + list(part)
    return TabRead(tab, (Part(0, tuple(rows)),), digest([tuple(rows)]), complete=True)


def digest(rows: Sequence[object]) -> str:
    """Names what a tab or row says; equal rows have equal digests."""
    return hashlib.blake2b(orjson.dumps(rows), digest_size=12).hexdigest()


def windows(sheets: Sheets, sheet_id: int, first_row: int, grid_rows: int) -> Iterator[tuple[int, Rows]]:
    """All rows of a tab from `first_row` on, a read for each 12,000: (first row, rows). `grid_rows` is the size of its
    grid, blank rows included: a range that begins behind it is refused."""
    starts = range(first_row, grid_rows, WINDOW_ROWS)
    wanted = [GridRange(sheet_id, start, min(start + WINDOW_ROWS, grid_rows)) for start in starts]
    return ((start, part) for start, part in zip(starts, read_on(sheets, wanted), strict=True) if part)
