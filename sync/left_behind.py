"""What a sort has left of a new lead: it took the lead's id and some of its words to another row, and others stay where
they were, under a wrong header, for the flush that wrote them had met a column that came or went.

The lead's own row gets them from the journal; here they go from the row in which they stayed, and where that cannot be
told, somebody is told. Pure; part of `sync.repair`, used by `sync.turns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell
from sync.cells import id_of
from sync.judging import Area, Turn, at
from sync.new_rows import Wrote, besides, kept
from sync.straighten import stood_at, wrong_columns

Rows = Mapping[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Lacking:
    """New lead `number`, whose id stands in row `home`, and by place what it was given and does not show."""

    number: int
    home: int
    words: Mapping[int, Cell]


def lacking(area: Area, new: Mapping[int, int], rows: Rows, now: Mapping[int, int]) -> list[Lacking]:
    """Of the new leads (`new`: which of them a row is) those that lack what had come under a wrong header."""
    found = []
    for home, number in new.items():
        wrote, wrong = besides(area, number, now), {*wrong_columns(area, number)}
        held = wrote.held(home, rows[home])
        words = {place: said for place, said in wrote.words().items() if place not in held}
        if area.journal.created[number] and any(wrote.places[place] in wrong for place in words):
            found.append(Lacking(number, home, words))
    return found


def left_behind(area: Area, new: Mapping[int, int], rows: Rows, now: Mapping[int, int]) -> Iterator[tuple[int, Turn]]:
    """By row, what goes from it; column -1 where only a person can tell. Where more rows hold such words than leads
    lack them, they are somebody's own."""
    short = lacking(area, new, rows, now)
    for one in short:
        alike = [other for other in short if other.words == one.words]
        wrote = besides(area, one.number, now)
        left = [row for row, cells in rows.items() if row not in new and _holds(wrote, one, row, cells)]
        if alike[0] == one and len(left) <= len(alike):
            for row, lead in zip(left, alike, strict=False):
                yield from ((row, turn) for turn in _turns(area, lead, row, rows, now))


def _holds(wrote: Wrote, lead: Lacking, row: int, cells: Sequence[Cell]) -> bool:
    """Whether a row holds all that a lead lacks."""
    return wrote.held(row, cells).keys() >= lead.words.keys()


def _turns(area: Area, lead: Lacking, row: int, rows: Rows, now: Mapping[int, int]) -> Iterator[Turn]:
    """A row without an id is blank there again. One with another's id may be right as it is: somebody looks."""
    wrote, lead_id = besides(area, lead.number, now), area.journal.created[lead.number]
    owner = id_of(at(rows[row], now.get(area.columns.get("lead_id", -1), -1)))
    for column in sorted({wrote.places[place] for place in lead.words}.intersection(wrong_columns(area, lead.number))):
        said = wrote.new.cells[column]
        if not _finds_its_place(area, lead, rows[lead.home], column, now):
            yield Turn((), "", -1, "", said, None, None, lead_id, 1)
        elif owner:
            yield Turn((), "", -1, "", None, None, said, owner, 1)
        else:
            yield Turn((), "", column, wrote.new.worth(column, row), None, None, None, lead_id, 1)


def _finds_its_place(area: Area, lead: Lacking, home: Sequence[Cell], column: int, now: Mapping[int, int]) -> bool:
    """Whether the lead's own row has what was aimed at a column, or gets it: the cell shows what the flush left there,
    or its column is gone, and it waits for that."""
    meant = stood_at(area, lead.number, column)
    place = -1 if meant is None else now.get(meant, -1)
    new = kept(area, lead.number)
    return place < 0 or any(new.says(c, at(home, place), lead.home, place) for c in (meant, column) if c is not None)
