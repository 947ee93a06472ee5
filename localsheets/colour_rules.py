"""Colours by rule, as a cell's effectiveFormat shows them: conditional formats of a sheet over the cells of one read.

Formulas of rules, and the lowest and highest values of gradients, are computed like those in cells (`evaluation`), but
on sheets of their own, where they stand in nobody's way.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import references
from .a1 import Box
from .conditions import DAYS, meets
from .evaluation import compute
from .follow import Json
from .formula_feed import RULES, Task, rule_sheet
from .guard import overlap
from .results import Kinded

if TYPE_CHECKING:
    from .book import Book
    from .grid import Grid

NOTHING: Kinded = ("blank", "")
_BY_PLACE = re.compile(r"\b(ROW|COLUMN|INDIRECT|OFFSET|CELL)\(", re.IGNORECASE)
MET: Json = {"met": True}
FURTHER = RULES // 2  # numbers from here on are those of conditions that are no colours by rule
LOWEST, HIGHEST = 0, 1  # where on a gradient's sheet the ends of its values stand; its points come after


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    boxes: tuple[Box, ...]
    doc: Json

    def holds(self, row: int, column: int) -> bool:
        return any(box.top <= row < (box.bottom or 0) and box.left <= column < (box.right or 0) for box in self.boxes)


@dataclass(slots=True)
class Painter:
    """The rules of a sheet for the cells of a closed box."""

    book: Book
    grid: Grid
    rules: list[_Rule]
    today: int = 0
    _wanted: dict[tuple[int, int, int, int], Task | Kinded] = field(default_factory=dict)
    _pinned: dict[str, tuple[bool, bool]] = field(default_factory=dict)

    @property
    def bottom(self) -> int:
        """Where the ranges of the rules end."""
        return max(box.bottom or 0 for rule in self.rules for box in rule.boxes)

    def format(self, row: int, column: int, cell: Kinded, shown: str) -> Json:
        """What the rules say of a cell, the first one strongest in each thing that it says; {} for nothing."""
        out: Json = {}
        for rule in self.rules:
            if not rule.holds(row, column):
                continue
            if "gradientRule" in rule.doc:
                found = self._gradient(rule, cell)
            else:
                condition = rule.doc["booleanRule"].get("condition", {})
                wanted = self._values(rule, condition, row, column)
                found = rule.doc["booleanRule"]["format"] if meets(condition["type"], cell, shown, wanted) else {}
            text = {**found.get("textFormat", {}), **out.get("textFormat", {})}
            out = {**found, **out, **({"textFormat": text} if text else {})}
        return out

    # -- conditions ---------------------------------------------------------------------------------------------------

    def _values(self, rule: _Rule, condition: Json, row: int, column: int) -> list[Kinded]:
        found = []
        for i, _ in enumerate(condition.get("values", ())):
            one = self._want(rule, condition, i, row, column)
            found.append(self._result(one) if isinstance(one, Task) else one)
        return found

    def _want(self, rule: _Rule, condition: Json, i: int, row: int, column: int) -> Task | Kinded:
        """What a value of a condition is at a cell: itself, or a formula as it reads there."""
        value = condition["values"][i]
        text = value.get("userEnteredValue", "")
        if "relativeDate" in value:
            return "number", self.today + DAYS.get(value["relativeDate"], 0)
        same_below, same_beside = self._same(text)
        row = rule.boxes[0].top if same_below else row
        column = rule.boxes[0].left if same_beside else column
        key = (rule.number, i, row, column)
        if key not in self._wanted:
            self._wanted[key] = self._read(rule, condition, i, row, column, text)
        return self._wanted[key]

    def _same(self, text: str) -> tuple[bool, bool]:
        """Whether a value reads the same in all rows, and in all columns: it is computed once for them."""
        if not text.startswith("="):
            return True, True
        found = self._pinned.get(text)
        if found is None and _BY_PLACE.search(text):
            found = False, False
        if found is None:
            found = references.copied(text, 1, 0) == text, references.copied(text, 0, 1) == text
            self._pinned[text] = found
        return found

    def _read(self, rule: _Rule, condition: Json, i: int, row: int, column: int, text: str) -> Task | Kinded:
        if text.startswith("="):
            formula = references.copied(text, row - rule.boxes[0].top, column - rule.boxes[0].left)
            return Task(self.grid, row, column, formula, sheet=rule_sheet(self.grid.key, rule.number, i))
        if condition["type"].startswith("TEXT"):
            return "text", text
        entered = self.book.parse(text, self.book.locale)
        return entered.kind, entered.value

    def _result(self, task: Task) -> Kinded:
        return self.book.results.values.get(task.place, NOTHING)

    # -- gradients ----------------------------------------------------------------------------------------------------

    def _gradient(self, rule: _Rule, cell: Kinded) -> Json:
        if cell[0] != "number":
            return {}
        stops = []
        for i, point in enumerate(_points(rule.doc["gradientRule"])):
            at = self._stop(rule, i, point)
            if at is None:
                return {}
            stops.append((at, point.get("colorStyle", {}).get("rgbColor", point.get("color", {}))))
        stops.sort(key=lambda stop: stop[0])
        mixed = _mixed(stops, float(cell[1]))
        return {"backgroundColor": mixed, "backgroundColorStyle": {"rgbColor": mixed}}

    def _stop(self, rule: _Rule, i: int, point: Json) -> float | None:
        """The value at which a point's colour stands; None where there is none."""
        kind = point.get("type")
        lowest, highest = (self._number(rule, place) for place in (LOWEST, HIGHEST))
        if kind in ("MIN", "MAX"):
            return lowest if kind == "MIN" else highest
        given = self._number(rule, HIGHEST + 1 + i)
        if kind != "PERCENT" or given is None or lowest is None or highest is None:
            return given
        return lowest + (highest - lowest) * given / 100

    def _number(self, rule: _Rule, place: int) -> float | None:
        kind, value = self._result(self._gradient_task(rule, place, ""))
        return float(value) if kind == "number" else None

    def _gradient_task(self, rule: _Rule, place: int, formula: str) -> Task:
        return Task(self.grid, 0, place, formula, sheet=rule_sheet(self.grid.key, rule.number, 0))

    def _gradient_tasks(self, rule: _Rule) -> list[Task]:
        values = ",".join(self.grid.name(box) for box in rule.boxes)
        made = [
            self._gradient_task(rule, LOWEST, f"=MIN({values})"),
            self._gradient_task(rule, HIGHEST, f"=MAX({values})"),
        ]
        for i, point in enumerate(_points(rule.doc["gradientRule"])):
            text = point.get("value", "").removeprefix("=")
            if point.get("type") == "PERCENTILE":
                text = f"PERCENTILE({self.grid.name(rule.boxes[0])},({text})/100)"
            if text:
                made.append(self._gradient_task(rule, HIGHEST + 1 + i, f"={text}"))
        return made

    def tasks(self, box: Box) -> list[Task]:
        """All that must be computed for the cells of a box."""
        found: list[Task] = []
        for rule in self.rules:
            if "gradientRule" in rule.doc:
                found.extend(self._gradient_tasks(rule))
                continue
            condition = rule.doc["booleanRule"].get("condition", {})
            for i, value in enumerate(condition.get("values", ())):
                if value.get("userEnteredValue", "").startswith("="):
                    wanted = (self._want(rule, condition, i, *cell) for cell in _cells(rule, box))
                    found.extend(one for one in wanted if isinstance(one, Task))
        return list({one.place: one for one in found}.values())


