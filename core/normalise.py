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

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from types import MappingProxyType

from core.columns import ColumnUse, TabShape
from core.config import Config
from core.date_orders import DateOrders
from core.gathering import Gathering
from core.model import Cell, LeadDraft, SourceRow, Value
from core.names import Child
from core.readers import Reader, Reading, quick_for, reader_for

_MEMO = 50_000  # readings kept for each column: a tab of distinct cells must not grow without end
_WINDOW = 5_000  # rows that are read column by column at a time
_NO_EXTRA = MappingProxyType[str, Cell]({})
_TARGETS = {"parent_name": "full_name", "child_and_age": "child_name", "response": "status"}
_NOT_QUICK = frozenset(("address", "birth_date", "first_name", "last_name"))


class _Unclear:
    """Stands for the value of a cell that only `Gathering` can deal with."""


_UNCLEAR = _Unclear()
_Clear = Value | Child | _Unclear


def normalise(row: SourceRow, shape: TabShape, config: Config) -> tuple[LeadDraft, ...]:
    """The drafts of one row. For many rows of a tab make one `Cleaner` and keep it for the run."""
    return Cleaner(shape, config).drafts(row)


class Cleaner:
    """Normalises the rows of one tab, and remembers what equal cells read as for as long as it lives.

    Most cells are clear: they give one value of one field. A row of such cells takes the quick way; one with a doubt,
    several phones or children, or words for the notes is gathered. Both ways give the same draft of a clear row."""

    def __init__(self, shape: TabShape, config: Config, *, quick: bool = True) -> None:
        orders = dict(shape.date_orders)
        uses = sorted((use for use in shape.columns if not use.dropped), key=lambda use: (use.choice, use.index))
        self._known = [_Column(use, orders.get(use.index), config) for use in uses if use.field]
        self._unknown = [(use.index, use.header) for use in uses if not use.field]
        self._targets = [column.target for column in self._known]
        headers = [header for _, header in self._unknown]
        own_fields = len(set(self._targets)) == len(self._targets) and not _NOT_QUICK & set(self._targets)
        self._quick = quick and own_fields and len(set(headers)) == len(headers)

    def drafts(self, row: SourceRow) -> tuple[LeadDraft, ...]:
        """The drafts of a row: one, or one for each child. A row without a valid phone has a blocking issue."""
        return next(self.clean((row,)))

    def clean(self, rows: Sequence[SourceRow]) -> Iterator[tuple[LeadDraft, ...]]:
        """The drafts of each row, in order."""
        if not self._quick:
            yield from map(self._gathered, rows)
            return
        for start in range(0, len(rows), _WINDOW):
            yield from self._window(rows[start : start + _WINDOW])

    def _values(self, window: Sequence[SourceRow]) -> tuple[list[tuple[_Clear, ...]], set[int]]:
        """For each row the values of the known columns, read column by column; and the rows that lack one of them."""
        columns = list(zip_longest(*[row.cells for row in window]))
        blank: tuple[Cell, ...] = (None,) * len(window)
        lacking: set[int] = set()
        values = []
        for column in self._known:
            found = column.clear_values(columns[column.index] if column.index < len(columns) else blank)
            lacking.update([number for number, value in enumerate(found) if value is None or value is _UNCLEAR])
            values.append(found)
        return (list(zip(*values, strict=True)) if values else [()] * len(window)), lacking

    def _window(self, window: Sequence[SourceRow]) -> list[tuple[LeadDraft, ...]]:
        values, lacking = self._values(window)
        targets, whole = self._targets, "phone_number" in self._targets and "child_name" not in self._targets
        drafts = []
        for number, row in enumerate(window):
            said = values[number]
            fields: dict[str, _Clear] | None = dict(zip(targets, said, strict=False))
            if number in lacking or not whole:
                fields = _clear_fields(targets, said)
            if fields is None:
                drafts.append(self._completed(row, said))
            else:
                extra = self._extra(row.cells) if self._unknown else _NO_EXTRA
                drafts.append((LeadDraft(MappingProxyType(fields), row, (), extra),))  # type: ignore[arg-type]  # values
        return drafts

    def _completed(self, row: SourceRow, said: tuple[_Clear, ...]) -> tuple[LeadDraft, ...]:
        """The drafts of a row whose clear columns have `said` their values and whose others are still to be heard."""
        clear: dict[str, Value] = {}
        child: Child | None = None
        for target, value in zip(self._targets, said, strict=True):
            if value is None or isinstance(value, _Unclear):
                continue
            if isinstance(value, Child):
                child = value
            else:
                clear[target] = value
        gathering = Gathering(row, clear, child)
        for column, value in zip(self._known, said, strict=True):
            if value is _UNCLEAR:
                cell = row.cells[column.index]
                gathering.hear(column.use, column.read(cell), cell)
        return self._finished(gathering, row)

    def _gathered(self, row: SourceRow) -> tuple[LeadDraft, ...]:
        gathering, cells = Gathering(row, {}, None), row.cells
        for column in self._known:
            if column.index < len(cells) and cells[column.index] not in (None, ""):
                gathering.hear(column.use, column.read(cells[column.index]), cells[column.index])
        return self._finished(gathering, row)

    def _finished(self, gathering: Gathering, row: SourceRow) -> tuple[LeadDraft, ...]:
        cells = row.cells
        for index, header in self._unknown:
            if index < len(cells) and cells[index] not in (None, ""):
                gathering.keep(header, cells[index])
        return gathering.drafts()

    def _extra(self, cells: tuple[Cell, ...]) -> MappingProxyType[str, Cell]:
        pairs = ((header, cells[index]) for index, header in self._unknown if index < len(cells))
        return MappingProxyType({header: cell for header, cell in pairs if cell not in (None, "")})


