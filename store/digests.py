"""Which morning e-mails went out: one row for each day and address, so that each goes out once.

claimed -> handing -> sent, or failed before anything was handed over. A claim whose process died is taken over; a row
that stands at `handing` is not: the letter may have arrived, and twice would be worse than a missing one that the app
shows anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import Connection, delete, select

from store import bulk
from store.schema import digests
from store.values import moment, moment_text, storable

State: TypeAlias = Literal["claimed", "handing", "sent", "failed"]
AGAIN_AFTER = timedelta(minutes=10)
"""When a claim of somebody who did not come back, or a failure, is tried again."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How far a day's e-mail to an address has come; `why` says what went wrong."""

    email: str
    state: State
    at: datetime
    why: str

    def doubtful(self, now: datetime) -> bool:
        """Whether a person has to know: it was not sent, or whoever handed it over has not said how that ended."""
        lost = self.state == "handing" and (bool(self.why) or now - self.at > AGAIN_AFTER)
        return self.state == "failed" or lost


def claim(conn: Connection, day: date, email: str, owner: str, now: datetime) -> bool:
    """Whether this owner may send the day's e-mail to this address: to one at a time, and never after one handed it
    over."""
    bulk.hold(conn)
    found = _row(conn, day, email)
    if found is not None and (found.state in ("handing", "sent") or now - found.at < AGAIN_AFTER):
        return False
    _put(conn, day, email, "claimed", owner, now, "")
    return True


def move(conn: Connection, day: date, email: str, state: State, owner: str, now: datetime, why: str = "") -> bool:
    """Says how far it has come; False, and nothing changed, where another owner has taken it over meanwhile."""
    bulk.hold(conn)
    query = select(digests.c.owner).where(digests.c.day == day.isoformat(), digests.c.email == storable(email))
    if conn.scalar(query) != owner:
        return False
    _put(conn, day, email, state, owner, now, why)
    return True


def of_day(conn: Connection, day: date) -> list[Sending]:
    query = select(digests).where(digests.c.day == day.isoformat()).order_by(digests.c.email)
    return [Sending(row.email, row.state, moment(row.at), row.why) for row in conn.execute(query)]


def forget(conn: Connection, before: date) -> None:
    """Drops what nobody asks about any more."""
    conn.execute(delete(digests).where(digests.c.day < before.isoformat()))


def _row(conn: Connection, day: date, email: str) -> Sending | None:
    return next((one for one in of_day(conn, day) if one.email == storable(email)), None)


def _put(conn: Connection, day: date, email: str, state: State, owner: str, now: datetime, why: str) -> None:
    row = (day.isoformat(), storable(email), state, owner, moment_text(now), storable(why)[:300])
    bulk.upsert(conn, digests, [row])
