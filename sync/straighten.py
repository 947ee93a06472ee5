"""New leads, and leads that came back, whose cells stand under the wrong headers, because a column came or went while
they were written.

Their rows are found by the id that the flush gave them, wherever that stands now; what was written to each is in the
journal by `worth`. Pure; part of `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.model import Cell
from sync.journal import ROWS, parse_new_lead
from sync.judging import Area, Turn, at
from sync.worth import worth


def shifted(area: Area) -> tuple[int, ...]:
    """Columns as they were aimed at, ours and people's, that stood elsewhere or nowhere when new leads were written."""
    journal = area.journal
    if not journal.created:
        return ()
    wrote = {column for number in range(len(journal.created)) for column in kept(area, number)}
    return tuple(c for c in sorted(wrote | set(journal.columns.values())) if area.meant(c) != c)


def wrong_columns(area: Area) -> list[int]:
    """The columns, as the flush found them, in which a new lead has something else than it should."""
    moved = shifted(area)
    return sorted({*moved, *(place for c in moved if (place := area.meant(c)) is not None)})


def kept(area: Area, number: int) -> dict[int, str]:
    """What was written to new lead `number`: column -> worth. Empty where the journal does not say."""
    place = len(area.journal.targets) + number
    return parse_new_lead(area.row(area.journal.written(place))) if place < ROWS else {}


def turns(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[Turn]:
    """What the cells of one new lead's row shall show instead. `row` as it stands in Master, `now` where the columns of
    the flush stand there."""
    wrote, lead_id = kept(area, number), area.journal.created[number]
    aimed = {area.meant(c): c for c in wrote}
    for column in wrong_columns(area) if wrote else ():
        back = _meant(aimed.get(column, -1), row, now, wrote)
        yield Turn((lead_id,), "", column, wrote.get(column, ""), back, None, None, lead_id, 1)


def homeless(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[tuple[str, Cell]]:
    """Fields of a new lead, with what it should have, whose column is gone: that stands under a stranger's header, if
    nobody has typed over it."""
    wrote = kept(area, number)
    names = {column: name for name, column in area.journal.columns.items()}
    for aimed in shifted(area) if wrote else ():
        if aimed in names and area.meant(aimed) not in now:
            cell = _meant(aimed, row, now, wrote)
            if cell not in (None, ""):
                yield names[aimed], cell


def _meant(aimed: int, row: Sequence[Cell], now: Mapping[int, int], wrote: Mapping[int, str]) -> Cell:
    """What a column should have got: it still stands where it came to, or somebody has typed over it."""
    place = now.get(aimed, -1)
    cell = at(row, place)
    return cell if aimed in wrote and worth(cell, 0, place) == wrote[aimed] else None
