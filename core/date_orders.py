"""Decides how the dates of a column are written: day first or month first.

Where it stands: `columns.recognise` asks once for each date column; `dates.read` is told the answer for each cell.
The rule: cells of one style (separator, with or without a time) were written by one hand or program.
1. A style whose dates that can be read one way all agree has that order.
2. Where styles of a column disagree, a style needs three such dates; one that disagrees with itself stays undecided.
3. A style without such a date takes the column's order, if the column agrees and the locale does not speak against it.
4. Without any such date the spreadsheet's locale decides, but a month-first locale only for dates with a time: these
   come from a form, while a hand in India types the day first.
5. A month-first spreadsheet turns `08-12-2025` into 12 August as it is typed and leaves `13-12-2025` as text, a
   day-first one does the same the other way round. Where a column's texts are all of that kind and no serial number
   has a day above 12, they cannot be trusted; those with a time of day, which a form wrote, are judged for themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.dates import Order, from_serial, look
from core.model import Cell

_MONTH_FIRST_REGIONS = frozenset(("US", "PH", "PR", "GU", "VI", "AS", "FM", "MH", "PW"))
_YEAR_FIRST_LANGUAGES = frozenset(("ja", "zh", "ko", "hu", "lt", "mn", "sv", "fa"))
_OPPOSITE = {Order.DAY_FIRST: Order.MONTH_FIRST, Order.MONTH_FIRST: Order.DAY_FIRST}
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class DateOrders:
    """What was found for one column: the order of each style seen, of any other style, and whether serial numbers can
    be taken as they are."""

    other: Order = Order.UNKNOWN
    styles: Mapping[str, Order] = field(default_factory=dict)
    trust_serials: bool = True
    trust_timed: bool = True  # serial numbers with a time of day: those of a form beside those that a hand typed

    def of(self, style: str) -> Order:
        return self.styles.get(style, self.other)


def locale_order(locale: str) -> Order:
    """The order that a spreadsheet's locale (`en_IN`, `en-US`) writes; UNKNOWN without one and where years lead."""
    language, _, region = locale.replace("-", "_").partition("_")
    if not language or language.lower() in _YEAR_FIRST_LANGUAGES:
        return Order.UNKNOWN
    if region.upper() in _MONTH_FIRST_REGIONS:
        return Order.MONTH_FIRST
    return Order.DAY_FIRST if region else Order.UNKNOWN


def decide(cells: Iterable[Cell], locale: str) -> DateOrders:
    """The orders of a column from all of its cells and the spreadsheet's locale."""
    proofs: dict[str, set[Order]] = {}
    counts: dict[str, int] = {}
    open_texts = 0
    serials: list[float] = []
    for cell, times in Counter(cells).items():
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            serials.append(cell)
        numbers = look(cell).numbers if isinstance(cell, str) else None
        if numbers is None:
            continue
        found = proofs.setdefault(numbers.style, set())
        evidence = numbers.evidence
        if evidence is Order.UNKNOWN:
            open_texts += times
        else:
            found.add(evidence)
            counts[numbers.style] = counts.get(numbers.style, 0) + times
    column = {order for found in proofs.values() for order in found}
    home = locale_order(locale)
    styles = {style: _of_style(style, found, counts.get(style, 0), column, home) for style, found in proofs.items()}
    against = column == {_OPPOSITE.get(home)} and not open_texts
    plain = [serial for serial in serials if not serial % 1]
    timed = [serial for serial in serials if serial % 1]
    trust, trust_timed = (not (against and _days_all_low(some)) for some in (plain, timed))
    return DateOrders(_without_proof("", column, home), styles, trust, trust_timed)


def _of_style(style: str, found: set[Order], count: int, column: set[Order], home: Order) -> Order:
    if not found:
        return _without_proof(style, column, home)
    if len(found) > 1 or (len(column) > 1 and count < _ENOUGH):
        return Order.UNKNOWN
    return next(iter(found))


def _without_proof(style: str, column: set[Order], home: Order) -> Order:
    timed = style.endswith("t")
    if len(column) > 1:
        return Order.UNKNOWN
    if column:
        order = next(iter(column))
        return Order.UNKNOWN if timed and home is Order.MONTH_FIRST and order is Order.DAY_FIRST else order
    if home is Order.MONTH_FIRST and not timed:
        return Order.UNKNOWN
    return home


def _days_all_low(serials: list[float]) -> bool:
    """Whether every serial number could be a date with day and month swapped."""
    days = [from_serial(serial)[0].day for serial in serials if 18264 <= serial < 73050]
    return bool(days) and max(days) <= 12
