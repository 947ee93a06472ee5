"""Opens the database: one engine for SQLite (WAL) or PostgreSQL, migrated to head before anyone gets it.

Everything else in this room takes a `Connection` whose transaction the caller holds: `engine.begin()` to write,
`reading(engine)` to read. On SQLite a writing transaction begins IMMEDIATE: one that had read first and wrote later
would be refused as busy at once, without waiting its turn.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from store.migrate import READ_ONLY, migrate

BUSY_SECONDS = 30


def database_url(settings_url: str | None, data_dir: Path) -> str:
    """The address to open: `settings_url` as a PaaS gives it (postgres://, postgresql://, sqlite:///), made
    SQLAlchemy's; without one, `DATA_DIR/bumuk.db`. Raises ValueError for anything else, without repeating the
    password."""
    if not settings_url:
        return URL.create("sqlite", database=str(data_dir.absolute() / "bumuk.db")).render_as_string()
    try:
        url = make_url(settings_url)
    except ArgumentError:
        raise ValueError("DATABASE_URL is not an address of a database (postgresql://… or sqlite:///…)") from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database and url.database != ":memory:":
        return url.render_as_string(hide_password=False)
    raise ValueError(f"DATABASE_URL: {url.drivername} is not supported; give postgresql://… or sqlite:///<file>")


def open_database(url: str) -> Engine:
    """Creates what is missing, migrates to head, gives the engine. Safe when several processes start at once. Raises
    `store.migrate.NewerDatabase` where the database was written by a newer version of this program."""
    parsed = make_url(database_url(url, Path()))
    engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: one consistent picture, never waiting for a writer; a write in it is refused."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as conn:
        if conn.dialect.name == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin():
            yield conn


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_size=5, max_overflow=10, pool_pre_ping=True, pool_recycle=1800)


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    # It holds people's phones: for the owner only, and so are the -wal and -shm files that SQLite makes after it.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=5, max_overflow=10)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "reset", _reset_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours (_begin_sqlite), not the driver's
    _switch_to_wal(connection)
    # FULL: a commit that was acknowledged as "saved" survives a power loss, not only a kill -9.
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """The switch needs the file for itself and does not wait for it as other statements do; so it is asked again."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(conn: Connection) -> None:
    read_only = bool(conn.get_execution_options().get(READ_ONLY, False))
    if read_only:
        conn.exec_driver_sql("PRAGMA query_only=ON")
    conn.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _reset_sqlite(connection: sqlite3.Connection, *_: object) -> None:
    connection.rollback()
    connection.execute("PRAGMA query_only=OFF")
