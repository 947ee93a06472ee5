"""Source tabs into a plan: which rows are new, edited, copied or gone, what they say, and whose leads they are.

Gathers what `core` needs to decide (the ledger, the leads that share a phone or e-mail) and hands it over. Between
`sync.gather` and the flush; writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.book import Book, book_of, keys_of
from core.columns import TabShape, recognise
from core.config import Config
from core.identity import Identified, KnownRow, fingerprints, identify, row_key
from core.intake import Arrival, arrivals_of, plan_intake
from core.model import Disposition, Issue, LeadDraft, Plan, SourceRow, Tab
from core.normalise import Cleaner
from store import ledger, mirror
from store.ledger import PlacedEntry
from sync.gather import TabRead


@dataclass(frozen=True, slots=True)
class TabIntake:
    """One source tab sorted out: what arrives, what is only somewhere else now, and what the ledger may forget."""

    read: TabRead
    shape: TabShape
    rows: tuple[SourceRow, ...]
    identified: Identified
    arrivals: tuple[Arrival, ...]
    issues: tuple[tuple[str, Issue], ...]  # of rows that stand as they stood, by fingerprint


@dataclass(frozen=True, slots=True)
class Intake:
    """The tabs that were looked at and the plan over all of them."""

    tabs: tuple[TabIntake, ...]
    plan: Plan

    def kept(self) -> frozenset[tuple[int, str]]:
        """Edited rows that end as they ended before."""
        ended = {(e.sheet_id, e.fingerprint): e.disposition for e in self.plan.ledger}
        pairs = [(one, pair) for one in self.tabs for pair in one.identified.edited]
        return frozenset(
            (one.read.tab.sheet_id, pair.row.fingerprint)
            for one, pair in pairs
            if ended.get((one.read.tab.sheet_id, pair.row.fingerprint)) is pair.known.entry.disposition
        )

    def places(self) -> dict[tuple[int, str], SourceRow]:
        """Every row of these tabs by (sheetId, fingerprint)."""
        return {(row.tab.sheet_id, row.fingerprint): row for one in self.tabs for row in one.rows}


def take_in(conn: Connection, reads: Iterable[TabRead], config: Config, locale: str, now: datetime) -> Intake:
    """Plan over the tabs that changed since they were last taken in."""
    changed = [one for one in reads if one.digest != one.tab.digest]
    tabs = tuple(_tab(conn, one, config, locale) for one in changed)
    arrivals = [arrival for tab in tabs for arrival in tab.arrivals]
    if not arrivals:
        return Intake(tabs, Plan())
    loads = mirror.person_loads(conn, config)
    return Intake(tabs, plan_intake(arrivals, _book(conn, arrivals), config, now, loads))


def source_rows(tab: Tab, rows: Sequence[tuple[object, ...]]) -> tuple[SourceRow, ...]:
    """The rows under the header that hold anything, with their numbers in the sheet."""
    body = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell is not None for cell in row)]
    names = fingerprints([row for _, row in body])  # type: ignore[misc]  # rows of cells
    return tuple(
        SourceRow(tab, number, row, name)  # type: ignore[arg-type]  # rows of cells
        for (number, row), name in zip(body, names, strict=True)
    )


def _tab(conn: Connection, read: TabRead, config: Config, locale: str) -> TabIntake:
    tab = Tab(read.tab.sheet_id, read.tab.title)
    header = read.rows[0] if read.rows else ()
    shape = recognise(header, read.rows[1:], config, locale, formulas=False)
    rows = source_rows(tab, read.rows)
    drafts = _remembering(Cleaner(shape, config).drafts)
    known = [KnownRow(one.entry, one.position, one.cells) for one in ledger.known(conn, tab.sheet_id)]
    identified = identify(rows, known, read.complete, lambda row: row_key(row.cells, drafts(row)))
    waiting = [p.row for p in identified.same if p.known.entry.disposition is Disposition.ATTENTION]
    issues = tuple((row.fingerprint, issue) for row in waiting for draft in drafts(row) for issue in draft.issues)
    return TabIntake(read, shape, rows, identified, arrivals_of(identified, drafts), issues)


def _remembering(read: Callable[[SourceRow], tuple[LeadDraft, ...]]) -> Callable[[SourceRow], tuple[LeadDraft, ...]]:
    """Each row is cleaned once, though its key and its drafts are asked for apart."""
    known: dict[str, tuple[LeadDraft, ...]] = {}

    def drafts(row: SourceRow) -> tuple[LeadDraft, ...]:
        if row.fingerprint not in known:
            known[row.fingerprint] = read(row)
        return known[row.fingerprint]

    return drafts


def _book(conn: Connection, arrivals: Sequence[Arrival]) -> Book:
    drafts = [draft for arrival in arrivals for draft in arrival.drafts]
    ids = {i for arrival in arrivals if arrival.known for i in arrival.known.entry.lead_ids}
    keys = keys_of(drafts, ids)
    found = {lead.lead_id: lead for lead in mirror.leads_sharing(conn, keys.phones, keys.emails)}
    found |= {lead.lead_id: lead for lead in mirror.leads(conn, sorted(keys.lead_ids))}
    return book_of(found.values(), _Taken(conn))


@dataclass(frozen=True, slots=True)
class _Taken:
    """The ids in use, deleted leads' included, asked one at a time."""

    conn: Connection

    def __contains__(self, lead_id: object) -> bool:
        return bool(mirror.standing(self.conn, [str(lead_id)]))


def placed(intake: Intake, entries: Iterable[PlacedEntry]) -> tuple[PlacedEntry, ...]:
    """Entries with the rows that they were made from."""
    rows = intake.places()
    found = ((one, rows.get((one.entry.sheet_id, one.entry.fingerprint))) for one in entries)
    return tuple(PlacedEntry(one.entry, row.row, row.cells) if row else one for one, row in found)
