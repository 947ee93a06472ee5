"""New SQLite databases of the tests, brought to head once: each further one begins as a copy of the first.

Migrating takes 60 ms, and some two thousand tests open a new database. What the program does itself with a new
database is tested in `tests/store/test_database.py`, which works without this.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine


def by_copy(migrate: Callable[[Engine], None]) -> Callable[[Engine], None]:
    """`store.migrate.migrate`, which finds a new SQLite file already at head, from the second one on."""
    first: list[bytes] = []
    one_thread = threading.Lock()

    def migrating(engine: Engine) -> None:
        path = Path(str(engine.url.database))
        with one_thread:
            new = engine.dialect.name == "sqlite" and path.stat().st_size == 0
            if new and first:
                with path.open("r+b") as file:  # it stays the file that `open_database` made, with its permissions
                    file.write(first[0])
            migrate(engine)
            if new and not first:
                with sqlite3.connect(path) as conn:
                    first.append(conn.serialize())
                conn.close()

    return migrating
