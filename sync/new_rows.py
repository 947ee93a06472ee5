"""The rows of new leads, and of leads that came back, that stand crooked: which of Master's rows are they now?

By the id that the flush gave them, wherever that stands now, those that came back without one by what they hold. Pure;
part of `sync.repair`, used by `sync.straighten` and `sync.left_behind`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell
from sync.cells import id_of
from sync.journal import ROWS, NewRow, parse_new_lead
from sync.judging import ALIKE, Area, at

FEWEST = 2  # words, other than its id, by which a new lead is known


def kept(area: Area, number: int) -> NewRow:
    """What was written to new lead `number`. Empty where the journal does not say."""
    place = len(area.journal.targets) + number
    return parse_new_lead(area.row(area.journal.written(place))) if place < ROWS else NewRow()


def rows_of(area: Area, rows: Mapping[int, Sequence[Cell]], now: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The rows of Master that are new leads, each with which of them it is: by its id, in whatever column that stands,
    and where that went with a column, by what it holds; one without an id by all that was written to it, and nothing
    else. `now` is where the flush's columns stand."""
    found = dict(_named(area, rows, now))
    yield from found.items()
    gone = [n for n, lead_id in enumerate(area.journal.created) if lead_id and n not in found.values()]
    yield from ((row, number) for row, number in _unnamed(area, gone, rows, now) if row not in found)


def _named(area: Area, rows: Mapping[int, Sequence[Cell]], now: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    numbers = {lead_id: number for number, lead_id in enumerate(area.journal.created) if lead_id}
    nameless = {n: wrote_to(area, n, now) for n, lead_id in enumerate(area.journal.created) if not lead_id}
    for row, cells in rows.items():
        number = next((numbers[one] for one in map(id_of, cells) if one in numbers), None)
        if number is None and nameless and any(cells):
            number = next((n for n, wrote in nameless.items() if wrote.all_of(row, cells)), None)
        if number is not None:
            yield row, number


def _unnamed(
    area: Area, gone: Sequence[int], rows: Mapping[int, Sequence[Cell]], now: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """The rows of new leads whose id stands nowhere now: the column that it had come to is gone, it was typed over or
    cleared. Among the ids they say what was aimed elsewhere, or nothing."""
    ids = now.get(area.columns.get("lead_id", -1), -1)
    for number in gone:
        wrote = besides(area, number, now)
        some = {row: len(wrote.held(row, rows[row])) for row in rows if wrote.says(ids, row, rows[row])}
        row = max(some, key=lambda one: some[one], default=0)
        if len(wrote.places) >= FEWEST and some.get(row, 0) > ALIKE * len(wrote.places):
            yield row, number


def doubtful(area: Area, number: int, row: int, cells: Sequence[Cell], now: Mapping[int, int]) -> bool:
    """Whether a sort may have brought the id of new lead `number` to this row: it holds half of the rest at most, or
    is another's."""
    wrote = besides(area, number, now)
    few = len(wrote.places) >= FEWEST and len(wrote.held(row, cells)) <= ALIKE * len(wrote.places)
    return few or _is_anothers(area, number, cells, now)


def _is_anothers(area: Area, number: int, cells: Sequence[Cell], now: Mapping[int, int]) -> bool:
    """Whether a row with the id of new lead `number` under some header has another one under that of ids."""
    lead_id, column = area.journal.created[number], area.columns.get("lead_id", -1)
    owner = id_of(at(cells, now.get(column, -1)))
    return bool(lead_id and owner) and owner not in (lead_id, id_of(kept(area, number).cells.get(column)))


def apart(
    area: Area, number: int, row: int, rows: Mapping[int, Sequence[Cell]], now: Mapping[int, int]
) -> tuple[Cell, ...]:
    """What new lead `number` says, where one of these rows holds most of it, or the other half, and this one has its
    id; all of it where this one is another's. What else was sorted with the id stands beside that. Empty where no row
    does."""
    wrote = besides(area, number, now)
    mine = wrote.held(row, rows[row])
    most = max((wrote.held(n, cells) for n, cells in rows.items()), key=len, default={})
    if _is_anothers(area, number, rows[row], now):
        most = wrote.words()
    elif len(most) <= ALIKE * len(wrote.places):
        most = _other_half(area, wrote, mine, rows)
    both = mine | most if most else {}
    return tuple(both[c] for c in sorted(both))


def _other_half(
    area: Area, wrote: Wrote, mine: Mapping[int, Cell], rows: Mapping[int, Sequence[Cell]]
) -> dict[int, Cell]:
    """What a row holds that is just what this one lacks. Not that of another new lead, who may say the same by itself:
    here somebody has typed over it."""
    lacks, created = wrote.places.keys() - mine.keys(), {lead_id for lead_id in area.journal.created if lead_id}
    others = (wrote.held(n, cells) for n, cells in rows.items() if created.isdisjoint(map(id_of, cells)))
    return next((held for held in others if held and held.keys() == lacks), {})


@dataclass(frozen=True, slots=True)
class Wrote:
    """What was written to a new lead, and for each place where it should stand now, the column that it was aimed at."""

    new: NewRow
    places: Mapping[int, int]

    def says(self, place: int, row: int, cells: Sequence[Cell]) -> bool:
        """Whether a row shows there what was written, or nothing where nothing was."""
        return self.new.says(self.places.get(place, -1), at(cells, place), row, place)

    def words(self) -> dict[int, Cell]:
        """What it says, by place."""
        return {place: self.new.cells[column] for place, column in self.places.items()}

    def held(self, row: int, cells: Sequence[Cell]) -> dict[int, Cell]:
        """The cells of a row that say what was written there."""
        return {place: at(cells, place) for place in self.places if self.says(place, row, cells)}

    def all_of(self, row: int, cells: Sequence[Cell]) -> bool:
        """Whether a row says all that was written, and nothing else."""
        return bool(self.places) and all(self.says(place, row, cells) for place in {*self.places, *range(len(cells))})


def wrote_to(area: Area, number: int, now: Mapping[int, int]) -> Wrote:
    new = kept(area, number)
    return Wrote(new, {now[c]: c for c in new.cells if c in now})


def besides(area: Area, number: int, now: Mapping[int, int]) -> Wrote:
    """What was written to a new lead other than its id."""
    wrote, ids = wrote_to(area, number, now), area.journal.columns.get("lead_id", -1)
    return Wrote(wrote.new, {place: c for place, c in wrote.places.items() if c != ids})
