"""Many rows at once: statements built by SQLAlchemy for either database, run through the driver's own executemany.

SQLAlchemy's execution of a list of dictionaries costs three times the statement itself; a first read brings
340,000 leads, so the mirror's tables are written with these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine.interfaces import Dialect

T = TypeVar("T")

Cells = Sequence[str | int | bool | None]
AT_ONCE = 500
"""How many values one IN (…) names."""

_MIRROR_LOCK = 0x62756D756C  # any number, the same in every process


def hold(conn: Connection) -> None:
    """Until this transaction ends nobody else writes mirror or outbox: SQLite's BEGIN IMMEDIATE says so already, on
    PostgreSQL an advisory lock does. So what is derived (counters, search) is computed from rows that stand still."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIRROR_LOCK})


def upsert(conn: Connection, table: Table, rows: Sequence[Cells], *, add: str = "") -> None:
    """Writes whole rows, values in the table's column order, over those of the same primary key. `add` names a column
    to which the value is added instead."""
    if rows:
        conn.exec_driver_sql(_upsert_sql(conn.dialect.name, table, add), [tuple(row) for row in rows])


def remove(conn: Connection, table: Table, keys: Collection[str] | Collection[int], column: str = "pk") -> None:
    """Deletes the rows whose `column` is one of `keys`."""
    for part in parts(keys):
        conn.execute(delete(table).where(table.c[column].in_(part)))


def parts(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


@lru_cache(maxsize=64)
def _upsert_sql(dialect: str, table: Table, add: str) -> str:
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    statement = insert.values({name: bindparam(name) for name in names})
    excluded = statement.excluded
    changes = {
        name: table.c[name] + excluded[name] if name == add else excluded[name] for name in names if name not in keys
    }
    final = (
        statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if changes
        else (statement.on_conflict_do_nothing(index_elements=keys))
    )
    # Positional marks, so that rows go in as plain tuples: ? for sqlite3, %s for psycopg.
    made: Dialect = SQLiteDialect(paramstyle="qmark")
    if dialect != "sqlite":
        made = PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
    return str(final.compile(dialect=made))
