"""One writer at a time: a lease is a row that one process holds until it gives it back or its time is over.

Times come from the callers' clocks; processes on several machines must keep them together to well under the seconds
that they ask for. The fence in the sheet is what catches the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.schema import leases
from store.values import moment_text


def take(conn: Connection, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Takes the lease, or renews it for its holder; False while somebody else has it. One statement, so of several at
    once one gets it; it counts when the caller's transaction is committed."""
    until = moment_text(now + timedelta(seconds=seconds))
    insert = (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(leases)
    statement = insert.values(name=name, owner=owner, until=until)
    free = (leases.c.owner == owner) | (leases.c.until <= moment_text(now))
    taken = statement.on_conflict_do_update(index_elements=["name"], set_={"owner": owner, "until": until}, where=free)
    return conn.execute(taken.returning(leases.c.owner)).first() is not None


def give_back(conn: Connection, name: str, owner: str) -> None:
    """Gives the lease back, if this owner still has it."""
    conn.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))


def holder(conn: Connection, name: str, now: datetime) -> str | None:
    """Who has the lease now."""
    return conn.scalar(select(leases.c.owner).where(leases.c.name == name, leases.c.until > moment_text(now)))
