"""Whom to call: the overdue, the due, the new, in the order in which they are called, from kept counters and indexes.
A lead that must not be contacted stands in none of them.

A place in a queue is the lead's follow-up day and its id. Beside `store.search`; nothing here looks at more than the
leads that it gives, and at those of one day to tell a position.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from store import counters
from store.counters import NO_DAY
from store.schema import leads, listed
from store.values import askable, moment_text

Which: TypeAlias = Literal["overdue", "today", "new"]
_At: TypeAlias = tuple[str, str]  # follow-up day and id


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue on the library's day. `statuses` are the words for the first status, which leads have that nobody has
    called (`core.followups.first_labels`); `person` None is everyone's, else the name as the leads have it."""

    which: Which
    day: date
    statuses: tuple[str, ...]
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead stands in a queue, from 1, and who stands beside it."""

    position: int
    before: str | None
    after: str | None


def count(conn: Connection, queue: Queue) -> int:
    """How many stand in the queue, from counters."""
    match queue.which:
        case "overdue":
            return counters.due(conn, None, queue.day - timedelta(days=1), queue.person)
        case "today":
            return counters.due(conn, queue.day, queue.day, queue.person)
        case _:
            return sum(counters.fresh(conn, status, queue.person) for status in _statuses(queue))


def first(conn: Connection, queue: Queue, limit: int | None = None) -> list[str]:
    """The ids of those who are next, in the order of the queue; of all in it where there is no limit."""
    return [lead_id for _, lead_id in _along(conn, queue, limit)]


def contacted_since(conn: Connection, since: datetime) -> dict[str, int]:
    """How many leads of each person were contacted since a moment: of those contacted, each counted once."""
    when = listed.c.last_contacted >= moment_text(since)
    who = func.coalesce(listed.c.assigned_to, "")  # as it is: SQLite would walk through all leads by person otherwise
    query = select(who, func.count()).where(when).group_by(who)
    return {str(person): n for person, n in conn.execute(query)}


def place(conn: Connection, queue: Queue, lead_id: str) -> Place | None:
    """Where the lead stands; None where it is not in the queue (any more)."""
    found = (
        select(listed.c.due)
        .join(leads, leads.c.pk == listed.c.pk)
        .where(leads.c.lead_id == askable(lead_id), *_within(queue))
    )
    day = conn.scalar(found)
    if day is None:
        return None
    due, key = listed.c.due, listed.c.lead_id
    before = _along(conn, queue, 1, and_(due <= day, or_(due < day, key < lead_id)), back=True)
    after = _along(conn, queue, 1, and_(due >= day, or_(due > day, key > lead_id)))
    beside = [found[0][1] if found else None for found in (before, after)]
    return Place(_position(conn, queue, day, lead_id), *beside)


def _along(
    conn: Connection, queue: Queue, limit: int | None, beyond: ColumnElement[bool] | None = None, *, back: bool = False
) -> list[_At]:
    """The first in the order of the queue, or the last, of those beyond a place. Each word for a status is walked along
    its own index: asked for all of them at once, a database sorts all leads that say them."""
    order = (listed.c.due, listed.c.lead_id)
    asked = select(*order).where(true() if beyond is None else beyond).limit(limit)
    asked = asked.order_by(*(column.desc() if back else column for column in order))
    words = [(one,) for one in _statuses(queue)] if queue.which == "new" else [queue.statuses]
    found = [conn.execute(asked.where(*_within(replace(queue, statuses=one)))).all() for one in words]
    return [(due, lead_id) for due, lead_id in islice(merge(*found, reverse=back), limit)]


def _position(conn: Connection, queue: Queue, day: str, lead_id: str) -> int:
    same_day = and_(listed.c.due == day, listed.c.lead_id <= lead_id)
    if queue.which == "new":
        ahead = or_(listed.c.due < day, same_day)
        query = select(func.count()).select_from(listed).where(*_within(queue), listed.c.due <= day, ahead)
        return int(conn.scalar(query) or 0)
    query = select(func.count()).select_from(listed).where(*_within(queue), same_day)
    sooner = counters.due(conn, None, date.fromisoformat(day) - timedelta(days=1), queue.person)
    return int(conn.scalar(query) or 0) + (sooner if queue.which == "overdue" else 0)


def _within(queue: Queue) -> list[ColumnElement[bool]]:
    conditions = [] if queue.person is None else [listed.c.assigned_to == askable(queue.person)[:100]]
    match queue.which:
        case "overdue":
            return [*conditions, listed.c.due < queue.day.isoformat()]
        case "today":
            return [*conditions, listed.c.due == queue.day.isoformat()]
        case _:
            untouched = (listed.c.last_contacted == "", listed.c.due <= NO_DAY)
            return [*conditions, listed.c.status.in_(_statuses(queue)), *untouched]


def _statuses(queue: Queue) -> list[str]:
    return list(dict.fromkeys(status[:100] for status in queue.statuses))
