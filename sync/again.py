"""Changes that went astray and wait to be done again: each journal names them, until they have landed or a person has
to decide. So they are known also after a crash and with the database deleted.

The changes themselves stand in the outbox, or in Activity, which told of them when they went astray.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from core.fields import BY_NAME
from core.model import Change, ChangeKind, ChangeState
from store import activity, outbox, state
from sync import merged

_KEY = "changes_again"


def left(conn: Connection, carried: Iterable[Change]) -> tuple[str, ...]:
    """Those that still wait beside the ones that a flush carries, for its journal."""
    taken = {change.change_id for change in carried}
    return tuple(one for one in _ids(conn) if one not in taken and _waits(conn, one))


def done(conn: Connection, carried: Iterable[Change]) -> None:
    """A flush has landed."""
    if _ids(conn):
        _put(conn, left(conn, carried))


def settle(conn: Connection, astray: Sequence[str]) -> None:
    """After Activity was read back: what it tells of was applied, but for what went astray."""
    for change in outbox.pending(conn, 100_000):
        if change.change_id not in astray and activity.of_change(conn, change.change_id, change.lead_id):
            outbox.mark(conn, [change.change_id], ChangeState.APPLIED)
    for change_id in astray:
        known = outbox.change(conn, change_id)
        if known is None:
            outbox.enqueue(conn, _from_activity(conn, change_id))
        elif known.state in (ChangeState.APPLIED, ChangeState.DONE):
            outbox.mark(conn, [change_id], ChangeState.PENDING)
    _put(conn, [one for one in astray if _waits(conn, one)])


def _from_activity(conn: Connection, change_id: str) -> list[Change]:
    """A change that is in no outbox (intake's, or the database was deleted) from what Activity tells of it. A row that
    was to get its id is looked at anew anyway."""
    told = activity.of_change_id(conn, change_id)
    if not told or any(entry.field not in BY_NAME for entry in told):
        return []
    first = told[0]
    fields = {entry.field: (entry.old, entry.new) for entry in told}
    return [Change(change_id, first.lead_id, ChangeKind.UPDATE, fields, first.actor, first.at, first.why)]


def _waits(conn: Connection, change_id: str) -> bool:
    """Also behind a merge that covers its cell. What only another database has is named on until that one comes."""
    known = outbox.change(conn, change_id)
    return known is None or known.state is ChangeState.PENDING or change_id in merged.waiting(conn)


def _ids(conn: Connection) -> list[str]:
    return (state.get(conn, _KEY) or "").split()


def _put(conn: Connection, ids: Sequence[str]) -> None:
    state.put(conn, _KEY, " ".join(ids))
