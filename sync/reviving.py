"""Rows that a flush deleted although others stood there by then come back from the journal. Part of `sync.repair`.

What brings them back has a journal of its own, so they are brought back once. What stands in Master again by then, as
somebody has pasted an older page over it, is back already: with all that nobody had seen of it, for a copy of the row
that was made before somebody wrote into it is not that row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.model import Cell
from sync.batch import MasterShape, spans
from sync.cells import id_of
from sync.errors import LOOKED, Unsettled
from sync.journaling import Revive
from sync.judging import Felled, Turn, at
from sync.ranges import GridRange
from sync.reading import read
from sync.sheets import Sheets
from sync.worth import content_of, is_broken, moved, worth


def still_gone(sheets: Sheets, shape: MasterShape, felled: Sequence[Felled]) -> tuple[Felled, ...]:
    """Those that do not stand in Master now. Two reads at most; raises Unsettled where somebody moved rows between
    them."""
    if not felled:
        return ()
    column = shape.columns.get("lead_id", 0)
    ids = read(sheets, [GridRange(shape.sheet_id, 0, None, column, column + 1)])[0]
    owners = {one.owner for one in felled}
    named = {n: said for n, row in enumerate(ids) if row and (said := id_of(row[0])) in owners - {""}}
    rows = _rows(sheets, shape, None if "" in owners else sorted(named))
    if any(id_of(at(rows.get(n, ()), column)) != said for n, said in named.items()):
        raise Unsettled(LOOKED)
    contents = {content_of(row[: len(shape.header)], n) for n, row in rows.items()}
    held = [(said, {worth(cell, n, c) for c, cell in enumerate(rows[n])}) for n, said in named.items()]
    return tuple(one for one in felled if not _back(one, held, contents, len(shape.header)))


def revived(gone: Sequence[Felled], columns: Mapping[int, int], headers: int, grid: int) -> tuple[Revive, ...]:
    """How they come back; `columns` are where those that they were copied from stand now. Right of the `headers` that
    stood there then, a column is as far from the last of them that still stands; `grid` are the columns of Master."""
    last = max((c for c in columns if c < headers), default=-1)
    by = columns.get(last, last) - headers + 1
    widest = max((len(one.cells) for one in gone), default=0)
    right = {c: c + by for c in range(headers, widest) if c not in columns}
    taken = set(columns.values())
    there = {**columns, **{c: place for c, place in right.items() if place not in taken}}
    fitting = {c: place for c, place in there.items() if 0 <= place < grid}
    return tuple(Revive(one.owner, one.crm_row, one.cells, fitting) for one in gone)


def broken(gone: Sequence[Felled], revives: Sequence[Revive]) -> Iterator[Turn]:
    """Their formulas that look at rows too far above for where they come back to, as they read where they stood: only a
    person can tell what they should look at now."""
    for row, (one, back) in enumerate(zip(gone, revives, strict=True), 1):
        was = {place: one.cells[c] for c, place in back.columns.items() if c < len(one.cells)}
        for place, cell in sorted(back.shown(row).items()):
            if is_broken(cell):
                said = moved(str(was[place]), one.row - one.crm_row, {})
                yield Turn((), "", place, "", said, None, None, one.owner)


def _rows(sheets: Sheets, shape: MasterShape, wanted: Sequence[int] | None) -> Mapping[int, tuple[Cell, ...]]:
    """These rows of Master (0-based), formulas as text; None all."""
    blocks = [(0, None)] if wanted is None else list(spans(wanted))
    parts = read(sheets, [GridRange(shape.sheet_id, *one) for one in blocks], formulas=True) if blocks else ()
    return {n: row for (first, _), part in zip(blocks, parts, strict=True) for n, row in enumerate(part, first)}


def _back(one: Felled, held: Sequence[tuple[str, set[str]]], contents: set[str], width: int) -> bool:
    if one.owner:
        return any(said == one.owner and one.unseen <= words for said, words in held)
    return content_of(one.cells[:width], one.crm_row) in contents
