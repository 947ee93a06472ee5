"""Fields whose header is gone from Master: they stand still until it is back. `sync.seeing` tells, the app shows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from core.model import Cell
from store import counters, state
from store.values import cells_from_json, cells_json

_KEY = "stopped_fields"
_WHOLE = "whole_header"


def put(conn: Connection, names: Sequence[str]) -> None:
    """These fields, and no others, stand still."""
    if list(names) != fields(conn):
        state.put(conn, _KEY, json.dumps(list(names)))
        counters.bump(conn)


def remember_whole(conn: Connection, header: Sequence[Cell]) -> None:
    """All our columns stand in Master's header: by this one they are known when a name is gone."""
    text = cells_json(tuple(header))
    if state.get(conn, _WHOLE) != text:
        state.put(conn, _WHOLE, text)


def whole(conn: Connection) -> tuple[Cell, ...]:
    """The last header that was whole, () where none was seen yet."""
    return cells_from_json(state.get(conn, _WHOLE) or "[]")


def fields(conn: Connection) -> list[str]:
    """The names of the fields that stand still, in Master's order."""
    return [str(name) for name in json.loads(state.get(conn, _KEY) or "[]")]
