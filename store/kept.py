"""What `_crm` keeps beside the ledger, so that a lost database gets it back: deleted leads, frozen ones, decisions,
what went astray and what became of it, what waits for a column.

By kind and key; a value is text, mostly JSON, "" is a thing of the past. `sync` packs what is not told yet into the
next flush and calls `told`. Beside `store.ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from sqlalchemy import Connection, Select, func, select, update

from store import bulk
from store.schema import kept as table
from store.values import askable, storable

Kind: TypeAlias = Literal[
    "deleted", "frozen", "mending", "apart", "former", "left_out", "astray", "set_aside", "waiting", "dismissed"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Kept: TypeAlias = tuple[str, str, str]  # kind, key, value


def put(conn: Connection, kind: Kind, values: Mapping[str, str]) -> None:
    """Keeps these; what says the same already is left alone."""
    known = {(key, value) for key, value, _ in _of(conn, kind, list(values))}
    fresh = [
        (kind, storable(key), storable(value), False) for key, value in values.items() if (key, value) not in known
    ]
    bulk.upsert(conn, table, fresh)


def drop(conn: Connection, kind: Kind, keys: Iterable[str]) -> None:
    """These are things of the past."""
    standing = of_keys(conn, kind, keys)
    put(conn, kind, dict.fromkeys(standing, ""))


def of_keys(conn: Connection, kind: Kind, keys: Iterable[str]) -> dict[str, str]:
    """The values of these keys that stand."""
    return {key: value for key, value, _ in _of(conn, kind, list(keys)) if value}


def ever(conn: Connection, kind: Kind) -> dict[str, str]:
    """All values of a kind, by key, with "" for what is a thing of the past."""
    query = select(table.c.key, table.c.value).where(table.c.kind == kind).order_by(table.c.key)
    return {row.key: row.value for row in conn.execute(query)}


def page(conn: Connection, kind: Kind, limit: int, after: str = "") -> list[tuple[str, str]]:
    """(key, value) of what stands, in key order, beginning after a key."""
    query = select(table.c.key, table.c.value).where(table.c.kind == kind, table.c.value != "")
    query = query.where(table.c.key > after).order_by(table.c.key).limit(limit)
    return [(key, value) for key, value in conn.execute(query)]


def count(conn: Connection, kind: Kind) -> int:
    query = select(func.count()).select_from(table).where(table.c.kind == kind, table.c.value != "")
    return conn.scalar(query) or 0


def keys(kind: Kind) -> Select[tuple[str]]:
    """The keys that stand, for a query of somebody else's."""
    return select(table.c.key).where(table.c.kind == kind, table.c.value != "")


def untold(conn: Connection, limit: int, *kinds: Kind) -> list[Kept]:
    """What `_crm` does not have as it stands here, of these kinds or of all."""
    query = select(table.c.kind, table.c.key, table.c.value).where(table.c.told.is_(False))
    query = query.where(table.c.kind.in_(kinds)) if kinds else query
    return [tuple(row) for row in conn.execute(query.order_by(table.c.kind, table.c.key).limit(limit))]


def told(conn: Connection, these: Iterable[Kept]) -> None:
    """`_crm` has these; one that says something else by now is still to be told."""
    for kind, key, value in these:
        same = (table.c.kind == kind, table.c.key == key, table.c.value == value)
        conn.execute(update(table).where(*same).values(told=True))


def untell(conn: Connection) -> None:
    """`_crm` has none of it any more."""
    conn.execute(update(table).where(table.c.value != "").values(told=False))


def learn(conn: Connection, these: Iterable[Kept]) -> None:
    """What `_crm` says: for what this database does not know, and over what it has told there, which is older. What is
    not told yet is newer."""
    said = {(kind, key): value for kind, key, value in these if kind in KINDS}
    ours = {(kind, row[0]): row for kind in KINDS for row in _of(conn, kind, [k for one, k in said if one == kind])}
    fresh = {name: value for name, value in said.items() if name not in ours or _is_newer(value, *ours[name][1:])}
    bulk.upsert(conn, table, [(*name, value, True) for name, value in fresh.items()])


def _is_newer(said: str, ours: str, told: bool) -> bool:
    """What another database calls a thing of the past need not be one here."""
    return told and said not in ("", ours)


def _of(conn: Connection, kind: Kind, wanted: list[str]) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = []
    for part in bulk.parts(map(askable, wanted)):
        query = select(table.c.key, table.c.value, table.c.told).where(table.c.kind == kind, table.c.key.in_(part))
        found += [tuple(row) for row in conn.execute(query)]
    return found
