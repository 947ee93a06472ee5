"""A database that shall mirror another spreadsheet than before: what it knew of the first one is let go.

All of that stands in the first spreadsheet, but for edits that never reached it: who calls looks for those before.
Users, links, tokens and leases stay. Called by `sync.settling`.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete

from store import bulk, counters, schema

_OF_A_SHEET = (
    schema.leads,
    schema.bases,
    schema.listed,
    schema.texts,
    schema.contacts,
    schema.outbox,
    schema.groups,
    schema.kept,
    schema.conflicts,
    schema.ledger,
    schema.ledger_leads,
    schema.issues,
    schema.activity,
    schema.tabs,
    schema.state,
)


def let_go(conn: Connection) -> None:
    """Empties everything that is of a spreadsheet. The revision moves on, so that open pages look again."""
    bulk.hold(conn)
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("INSERT INTO text_index (text_index) VALUES ('delete-all')")
    for table in _OF_A_SHEET:
        conn.execute(delete(table))
    conn.execute(delete(schema.counters).where(schema.counters.c.kind != "revision"))
    counters.bump(conn)
