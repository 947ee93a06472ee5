"""A source row becomes one or more cleaned drafts of leads.

`SourceRow + TabShape + Config -> LeadDraft`, the first step on the way in. Nothing of a row is lost: what a known
column holds and could not be read stands in the notes (`Phone: …`) and as an Issue with its reason; columns that nobody
knows stand in `extra` by header.

Decisions: a row whose children have names makes one draft for each. Where no column names the lead, it goes by its
child (`full_name` = `child_name`); `core.match` may put a parent's name in its place. A birthday gives the age on the
day of the lead. An address stays in `extra` under its header, tidied; a known city in it fills a missing city.
`Any response` is a status if the configuration knows it, with other words kept in the notes; else it is a note.
"""

from __future__ import annotations

from types import MappingProxyType

from core.columns import ColumnUse, TabShape
from core.config import Config
from core.date_orders import DateOrders
from core.gathering import Gathering
from core.model import Cell, LeadDraft, SourceRow, Value
from core.names import Child
from core.readers import Reader, Reading, quick_for, reader_for

_MEMO = 50_000  # readings kept for each column: a tab of distinct cells must not grow without end
_NO_EXTRA = MappingProxyType[str, Cell]({})
_TARGETS = {"parent_name": "full_name", "child_and_age": "child_name", "response": "status"}
_NOT_QUICK = frozenset(("address", "birth_date", "first_name", "last_name"))


class _Unclear:
    """Stands for the value of a cell that only `Gathering` can deal with."""


_UNCLEAR = _Unclear()
_UNSEEN = _Unclear()
_Quick = Value | Child | _Unclear


def normalise(row: SourceRow, shape: TabShape, config: Config) -> tuple[LeadDraft, ...]:
    """The drafts of one row. For many rows of a tab make one `Cleaner` and keep it for the run."""
    return Cleaner(shape, config).drafts(row)


class Cleaner:
    """Normalises the rows of one tab, and remembers what equal cells read as for as long as it lives.

    Most rows are clear: each cell gives one value of one field. These take the quick way; a row with a doubt, several
    phones or children, or words for the notes is gathered. Both ways give the same draft of a clear row."""

    def __init__(self, shape: TabShape, config: Config, *, quick: bool = True) -> None:
        orders = dict(shape.date_orders)
        uses = sorted((use for use in shape.columns if not use.dropped), key=lambda use: (use.choice, use.index))
        self._known = [_Column(use, orders.get(use.index), config) for use in uses if use.field]
        self._unknown = [(use.index, use.header) for use in uses if not use.field]
        self._quick = [(column.index, column.target, column.clear, column) for column in self._known]
        self._all_quick = quick and _is_quick(uses)

    def drafts(self, row: SourceRow) -> tuple[LeadDraft, ...]:
        """The drafts of a row: one, or one for each child. A row without a valid phone has a blocking issue."""
        if self._all_quick:
            fields = self._clear_fields(row.cells)
            if fields is not None:
                extra = self._extra(row.cells) if self._unknown else _NO_EXTRA
                return (LeadDraft(MappingProxyType(fields), row, (), extra),)
        return self._gathered(row)

    def _clear_fields(self, cells: tuple[Cell, ...]) -> dict[str, Value] | None:
        """The fields of a clear row, None where the row is not clear."""
        fields: dict[str, Value] = {}
        child: Child | None = None
        width = len(cells)
        for index, target, clear, column in self._quick:
            if index >= width:
                continue
            cell = cells[index]
            if cell is None or cell == "":
                continue
            value = clear.get(cell, _UNSEEN)
            if value is _UNSEEN:
                value = column.clear_value(cell)
            if value is _UNCLEAR:
                return None
            if target == "child_name":
                child = value  # type: ignore[assignment]  # a child's column gives a Child or None
            elif value is not None:
                fields[target] = value  # type: ignore[assignment]  # the other columns give values
        if "phone_number" not in fields:
            return None
        return fields if child is None else _with_child(fields, child)

    def _extra(self, cells: tuple[Cell, ...]) -> MappingProxyType[str, Cell]:
        width = len(cells)
        return MappingProxyType(
            {
                header: cells[index]
                for index, header in self._unknown
                if index < width and cells[index] not in (None, "")
            }
        )

    def _gathered(self, row: SourceRow) -> tuple[LeadDraft, ...]:
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


def _with_child(fields: dict[str, Value], child: Child) -> dict[str, Value] | None:
    if child.age is not None and fields.setdefault("child_age", child.age) != child.age:
        return None
    if child.name:
        fields["child_name"] = child.name
        fields.setdefault("full_name", child.name)
    return fields


def _is_quick(uses: list[ColumnUse]) -> bool:
    """Whether each column of a shape fills a field of its own."""
    known = [_TARGETS.get(use.field, use.field) for use in uses if use.field and use.field != "other_phones"]
    firsts = [
        field
        for field, use in zip(known, (u for u in uses if u.field and u.field != "other_phones"), strict=True)
        if not (field == "phone_number" and use.choice)
    ]
    headers = [use.header for use in uses if not use.field]
    return len(set(firsts)) == len(firsts) and len(set(headers)) == len(headers) and not _NOT_QUICK & set(firsts)


class _Column:
    """One column: its use, and the readings of the cells that it has seen."""

    __slots__ = ("_memo", "_quick", "_reader", "clear", "index", "target", "use")

    def __init__(self, use: ColumnUse, orders: DateOrders | None, config: Config) -> None:
        self.use, self.index = use, use.index
        self._reader: Reader = reader_for(use.field, orders, config)
        self._quick = None if use.choice else quick_for(use.field, config)
        self.target = _TARGETS.get(use.field, use.field)
        self._memo: dict[Cell, Reading] = {}
        self.clear: dict[Cell, _Quick] = {}

    def read(self, cell: Cell) -> Reading:
        """The reading of a cell."""
        if isinstance(cell, bool):  # True equals 1 in a dictionary
            return self._reader(cell)
        known = self._memo.get(cell)
        if known is None:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            known = self._memo[cell] = self._reader(cell)
        return known

    def clear_value(self, cell: Cell) -> _Quick:
        """The one value of a cell that was not seen before, `_UNCLEAR` where it says more or less than that."""
        value: _Quick = self._quick(cell) if self._quick else None
        if value is None:
            value = _clear(self.use, self.read(cell))
        if cell != 0 and cell != 1:  # False and True are the same keys
            if len(self.clear) >= _MEMO:
                self.clear.clear()
            self.clear[cell] = value
        return value


def _clear(use: ColumnUse, reading: Reading) -> _Quick:
    if reading.doubt or reading.words or len(reading.more) > 1 or len(reading.children) > 1 or len(reading.ages) > 1:
        return _UNCLEAR
    if use.field in ("phone_number", "other_phones", "email"):
        if reading.more and (use.choice or use.field == "other_phones"):
            return _UNCLEAR
        return reading.more[0] if reading.more else None
    if use.field in ("child_name", "child_and_age"):
        return reading.children[0] if reading.children else None
    if use.field == "child_age":
        return reading.ages[0] if reading.ages else None
    return _UNCLEAR if reading.children else reading.value
