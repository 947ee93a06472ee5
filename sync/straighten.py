"""New leads, and leads that came back, whose cells stand under the wrong headers, because a column came or went while
they were written.

Their rows are found by `sync.new_rows`. What was written to each is in the journal, and comes to where it belongs also
if it stands nowhere any more. Pure; part of `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.model import Cell
from sync.journal import NewRow
from sync.judging import Area, Turn
from sync.new_rows import kept, wrote_to
from sync.worth import is_formula, moved


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
    stood = {c: place for c in shifted(area) if (place := stood_at(area, number, c)) != c}
    return sorted({*stood, *(place for place in stood.values() if place is not None)})


def stood_at(area: Area, number: int, column: int) -> int | None:
    """Where a column that new lead `number` was aimed at stood then: ours by its name. All of a row without an id is a
    person's, whose column is known by its place; where nobody can tell that, what was written stays."""
    return area.meant(column) if area.journal.created[number] else area.places.get(column, column)


def turns(area: Area, number: int, row: int, now: Mapping[int, int]) -> Iterator[Turn]:
    """What the cells of one new lead's row shall show instead: what was written to it, whatever has become of that.
    `row` is where it stands in Master, `now` where the columns of the flush stand there."""
    new, lead_id = kept(area, number), area.journal.created[number]
    aimed = {stood_at(area, number, c): c for c in new.cells}
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
        c: now[place]
        for c in area.places
        for place in [stood_at(area, number, c)]
        if place is not None and place in now
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
    wrote, lead_id = wrote_to(area, number, now), area.journal.created[number]
    held = wrote.held(row, cells) if not lead_id else {}
    fields = area.journal.columns.values() if lead_id else ()
    for column in sorted(wrote.new.cells.keys() - area.places.keys() - set(fields)):
        said = wrote.new.cells[column]
        stays = now.get(column, -1) in held
        yield Turn((), "", column, "", None if stays else said, None, said if stays else None, lead_id, 1)
