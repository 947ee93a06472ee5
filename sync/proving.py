"""Proof of the last flush by a later read: its own answer is not promised to show what people did in the same instant.

The poll of the next cycle brings the journal along, and a flush that would write over a journal nobody has looked at
reads it first. Between `sync.gather` or `sync.flush` and `sync.judging`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from store import state
from store.database import reading
from sync import journal, straighten
from sync.judging import area_of, judge
from sync.link import Link
from sync.ranges import GridRange
from sync.reading import Rows, read
from sync.restore import FENCE, UNREAD

UNPROVEN = "unproven"  # the journal's area and how many rows of it the last flush used


def owe(conn: Connection, area: int, rows: int) -> None:
    """A flush has landed by its own account."""
    if rows:
        state.put(conn, UNPROVEN, f"{area} {min(rows, journal.ROWS)}")


def settled(conn: Connection) -> None:
    """The last flush was judged, and put right where it went astray."""
    state.forget(conn, UNPROVEN)


def wanted(link: Link, crm_sheet: int) -> list[GridRange]:
    """What to read for the proof that is owed: the journal's head, and of its area the header, the rows as they stood,
    what was written, the header as it was aimed by. Empty where nothing is owed."""
    with reading(link.engine) as conn:
        owed = state.get(conn, UNPROVEN)
    if not owed:
        return []
    area, rows = map(int, owed.split())
    first = journal.first_row(area)
    spans = [(first, 1 + rows), (first + 1 + journal.ROWS, rows), (first + 1 + 2 * journal.ROWS, 1)]
    head = GridRange(crm_sheet, journal.HEAD_ROW, journal.HEAD_ROW + 1)
    return [head, *(GridRange(crm_sheet, row, row + count) for row, count in spans)]


def holds(found: Sequence[Rows]) -> bool:
    """Whether what was read of the journal says that everything came to where it was meant. An edited one says so."""
    head, stood, written, aimed = found
    kept = journal.parse_journal(head[0] if head else ())
    if kept is None:
        return True
    rows: list[tuple[object, ...]] = [()] * journal.AREA_ROWS
    for start, part in ((0, stood), (1 + journal.ROWS, written), (1 + 2 * journal.ROWS, aimed)):
        rows[start : start + len(part)] = part
    area = area_of(kept, rows)  # type: ignore[arg-type]  # rows of cells
    judged = judge(area)
    astray = set(judged.changes) - set(kept.redo)
    return not (judged.turns or astray or straighten.shifted(area))


def accept(conn: Connection, found: Sequence[Rows]) -> bool:
    """Remembers that the last flush is proven, if what was read of the journal says so, or that its effects are to be
    found out; whether it is."""
    proven = holds(found)
    if proven:
        settled(conn)
    else:
        state.put(conn, FENCE, UNREAD)
    return proven


def prove(link: Link, crm_sheet: int) -> bool:
    """Reads what is owed, where anything is: False where the last flush went astray. Raises SheetsProblem."""
    ranges = wanted(link, crm_sheet)
    if not ranges:
        return True
    found = read(link.sheets, ranges)
    with link.engine.begin() as conn:
        return accept(conn, found)
