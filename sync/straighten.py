"""New leads, and leads that came back, whose cells stand under the wrong headers, because a column came or went while
they were written.

Their rows are found by the id that the flush gave them, wherever that stands now, those that came back without one by
what they hold; what was written to each is in the journal by `worth`. Pure; part of `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.model import Cell
from sync.journal import ROWS, parse_new_lead
from sync.judging import ALIKE, Area, Turn, at
from sync.worth import worth

FEWEST = 2  # words, other than its id, by which a new lead is known


def shifted(area: Area) -> tuple[int, ...]:
    """Columns as they were aimed at, ours and people's, that stood elsewhere or nowhere when new leads were written."""
    journal = area.journal
    if not journal.created:
        return ()
    wrote = {column for number in range(len(journal.created)) for column in kept(area, number)}
    by_place = {c for c in wrote if area.places.get(c) != c} if "" in journal.created else set()
    return tuple(sorted({c for c in wrote | set(journal.columns.values()) if area.meant(c) != c} | by_place))


def wrong_columns(area: Area, number: int) -> list[int]:
    """The columns, as the flush found them, in which new lead `number` has something else than it should."""
    moved = {c: place for c in shifted(area) if (place := _stood(area, number, c)) != c}
    return sorted({*moved, *(place for place in moved.values() if place is not None)})


def _stood(area: Area, number: int, column: int) -> int | None:
    """Where a column that new lead `number` was aimed at stood then: ours by its name. All of a row without an id is a
    person's, whose column is known by its place; where nobody can tell that, what was written stays."""
    return area.meant(column) if area.journal.created[number] else area.places.get(column, column)


def kept(area: Area, number: int) -> dict[int, str]:
    """What was written to new lead `number`: column -> worth. Empty where the journal does not say."""
    place = len(area.journal.targets) + number
    return parse_new_lead(area.row(area.journal.written(place))) if place < ROWS else {}


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
    nameless = {n: _written(area, n, now) for n, lead_id in enumerate(area.journal.created) if not lead_id}
    for row, cells in rows.items():
        number = next((numbers[one] for one in map(str, cells) if one in numbers), None)
        if number is None and nameless:
            holds = {c: said for c, cell in enumerate(cells) if (said := worth(cell, 0, c))}
            number = next((n for n, wrote in nameless.items() if wrote and wrote == holds), None)
        if number is not None:
            yield row, number


def _unnamed(
    area: Area, gone: Sequence[int], rows: Mapping[int, Sequence[Cell]], now: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """The rows of new leads whose id had come to another column than that of the ids, and stands nowhere now: the
    column is gone, or it was typed over. Among the ids they say what was aimed elsewhere, or nothing."""
    aimed, ids = area.journal.columns.get("lead_id", -1), now.get(area.columns.get("lead_id", -1), -1)
    if not gone or area.meant(aimed) == aimed:
        return
    by_id: dict[str, list[int]] = {}
    for row, cells in rows.items():
        by_id.setdefault(worth(at(cells, ids), 0, ids), []).append(row)
    for number in gone:
        wrote = _besides(area, number, now)
        some = {row: len(_held(wrote, rows[row])) for row in by_id.get(wrote.get(ids, ""), ())}
        row = max(some, key=lambda one: some[one], default=0)
        if len(wrote) >= FEWEST and some.get(row, 0) > ALIKE * len(wrote):
            yield row, number


def doubtful(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> bool:
    """Whether a row that has the id of new lead `number` holds little else of it: a sort may have brought it there."""
    wrote = _besides(area, number, now)
    return len(wrote) >= FEWEST and len(_held(wrote, row)) < ALIKE * len(wrote)


def apart(
    area: Area, number: int, row: Sequence[Cell], rows: Iterable[Sequence[Cell]], now: Mapping[int, int]
) -> tuple[Cell, ...]:
    """What new lead `number` says, where one of these rows holds most of it, and another one has its id. What else was
    sorted with the id stands beside that. Empty where no row does."""
    wrote = _besides(area, number, now)
    most = max((_held(wrote, cells) for cells in rows), key=len, default={})
    both = _held(wrote, row) | most if len(most) > ALIKE * len(wrote) else {}
    return tuple(both[c] for c in sorted(both))


def _besides(area: Area, number: int, now: Mapping[int, int]) -> dict[int, str]:
    """What was written to a new lead other than its id, by where it stands now."""
    ids = now.get(area.journal.columns.get("lead_id", -1))
    return {c: said for c, said in _written(area, number, now).items() if c != ids}


def _held(wrote: Mapping[int, str], row: Sequence[Cell]) -> dict[int, Cell]:
    """The cells of a row that say what was written there."""
    return {c: at(row, c) for c, said in wrote.items() if worth(at(row, c), 0, c) == said}


def _written(area: Area, number: int, now: Mapping[int, int]) -> dict[int, str]:
    return {now[c]: said for c, said in kept(area, number).items() if c in now}


def turns(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[Turn]:
    """What the cells of one new lead's row shall show instead. `row` as it stands in Master, `now` where the columns of
    the flush stand there."""
    wrote, lead_id = kept(area, number), area.journal.created[number]
    aimed = {_stood(area, number, c): c for c in wrote}
    ids = area.journal.columns.get("lead_id", -1)
    for column in wrong_columns(area, number) if wrote else ():
        back = lead_id if aimed.get(column) == ids and lead_id else _meant(aimed.get(column, -1), row, now, wrote)
        yield Turn((lead_id,), "", column, wrote.get(column, ""), back, None, None, lead_id, 1)


def homeless(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[tuple[str, Cell]]:
    """Fields of a new lead, with what it should have, whose column is gone: that stands under a stranger's header, if
    nobody has typed over it."""
    for name, aimed, wrote in _fields(area, number):
        if area.meant(aimed) not in now:
            cell = _meant(aimed, row, now, wrote)
            if cell not in (None, ""):
                yield name, cell


def wiped(area: Area, number: int, now: Mapping[int, int]) -> Iterator[str]:
    """Fields of a new lead that came under another header, whose column is gone: the sheet has them nowhere."""
    yield from (name for name, aimed, wrote in _fields(area, number) if wrote.get(aimed) and aimed not in now)


def _fields(area: Area, number: int) -> Iterator[tuple[str, int, Mapping[int, str]]]:
    """The fields of a new lead that came under another header, each with where it was aimed and all that was written.
    Of a row without an id nothing is a field."""
    wrote = kept(area, number) if area.journal.created[number] else {}
    names = {column: name for name, column in area.journal.columns.items()}
    yield from ((names[aimed], aimed, wrote) for aimed in (shifted(area) if wrote else ()) if aimed in names)


def helpless(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[Turn]:
    """What a row without an id holds for columns that nobody can tell any more: only a person can."""
    wrote = {} if area.journal.created[number] else kept(area, number)
    for column in wrote.keys() - area.places.keys():
        cell = _meant(column, row, now, wrote)
        yield Turn((), "", column, wrote[column], None, None, cell, "", 1)


def _meant(aimed: int, row: Sequence[Cell], now: Mapping[int, int], wrote: Mapping[int, str]) -> Cell:
    """What a column should have got: it still stands where it came to, or somebody has typed over it."""
    place = now.get(aimed, -1)
    cell = at(row, place)
    return cell if aimed in wrote and worth(cell, 0, place) == wrote[aimed] else None
