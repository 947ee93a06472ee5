"""A source row becomes one or more cleaned drafts of leads.

`SourceRow + TabShape + Config -> LeadDraft`, the first step on the way in. Nothing of a row is lost: what a known
column holds and could not be read stands in the notes (`Phone: …`) and as an Issue with its reason; columns that nobody
knows stand in `extra` by header.

Decisions: a row whose children have names makes one draft for each. Where no column names the lead, it goes by its
child (`full_name` = `child_name`); `core.match` may put a parent's name in its place. A birthday gives the age on the day of
the lead. An address stays in `extra` under its header, tidied; a known city in it fills a missing city. `Any
response` is a status if the configuration knows it, with other words kept in the notes; else it is a note.
"""

from __future__ import annotations

from core.columns import ColumnUse, TabShape
from core.config import Config
from core.gathering import Gathering
from core.model import Cell, LeadDraft, SourceRow
from core.readers import Reader, Reading, reader_for

_MEMO = 50_000  # readings kept for each column: a tab of distinct cells must not grow without end


def normalise(row: SourceRow, shape: TabShape, config: Config) -> tuple[LeadDraft, ...]:
    """The drafts of one row. For many rows of a tab make one `Cleaner` and keep it for the run."""
    return Cleaner(shape, config).drafts(row)


class Cleaner:
    """Normalises the rows of one tab, and remembers what equal cells read as for as long as it lives."""

    def __init__(self, shape: TabShape, config: Config) -> None:
        orders = dict(shape.date_orders)
        uses = sorted((use for use in shape.columns if not use.dropped), key=lambda use: (use.choice, use.index))
        self._known = [_Column(use, reader_for(use.field, orders.get(use.index), config)) for use in uses if use.field]
        self._unknown = [(use.index, use.header) for use in uses if not use.field]

    def drafts(self, row: SourceRow) -> tuple[LeadDraft, ...]:
        """The drafts of a row: one, or one for each child. A row without a valid phone has a blocking issue."""
        said, cells = Gathering(row), row.cells
        width = len(cells)
        for column in self._known:
            if column.index < width:
                cell = cells[column.index]
                if cell is not None and cell != "":
                    said.hear(column.use, column.read(cell), cell)
        for index, header in self._unknown:
            if index < width and cells[index] not in (None, ""):
                said.keep(header, cells[index])
        return said.drafts()


class _Column:
    """One column: its use, and the readings of the cells that it has seen."""

    __slots__ = ("_memo", "_reader", "index", "use")

    def __init__(self, use: ColumnUse, reader: Reader) -> None:
        self.use, self.index, self._reader = use, use.index, reader
        self._memo: dict[Cell, Reading] = {}

    def read(self, cell: Cell) -> Reading:
        if isinstance(cell, bool):  # True equals 1 in a dictionary
            return self._reader(cell)
        known = self._memo.get(cell)
        if known is None:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            known = self._memo[cell] = self._reader(cell)
        return known
