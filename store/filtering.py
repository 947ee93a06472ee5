"""What a query over the leads asks for, as conditions over the narrow table `listed`. Used by `store.search`.

Each condition stands on a column that has an index. SQLite, which keeps no statistics here, is told which one to go by:
the others are written so that it only checks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, literal_column, true

from store import counters
from store.counters import FACETS, NEVER, NO_DAY
from store.schema import listed
from store.values import askable, moment_text

Choice: TypeAlias = str | tuple[str, ...] | None
"""One value, one of several, or anything (None). Values match whole and with case; "" is blank."""

Sort: TypeAlias = Literal[
    "next_follow_up", "full_name", "lead_score", "lead_date", "created_at", "updated_at", "last_contacted",
    "status", "priority", "assigned_to", "lead_source", "city",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeadQuery:
    """What to list. None does not filter; `q` as `store.texts` reads it. `overdue_on`: next follow-up before that day.
    Ranges of days and scores count both ends; `contacted_from` and `contacted_before` are moments, the second one not
    counted; `never_contacted` asks for those without any. No follow-up sorts after every day; elsewhere blank sorts
    before everything."""

    q: str = ""
    status: Choice = None
    priority: Choice = None
    assigned_to: Choice = None
    source: Choice = None
    city: Choice = None
    score_from: int | None = None
    score_to: int | None = None
    overdue_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    no_due: bool = False
    lead_from: date | None = None
    lead_to: date | None = None
    contacted_from: datetime | None = None
    contacted_before: datetime | None = None
    never_contacted: bool = False
    sort: Sort = "next_follow_up"
    descending: bool = False


def facets(query: LeadQuery) -> Mapping[str, tuple[str, ...]]:
    """The values asked for, by facet (`store.counters.FACETS`); a facet that is not asked for is left out."""
    asked = (query.status, query.priority, query.assigned_to, query.source, query.city)
    return {name: _values(choice) for name, choice in zip(FACETS, asked, strict=True) if choice is not None}


def _values(choice: str | tuple[str, ...]) -> tuple[str, ...]:
    several = (choice,) if isinstance(choice, str) else choice
    return tuple(sorted({askable(value)[:100] for value in several}))


def ranges(query: LeadQuery) -> Mapping[str, tuple[str | int | None, str | int | None]]:
    """What is asked for between two bounds, both counted, by column of `listed`; None is open."""
    found: dict[str, tuple[str | int | None, str | int | None]] = {}
    days = [day.isoformat() for day in (query.due_from,) if day]
    if query.no_due:
        found["due"] = (NO_DAY, NEVER)  # who must not be contacted is never due
    elif days or query.due_to or query.overdue_on:
        found["due"] = (days[0] if days else None, query.due_to.isoformat() if query.due_to else None)
    if query.lead_from or query.lead_to:
        found["lead_date"] = (_day(query.lead_from) or " ", _day(query.lead_to))
    if query.score_from is not None or query.score_to is not None:
        found["score"] = (query.score_from, query.score_to)
    if query.never_contacted:
        found["last_contacted"] = ("", "")
    elif query.contacted_from or query.contacted_before:
        found["last_contacted"] = (_moment(query.contacted_from) or " ", None)
    return found


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(at: datetime | None) -> str | None:
    return moment_text(at) if at else None


def narrow(statement: Select[Any], dialect: str, query: LeadQuery, by: Iterable[str]) -> Select[Any]:
    """The statement over `listed` with the query's filters (its words are `store.search`'s). `by` are the columns whose
    index may be gone by; on SQLite the others are only checked."""
    led = frozenset(by)

    def column(name: str) -> ColumnElement[Any]:
        checked = dialect == "sqlite" and name not in led
        return literal_column(f"+listed.{name}", listed.c[name].type) if checked else listed.c[name]

    for name, values in facets(query).items():
        one = len(values) == 1
        statement = statement.where(column(name) == values[0] if one else column(name).in_(values))
    for name, bounds in ranges(query).items():
        statement = statement.where(*_between(column(name), bounds))
    if query.overdue_on:
        statement = statement.where(column("due") < query.overdue_on.isoformat())
    if query.contacted_before and not query.never_contacted:
        statement = statement.where(column("last_contacted") < moment_text(query.contacted_before))
    if "due" in ranges(query) and not query.no_due:
        statement = statement.where(column("due") < NO_DAY)
    return statement


def _between(
    column: ColumnElement[Any], bounds: tuple[str | int | None, str | int | None]
) -> list[ColumnElement[bool]]:
    low, high = bounds
    if low is not None and low == high:
        return [column == low]
    return [column >= low if low is not None else true(), column <= high if high is not None else true()]


def counted(conn: Connection, query: LeadQuery) -> Mapping[str, int]:
    """How many leads each facet that is asked for has by itself, from kept counters."""
    return {name: sum(counters.one(conn, name, v) for v in values) for name, values in facets(query).items()}
