"""New leads, and leads that came back, whose cells stand under the wrong headers, because a column came or went while
they were written.

Their rows are found by the id that the flush gave them, wherever that stands now, those that came back without one by
what they hold. What was written to each is in the journal, and comes to where it belongs also if it stands nowhere any
more. Pure; part of `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell
from sync.cells import id_of
from sync.journal import ROWS, NewRow, parse_new_lead
from sync.judging import ALIKE, Area, Turn, at
from sync.worth import is_formula, moved

FEWEST = 2  # words, other than its id, by which a new lead is known


def shifted(area: Area) -> tuple[int, ...]:
    """Columns as they were aimed at, ours and people's, that stood elsewhere or nowhere when new leads were written."""
    journal = area.journal
    if not journal.created:
        return ()
    wrote = {column for number in range(len(journal.created)) for column in kept(area, number).cells}
    by_place = {c for c in wrote if area.places.get(c) != c} if "" in journal.created else set()
    return tuple(sorted({c for c in wrote | set(journal.columns.values()) if area.meant(c) != c} | by_place))


def wrong_columns(area: Area, number: int) -> list[int]:
    """The columns, as the flush found them, in which new lead `number` has something else than it should."""
    stood = {c: place for c in shifted(area) if (place := _stood(area, number, c)) != c}
    return sorted({*stood, *(place for place in stood.values() if place is not None)})


def _stood(area: Area, number: int, column: int) -> int | None:
    """Where a column that new lead `number` was aimed at stood then: ours by its name. All of a row without an id is a
    person's, whose column is known by its place; where nobody can tell that, what was written stays."""
    return area.meant(column) if area.journal.created[number] else area.places.get(column, column)


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
    nameless = {n: _wrote(area, n, now) for n, lead_id in enumerate(area.journal.created) if not lead_id}
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
        wrote = _besides(area, number, now)
        some = {row: len(wrote.held(row, rows[row])) for row in rows if wrote.says(ids, row, rows[row])}
        row = max(some, key=lambda one: some[one], default=0)
        if len(wrote.places) >= FEWEST and some.get(row, 0) > ALIKE * len(wrote.places):
            yield row, number


def doubtful(area: Area, number: int, row: int, cells: Sequence[Cell], now: Mapping[int, int]) -> bool:
    """Whether a row that has the id of new lead `number` holds half of the rest at most: a sort may have brought it."""
    wrote = _besides(area, number, now)
    return len(wrote.places) >= FEWEST and len(wrote.held(row, cells)) <= ALIKE * len(wrote.places)


def apart(
    area: Area, number: int, row: int, rows: Mapping[int, Sequence[Cell]], now: Mapping[int, int]
) -> tuple[Cell, ...]:
    """What new lead `number` says, where one of these rows holds most of it, or the other half, and this one has its
    id. What else was sorted with the id stands beside that. Empty where no row does."""
    wrote = _besides(area, number, now)
    mine = wrote.held(row, rows[row])
    most = max((wrote.held(n, cells) for n, cells in rows.items()), key=len, default={})
    if len(most) <= ALIKE * len(wrote.places):
        most = _other_half(area, wrote, mine, rows)
    both = mine | most if most else {}
    return tuple(both[c] for c in sorted(both))


def _other_half(
    area: Area, wrote: _Wrote, mine: Mapping[int, Cell], rows: Mapping[int, Sequence[Cell]]
) -> dict[int, Cell]:
    """What a row holds that is just what this one lacks. Not that of another new lead, who may say the same by itself:
    here somebody has typed over it."""
    lacks, created = wrote.places.keys() - mine.keys(), {lead_id for lead_id in area.journal.created if lead_id}
    others = (wrote.held(n, cells) for n, cells in rows.items() if created.isdisjoint(map(id_of, cells)))
    return next((held for held in others if held and held.keys() == lacks), {})


