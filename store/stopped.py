"""Fields whose header is gone from Master: they stand still until it is back. `sync.seeing` tells, the app shows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from store import counters, state

_KEY = "stopped_fields"


def put(conn: Connection, names: Sequence[str]) -> None:
    """These fields, and no others, stand still."""
    if list(names) != fields(conn):
        state.put(conn, _KEY, json.dumps(list(names)))
        counters.bump(conn)


def fields(conn: Connection) -> list[str]:
    """The names of the fields that stand still, in Master's order."""
    return [str(name) for name in json.loads(state.get(conn, _KEY) or "[]")]
