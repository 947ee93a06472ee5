"""Saved views of the list of leads, and small things that a person has chosen for themselves.

A view keeps what the list's address asks for, not whom it found. Only this database holds these; nothing of the sheet.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, or_, select

from store import bulk, counters
from store.schema import preferences, views
from store.values import askable, moment_text, storable

MOST = 100
"""Views that one person may keep."""


@dataclass(frozen=True, slots=True)
class View:
    """`asked` is the query part of the list's address; `user_id` whose view it is; `shared` shows it to everyone."""

    view_id: str
    name: str
    user_id: str
    asked: str
    shared: bool


def keep(conn: Connection, view: View, now: datetime) -> View | None:
    """Keeps a view, over that of the same name of the same person; None where the person has `MOST` already."""
    bulk.hold(conn)
    mine = select(views.c.view_id).where(views.c.user_id == view.user_id)
    same = conn.scalar(mine.where(views.c.name == storable(view.name)))
    if same is None and (conn.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST:
        return None
    made = View(
        same or "V" + secrets.token_hex(6), storable(view.name), view.user_id, storable(view.asked), view.shared
    )
    bulk.upsert(conn, views, [(made.view_id, made.name, made.user_id, made.asked, moment_text(now), made.shared)])
    counters.bump(conn)
    return made


def seen_by(conn: Connection, user_id: str) -> list[View]:
    """The views of this person and those that others share, by name."""
    theirs = or_(views.c.user_id == askable(user_id), views.c.shared)
    return [_view(row) for row in conn.execute(select(views).where(theirs).order_by(views.c.name, views.c.view_id))]


def view(conn: Connection, view_id: str) -> View | None:
    row = conn.execute(select(views).where(views.c.view_id == askable(view_id))).first()
    return _view(row) if row else None


def drop(conn: Connection, view_id: str) -> None:
    conn.execute(delete(views).where(views.c.view_id == askable(view_id)))
    counters.bump(conn)


def choose(conn: Connection, user_id: str, name: str, value: str) -> None:
    """Remembers what a person has chosen."""
    bulk.upsert(conn, preferences, [(user_id, name, storable(value))])
    counters.bump(conn)


def chosen(conn: Connection, user_id: str, name: str) -> str:
    """What the person has chosen; "" for nothing yet."""
    query = select(preferences.c.value).where(preferences.c.user_id == user_id, preferences.c.name == name)
    return conn.scalar(query) or ""


def _view(row: Row[tuple[object, ...]]) -> View:
    return View(row.view_id, row.name, row.user_id, row.asked, bool(row.shared))
