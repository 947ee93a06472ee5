"""Changes that belong together (a bulk action, an import): begun by one request, followed as one, undone as one.

The changes themselves stand in the outbox and in Activity and name their group (`core.ids.group_of`); a database that
was lost learns its groups from Activity again. Used by `app.bulk` and the sync.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, tuple_, update

from core.ids import group_of
from core.model import ChangeState
from store import paging, state
from store.paging import Page
from store.schema import activity, groups, outbox
from store.values import askable, moment, moment_text, storable

_GOING = "group going: "


@dataclass(frozen=True, slots=True)
class Group:
    """What was done, by whom, when (UTC), and to how many leads."""

    group_id: str
    at: datetime
    actor: str
    why: str
    size: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the changes of a group have come: numbers of changes by state; they add up to the group's size."""

    pending: int
    applied: int
    done: int
    conflict: int
    blocked: int

    @property
    def settled(self) -> bool:
        """Nothing waits any more."""
        return not self.pending


def begin(conn: Connection, group: Group) -> None:
    """Remembers a group, once."""
    if not conn.scalar(select(groups.c.group_id).where(groups.c.group_id == group.group_id)):
        row = (group.group_id, moment_text(group.at), storable(group.actor), storable(group.why), group.size)
        conn.execute(insert(groups).values(row))


def grow(conn: Connection, group: Group, by: int, at: datetime) -> None:
    """A portion of `by` changes of a group is in the outbox; the group begins with the first one, and is on its way
    until it is said to have `ended`."""
    begin(conn, group)
    conn.execute(update(groups).where(groups.c.group_id == group.group_id).values(size=groups.c.size + by))
    state.put(conn, f"{_GOING}{group.group_id}", moment_text(at))


def going(conn: Connection, group_id: str) -> datetime | None:
    """When the last portion came of a group that is not complete; None for one that is."""
    at = state.get(conn, f"{_GOING}{askable(group_id)}")
    return moment(at) if at else None


def ended(conn: Connection, group_id: str) -> None:
    """The group is complete, or goes no further."""
    state.forget(conn, f"{_GOING}{askable(group_id)}")


def has(conn: Connection, group_id: str, lead_ids: Sequence[str]) -> frozenset[str]:
    """Those of these leads of which the outbox has a change of the group."""
    found = select(outbox.c.lead_id).where(outbox.c.lead_id.in_(lead_ids), outbox.c.action == group_id)
    return frozenset(conn.scalars(found))


def learn(conn: Connection, told: Iterable[tuple[str, datetime, str, str]]) -> None:
    """Groups that Activity tells of, by lines of (change id, moment, actor, why)."""
    found: dict[str, Group] = {}
    for change_id, at, actor, why in told:
        group = group_of(change_id)
        if group and group not in found:
            found[group] = Group(group, at, actor, why, 0)
    for one in found.values():
        begin(conn, one)


def group(conn: Connection, group_id: str) -> Group | None:
    row = conn.execute(select(groups).where(groups.c.group_id == askable(group_id))).first()
    return _sized(conn, Group(row.group_id, moment(row.at), row.actor, row.why, row.size)) if row else None


def recent(conn: Connection, limit: int, cursor: str | None = None) -> Page[Group]:
    """Groups, newest first. Raises `paging.BadCursor`."""
    size = paging.page_size(limit)
    query = select(groups).order_by(groups.c.at.desc(), groups.c.group_id.desc()).limit(size + 1)
    if cursor:
        key = paging.after("groups", cursor, (str, str))
        query = query.where(tuple_(groups.c.at, groups.c.group_id) < tuple_(*key))
    rows = conn.execute(query).all()
    following = paging.cursor("groups", (rows[size - 1].at, rows[size - 1].group_id)) if len(rows) > size else None
    found = (Group(row.group_id, moment(row.at), row.actor, row.why, row.size) for row in rows[:size])
    return Page(tuple(_sized(conn, one) for one in found), following)


def progress(conn: Connection, of: Group) -> Progress:
    """By state; what the outbox has forgotten, or never held, is done."""
    query = select(outbox.c.state, func.count()).where(outbox.c.action == of.group_id).group_by(outbox.c.state)
    counted: dict[str, int] = {str(key): value for key, value in conn.execute(query)}
    waiting, applied, conflict, blocked = (
        counted.get(state, 0)
        for state in (ChangeState.PENDING, ChangeState.APPLIED, ChangeState.CONFLICT, ChangeState.BLOCKED)
    )
    done = max(of.size - waiting - applied - conflict - blocked, 0)
    return Progress(waiting, applied, done, conflict, blocked)


def changes(conn: Connection, group_id: str) -> Iterator[tuple[str, str]]:
    """The (change id, lead id) of a group's changes, oldest first: what the outbox knows, then what only Activity
    tells of."""
    asked = askable(group_id)
    query = select(outbox.c.change_id, outbox.c.lead_id).where(outbox.c.action == asked).order_by(outbox.c.seq)
    known = {str(key): value for key, value in conn.execute(query)}
    yield from known.items()
    told = select(activity.c.change_id, activity.c.lead_id, func.min(activity.c.seq).label("first"))
    told = told.where(_of(asked)).group_by(activity.c.change_id, activity.c.lead_id).order_by("first")
    yield from ((change_id, lead_id) for change_id, lead_id, _ in conn.execute(told) if change_id not in known)


def _sized(conn: Connection, found: Group) -> Group:
    """An import's size is what Activity tells of."""
    if found.size:
        return found
    query = select(func.count(func.distinct(activity.c.change_id))).where(_of(found.group_id))
    return Group(found.group_id, found.at, found.actor, found.why, int(conn.scalar(query) or 0))


def _of(group_id: str) -> ColumnElement[bool]:
    return and_(activity.c.change_id >= f"{group_id}.", activity.c.change_id <= f"{group_id}.~")
