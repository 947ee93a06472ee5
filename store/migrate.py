"""Brings a database to the newest schema, one process at a time: called by `store.database.open_database` only.

The steps are Alembic's, in `store/migrations/versions`. All of them run in one transaction under the database's own
lock, so a process that is killed half-way leaves the old schema whole, and those that start at once wait and find it
done. Alembic is imported only where there is something to migrate: it is a fifth of what a process starts with.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
"""The newest revision; a test compares it with the scripts."""

READ_ONLY = "bumuk_read_only"
"""The execution option of connections that only read (`store.database.reading`)."""

_LOCK_NUMBER = 0x62756D756B  # any number, the same in every process: PostgreSQL's advisory lock for migrating
_one_thread = threading.Lock()  # Alembic keeps the running migration in module globals


class NewerDatabase(RuntimeError):
    """The database was written by a newer version of this program."""


def migrate(engine: Engine) -> None:
    """Migrates to head; a no-op at head. Raises `NewerDatabase` where the revision is not one of ours."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as conn:
        if _revision(conn) == HEAD:
            return  # without waiting for a writer
    with _one_thread, engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        at = _revision(conn)
        if at != HEAD:
            _upgrade(conn, at)


def alembic_config() -> Config:
    """Alembic's configuration, without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _revision(conn: Connection) -> str | None:
    """The revision that Alembic keeps in the database; None in a new one."""
    if not conn.dialect.has_table(conn, "alembic_version"):
        return None
    found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(conn: Connection, at: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if at is not None and at not in known:
        raise NewerDatabase(f"The database is at revision {at}, which this version does not know. Update the program.")
    config.attributes["connection"] = conn
    command.upgrade(config, HEAD)
