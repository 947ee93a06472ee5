"""Fields whose header is gone from Master: they stand still until it is back. `sync.seeing` tells, the app shows.

A database that has met leads without such a header does not know what they say under it: once it is back, nobody has
typed that.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from core.model import Cell
from store import counters, state
from store.values import cells_from_json, cells_json

_KEY = "stopped_fields"
_WHOLE = "whole_header"
_UNREAD = "unread_fields"


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


def unread(conn: Connection) -> frozenset[str]:
    """The names of the fields that leads had not shown when this database met them."""
    return frozenset(json.loads(state.get(conn, _UNREAD) or "[]"))


def put_unread(conn: Connection, names: Collection[str]) -> None:
    """These fields, and no others, are still to be read."""
    if names:
        state.put(conn, _UNREAD, json.dumps(sorted(names)))
    else:
        state.forget(conn, _UNREAD)
