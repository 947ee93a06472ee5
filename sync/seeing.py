"""What people did in Master, taken into the mirror; leads that are missed, looked for before they are believed gone.

A step of `sync.cycle`, after the picture and before intake. Refuses pictures that cannot be true.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core import fields
from core.config import Config
from core.model import ChangeState, Issue
from core.reading import windows
from store import issues, mirror, outbox, state, tabs, watch
from store.database import reading
from store.mirror import SheetLead
from sync.batch import MasterShape
from sync.errors import UnsafePicture
from sync.gather import Picture, TabRead
from sync.heard import hear
from sync.link import Link
from sync.people import Unnamed, look, shape_of
from sync.ranges import GridRange
from sync.sheets import read

MISSING = "missing_leads"


@dataclass(frozen=True, slots=True)
class SeenMaster:
    """Master's shape, and the rows in it that want an id."""

    shape: MasterShape
    unnamed: tuple[Unnamed, ...] = ()


def see_people(link: Link, picture: Picture, config: Config, now: datetime) -> SeenMaster:
    """Master into the mirror. Raises UnsafePicture rather than believe that everything is gone."""
    seen = picture.of("master")
    if seen is None:
        raise UnsafePicture("Master could not be read")
    shape = shape_of(seen.tab.sheet_id, seen.tab.title, seen.rows[0] if seen.rows else (), seen.last_row)
    with link.engine.begin() as conn:
        if "lead_id" not in shape.columns:
            raise UnsafePicture("Master has no lead_id column any more")
        if seen.last_row <= 1 and mirror.count(conn):
            raise UnsafePicture("Master is suddenly empty")
        if seen.digest == seen.tab.digest and not state.get(conn, MISSING):
            return SeenMaster(shape)
        present, doubts, unnamed = _see_parts(conn, seen, shape, config, now)
        if seen.complete:
            issues.replace(conn, seen.tab.sheet_id, doubts)
            _miss(conn, present)
        else:
            issues.add(conn, seen.tab.sheet_id, doubts)
            watch.forget_rows_after(conn, seen.last_row)
        _confirm(conn, present)
        tabs.put_tab(conn, seen.seen())
    if link.window and not seen.complete and link.turn % windows(seen.last_row) == 0:
        _search_lost(link, shape)
    return SeenMaster(shape, unnamed)


def _see_parts(
    conn: Connection, seen: TabRead, shape: MasterShape, config: Config, now: datetime
) -> tuple[set[str], list[tuple[str, Issue]], tuple[Unnamed, ...]]:
    """The ids that stand in what was read, cells that could not be understood, and rows that want an id."""
    present: set[str] = set()
    unnamed: list[Unnamed] = []
    doubts: list[tuple[str, Issue]] = []
    for part in seen.parts:
        first, rows = (2, part.rows[1:]) if part.first == 0 else (part.first + 1, part.rows)
        found = look(shape, rows, first, mirror.seen_rows(conn, first, first + len(rows) - 1), config)
        unclear: dict[int, set[str]] = {}
        for issue in found.issues:
            unclear.setdefault(issue.row, set()).add(issue.field)
        changed = _with_stopped(conn, found.changed, shape)
        hear(conn, changed, unclear, config, now)
        mirror.put_synced(conn, changed)
        mirror.move_rows(conn, found.moved)
        present.update(one.lead.lead_id for one in found.changed)
        present.update(found.unchanged, (lead_id for lead_id, _ in found.moved))
        doubts += [(f"row {issue.row}", issue) for issue in found.issues]
        unnamed += found.unnamed
    return present, doubts, tuple(unnamed)


def _with_stopped(conn: Connection, seen: Sequence[SheetLead], shape: MasterShape) -> list[SheetLead]:
    """Where the header of a field is gone, that field stands still: it keeps what it said last, and nobody typed."""
    gone = [name for name in fields.NAMES if name not in shape.columns]
    bases = mirror.bases_of(conn, [one.lead.lead_id for one in seen]) if gone else {}
    return [
        replace(one, lead=replace(one.lead, **{n: getattr(bases[one.lead.lead_id], n) for n in gone}))
        if one.lead.lead_id in bases
        else one
        for one in seen
    ]


def _confirm(conn: Connection, present: set[str]) -> None:
    """Applied changes whose lead a read has shown since are done."""
    seen = [one.change for one in outbox.in_state(conn, ChangeState.APPLIED, 5_000) if one.change.lead_id in present]
    outbox.mark(conn, [change.change_id for change in seen], ChangeState.DONE)


def _miss(conn: Connection, present: set[str]) -> None:
    """A lead is taken for deleted only when two complete looks agree."""
    known = {one.lead_id for one in mirror.seen_rows(conn, 1, 2**31)} | set(watch.lost(conn))
    once = set(json.loads(state.get(conn, MISSING) or "[]"))
    missing = known - present
    mirror.set_state(conn, sorted(missing & once), "deleted")
    again = sorted(missing - once)
    if again:
        state.put(conn, MISSING, json.dumps(again))
    else:
        state.forget(conn, MISSING)


def _search_lost(link: Link, master: MasterShape) -> None:
    """Leads that a whole round of windows has not met: look for them in the whole id column, one read."""
    with reading(link.engine) as conn:
        lost = watch.lost(conn)
    if not lost:
        return
    column = master.columns["lead_id"]
    cells = read(link.sheets, [GridRange(master.sheet_id, 1, None, column, column + 1)])[0]
    rows = {str(row[0]): number for number, row in enumerate(cells, 2) if row}
    with link.engine.begin() as conn:
        mirror.move_rows(conn, [(lead_id, rows[lead_id]) for lead_id in lost if lead_id in rows])
        _miss(conn, set(rows))
