"""What one cycle reads of a large spreadsheet: what is hot every time, the rest in turn.

Up to 20,000 rows everything is read in every cycle. Beyond, Master is read by its header, its end, its hot rows and a
window of 50,000 rows that moves on, of which only people's columns are read; all columns, and source tabs, come round
within the hour (rows of a form seldom change). DESIGN.md, "Seeing people's edits". Pure; `sync.gather` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.header_rows import TOP_ROWS

WHOLE_ROWS = 20_000  # of Master and all sources together
WINDOW_ROWS = 50_000  # of Master, each cycle
SOURCE_TURNS = 360  # cycles in which every source row, and every column of Master, is seen: an hour at ten seconds
SOURCE_ROWS = 200  # of these at least
HOT_ROWS = 2_000  # at most, read whole in every cycle
HOT_IN_SIGHT = 200  # of them where the window shows what people type in all rows of Master anyway
HOT_GAP = 25  # rows between two hot ones that are cheaper to read than another range
HOT_RANGES = 200  # at most: the rest waits for the window
END_ROWS = 50  # before the last known row: people delete some, and the end is still met


@dataclass(frozen=True, slots=True)
class Sized:
    """A tab and its last row with anything in it, the header's included; 0 where it has not been read."""

    sheet_id: int
    master: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Rows [first, last) of a tab, 0-based; `last` None: to its end."""

    sheet_id: int
    first: int
    last: int | None


def sees_everything(tabs: Iterable[Sized]) -> bool:
    """Whether one cycle can read it all."""
    return sum(tab.rows for tab in tabs) <= WHOLE_ROWS


def windows(rows: int) -> int:
    """How many cycles it takes until every row of Master, the header's not counted, has been read."""
    return max(1, -(-(rows - 1) // WINDOW_ROWS))


def hot_rows(master: Sized, turn: int | None) -> int:
    """How many hot rows a cycle reads whole: fewer where its window goes over all of Master, as after an import of a
    whole book. A person's edit is seen there as soon; one of a column that only we write, in the others, in turn."""
    return HOT_IN_SIGHT if turn is not None and windows(master.rows) == 1 else HOT_ROWS


def asks(tab: Sized, turn: int | None, hot: Sequence[int]) -> tuple[Ask, ...]:
    """The parts of a tab to read whole with window number `turn`, None for none (`core.pace`): first the header, last
    the end; parts do not overlap. `hot` are 0-based rows of Master."""
    top = 1 if tab.master else TOP_ROWS  # titles may stand over the header of people's tabs
    end = max(top, tab.rows - END_ROWS)  # known rows are read again, and what is typed below them is seen at once
    wanted = [(0, top), *(() if turn is None else _turns(tab, turn))]
    if tab.master:
        wanted += list(_hot(hot))[:HOT_RANGES]
    inside = [(first, min(last, end)) for first, last in wanted if first < end]
    return (*(Ask(tab.sheet_id, first, last) for first, last in joined(inside)), Ask(tab.sheet_id, end, None))


def _turns(tab: Sized, turn: int) -> Iterator[tuple[int, int]]:
    size = max(SOURCE_ROWS, -(-tab.rows // SOURCE_TURNS))
    start = turn % max(1, -(-tab.rows // size)) * size
    yield start, start + size


def window(master: Sized, turn: int | None) -> tuple[int, int] | None:
    """The rows [first, last) of which window number `turn` shows people's columns; None where it shows none. The end is
    read whole."""
    if turn is None:
        return None
    start = 1 + turn % windows(master.rows) * WINDOW_ROWS
    last = min(start + WINDOW_ROWS, max(1, master.rows - END_ROWS))
    return (start, last) if start < last else None


def _hot(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    return joined(((row, row + 1) for row in sorted(rows)), HOT_GAP)


def joined(spans: Iterable[tuple[int, int]], gap: int = 0) -> Iterator[tuple[int, int]]:
    """Spans in order, those that touch or lie no more than `gap` apart made one."""
    before: tuple[int, int] | None = None
    for first, last in sorted(spans):
        if before and first <= before[1] + gap:
            before = (before[0], max(before[1], last))
            continue
        if before:
            yield before
        before = (first, last)
    if before:
        yield before
