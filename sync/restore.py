"""Reads back from the sheet what the store should know: ledger, Master, Activity.

After a deleted database, a crash between a write and its record, or another writer's flush. The last thing to be
remembered is the fence that it all belongs to, so a crash in here only means doing it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core import cells
from core.config import Config
from core.fields import Kind
from core.model import Cell
from core.plain import from_plain
from store import activity, ledger, mirror, state, tabs
from store.activity import ActivityEntry
from store.ledger import PlacedEntry
from sync import crm, layout
from sync.errors import UnsafePicture
from sync.gather import windows
from sync.link import Link
from sync.people import look, shape_of

FENCE = "fence"  # of the last flush whose effects this database has
BELONGS = "spreadsheet"  # that this database mirrors
ATTENTION_ROWS = "attention_rows"


def read_back(link: Link, head: crm.Head, config: Config) -> None:
    """Everything from the sheet into the store, then the fence. One read for each 20,000 rows. Raises SheetsProblem."""
    link.step("read back")
    _read_ledger(link, head)
    _read_master(link, head, config)
    _read_activity(link, head, config)
    listed = sum(len(rows) for _, rows in windows(link.sheets, head.roles["attention"], 1))
    with link.engine.begin() as conn:
        for tab in tabs.all_tabs(conn):
            tabs.put_tab(conn, replace(tab, digest=""))  # every row is looked at again
        state.put(conn, ATTENTION_ROWS, str(listed))
        state.put(conn, BELONGS, link.sheets.spreadsheet_id)
        state.put(conn, FENCE, str(head.fence))
    link.step("read back done")


def _read_ledger(link: Link, head: crm.Head) -> None:
    found = crm.unpack(row for _, part in windows(link.sheets, head.roles["crm"], crm.LEDGER_ROW + 1) for row in part)
    with link.engine.begin() as conn:
        known = {
            (tab.sheet_id, one.entry.fingerprint): one.entry
            for tab in tabs.all_tabs(conn)
            for one in ledger.known(conn, tab.sheet_id)
        }
        fresh = [entry for entry in found.entries if known.get((entry.sheet_id, entry.fingerprint)) != entry]
        ledger.put(conn, [PlacedEntry(entry, None, None) for entry in fresh])


def _read_master(link: Link, head: crm.Head, config: Config) -> None:
    header: tuple[Cell, ...] = ()
    for start, rows in windows(link.sheets, head.roles["master"], 0):
        first, body = start + 1, rows
        if start == 0:
            header, first, body = rows[0], 2, rows[1:]
        shape = shape_of(head.roles["master"], layout.TITLES["master"], header, start + len(rows))
        if "lead_id" not in shape.columns:
            raise UnsafePicture("Master has no lead_id column any more")
        with link.engine.begin() as conn:
            mirror.put_synced(conn, look(shape, body, first, {}, config).changed)
        link.step(f"read {start + len(rows):,} rows of Master")


def _read_activity(link: Link, head: crm.Head, config: Config) -> None:
    for _, rows in windows(link.sheets, head.roles["activity"], 1):
        with link.engine.begin() as conn:
            activity.append(conn, [entry for row in rows if (entry := activity_entry(row, config))])


def activity_entry(row: Sequence[Cell], config: Config) -> ActivityEntry | None:
    """A row of Activity, or None where someone typed over it."""
    at, *words = (*row, *(None,) * len(layout.ACTIVITY_HEADER))[: len(layout.ACTIVITY_HEADER)]
    moment = cells.decode(Kind.MOMENT, at, config)
    if not isinstance(moment, datetime) or not words[0]:
        return None
    change_id, lead_id, actor, field, old, new, why = ("" if word is None else str(word) for word in words)
    return ActivityEntry(moment, change_id, lead_id, actor, field, from_plain(field, old), from_plain(field, new), why)
