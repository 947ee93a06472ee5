"""A source row becomes one or more cleaned drafts of leads.

`SourceRow + TabShape + Config -> LeadDraft`, the first step on the way in. Nothing of a row is lost: what a known
column holds and could not be read stands in the notes (`Phone: …`) and as an Issue with its reason; columns that nobody
knows stand in `extra` by header.

Decisions: a row whose children have names makes one draft for each. Where no column names the lead, it goes by its
child (`full_name` = `child_name`); `core.match` may put a parent's name in its place. A birthday gives the age on the
day of the lead. An address (tidied), a birthday and a second column of a field that says something else stand in
`extra` and in the notes; a known city in an address fills a missing city.
`Any response` is a status if the configuration knows it, with other words kept in the notes; else it is a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count, repeat, zip_longest
from operator import not_
from types import MappingProxyType

from core.columns import ColumnUse, TabShape
from core.config import Config
from core.date_orders import DateOrders
from core.gathering import MOST_NOTES, Gathering, joined
from core.many_drafts import clear_drafts
from core.model import Cell, LeadDraft, SourceRow, Value
from core.names import Child
from core.readers import Reading, quick_for, reader_for

_MEMO = 50_000  # cells remembered for each column: a tab of distinct cells must not grow without end
_WINDOW = 5_000  # rows that are read column by column at a time
_NO_EXTRA = MappingProxyType[str, Cell]({})
_TARGETS = {"parent_name": "full_name", "child_and_age": "child_name", "response": "status"}
_NOT_QUICK = frozenset(("address", "birth_date", "child_last_name", "first_name", "last_name"))


@dataclass(frozen=True, slots=True)
class _Odd:
    """What a cell says that is more or less than one value. Where it is only a value with words beside it, `note` is
    the line that stands for it in the notes; "" leaves it to `Gathering`. Counts as false, as a blank does: a row whose
    values are all true is clear."""

    reading: Reading
    value: Value = None
    note: str = ""

    def __bool__(self) -> bool:
        return False


_Said = Value | Child | _Odd


def normalise(row: SourceRow, shape: TabShape, config: Config) -> tuple[LeadDraft, ...]:
    """The drafts of one row. For many rows of a tab make one `Cleaner` and keep it for the run."""
    return Cleaner(shape, config).drafts(row)


class Cleaner:
    """Normalises the rows of one tab, and remembers what equal cells read as for as long as it lives.

    Most cells are clear: they give one value of one field. A row of such cells takes the quick way, and so does one
    with words for the notes; a doubt, several phones or children are gathered. Both ways give the same draft."""

    def __init__(self, shape: TabShape, config: Config, *, quick: bool = True) -> None:
        orders = dict(shape.date_orders)
        uses = sorted((use for use in shape.columns if not use.dropped), key=lambda use: (use.choice, use.index))
        self._known = [_Column(use, orders.get(use.index), config) for use in uses if use.field]
        self._unknown = [(use.index, use.header) for use in uses if not use.field]
        targets = self._targets = [column.target for column in self._known]
        headers = [header for _, header in self._unknown]
        own_fields = len(set(targets)) == len(targets) and not _NOT_QUICK & set(targets)
        self._quick = quick and own_fields and len(set(headers)) == len(headers)
        self._one_to_one = (
            "phone_number" in targets and "child_name" not in targets
        )  # each value fills its column's field

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

    def _said(self, window: Sequence[SourceRow]) -> list[list[_Said]]:
        """For each known column what it says in each row: they are read column by column."""
        columns = list(zip_longest(*[row.cells for row in window]))
        blank: tuple[Cell, ...] = (None,) * len(window)
        return [column.said(columns[column.index] if column.index < len(columns) else blank) for column in self._known]

    def _window(self, window: Sequence[SourceRow]) -> list[tuple[LeadDraft, ...]]:
        said = self._said(window)
        extras = list(map(self._extra, window)) if self._unknown else [_NO_EXTRA] * len(window)
        if not self._one_to_one:
            by_row = zip(*said, strict=True) if said else repeat(())
            return list(map(self._with_odd_cells, window, by_row, extras))
        # As if all rows were clear, and then the few others again: no step of this is taken row by row.
        values: Sequence[Sequence[Value]] = said  # type: ignore[assignment]  # in clear rows
        drafts: list[tuple[LeadDraft, ...]] = list(zip(clear_drafts(self._targets, values, window, extras)))
        for at in compress(count(), map(not_, map(all, zip(*said, strict=True)))):
            drafts[at] = self._with_odd_cells(window[at], [column[at] for column in said], extras[at])
        return drafts

    def _with_odd_cells(
        self, row: SourceRow, said: Sequence[_Said], extra: MappingProxyType[str, Cell]
    ) -> tuple[LeadDraft, ...]:
        """The drafts of a row with blanks, children, words or doubts."""
        fields: dict[str, Value] = {}
        children: list[Child] = []
        notes: list[str] = []
        odd: list[tuple[_Column, _Odd]] = []
        for column, value in zip(self._known, said, strict=True):
            if value is None:
                continue
            if isinstance(value, _Odd):
                odd.append((column, value))
                notes.append(value.note)
                if value.value is not None:
                    fields[column.target] = value.value
            elif isinstance(value, Child):
                children.append(value)
            else:
                fields[column.target] = value
        if "phone_number" not in fields or "" in notes or (children and not _placed(children[0], fields)):
            return self._completed(row, fields, children, odd)
        if notes:
            told = joined([fields["notes"], *notes] if "notes" in fields else notes)
            if len(told) > MOST_NOTES:
                return self._completed(row, fields, children, odd)
            fields["notes"] = told
        return (LeadDraft(MappingProxyType(fields), row, (), extra),)

    def _completed(
        self, row: SourceRow, fields: dict[str, Value], children: list[Child], odd: list[tuple[_Column, _Odd]]
    ) -> tuple[LeadDraft, ...]:
        """The drafts of a row whose clear columns have given `fields` and whose `odd` ones are still to be heard."""
        for column, _ in odd:
            fields.pop(column.target, None)
        gathering = Gathering(row, fields, children)
        for column, value in odd:
            gathering.hear(column.use, value.reading, row.cells[column.index])
        return self._finished(gathering, row)

    def _gathered(self, row: SourceRow) -> tuple[LeadDraft, ...]:
        gathering, cells = Gathering(row, {}, []), row.cells
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

    def _extra(self, row: SourceRow) -> MappingProxyType[str, Cell]:
        cells = row.cells
        pairs = ((header, cells[index]) for index, header in self._unknown if index < len(cells))
        return MappingProxyType({header: cell for header, cell in pairs if cell not in (None, "")})


def _placed(child: Child, fields: dict[str, Value]) -> bool:
    """Puts the only child of a row into its fields; False where two columns say different ages."""
    if child.age is not None and fields.setdefault("child_age", child.age) != child.age:
        return False
    if child.name:
        fields["child_name"] = child.name
        fields.setdefault("full_name", child.name)
    return True


class _Remembered(dict[Cell, _Said]):
    """What cells say, each looked at once."""

    def __init__(self, look: Callable[[Cell], _Said]) -> None:
        self._look = look

    def __missing__(self, cell: Cell) -> _Said:
        said = self[cell] = self._look(cell)
        return said


class _Column:
    """One column: its use, and what the cells that it has seen say."""

    __slots__ = ("_known", "_quick", "_reader", "_readings", "index", "target", "use")

    def __init__(self, use: ColumnUse, orders: DateOrders | None, config: Config) -> None:
        self.use, self.index = use, use.index
        second_phone = use.field == "phone_number" and use.choice
        self.target = f"phone {use.choice}" if second_phone else _TARGETS.get(use.field, use.field)
        self._reader = reader_for(use.field, orders, config)
        self._quick = None if use.choice else quick_for(use.field, orders, config)
        self._readings: dict[Cell, Reading] = {}
        self._known = _Remembered(self._look)

    def read(self, cell: Cell) -> Reading:
        """The reading of a cell."""
        if isinstance(cell, bool):  # True equals 1 in a dictionary
            return self._reader(cell)
        known = self._readings.get(cell)
        if known is None:
            if len(self._readings) >= _MEMO:
                self._readings.clear()
            known = self._readings[cell] = self._reader(cell)
        return known

    def said(self, cells: Sequence[Cell]) -> list[_Said]:
        """What each cell of the column says: its one value, None where it is blank, else an `_Odd`."""
        known, quick = self._known, self._quick
        if len(known) >= _MEMO:
            known.clear()
        ask = known.__getitem__
        found = quick.column(cells, ask) if quick and quick.column else list(map(ask, cells))
        if 1 in known or 0 in known:  # True and False are the same keys
            return [self._look(cell) if cell in (0, 1) else value for cell, value in zip(cells, found, strict=True)]
        return found

    def _look(self, cell: Cell) -> _Said:
        if cell is None or cell == "":
            return None
        said = self._quick.cell(cell) if self._quick else self._reader(cell)
        return self._one_value(said) if isinstance(said, Reading) else said

    def _one_value(self, reading: Reading) -> _Said:
        """What a reading says, if it is one value, perhaps with words."""
        field = self.use.field
        many = len(reading.more) > 1 or len(reading.children) > 1 or len(reading.ages) > 1
        if many or reading.doubt or reading.stop or (reading.more and (self.use.choice or field == "other_phones")):
            return _Odd(reading)
        if reading.words:
            return self._worded(reading)
        if field in ("child_name", "child_and_age"):
            return reading.children[0] if reading.children else None
        if field == "child_age":
            return reading.ages[0] if reading.ages else None
        if reading.children:
            return _Odd(reading)
        return reading.more[0] if reading.more else reading.value

    def _worded(self, reading: Reading) -> _Odd:
        if reading.children or reading.ages or self.use.field == "other_phones":
            return _Odd(reading)
        value = reading.more[0] if reading.more else reading.value
        return _Odd(reading, value, f"{self.use.header}: {reading.words}")
