"""A glance at people's columns of many rows of Master: which say what they said, and which want a closer look.

Between `sync.gather` and `sync.seeing`, which reads the rows that want it, whole, and takes them in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.config import Config
from core.reading import HOT_GAP, HOT_RANGES, joined
from store import mirror
from sync.batch import MasterShape
from sync.errors import Refused
from sync.gather import Part
from sync.link import Link
from sync.people import Digests
from sync.ranges import GridRange
from sync.sheets import read
from sync.window import Window

_SOMEBODY = ("full_name", "phone_number", "email")


@dataclass(frozen=True, slots=True)
class Glance:
    """Leads whose columns say what they said, those of them that stand in another row (1-based) now, rows to look at
    closer, and leads that no longer stand where they stood: deleted, or moved to where nobody has looked yet."""

    as_they_were: tuple[str, ...] = ()
    moved: tuple[tuple[str, int], ...] = ()
    closer: tuple[int, ...] = ()
    gone: tuple[str, ...] = ()


def glance(conn: Connection, window: Window, shape: MasterShape, config: Config) -> Glance:
    """Compare with what was seen last. Where the columns have been moved about since, every row wants a closer look."""
    digests, first = Digests(shape, config), window.first + 1
    if window.columns != digests.columns:
        return Glance(closer=tuple(range(first, first + len(window.rows))))
    at = window.columns.index(shape.columns["lead_id"])
    ids = [str(row[at]).strip() for row in window.rows]
    often = Counter(ids)
    before = {one.lead_id: one for one in mirror.seen_rows(conn, first, window.last)}
    elsewhere = dict.fromkeys(lead_id for lead_id in ids if lead_id and lead_id not in before)
    gone = tuple(lead_id for lead_id in before if lead_id not in often)
    before |= {one.lead_id: one for one in mirror.seen_leads(conn, elsewhere)}
    telling = [window.columns.index(c) for n in _SOMEBODY if (c := shape.columns.get(n)) is not None]
    same: list[str] = []
    moved: list[tuple[str, int]] = []
    closer: list[int] = []
    for number, (lead_id, row) in enumerate(zip(ids, window.rows, strict=True), first):
        if not lead_id:
            closer += [number] if any(row[column] not in ("", None) for column in telling) else []
            continue
        known = before.get(lead_id)
        if known is None or often[lead_id] > 1 or not digests.say_the_same(known.digest, row):
            closer.append(number)
            continue
        same.append(lead_id)
        if known.row != number:
            moved.append((lead_id, number))
    return Glance(tuple(same), tuple(moved), tuple(closer), gone)


def look_closer(link: Link, sheet_id: int, rows: Sequence[int]) -> tuple[Part, ...]:
    """These rows (1-based) whole: no read for none, one for any number."""
    if not rows:
        return ()
    spans = list(joined(((row - 1, row) for row in rows), HOT_GAP))
    if len(spans) > HOT_RANGES:
        spans = [(spans[0][0], spans[-1][1])]
    try:
        found = read(link.sheets, [GridRange(sheet_id, first, last) for first, last in spans])
    except Refused:
        return ()  # rows were deleted since, so that the tab is shorter: the next window shows it
    return tuple(Part(first, rows) for (first, _), rows in zip(spans, found, strict=True))
