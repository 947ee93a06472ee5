"""Changes that went astray and wait to be done again: each journal names them, until they have landed, or `_crm` keeps
that they were set aside for a person. So they are known also after a crash, with the database deleted, and to a worker
with another database: what Activity tells of was applied, but for what is named or kept.

The changes themselves stand in the outbox, or in Activity, which told of them when they went astray.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from core.fields import BY_NAME
from core.model import Change, ChangeKind, ChangeState
from store import activity, kept, outbox, state
from store.kept import Kept
from sync import merged

_KEY = "changes_again"
_KIND: kept.Kind = "set_aside"  # by change id: why
_LANDED = (ChangeState.APPLIED, ChangeState.DONE)
_ASIDE = (ChangeState.BLOCKED, ChangeState.CONFLICT)


def left(conn: Connection, carried: Iterable[Change]) -> tuple[str, ...]:
    """Those that are open beside the ones that a flush carries, for its journal."""
    taken = {change.change_id for change in carried}
    return _open(conn, [one for one in _ids(conn) if one not in taken])


def done(conn: Connection, carried: Iterable[Change]) -> None:
    """A flush has landed."""
    if _ids(conn):
        _put(conn, left(conn, carried))


def to_keep(conn: Connection) -> tuple[Kept, ...]:
    """Those that were set aside, which `_crm` does not say yet. What waits for merged cells will go by itself."""
    ids, behind = _open(conn, _ids(conn)), merged.waiting(conn)
    known = outbox.changes(conn, [one for one in ids if one not in behind])
    return tuple((_KIND, one, stands.why) for one, stands in known.items() if stands.state in _ASIDE)


def settle(conn: Connection, astray: Sequence[str]) -> None:
    """After ledger and Activity were read back: what Activity tells of was applied, but for what went astray. Of that,
    what a worker with another database took over and set aside is set aside here too, with its reason; it can have
    landed nowhere since, for whoever had it to do has read this first."""
    aside = dict(kept.page(conn, _KIND, 100_000))
    for change_id, why in aside.items():
        if _taken_up(conn, change_id) not in _ASIDE:
            outbox.mark(conn, [change_id], ChangeState.BLOCKED, why)
    again = [one for one in astray if one not in aside]
    for change in outbox.pending(conn, 100_000):
        if change.change_id not in again and activity.of_change(conn, change.change_id, change.lead_id):
            outbox.mark(conn, [change.change_id], ChangeState.APPLIED)
    for change_id in again:
        if _taken_up(conn, change_id) in _LANDED:
            outbox.mark(conn, [change_id], ChangeState.PENDING)
    _put(conn, _open(conn, again))


def _taken_up(conn: Connection, change_id: str) -> ChangeState | None:
    """How far a change has come; one that only Activity knows waits from now on."""
    if outbox.change(conn, change_id) is None:
        outbox.enqueue(conn, _from_activity(conn, change_id))
    known = outbox.change(conn, change_id)
    return known.state if known else None


def _from_activity(conn: Connection, change_id: str) -> list[Change]:
    """A change that is in no outbox (intake's, or the database was deleted) from what Activity tells of it. A row that
    was to get its id is looked at anew anyway."""
    told = activity.of_change_id(conn, change_id)
    if not told or any(entry.field not in BY_NAME for entry in told):
        return []
    first = told[0]
    fields = {entry.field: (entry.old, entry.new) for entry in told}
    return [Change(change_id, first.lead_id, ChangeKind.UPDATE, fields, first.actor, first.at, first.why)]


def _open(conn: Connection, ids: Sequence[str]) -> tuple[str, ...]:
    """Those that have neither landed nor are kept as set aside. What only another database has is named on until that
    one comes."""
    known, aside = outbox.changes(conn, ids), kept.of_keys(conn, _KIND, ids)
    return tuple(one for one in ids if one not in aside and (one not in known or known[one].state not in _LANDED))


def _ids(conn: Connection) -> list[str]:
    return (state.get(conn, _KEY) or "").split()


def _put(conn: Connection, ids: Sequence[str]) -> None:
    state.put(conn, _KEY, " ".join(ids))
