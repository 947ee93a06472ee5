"""New leads whose cells stand under the wrong headers, because a column came or went while they were written.

Their rows are found by the id that the flush gave them, wherever that stands now; what was written to each is in the
journal by `worth`. Pure; part of `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.model import Cell
from sync.journal import ROWS, Journal, parse_new_lead
from sync.judging import Area, Turn, at
from sync.worth import worth


def shifted(area: Area) -> tuple[str, ...]:
    """Fields of new leads that stand under another header, or none of ours."""
    journal = area.journal
    return tuple(name for name, c in journal.columns.items() if area.columns.get(name) != c) if journal.created else ()


def wrong_columns(area: Area) -> list[int]:
    """The columns, as the flush found them, in which a new lead has something else than it should."""
    journal, moved = area.journal, shifted(area)
    return sorted({journal.columns[n] for n in moved} | {area.columns[n] for n in moved if n in area.columns})


def kept(area: Area, number: int) -> dict[int, str]:
    """What was written to new lead `number`: column -> worth. Empty where the journal does not say."""
    place = len(area.journal.targets) + number
    return parse_new_lead(area.row(area.journal.written(place))) if place < ROWS else {}


def turns(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[Turn]:
    """What the cells of one new lead's row shall show instead. `row` as it stands in Master, `now` where the columns of
    the flush stand there."""
    wrote = kept(area, number)
    names = {c: name for name, c in area.columns.items()}
    for column in wrong_columns(area) if wrote else ():
        back = _meant(area.journal, names.get(column, ""), row, now, wrote)
        lead_id = area.journal.created[number]
        yield Turn((lead_id,), "", column, wrote.get(column, ""), back, None, None, lead_id, 1)


def homeless(area: Area, number: int, row: Sequence[Cell], now: Mapping[int, int]) -> Iterator[tuple[str, Cell]]:
    """Fields of a new lead, with what it should have, whose column is gone: that stands under a stranger's header, if
    nobody has typed over it."""
    wrote = kept(area, number)
    for name in shifted(area) if wrote else ():
        if area.columns.get(name, -1) not in now:
            cell = _meant(area.journal, name, row, now, wrote)
            if cell not in (None, ""):
                yield name, cell


def _meant(journal: Journal, name: str, row: Sequence[Cell], now: Mapping[int, int], wrote: Mapping[int, str]) -> Cell:
    """What a field should have got: it still stands where it came to, or somebody has typed over it."""
    aimed = journal.columns.get(name, -1)
    place = now.get(aimed, -1)
    cell = at(row, place)
    return cell if aimed in wrote and worth(cell, 0, place) == wrote[aimed] else None
