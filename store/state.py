"""Small things remembered by key, and the sync's own account of how it goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from core.model import ChangeState
from store import bulk
from store.counters import revision
from store.schema import conflicts, issues, outbox
from store.schema import state as table
from store.values import moment, moment_text, storable

__all__ = ["STATUS", "SyncStatus", "forget", "get", "put", "read_status", "revision", "write_status"]

STATUS = "sync_status"


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How the sync goes. Moments are UTC; `lag_seconds` is how old the picture of the sheet was when it was written;
    `problem` is a plain sentence, "" when all is well. `pending`, `conflicts` and `attention` are counted when read."""

    last_cycle_at: datetime | None = None
    last_good_at: datetime | None = None
    lag_seconds: float | None = None
    pending: int = 0
    conflicts: int = 0
    attention: int = 0
    calls_last_minute: int = 0
    problem: str = ""


# Made once: every page asks them.
_GET = select(table.c.value).where(table.c.key == bindparam("key"))
_WAITING = select(func.count()).select_from(outbox).where(outbox.c.state == ChangeState.PENDING.value)
_UNDECIDED = select(func.count()).select_from(conflicts).where(conflicts.c.resolution == "")
_UNFIT = select(func.count()).select_from(issues).where(issues.c.blocking)


def get(conn: Connection, key: str) -> str | None:
    return conn.scalar(_GET, {"key": key})


def put(conn: Connection, key: str, value: str) -> None:
    bulk.upsert(conn, table, [(key, storable(value))])


def forget(conn: Connection, key: str) -> None:
    conn.execute(delete(table).where(table.c.key == key))


def write_status(conn: Connection, status: SyncStatus) -> None:
    """Keeps what the sync says of itself; what can be counted is not kept."""
    cycle, good = (moment_text(at) if at else None for at in (status.last_cycle_at, status.last_good_at))
    put(conn, STATUS, json.dumps([cycle, good, status.lag_seconds, status.calls_last_minute, status.problem]))


def read_status(conn: Connection) -> SyncStatus:
    cycle, good, lag, calls, problem = json.loads(get(conn, STATUS) or '[null,null,null,0,""]')
    return SyncStatus(
        last_cycle_at=moment(cycle) if cycle else None,
        last_good_at=moment(good) if good else None,
        lag_seconds=lag,
        pending=conn.scalar(_WAITING) or 0,
        conflicts=conn.scalar(_UNDECIDED) or 0,
        attention=conn.scalar(_UNFIT) or 0,
        calls_last_minute=calls,
        problem=problem,
    )
