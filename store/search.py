"""Lists of leads: filtered, searched, sorted and paged, in the same time at 340,000 leads as at a hundred.

Filters and orders go over the narrow table `listed`, each by an index of its own; words over `texts` (`store.finding`).
Pages follow each other by keyset cursors, so rows that come or go between two of them neither repeat nor hide others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, exists, func, or_, select

from core.model import Lead
from store import conflicts, counters, finding, mirror, paging
from store.counters import FACETS, NO_DAY
from store.schema import listed, texts
from store.texts import Needle, needles
from store.values import askable

Sort: TypeAlias = Literal[
    "next_follow_up", "full_name", "lead_score", "lead_date", "created_at", "updated_at", "last_contacted",
    "status", "priority", "assigned_to", "lead_source", "city",
]  # fmt: skip

_ORDERS: Mapping[str, tuple[Column[object], ...]] = MappingProxyType(
    {
        "next_follow_up": (listed.c.due,),
        "full_name": (listed.c.name,),
        "lead_score": (listed.c.score,),
        **{name: (listed.c[name],) for name in ("lead_date", "created_at", "updated_at", "last_contacted")},
        **{name: (listed.c[name], listed.c.due) for name in FACETS},
    }
)
_FEW = 2_000  # found texts up to which it is quicker to sort what was found than to walk the order and look


@dataclass(frozen=True, slots=True)
class LeadQuery:
    """What to list. None does not filter; "" asks for leads where the field is blank; values match whole and with case.
    `overdue_on`: next follow-up before that day; `due_from`, `due_to`: between the days, both counted. `q` as
    `store.texts` reads it. No follow-up sorts after every day; elsewhere blank sorts before everything."""

    q: str = ""
    status: str | None = None
    priority: str | None = None
    assigned_to: str | None = None
    source: str | None = None
    city: str | None = None
    overdue_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    sort: Sort = "next_follow_up"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a list shows beside a lead: edits on their way, open conflicts, and whether (and why) it is frozen."""

    saving: bool
    conflicts: int
    frozen_why: str


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A page of leads; `marks` has those leads that have something to mark. `total` counts all that the query finds."""

    leads: tuple[Lead, ...]
    marks: Mapping[str, Mark]
    next_cursor: str | None
    total: int


def page(conn: Connection, query: LeadQuery, limit: int, cursor: str | None = None) -> LeadPage:
    """One page. Raises `paging.BadCursor`, and ValueError for an order that there is not."""
    if query.sort not in _ORDERS:
        raise ValueError(f"no order by {query.sort!r}; there are {', '.join(_ORDERS)}")
    size = paging.page_size(limit)
    order = (*_ORDERS[query.sort], listed.c.lead_id)
    shape = tuple(column.type.python_type for column in order)
    start = paging.after(_kind(query), cursor, shape) if cursor else None
    words = needles(query.q)
    total = count(conn, query)
    statement = _narrowed(conn.dialect.name, select(*order), query, words, walk=total > _FEW)
    if start is not None:
        statement = statement.where(_beyond(order, start, query.descending))
    ordered = statement.order_by(*(column.desc() if query.descending else column for column in order))
    found = conn.execute(ordered.limit(size + 1)).all() if total else []
    ids = [str(row[-1]) for row in found[:size]]
    following = paging.cursor(_kind(query), tuple(found[size - 1])) if len(found) > size else None
    return LeadPage(tuple(mirror.leads(conn, ids)), marks(conn, ids), following, total)


def ids(conn: Connection, query: LeadQuery) -> list[str]:
    """Every lead that the query finds, in id order: for what is done to all of them at once."""
    words = needles(query.q)
    walk = count(conn, query) > _FEW
    found = _narrowed(conn.dialect.name, select(listed.c.lead_id), query, words, walk=walk)
    return list(conn.scalars(found.order_by(listed.c.lead_id)))


def count(conn: Connection, query: LeadQuery) -> int:
    """How many leads the query finds: from kept counters where one filter alone decides, else counted in `listed`."""
    words = needles(query.q)
    chosen = _facets(query)
    days = query.overdue_on or query.due_from or query.due_to
    if not words and not days and len(chosen) <= 1:
        return counters.one(conn, *next(iter(chosen.items()))) if chosen else counters.total(conn)
    if not words and days and not (set(chosen) - {"assigned_to"}) and query.overdue_on is None:
        return counters.due(conn, query.due_from, query.due_to, chosen.get("assigned_to"))
    counted = select(func.count()).select_from(listed if chosen or days else texts)
    if chosen or days:
        return int(conn.scalar(_narrowed(conn.dialect.name, counted, query, words, walk=_rare(conn, query))) or 0)
    return int(conn.scalar(_found(conn.dialect.name, counted, words)) or 0)


def marks(conn: Connection, ids: list[str]) -> Mapping[str, Mark]:
    """What to show beside these leads; those with nothing to show are left out."""
    undecided = conflicts.of_leads(conn, ids)
    made = {
        lead_id: Mark(stands.saving > 0, undecided.get(lead_id, 0), stands.why)
        for lead_id, stands in mirror.standing(conn, ids).items()
    }
    return MappingProxyType({i: mark for i, mark in made.items() if mark != Mark(False, 0, "")})


def _narrowed(
    dialect: str, statement: Select[Any], query: LeadQuery, words: tuple[Needle, ...], *, walk: bool
) -> Select[Any]:
    """The statement over `listed` with the query's filters; `walk`: go along `listed` and look into each text, rather
    than gather all texts that hold the words first."""
    for name, value in _facets(query).items():
        statement = statement.where(listed.c[name] == value)
    if query.overdue_on or query.due_from or query.due_to:
        statement = statement.where(listed.c.due < NO_DAY)
    if query.overdue_on:
        statement = statement.where(listed.c.due < query.overdue_on.isoformat())
    if query.due_from:
        statement = statement.where(listed.c.due >= query.due_from.isoformat())
    if query.due_to:
        statement = statement.where(listed.c.due <= query.due_to.isoformat())
    if not words:
        return statement
    if walk:
        return statement.where(exists().where(texts.c.pk == listed.c.pk, finding.contains(dialect, words)))
    return statement.where(listed.c.pk.in_(_found(dialect, select(texts.c.pk), words)))


def _found(dialect: str, statement: Select[Any], words: tuple[Needle, ...]) -> Select[Any]:
    where = finding.indexed(words) if dialect == "sqlite" else None
    if where is not None:
        statement = statement.where(texts.c.pk.in_(where))
    return statement.where(finding.contains(dialect, words))


def _rare(conn: Connection, query: LeadQuery) -> bool:
    """Whether some filter leaves so few leads that looking into each text is quickest."""
    return any(counters.one(conn, name, value) <= _FEW for name, value in _facets(query).items())


def _facets(query: LeadQuery) -> dict[str, str]:
    asked = (query.status, query.priority, query.assigned_to, query.source, query.city)
    return {name: askable(value)[:100] for name, value in zip(FACETS, asked, strict=True) if value is not None}


def _beyond(order: tuple[Column[object], ...], start: paging.Key, descending: bool) -> ColumnElement[bool]:
    """Rows that come after the key: the first column bounds the index, the rest decides among its equals."""
    head, key = order[0], start[0]
    past = head < key if descending else head > key
    if len(order) == 1:
        return past
    bound = head <= key if descending else head >= key
    return and_(bound, or_(past, _beyond(order[1:], start[1:], descending)))


def _kind(query: LeadQuery) -> str:
    return "leads " + repr([(field.name, getattr(query, field.name)) for field in fields(query)])
