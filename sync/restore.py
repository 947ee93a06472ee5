"""Reads back from the sheet what the store should know: ledger, Master, Activity.

After a deleted database, a crash between a write and its record, or another writer's flush. The last thing to be
remembered is the fence that it all belongs to, so a crash in here only means doing it again. What people typed since
the last look is remembered with it, and what explains it: else doing it again would find nothing typed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core import cells, fields
from core.config import Config
from core.fields import Kind
from core.model import Cell, ChangeState
from core.plain import from_plain
from store import activity, kept, ledger, mirror, outbox, recalled, state, stopped, tabs, untold
from store.activity import ActivityEntry
from store.config import read_tabs, with_former
from store.database import reading
from store.ledger import PlacedEntry
from sync import answers, crm, keepsakes, layout
from sync.errors import UnsafePicture
from sync.freezing import sift
from sync.gather import windows
from sync.heard import Typed, listen, tell
from sync.link import Link
from sync.people import NO_IDS, Seen, id_in, look, shape_of, unclear_fields
from sync.reading import Rows
from sync.sheets import metadata
from sync.standstill import standing_still
from sync.twice import doubled

FENCE = "fence"  # of the last flush whose effects this database has
UNREAD = "unread"  # in its place: what the last flush did is to be found out
BELONGS = "spreadsheet"  # that this database mirrors
ATTENTION_ROWS = "attention_rows"
_UNCONFIRMED = (ChangeState.PENDING, ChangeState.APPLIED)


def read_back(link: Link, head: crm.Head, config: Config, now: datetime, settle: Callable[[Connection], None]) -> None:
    """Everything from the sheet into the store, then the fence and what `settle` adds to its transaction. One read for
    each 20,000 rows. Raises SheetsProblem."""
    link.step("read back")
    sizes = {one.tab.sheet_id: one.rows for one in metadata(link.sheets).tabs}
    everything = {role: _Tab(link, sheet_id, sizes.get(sheet_id, 0)) for role, sheet_id in head.roles.items()}
    _read_ledger(link, everything["crm"])
    config = _read_settings(link, everything["settings"], everything["team"])
    heard, gone = _read_master(link, everything["master"], config, now)
    with link.engine.begin() as conn:
        recalled.recall(conn)
    lines = _read_activity(link, everything["activity"], config, {one.before.lead_id for one in heard})
    listed = sum(len(rows) for _, rows in everything["attention"].rows(1))
    with link.engine.begin() as conn:
        for tab in tabs.all_tabs(conn):
            tabs.put_tab(conn, replace(tab, digest=""))  # every row is looked at again
        state.put(conn, ATTENTION_ROWS, str(listed))
        mirror.put_synced(conn, [one.after for one in heard])
        _learn(conn, lines)
        ours = {(one.lead_id, one.field) for one in lines} | _on_the_way(conn, heard)
        # What missed waits again or is set aside, and its lead says what it said before: nobody typed that.
        settle(conn)
        tell(conn, _typed(heard, ours | _on_the_way(conn, heard)), config, now)
        stopped.put_unread(conn, stopped.unread(conn) & gone)
        state.put(conn, BELONGS, link.sheets.spreadsheet_id)
        state.put(conn, FENCE, str(head.fence))
    link.step("read back done")


@dataclass(frozen=True, slots=True)
class _Tab:
    """A tab of ours to be read whole, and the size of its grid."""

    link: Link
    sheet_id: int
    size: int

    def rows(self, first: int) -> Iterator[tuple[int, Rows]]:
        return windows(self.link.sheets, self.sheet_id, first, self.size)


def _read_settings(link: Link, settings: _Tab, team: _Tab) -> Config:
    """The configuration that the sheet's words are read by: a status of the library's own is none of what ships."""
    ours, people = ([row for _, part in tab.rows(0) for row in part] for tab in (settings, team))
    with reading(link.engine) as conn:
        return with_former(conn, read_tabs(conn, ours, people, link.shipped).config)


def _read_ledger(link: Link, tab: _Tab) -> None:
    rows = [row for _, part in tab.rows(crm.LEDGER_ROW + 1) for row in part]
    found = crm.unpack(rows)
    with link.engine.begin() as conn:
        kept.learn(conn, keepsakes.unpack(rows))
        known = {
            (tab.sheet_id, one.entry.fingerprint): one.entry
            for tab in tabs.all_tabs(conn)
            for one in ledger.known(conn, tab.sheet_id)
        }
        fresh = [entry for entry in found.entries if known.get((entry.sheet_id, entry.fingerprint)) != entry]
        ledger.put(conn, [PlacedEntry(entry, None, None) for entry in fresh])
        answers.take_back(conn, found.answers)


def _read_master(link: Link, tab: _Tab, config: Config, now: datetime) -> tuple[list[Typed], frozenset[str]]:
    """What differs from what leads that this database knows last said: that is not remembered yet. And which fields
    have no column."""
    header: tuple[Cell, ...] = ()
    heard: list[Typed] = []
    gone: frozenset[str] = frozenset()
    for start, rows in tab.rows(0):
        first, body = start + 1, rows
        if start == 0:
            header, first, body = rows[0], 2, rows[1:]
        shape = shape_of(tab.sheet_id, layout.TITLES["master"], header, start + len(rows))
        if "lead_id" not in shape.columns:
            raise UnsafePicture(NO_IDS)
        gone = frozenset(fields.NAMES) - shape.columns.keys()
        with link.engine.begin() as conn:
            twice = doubled(conn, (id_in(shape, row) for row in body), unread=True)
            seen = look(shape, list(enumerate(body, first)), {}, config, twice)
            heard += _take_in(conn, replace(seen, changed=tuple(standing_still(conn, seen.changed, shape))), gone, now)
        link.step(f"read {start + len(rows):,} rows of Master")
    return heard, gone


def _take_in(conn: Connection, seen: Seen, gone: frozenset[str], now: datetime) -> list[Typed]:
    """Leads that this database knows may have been mixed up meanwhile, as at any other look. The next look says what of
    a row cannot be read, for no digest is remembered of it. What nobody here had read of a lead is not heard."""
    unclear = unclear_fields(seen.issues)
    changed = [replace(one, digest="") if one.row in unclear else one for one in seen.changed]
    known = mirror.bases_of(conn, [one.lead.lead_id for one in changed])
    believed = sift(conn, [one for one in changed if one.lead.lead_id in known], seen.unnamed, now)
    unread = stopped.unread(conn)
    heard = [one for one in (_but(one, unread) for one in listen(known, believed, unclear)) if one.fields]
    later = {one.after.lead.lead_id for one in heard}
    met = [one for one in changed if one.lead.lead_id not in known]
    if met:
        stopped.put_unread(conn, unread | gone)
    fresh = [*believed, *met]
    mirror.put_synced(conn, [one for one in fresh if one.lead.lead_id not in later])
    return heard


def _but(one: Typed, names: Collection[str]) -> Typed:
    return replace(one, fields={name: value for name, value in one.fields.items() if name not in names})


def _typed(heard: Sequence[Typed], ours: Collection[tuple[str, str]]) -> Iterator[Typed]:
    """What people typed of that: neither what Activity tells by now, nor what a change here wants itself."""
    for one in heard:
        lead_id = one.before.lead_id
        left = _but(one, [name for name in one.fields if (lead_id, name) in ours])
        if left.fields and (lead_id, "lead") not in ours:
            yield left


def _on_the_way(conn: Connection, heard: Sequence[Typed]) -> set[tuple[str, str]]:
    """By lead and field, what changes here want that no look has confirmed."""
    waiting = outbox.of_leads(conn, {one.before.lead_id for one in heard}, _UNCONFIRMED)
    return {(one.change.lead_id, name) for one in waiting for name in one.change.fields}


def _read_activity(link: Link, tab: _Tab, config: Config, leads: Collection[str]) -> list[ActivityEntry]:
    """What it tells of these leads that this database did not know, and does not yet; the rest is remembered."""
    new: list[ActivityEntry] = []
    for _, rows in tab.rows(1):
        with link.engine.begin() as conn:
            found = [entry for row in rows if (entry := activity_entry(row, config))]
            ours = [one for one in found if one.lead_id in leads]
            known = activity.told(conn, ((one.change_id, one.lead_id) for one in ours))
            new += [one for one in ours if (one.change_id, one.lead_id) not in known]
            _learn(conn, [one for one in found if one.lead_id not in leads or (one.change_id, one.lead_id) in known])
    return new


def _learn(conn: Connection, lines: Sequence[ActivityEntry]) -> None:
    activity.append(conn, lines)
    untold.told(conn, lines)  # a flush whose answer was lost told them


def activity_entry(row: Sequence[Cell], config: Config) -> ActivityEntry | None:
    """A row of Activity, or None where someone typed over it."""
    at, *words = (*row, *(None,) * len(layout.ACTIVITY_HEADER))[: len(layout.ACTIVITY_HEADER)]
    moment = cells.decode(Kind.MOMENT, at, config)
    if not isinstance(moment, datetime) or not words[0]:
        return None
    change_id, lead_id, actor, field, old, new, why = ("" if word is None else str(word) for word in words)
    return ActivityEntry(moment, change_id, lead_id, actor, field, from_plain(field, old), from_plain(field, new), why)