@dataclass(frozen=True, slots=True)
class _Wrote:
    """What was written to a new lead, and for each place where it should stand now, the column that it was aimed at."""

    new: NewRow
    places: Mapping[int, int]

    def says(self, place: int, row: int, cells: Sequence[Cell]) -> bool:
        """Whether a row shows there what was written, or nothing where nothing was."""
        return self.new.says(self.places.get(place, -1), at(cells, place), row, place)

    def held(self, row: int, cells: Sequence[Cell]) -> dict[int, Cell]:
        """The cells of a row that say what was written there."""
        return {place: at(cells, place) for place in self.places if self.says(place, row, cells)}

    def all_of(self, row: int, cells: Sequence[Cell]) -> bool:
        """Whether a row says all that was written, and nothing else."""
        return bool(self.places) and all(self.says(place, row, cells) for place in {*self.places, *range(len(cells))})


def _wrote(area: Area, number: int, now: Mapping[int, int]) -> _Wrote:
    new = kept(area, number)
    return _Wrote(new, {now[c]: c for c in new.cells if c in now})


def _besides(area: Area, number: int, now: Mapping[int, int]) -> _Wrote:
    """What was written to a new lead other than its id."""
    wrote, ids = _wrote(area, number, now), area.journal.columns.get("lead_id", -1)
    return _Wrote(wrote.new, {place: c for place, c in wrote.places.items() if c != ids})


def turns(area: Area, number: int, row: int, now: Mapping[int, int]) -> Iterator[Turn]:
    """What the cells of one new lead's row shall show instead: what was written to it, whatever has become of that.
    `row` is where it stands in Master, `now` where the columns of the flush stand there."""
    new, lead_id = kept(area, number), area.journal.created[number]
    aimed = {_stood(area, number, c): c for c in new.cells}
    for column in wrong_columns(area, number) if new.cells else ():
        back, formula = _meant(area, number, aimed.get(column, -1), row, now)
        yield Turn((lead_id,), "", column, new.worth(column, row), back, None, None, lead_id, 1, formula=formula)


def _meant(area: Area, number: int, aimed: int, row: int, now: Mapping[int, int]) -> tuple[Cell, bool]:
    """What was written to a column, as it reads in that row, and whether it is a formula."""
    new = kept(area, number)
    said = new.cells.get(aimed)
    if new.row is None or not is_formula(said):
        return said, False
    stand = {
        c: now[place] for c in area.places for place in [_stood(area, number, c)] if place is not None and place in now
    }
    return moved(str(said), row - new.row, stand), True


def unnamed(area: Area, number: int) -> Iterator[Turn]:
    """The id of a new lead that was written while Master had no column of ids: it belongs to the one that stands now,
    where nothing is."""
    lead_id = area.journal.created[number]
    if lead_id and area.meant(area.journal.columns.get("lead_id", -1)) is None:
        yield Turn((lead_id,), "", -1, "", lead_id, None, None, lead_id, 1)


def homeless(area: Area, number: int, now: Mapping[int, int]) -> Iterator[tuple[str, Cell]]:
    """Fields of a new lead that came under another header, with what it should have, whose column is gone. Of a row
    without an id nothing is a field; an id is nobody's to change."""
    new = kept(area, number) if area.journal.created[number] else NewRow()
    names = {column: name for name, column in area.journal.columns.items() if name != "lead_id"}
    for aimed in shifted(area) if new.cells else ():
        if aimed in names and aimed in new.cells and area.meant(aimed) not in now:
            yield names[aimed], new.cells[aimed]


def helpless(area: Area, number: int, row: int, cells: Sequence[Cell], now: Mapping[int, int]) -> Iterator[Turn]:
    """What was written for columns of people's own that nobody can tell any more: only a person can. In a row without
    an id it stays where it came to."""
    wrote, lead_id = _wrote(area, number, now), area.journal.created[number]
    held = wrote.held(row, cells) if not lead_id else {}
    fields = area.journal.columns.values() if lead_id else ()
    for column in sorted(wrote.new.cells.keys() - area.places.keys() - set(fields)):
        said = wrote.new.cells[column]
        stays = now.get(column, -1) in held
        yield Turn((), "", column, "", None if stays else said, None, said if stays else None, lead_id, 1)
