"""Leads that are missed: looked for before they are believed gone, and then kept, so that they can be restored.

A lead is taken for deleted only when two looks that can tell agree. Part of `sync.seeing`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.ids import change_id
from core.model import ChangeState
from store import kept, mirror, mixups, outbox, state, untold, watch
from store.activity import ActivityEntry
from store.database import reading
from store.recalled import deleted_text
from sync.batch import MasterShape
from sync.cells import id_of
from sync.gather import Part
from sync.link import Link
from sync.people import id_in
from sync.ranges import GridRange
from sync.reading import read

MISSING = "missing_leads"


def cleared(conn: Connection, read: Sequence[Part], shape: MasterShape) -> set[str]:
    """Leads that stood in rows that have no id now: they are somewhere else, or nowhere."""
    found: set[str] = set()
    for part in read:
        bare = {number for number, row in part.body() if not id_in(shape, row)}
        there = mirror.seen_rows(conn, min(bare), max(bare)) if bare else ()
        found |= {one.lead_id for one in there if one.row in bare}
    return found


def seen_again(conn: Connection, present: Collection[str]) -> None:
    """These were met by a look that shows but a part: they are missed no more."""
    _remember_missing(conn, _missing(conn).difference(present))


def _gone(conn: Connection, ids: Sequence[str], now: datetime) -> None:
    """Leads that people deleted in the sheet: kept, so that they can be restored, and told."""
    leads, left = mirror.leads(conn, ids), set(ids)
    mirror.set_state(conn, ids, "deleted")
    # What was written to them and that no read has shown since went with them.
    applied = [one.change for one in outbox.in_state(conn, ChangeState.APPLIED, 5_000)]
    outbox.mark(conn, [one.change_id for one in applied if one.lead_id in left], ChangeState.DONE)
    mixups.thaw(conn, kept.of_keys(conn, "frozen", ids))
    kept.put(conn, "deleted", {lead.lead_id: deleted_text(lead) for lead in leads})
    why = "deleted in the sheet"
    untold.add(
        conn,
        [
            ActivityEntry(
                now,
                change_id(f"gone:{lead.lead_id}:{now.isoformat()}"),
                lead.lead_id,
                "sheet",
                "lead",
                lead.full_name or lead.phone_number or lead.lead_id,
                None,
                why,
            )
            for lead in leads
        ],
    )


def miss(conn: Connection, present: set[str], now: datetime) -> None:
    """A lead is taken for deleted only when two complete looks agree."""
    known = {one.lead_id for one in mirror.seen_rows(conn, 1, 2**31)} | set(watch.lost(conn))
    once, missing = _missing(conn), known - present
    _gone(conn, sorted(missing & once), now)
    _remember_missing(conn, missing - once)


def _missing(conn: Connection) -> set[str]:
    """Leads that the last look that could tell has missed."""
    return set(json.loads(state.get(conn, MISSING) or "[]"))


def _remember_missing(conn: Connection, ids: Collection[str]) -> None:
    if ids:
        state.put(conn, MISSING, json.dumps(sorted(ids)))
    else:
        state.forget(conn, MISSING)


def search_lost(link: Link, master: MasterShape, now: datetime) -> None:
    """Leads that a whole round of windows has not met: look for them in the whole id column, one read."""
    with reading(link.engine) as conn:
        lost = watch.lost(conn)
    if not lost:
        return
    column = master.columns["lead_id"]
    cells = read(link.sheets, [GridRange(master.sheet_id, 1, None, column, column + 1)])[0]
    rows = {id_of(row[0]): number for number, row in enumerate(cells, 2) if row}
    with link.engine.begin() as conn:
        mirror.move_rows(conn, [(lead_id, rows[lead_id]) for lead_id in lost if lead_id in rows])
        miss(conn, set(rows), now)
