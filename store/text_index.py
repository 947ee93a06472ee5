"""The folded texts of the leads and what finds a fragment in them: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL.

FTS5 stands on the table `texts` as external content: to take a text out it must be told exactly the text that was put
in, so this is the only place that writes either. PostgreSQL keeps its index by itself, and does without where the
extension cannot be installed: the same query, read through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from store import bulk
from store.schema import texts

_DELETE = "INSERT INTO text_index (text_index, rowid, haystack) VALUES ('delete', ?, ?)"
_INSERT = "INSERT INTO text_index (rowid, haystack) VALUES (?, ?)"


def write(conn: Connection, told: Mapping[int, str], fresh: Collection[int], gone: Collection[int]) -> None:
    """Puts the texts `told` by pk, of which those in `fresh` had none before, and takes out those of `gone`."""
    before = _stored(conn, [pk for pk in (*told, *gone) if pk not in fresh])
    rows = [(pk, text) for pk, text in told.items() if before.get(pk) != text]
    stale = [(pk, before[pk]) for pk in (*(pk for pk, _ in rows), *gone) if pk in before]
    if conn.dialect.name == "sqlite" and stale:
        conn.exec_driver_sql(_DELETE, stale)
    bulk.remove(conn, texts, gone)
    bulk.upsert(conn, texts, rows)
    if conn.dialect.name == "sqlite" and rows:
        conn.exec_driver_sql(_INSERT, rows)


def _stored(conn: Connection, pks: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in bulk.parts(pks):
        found.update(
            (pk, text) for pk, text in conn.execute(select(texts.c.pk, texts.c.haystack).where(texts.c.pk.in_(part)))
        )
    return found
