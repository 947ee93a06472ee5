"""New leads whose cells stand under the wrong headers, because a column came or went while they were written.

Found by the id that the flush gave them, also where that stands in another column now. Part of `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core import cells, fields
from core.cells import Doubt
from core.config import Config
from core.model import Cell, Value
from sync import crm
from sync.batch import MasterShape, Restore, RowWrite
from sync.ranges import GridRange
from sync.sheets import Sheets, read

_BLANK = (1, 1)  # a cell of _crm that never holds anything: beside the note


def straighten(
    sheets: Sheets, master: MasterShape, journal: crm.Journal, shifted: Sequence[str], config: Config
) -> tuple[tuple[RowWrite, ...], tuple[Restore, ...]]:
    """What to write where these leads' values belong, and the cells to clear where they stand now. One read."""
    if not shifted or "lead_id" not in master.columns:
        return (), ()
    rows = read(sheets, [GridRange(master.sheet_id)], formulas=True)[0]
    wanted = set(journal.created)
    column = journal.columns["lead_id"]
    writes: list[RowWrite] = []
    blanks: list[Restore] = []
    for number, row in enumerate(rows):
        lead_id = str(_at(row, column) or "")
        if lead_id in wanted:
            values = dict(_values(row, journal, shifted, master, config))
            writes.append(RowWrite(lead_id, (), number, values))
            blanks += [Restore(lead_id, number, c, *_BLANK, None) for c in _left_over(row, journal, shifted, master)]
    return tuple(writes), tuple(blanks)


def _values(
    row: tuple[Cell, ...], journal: crm.Journal, shifted: Sequence[str], master: MasterShape, config: Config
) -> Iterator[tuple[str, Value]]:
    for name in shifted:
        value = cells.decode(fields.BY_NAME[name].kind, _at(row, journal.columns[name]), config)
        if name in master.columns and not isinstance(value, Doubt):
            yield name, value


def _left_over(
    row: tuple[Cell, ...], journal: crm.Journal, shifted: Sequence[str], master: MasterShape
) -> Iterator[int]:
    """Columns of people's own that hold a value of ours now."""
    ours = set(master.columns.values())
    for name in shifted:
        column = journal.columns[name]
        if column not in ours and _at(row, column) is not None:
            yield column


def _at(row: tuple[Cell, ...], column: int) -> Cell:
    found = row[column] if 0 <= column < len(row) else None
    return None if found == "" else found
