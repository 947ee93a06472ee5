"""Which changes were taken back, as the outbox and Activity tell of it: an undo says so as its reason."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from core.ids import group_of
from core.model import ChangeState
from core.undo import reason_of
from store import bulk, groups
from store.schema import activity, outbox
from store.values import askable

_NOT_GONE = (ChangeState.CONFLICT.value, ChangeState.BLOCKED.value)


def change(conn: Connection, change_id: str, lead_id: str) -> bool:
    """Whether a change was taken back, and not brought back since."""
    return any(not change(conn, by, lead_id) for by in _undos(conn, [(change_id, lead_id)]))


def group(conn: Connection, group_id: str) -> bool:
    """Whether a group was taken back as one, and not brought back since."""
    by = {group_of(one) for one in _undos(conn, groups.changes(conn, group_id))} - {""}
    return any(not group(conn, one) for one in by)


def _undos(conn: Connection, changes: Iterable[tuple[str, str]]) -> set[str]:
    """The changes that took back one of these, by (change id, lead id); not those that did not reach the sheet."""
    found: set[str] = set()
    for part in bulk.parts(changes):
        reasons = [askable(reason_of(change_id)) for change_id, _ in part]
        leads = [askable(lead_id) for _, lead_id in part]
        told = select(activity.c.change_id).where(activity.c.lead_id.in_(leads), activity.c.why.in_(reasons))
        mine = (outbox.c.lead_id.in_(leads), outbox.c.why.in_(reasons), outbox.c.state.not_in(_NOT_GONE))
        found.update(conn.scalars(told), conn.scalars(select(outbox.c.change_id).where(*mine)))
    return found