def _clear_fields(targets: list[str], said: tuple[_Clear, ...]) -> dict[str, _Clear] | None:
    """The fields of a clear row; None where a cell is not clear, the phone is missing or two ages are said."""
    fields: dict[str, _Clear] = {}
    child: Child | None = None
    for target, value in zip(targets, said, strict=True):
        if isinstance(value, Child):
            child = value
        elif value is _UNCLEAR:
            return None
        elif value is not None:
            fields[target] = value
    if child is not None:
        if child.age is not None and fields.setdefault("child_age", child.age) != child.age:
            return None
        if child.name:
            fields["child_name"] = child.name
            fields.setdefault("full_name", child.name)
    return fields if "phone_number" in fields else None


class _Column:
    """One column: its use, and what the cells that it has seen read as."""

    __slots__ = ("_clear", "_memo", "_quick", "_reader", "index", "target", "use")

    def __init__(self, use: ColumnUse, orders: DateOrders | None, config: Config) -> None:
        self.use, self.index = use, use.index
        second_phone = use.field == "phone_number" and use.choice
        self.target = f"phone {use.choice}" if second_phone else _TARGETS.get(use.field, use.field)
        self._reader: Reader = reader_for(use.field, orders, config)
        self._quick = None if use.choice else quick_for(use.field, orders, config)
        self._memo: dict[Cell, Reading] = {}
        self._clear: dict[Cell, _Clear] = {}

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

    def clear_values(self, cells: Sequence[Cell]) -> list[_Clear]:
        """The one value of each cell; None where it is blank, `_UNCLEAR` where it says more or less than one value."""
        known, quick = self._clear, self._quick
        if len(known) >= _MEMO:
            known.clear()
        for cell in set(cells).difference(known):
            value = quick(cell) if quick else None
            known[cell] = self._clear_value(cell) if value is None else value
        if True in known or False in known:  # they are the same keys as 1 and 0
            return [self._clear_value(cell) if cell in (0, 1) else known[cell] for cell in cells]
        return [known[cell] for cell in cells]

    def _clear_value(self, cell: Cell) -> _Clear:
        if cell is None or cell == "":
            return None
        reading = self.read(cell)
        if (
            reading.doubt
            or reading.words
            or len(reading.more) > 1
            or len(reading.children) > 1
            or len(reading.ages) > 1
        ):
            return _UNCLEAR
        field = self.use.field
        if field in ("child_name", "child_and_age"):
            return reading.children[0] if reading.children else None
        if field == "child_age":
            return reading.ages[0] if reading.ages else None
        if reading.more and (self.use.choice or field == "other_phones"):
            return _UNCLEAR
        if reading.more or reading.children:
            return reading.more[0] if reading.more else _UNCLEAR
        return reading.value