def painter(book: Book, grid: Grid, box: Box) -> Painter | None:
    """The rules that matter in a closed box, with what their formulas come to; None where there are none."""
    rules = []
    for number, doc in enumerate(grid.doc.get("conditionalFormats", ())):
        boxes = tuple(grid.closed(_box(found)) for found in doc["ranges"])
        if any(overlap(one, box) for one in boxes):
            rules.append(_Rule(number, boxes, doc))
    if not rules:
        return None
    return _at_work(book, grid, rules, box)


Tester = Callable[[int, int, Kinded, str], bool]


def tester(book: Book, grid: Grid, condition: Json, whole: Box, box: Box, number: int) -> Tester:
    """The test of a condition over `whole`, whose formulas are written for its first cell, on the cells of the closed
    `box` in it: takes row, column, what the cell comes to, and its text. `number`: FURTHER and up, unlike those of the
    sheet's other conditions."""
    rule = _Rule(number, (whole,), {"booleanRule": {"condition": condition, "format": MET}})
    made = _at_work(book, grid, [rule], box)
    return lambda row, column, cell, shown: bool(made.format(row, column, cell, shown))


def _at_work(book: Book, grid: Grid, rules: list[_Rule], box: Box) -> Painter:
    zone = zoneinfo.ZoneInfo(str(book.properties.get("timeZone", "UTC")))
    here = dt.datetime.fromtimestamp(book.now(), zone).date()
    made = Painter(book, grid, rules, (here - dt.date(1899, 12, 30)).days)
    compute(book, made.tasks(box))
    return made


def _box(found: Json) -> Box:
    from .grid import box_of

    return box_of(found)


def _cells(rule: _Rule, box: Box) -> list[tuple[int, int]]:
    return [
        (row, column)
        for one in rule.boxes
        for row in range(max(one.top, box.top), min(one.bottom or 0, box.bottom or 0))
        for column in range(max(one.left, box.left), min(one.right or 0, box.right or 0))
    ]


def _points(gradient: Json) -> list[Json]:
    return [gradient[name] for name in ("minpoint", "midpoint", "maxpoint") if name in gradient]


def _mixed(stops: list[tuple[float, Json]], value: float) -> Json:
    """The colour between the two points that a value lies between; beyond them, the last one's."""
    below = [stop for stop in stops if stop[0] <= value]
    above = [stop for stop in stops if stop[0] > value]
    if not below or not above or below[-1][0] == value:
        return (below[-1] if below else above[0])[1]
    (low, one), (high, two) = below[-1], above[0]
    share = (value - low) / (high - low)
    parts = {
        name: one.get(name, 0) + (two.get(name, 0) - one.get(name, 0)) * share for name in ("red", "green", "blue")
    }
    return {name: part for name, part in parts.items() if part}
