"""Kept counters, so that no page counts 340,000 leads: moved by the very write that moves a lead (`store.mirror_rows`).

Kinds: all; status, priority, assigned_to, lead_source, city (value "" is blank); due (value: the day); fresh (value:
the status; leads that were never contacted and may be); person_status, person_due and person_fresh (value: the person,
second: the status or day). Deleted leads are not counted.
Values longer than 100 characters count under their first 100. And the revision: one number that every change moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, delete, func, select

from store import bulk
from store.schema import counters
from store.values import askable

FACETS = ("status", "priority", "assigned_to", "lead_source", "city")
Key: TypeAlias = tuple[str, str, str]

NO_DAY = "9999-12-31"
"""How `listed.due` says that there is no follow-up: after every day."""

NEVER = "~"
"""How `listed.due` says that the lead must not be contacted, whatever its follow-up: after that."""


class Listing(NamedTuple):
    """A row of `listed` without its pk: what a lead is listed and counted by."""

    lead_id: str
    status: str
    priority: str
    assigned_to: str
    lead_source: str
    city: str
    due: str
    name: str
    score: int
    lead_date: str
    created_at: str
    updated_at: str
    last_contacted: str


def keys(listing: Listing) -> tuple[Key, ...]:
    """The counters that this lead is in."""
    person, due, status = listing.assigned_to, listing.due, listing.status
    fresh: tuple[Key, ...] = ()
    if not listing.last_contacted and due != NEVER:
        fresh = (("fresh", status, ""), ("person_fresh", person, status))
    return (
        ("all", "", ""),
        ("status", status, ""),
        ("priority", listing.priority, ""),
        ("assigned_to", person, ""),
        ("lead_source", listing.lead_source, ""),
        ("city", listing.city, ""),
        ("due", due, ""),
        ("person_status", person, status),
        ("person_due", person, due),
        *fresh,
    )


def move(conn: Connection, deltas: Counter[Key]) -> None:
    """Adds the deltas; a counter that comes to nothing is forgotten."""
    moved = sorted((kind, value, second, n) for (kind, value, second), n in deltas.items() if n)
    bulk.upsert(conn, counters, moved, add="n")
    if any(n < 0 for *_, n in moved):
        conn.execute(delete(counters).where(counters.c.n == 0, counters.c.kind != "revision"))


_ONE = select(counters.c.n).where(  # made once: every page asks it
    counters.c.kind == bindparam("kind"), counters.c.value == bindparam("value"), counters.c.second == ""
)


def total(conn: Connection) -> int:
    """How many leads stand in the book."""
    return one(conn, "all", "")


def one(conn: Connection, kind: str, value: str) -> int:
    return conn.scalar(_ONE, {"kind": kind, "value": value[:100]}) or 0


def by(conn: Connection, kind: str) -> Mapping[str, int]:
    """Leads by the value of a facet (`FACETS`), most first; "" is blank. Raises ValueError for another kind."""
    if kind not in FACETS:
        raise ValueError(f"no counters by {kind!r}; there are {', '.join(FACETS)}")
    query = select(counters.c.value, counters.c.n).where(counters.c.kind == kind)
    found = conn.execute(query.order_by(counters.c.n.desc(), counters.c.value))
    return MappingProxyType({row.value: row.n for row in found})


def due(conn: Connection, first: date | None, last: date | None, person: str | None = None) -> int:
    """Leads whose next follow-up falls between the two days, both counted; None is open-ended."""
    day = counters.c.value if person is None else counters.c.second
    query = select(func.sum(counters.c.n)).where(day < NO_DAY)
    query = query.where(counters.c.kind == ("due" if person is None else "person_due"))
    if person is not None:
        query = query.where(counters.c.value == person[:100])
    if first is not None:
        query = query.where(day >= first.isoformat())
    if last is not None:
        query = query.where(day <= last.isoformat())
    return int(conn.scalar(query) or 0)


def fresh(conn: Connection, status: str, person: str | None = None) -> int:
    """Leads of this status that nobody has contacted yet and that may be contacted."""
    if person is None:
        return one(conn, "fresh", status)
    query = select(counters.c.n).where(counters.c.kind == "person_fresh", counters.c.value == askable(person)[:100])
    return conn.scalar(query.where(counters.c.second == status[:100])) or 0


def due_by_day(conn: Connection, first: date, last: date) -> Mapping[date, int]:
    """Leads by the day of their next follow-up, from one day to another, both counted; days without any are left
    out."""
    day = counters.c.value
    query = select(day, counters.c.n).where(counters.c.kind == "due", day >= first.isoformat(), day <= last.isoformat())
    return MappingProxyType({date.fromisoformat(due): n for due, n in conn.execute(query.order_by(day))})


def by_person_and_status(conn: Connection) -> Mapping[tuple[str, str], int]:
    """Leads by (person, status); "" is nobody, or no status."""
    query = select(counters.c.value, counters.c.second, counters.c.n).where(counters.c.kind == "person_status")
    return MappingProxyType({(person, status): n for person, status, n in conn.execute(query)})


def revision(conn: Connection) -> int:
    """A number that grows with every change of mirror, outbox, conflicts or issues (for ETags)."""
    return one(conn, "revision", "")


def bump(conn: Connection) -> None:
    """Says that something changed that pages show."""
    bulk.upsert(conn, counters, [("revision", "", "", 1)], add="n")
