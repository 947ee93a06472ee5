"""What people said of tabs ("take its rows in", "leave it alone"), kept in the ledger of `_crm` too.

An answer is given in the app and stands in the database at once; the next cycle writes it here in a flush of its own.
Where the database is new, or another one has written, it comes back with the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection

from store import state, tabs

TOLD = "tab_answers"  # those that the sheet is known to hold


def untold(conn: Connection) -> tuple[tuple[int, str], ...]:
    """The answers that the sheet does not hold yet; one that was taken back is "ask"."""
    told, now = _told(conn), tabs.answers(conn)
    standing = {tab.sheet_id for tab in tabs.all_tabs(conn)} & {*told, *now}
    return tuple(
        (sheet_id, now.get(sheet_id, "ask"))
        for sheet_id in sorted(standing)
        if now.get(sheet_id, "ask") != told.get(sheet_id, "ask")
    )


def remember(conn: Connection, written: tuple[tuple[int, str], ...]) -> None:
    """They stand in the sheet now."""
    _keep(conn, _told(conn) | dict(written))


def take_back(conn: Connection, found: Mapping[int, str]) -> None:
    """The sheet's answers into the database, but for those that were given here and wait to be written."""
    waiting = {sheet_id for sheet_id, _ in untold(conn)}
    for sheet_id, role in found.items():
        if sheet_id not in waiting and role in ("source", "skip", "ask"):
            tabs.decide_role(conn, sheet_id, role)  # type: ignore[arg-type]  # looked at just now
    _keep(conn, dict(found))


def _told(conn: Connection) -> dict[int, str]:
    return {int(sheet_id): role for sheet_id, role in json.loads(state.get(conn, TOLD) or "{}").items()}


def _keep(conn: Connection, told: Mapping[int, str]) -> None:
    state.put(conn, TOLD, json.dumps(dict(told)))
