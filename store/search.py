"""Lists of leads: filtered, searched, sorted and paged, in the same time at 340,000 leads as at a hundred.

Filters and orders go over the narrow table `listed`, each by an index of its own (`store.filtering`); words over
`texts` (`store.finding`). Pages follow each other by keyset cursors, so rows that come or go between two of them
neither repeat nor hide others. Where many leads match, a page walks along its order and looks at each; where few do, it
gathers and sorts them. The two answer the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, exists, func, or_, select

from core.model import Lead
from store import conflicts, counters, filtering, finding, mirror_rows, paging
from store.counters import FACETS
from store.filtering import LeadQuery, Sort
from store.mirror_rows import DELETED, MirrorRow
from store.schema import leads, listed, texts
from store.texts import Needle, needles

__all__ = [
    "LeadPage",
    "LeadQuery",
    "Mark",
    "Sort",
    "Total",
    "count",
    "found_ids",
    "ids",
    "marks",
    "matching",
    "page",
    "total",
]

_ORDERS: Mapping[str, tuple[Column[object], ...]] = MappingProxyType(
    {
        "next_follow_up": (listed.c.due,),
        "full_name": (listed.c.name,),
        "lead_score": (listed.c.score,),
        **{name: (listed.c[name],) for name in ("lead_date", "created_at", "updated_at", "last_contacted")},
        **{name: (listed.c[name], listed.c.due) for name in FACETS},
    }
)
_HANDFUL = 200  # leads whose numbers are handed from one statement to the next
_FEW = 2_000  # leads found up to which it is quicker to sort what was found than to walk the order and look
COUNTED = 10_000
"""Leads up to which filters together are counted for a page; a search is counted up to a tenth of them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a list shows beside a lead: edits on their way, open conflicts, and whether (and why) it is frozen."""

    saving: bool
    conflicts: int
    frozen_why: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many leads a query finds; `more` says that there are more than `leads`, which were not counted on."""

    leads: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A page of leads; `marks` has those leads that have something to mark. `total` counts all that the query finds;
    with `more` it is at least that many."""

    leads: tuple[Lead, ...]
    marks: Mapping[str, Mark]
    next_cursor: str | None
    total: int
    more: bool = False


def page(conn: Connection, query: LeadQuery, limit: int, cursor: str | None = None, *, exact: bool = True) -> LeadPage:
    """One page; `exact` counts all that is found, however many. Raises `paging.BadCursor`, and ValueError for an order
    that there is not."""
    known = None if exact else _first_of(conn, query)
    if known is not None and len(known) <= _HANDFUL:
        counted = Total(len(known))
    else:
        known = None
        counted = Total(count(conn, query)) if exact else total(conn, query)
    ids, following = _ids(conn, query, paging.page_size(limit), cursor, counted, known)
    rows = mirror_rows.read(conn, ids)
    shown = [rows[i] for i in ids if i in rows and rows[i].state != DELETED]
    marked = _marks(conn, {row.lead_id: row for row in shown})
    return LeadPage(tuple(row.lead for row in shown), marked, following, counted.leads, counted.more)


def _first_of(conn: Connection, query: LeadQuery) -> list[int] | None:
    """The numbers of the leads that a search finds, up to one more than a handful: where they are no more, they need
    not be looked for again. None for what is no mere search."""
    words = needles(query.q)
    if not words or filtering.facets(query) or filtering.ranges(query):
        return None
    found = _bounded(finding.pks(conn.dialect.name, words), _HANDFUL + 1)
    return list(conn.scalars(select(found.c.pk)))


def found_ids(conn: Connection, query: LeadQuery) -> Iterator[list[str]]:
    """The ids of all leads that the query finds, in its order, some hundred at a time."""
    counted, cursor = total(conn, query), None
    while True:
        ids, cursor = _ids(conn, query, paging.MOST, cursor, counted)
        yield ids
        if cursor is None:
            return


def _ids(
    conn: Connection,
    query: LeadQuery,
    size: int,
    cursor: str | None,
    counted: Total,
    known: Sequence[int] | None = None,
) -> tuple[list[str], str | None]:
    """The ids of one page, and the cursor of the next. `known` are the numbers of all that the query finds."""
    if query.sort not in _ORDERS:
        raise ValueError(f"no order by {query.sort!r}; there are {', '.join(_ORDERS)}")
    order = (*_ORDERS[query.sort], listed.c.lead_id)
    start = paging.after(_kind(query), cursor, tuple(column.type.python_type for column in order)) if cursor else None
    if not counted.leads:
        return [], None
    walk = counted.more or counted.leads > _FEW
    if known is not None:
        statement = select(*order).where(listed.c.pk.in_(known))
    else:
        by = _along(query, order) if walk else _rarest(conn, query)
        statement = _with_words(conn, filtering.narrow(select(*order), conn.dialect.name, query, by), query, walk=walk)
    if start is not None:
        statement = statement.where(_beyond(order, start, query.descending))
    ordered = statement.order_by(*(column.desc() if query.descending else column for column in order))
    rows = conn.execute(ordered.limit(size + 1)).all()
    following = paging.cursor(_kind(query), tuple(rows[size - 1])) if len(rows) > size else None
    return [str(row[-1]) for row in rows[:size]], following


def _along(query: LeadQuery, order: tuple[Column[object], ...]) -> set[str]:
    """The columns whose index keeps the order: that of the order itself; by follow-up, that of one facet too."""
    led = {order[0].name}
    if query.sort == "next_follow_up":
        led.update([name for name, values in filtering.facets(query).items() if len(values) == 1][:1])
    return led


def _rarest(conn: Connection, query: LeadQuery) -> set[str]:
    """The facet that leaves the fewest leads; without one, the columns of ranges."""
    found = filtering.counted(conn, query)
    return {min(found, key=lambda name: found[name])} if found else set(filtering.ranges(query))


def _rare(conn: Connection, query: LeadQuery) -> bool:
    """Whether some facet leaves so few leads that looking into each text is quickest."""
    return min(filtering.counted(conn, query).values(), default=_FEW + 1) <= _FEW


def ids(conn: Connection, query: LeadQuery) -> list[str]:
    """Every lead that the query finds, in id order: for what is done to all of them at once."""
    found = filtering.narrow(select(listed.c.lead_id), conn.dialect.name, query, _rarest(conn, query))
    return sorted(conn.scalars(_with_words(conn, found, query, walk=_rare(conn, query))))


def matching(conn: Connection, query: LeadQuery, ids: Sequence[str]) -> frozenset[str]:
    """Those of these leads that the query finds."""
    found = filtering.narrow(select(listed.c.lead_id), conn.dialect.name, query, set())
    found = found.where(listed.c.pk.in_(select(leads.c.pk).where(leads.c.lead_id.in_(ids))))
    return frozenset(conn.scalars(_with_words(conn, found, query, walk=True)))


def count(conn: Connection, query: LeadQuery) -> int:
    """How many leads the query finds, all of them counted."""
    return _counted(conn, query, None)


def total(conn: Connection, query: LeadQuery) -> Total:
    """How many leads the query finds: exactly where a kept counter says it, else counted up to a bound."""
    most = COUNTED // 10 if needles(query.q) else COUNTED
    found = _counted(conn, query, most + 1)
    return Total(min(found, most), more=True) if found > most and not _kept(query) else Total(found)


def _kept(query: LeadQuery) -> bool:
    """Whether kept counters know the answer: one facet alone, or days of follow-up, of one person or of all."""
    if needles(query.q):
        return False
    asked, between = filtering.facets(query), filtering.ranges(query)
    if not between:
        return len(asked) <= 1
    plain = set(between) == {"due"} and not query.no_due and query.overdue_on is None
    return plain and set(asked) <= {"assigned_to"} and all(len(values) == 1 for values in asked.values())


def _counted(conn: Connection, query: LeadQuery, most: int | None) -> int:
    asked = filtering.facets(query)
    if _kept(query) and filtering.ranges(query):
        return counters.due(conn, query.due_from, query.due_to, next(iter(asked.get("assigned_to", ())), None))
    if _kept(query):
        return sum(filtering.counted(conn, query).values()) if asked else counters.total(conn)
    words = needles(query.q)
    if words and not asked and not filtering.ranges(query):
        return _number(conn, select(func.count()).select_from(_bounded(finding.pks(conn.dialect.name, words), most)))
    found = filtering.narrow(select(listed.c.pk), conn.dialect.name, query, _rarest(conn, query))
    found = _with_words(conn, found, query, walk=_rare(conn, query))
    return _number(conn, select(func.count()).select_from(_bounded(found, most)))


def _bounded(found: Any, most: int | None) -> Any:
    """The rows, at most so many of them; a text (FTS5's own SQL) takes its bound as text."""
    if isinstance(found, Select):
        return (found if most is None else found.limit(most)).subquery()
    columns = found.columns(texts.c.pk)
    return (select(columns.subquery()) if most is None else select(columns.subquery()).limit(most)).subquery()


def _number(conn: Connection, statement: Select[Any]) -> int:
    return int(conn.scalar(statement) or 0)


def marks(conn: Connection, ids: list[str]) -> Mapping[str, Mark]:
    """What to show beside these leads; those with nothing to show are left out."""
    return _marks(conn, mirror_rows.read(conn, ids))


def _marks(conn: Connection, rows: Mapping[str, MirrorRow]) -> Mapping[str, Mark]:
    undecided = conflicts.of_leads(conn, rows)
    made = {i: Mark(row.saving > 0, undecided.get(i, 0), row.frozen_why) for i, row in rows.items()}
    return MappingProxyType({i: mark for i, mark in made.items() if mark != Mark(False, 0, "")})


def _with_words(conn: Connection, statement: Select[Any], query: LeadQuery, *, walk: bool) -> Select[Any]:
    """The statement with the query's words; `walk`: go along `listed` and look into each text, rather than gather all
    texts that hold the words first."""
    words: tuple[Needle, ...] = needles(query.q)
    if not words:
        return statement
    if walk:
        return statement.where(exists().where(texts.c.pk == listed.c.pk, finding.contains(conn.dialect.name, words)))
    return statement.where(listed.c.pk.in_(finding.pks(conn.dialect.name, words)))


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
