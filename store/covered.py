"""The changes that wait until merged cells of Master are taken apart. `sync.merged` lets them go; until then the app
can take them back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from store import state

_KEY = "covered_changes"


def waiting(conn: Connection) -> list[str]:
    """Their ids, in the order in which they began to wait."""
    return [str(one) for one in json.loads(state.get(conn, _KEY) or "[]")]


def add(conn: Connection, ids: Iterable[str]) -> None:
    """These wait too from now on."""
    state.put(conn, _KEY, json.dumps(list(dict.fromkeys([*waiting(conn), *ids]))))


def forget(conn: Connection, ids: Collection[str]) -> None:
    """These go no more by themselves."""
    if not set(ids).isdisjoint(before := waiting(conn)):
        state.put(conn, _KEY, json.dumps([one for one in before if one not in ids]))
