"""A glance at people's columns of many rows of Master: which say what they said, and which want a closer look.

Between `sync.gather` and `sync.seeing`, which reads the rows that want it, whole, and takes them in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from sqlalchemy import Connection

from core.config import Config
from core.reading import HOT_GAP, HOT_RANGES, joined
from store import mirror
from store.database import reading
from store.mirror import SeenRow
from sync.batch import MasterShape
from sync.cells import id_of
from sync.errors import Refused
from sync.gather import Part, TabRead
from sync.link import Link
from sync.people import Digests, id_in
from sync.ranges import GridRange
from sync.reading import read
from sync.window import Window

_COPIES = 50  # rows at once that may be copies and are looked at; of more the ids are
_SOMEBODY = ("full_name", "phone_number", "email")


@dataclass(frozen=True, slots=True)
class Glance:
    """Leads whose columns say what they said, those of them that stand in another row (1-based) now, rows to look at
    closer, and leads that no longer stand where they stood: deleted, or moved to where nobody has looked yet. `before`:
    where leads were seen last, of all that were compared. `shown`: by row, the ids that were compared."""

    as_they_were: tuple[str, ...] = ()
    moved: tuple[tuple[str, int], ...] = ()
    closer: tuple[int, ...] = ()
    gone: tuple[str, ...] = ()
    before: Mapping[str, SeenRow] = field(default_factory=dict)
    shown: Mapping[int, str] = field(default_factory=dict)

    def but(self, leads: Collection[str]) -> Glance:
        """Without these leads; the rows to look at closer stay."""
        same = tuple(one for one in self.as_they_were if one not in leads)
        moved = tuple(one for one in self.moved if one[0] not in leads)
        return replace(self, as_they_were=same, moved=moved, gone=tuple(i for i in self.gone if i not in leads))


def glance(conn: Connection, window: Window, shape: MasterShape, config: Config) -> Glance:
    """Compare with what was seen last. Where the columns have been moved about since, every row wants a closer look."""
    digests, first = Digests(shape, config), window.first + 1
    if window.columns != digests.columns:
        return Glance(closer=tuple(range(first, first + len(window.rows))))
    at = window.columns.index(shape.columns["lead_id"])
    ids = [id_of(row[at]) for row in window.rows]
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
        else:
            same.append(lead_id)
            moved += [(lead_id, number)] if known.row != number else []
    return Glance(tuple(same), tuple(moved), tuple(closer), gone, before, dict(enumerate(ids, first)))


def look_around(link: Link, seen: TabRead, glimpsed: Glance, shape: MasterShape) -> tuple[tuple[Part, ...], Glance]:
    """The rows that want a closer look, with those where leads that were read elsewhere stood last: if they stand there
    still, what was read is a copy. And the glance, but for these leads. No read where there are none of them, else one,
    and where they are many another before it: most were moved, and the ids alone tell who stands twice."""
    with reading(link.engine) as conn:
        astray = _astray(conn, glimpsed, seen.parts, shape)
    behind = _places(glimpsed.shown, astray) if len(astray) <= _COPIES else _twice(link, shape, astray)
    rows = {*glimpsed.closer, *chain.from_iterable(behind.values())}
    parts = look_closer(link, seen.tab.sheet_id, sorted(rows))
    with reading(link.engine) as conn:
        further = _astray(conn, glimpsed, (*seen.parts, *parts), shape).keys() - astray if parts else ()
    return _without(parts, further, shape), glimpsed.but(behind)


def _places(shown: Mapping[int, str], astray: Mapping[str, int]) -> dict[str, list[int]]:
    """The rows where leads stood last and those that show them now."""
    places = {lead_id: [row] for lead_id, row in astray.items()}
    for row, lead_id in shown.items():
        if lead_id in places:
            places[lead_id].append(row)
    return places


def _twice(link: Link, shape: MasterShape, leads: Collection[str]) -> dict[str, list[int]]:
    """Those of the leads whose id stands in several rows, with these. One read."""
    column = shape.columns["lead_id"]
    cells = read(link.sheets, [GridRange(shape.sheet_id, 1, None, column, column + 1)])[0]
    places: dict[str, list[int]] = {}
    for row, cell in enumerate(cells, 2):
        if cell and (lead_id := id_of(cell[0])) in leads:
            places.setdefault(lead_id, []).append(row)
    return {lead_id: rows for lead_id, rows in places.items() if len(rows) > 1}


def last_seen(conn: Connection, ids: Iterable[str], before: Mapping[str, SeenRow]) -> dict[str, SeenRow]:
    """Where these leads were seen last, as far as they were: asked of the store only where it is not known `before`."""
    wanted = dict.fromkeys(ids)
    found = {lead_id: before[lead_id] for lead_id in wanted if lead_id in before}
    return found | {one.lead_id: one for one in mirror.seen_leads(conn, (i for i in wanted if i not in found))}


def _astray(conn: Connection, glimpsed: Glance, parts: Sequence[Part], shape: MasterShape) -> dict[str, int]:
    """Leads that were read in other rows than the one (1-based) where they stood last, with that: as far as it was not
    read, or shows them still and they were not all read whole. Also near by: an insert moves a row as a copy does."""
    whole = {number: id_in(shape, row) for part in parts for number, row in part.body()}
    read = {**glimpsed.shown, **whole}
    last = {**glimpsed.before, **last_seen(conn, filter(None, whole.values()), glimpsed.before)}
    moved = ((i, one.row, number) for number, i in read.items() if (one := last.get(i)) and one.row != number)
    there = ((i, row, number) for i, row, number in moved if 0 < row <= shape.last_row and read.get(row, i) == i)
    return {lead_id: row for lead_id, row, number in there if row not in whole or number not in whole}


def _without(parts: Sequence[Part], leads: Collection[str], shape: MasterShape) -> tuple[Part, ...]:
    """But for the rows of these leads: they were looked at for another's sake, and where they stood by nobody."""
    if not leads:
        return tuple(parts)
    rows = (pair for part in parts for pair in part.body())
    return tuple(Part(number - 1, (row,)) for number, row in rows if id_in(shape, row) not in leads)


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
