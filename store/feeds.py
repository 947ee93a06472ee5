"""Private calendar addresses: whose they are and whom they show. The address is made in `app.calendar_links`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from store import bulk
from store.schema import feeds
from store.values import askable, moment, moment_text, storable

MOST = 20
"""Addresses that one person may have at once."""


@dataclass(frozen=True, slots=True)
class Feed:
    """`person` is whose follow-ups it shows, "" everyone's; `user_id` whose address it is."""

    feed_id: str
    user_id: str
    person: str
    created_at: datetime
    used_at: datetime | None


def create(conn: Connection, user_id: str, person: str, now: datetime) -> Feed | None:
    """A new address (128 random bits), or the standing one of this user for the same person; None where the user has
    `MOST` already."""
    bulk.hold(conn)
    standing = of_user(conn, user_id)
    same = next((one for one in standing if one.person == storable(person)), None)
    if same is not None or len(standing) >= MOST:
        return same
    made = Feed("F" + secrets.token_hex(16), user_id, storable(person), now, None)
    bulk.upsert(conn, feeds, [(made.feed_id, made.user_id, made.person, moment_text(now), "", "")])
    return made


def of_user(conn: Connection, user_id: str) -> list[Feed]:
    """The user's addresses that were not revoked, oldest first."""
    query = select(feeds).where(feeds.c.user_id == askable(user_id), feeds.c.revoked_at == "")
    return [_feed(row) for row in conn.execute(query.order_by(feeds.c.created_at, feeds.c.feed_id))]


def feed(conn: Connection, feed_id: str) -> Feed | None:
    """The address of this id, unless it was revoked."""
    row = conn.execute(select(feeds).where(feeds.c.feed_id == askable(feed_id), feeds.c.revoked_at == "")).first()
    return _feed(row) if row else None


def revoke(conn: Connection, feed_id: str, user_id: str, now: datetime) -> bool:
    """Makes an address of this user worthless; False if there is none."""
    mine = update(feeds).where(feeds.c.feed_id == askable(feed_id), feeds.c.user_id == user_id)
    return bool(conn.execute(mine.where(feeds.c.revoked_at == "").values(revoked_at=moment_text(now))).rowcount)


def touch(conn: Connection, feed_id: str, now: datetime) -> None:
    """Says that a calendar asked now (callers do this now and then, not at every request)."""
    conn.execute(update(feeds).where(feeds.c.feed_id == feed_id).values(used_at=moment_text(now)))


def _feed(row: Row[tuple[object, ...]]) -> Feed:
    used = moment(row.used_at) if row.used_at else None
    return Feed(row.feed_id, row.user_id, row.person, moment(row.created_at), used)
