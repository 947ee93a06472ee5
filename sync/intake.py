"""Source tabs into a plan: which rows are new, edited, copied or gone, what they say, and whose leads they are.

Gathers what `core` needs to decide (the ledger, the leads that share a phone or e-mail) and hands it over. Between
`sync.gather` and the flush; writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.book import Book, book_of, keys_of
from core.columns import TabShape, recognise, shape_from_json, shape_to_json
from core.config import Config
from core.header_rows import Top, find_top, is_furniture
from core.identity import Identified, KnownRow, fingerprints, identify, row_key, under
from core.ids import group_id
from core.intake import Arrival, arrivals_of, plan_intake
from core.model import Cell, Disposition, Issue, LeadDraft, Plan, SourceRow, Tab
from core.normalise import Cleaner
from store import kept, ledger, left_out, mirror
from store.ledger import PlacedEntry
from store.tabs import TabState
from sync.gather import Part, TabRead


@dataclass(frozen=True, slots=True)
class TabIntake:
    """One source tab sorted out: what arrives, what is only somewhere else now, and what the ledger may forget."""

    read: TabRead
    header: tuple[Cell, ...]
    shape: TabShape
    rows: tuple[SourceRow, ...]
    identified: Identified
    arrivals: tuple[Arrival, ...]
    issues: tuple[tuple[str, Issue], ...]  # of rows that stand as they stood, by fingerprint

    def seen(self) -> TabState:
        """The tab, remembered as taken in."""
        state = replace(self.read.seen(), header=self.header, shape_json=shape_to_json(self.shape))
        return state if self.read.complete else replace(state, digest=self.read.tab.digest)


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


def wants_whole(conn: Connection, one: TabRead, config: Config) -> bool:
    """Whether a tab that was read in parts has to be read whole before anything can be said of it: it never was, its
    header is another one, or it shows rows that only their neighbours can explain."""
    if one.complete:
        return False
    if one.end_lost or not one.tab.digest or not one.tab.shape_json:
        return True
    if find_top(one.rows, config) != Top(shape_from_json(one.tab.shape_json).header_row, one.tab.header):
        return True
    found = _tab(conn, one, config, "")
    return found is not None and bool(found.identified.unsettled)


def take_in(conn: Connection, reads: Iterable[TabRead], config: Config, locale: str, now: datetime) -> Intake:
    """Plan over the tabs that show something new since they were last taken in."""
    found = (_tab(conn, one, config, locale) for one in reads if not one.complete or one.digest != one.tab.digest)
    tabs = tuple(one for one in found if one)
    arrivals = [arrival for tab in tabs for arrival in tab.arrivals]
    if not arrivals:
        return Intake(tabs, Plan())
    loads = mirror.person_loads(conn, config)
    group = group_id(f"intake {now.isoformat()}")  # what one undo takes back
    return Intake(tabs, plan_intake(arrivals, _book(conn, arrivals), config, now, loads, group))


def source_rows(tab: Tab, parts: Sequence[Part], header_row: int = 0) -> tuple[SourceRow, ...]:
    """The rows under the header (0-based `header_row`) that hold anything, with their numbers in the sheet."""
    numbered = [pair for part in parts for pair in enumerate(part.rows, part.first + 1)]
    body = [
        (number, row)
        for number, row in numbered
        if number > header_row + 1 and any(cell not in (None, "") for cell in row)
    ]
    names = fingerprints([row for _, row in body])
    return tuple(SourceRow(tab, number, row, name) for (number, row), name in zip(body, names, strict=True))


def _tab(conn: Connection, read: TabRead, config: Config, locale: str) -> TabIntake | None:
    """Sort a tab out; None where only parts were read and the ledger knows all of their rows."""
    tab = Tab(read.tab.sheet_id, read.tab.title)
    shape = _shape(read, config, locale)
    rows = source_rows(tab, read.parts, shape.header_row)
    if not read.complete:
        names = [row.fingerprint for row in rows]
        if len(ledger.among(conn, tab.sheet_id, names)) == len(names):
            return None
    header = find_top(read.rows, config).header
    cleaner = Cleaner(shape, config)
    known = [_under(header, read.tab.header, one) for one in _known(conn, read, rows)]
    drafts = _cleaning(cleaner, header, rows, known)
    identified = identify(rows, known, read.complete, lambda row: row_key(row.cells, drafts(row)))
    identified = _again(identified, read, shape, config, drafts)
    waiting = [p.row for p in identified.same if p.known.entry.disposition is Disposition.ATTENTION]
    settled = left_out.among(conn, tab.sheet_id, [row.fingerprint for row in waiting])
    unsettled = (row for row in waiting if row.fingerprint not in settled)
    issues = [(row.fingerprint, issue) for row in unsettled for issue in _reasons(row, drafts(row))]
    issues += [(row.fingerprint, issue) for row in _met_anew(identified) for issue in _doubts(drafts(row))]
    return TabIntake(read, header, shape, rows, identified, arrivals_of(identified, drafts), tuple(issues))


def _under(header: Sequence[Cell], was: Sequence[Cell], one: PlacedEntry) -> KnownRow:
    """A row of the ledger; its cells mean something only under their header."""
    cells = one.cells if one.cells is None or header == was else under(header, was, one.cells)
    return KnownRow(one.entry, one.position, cells)


def _met_anew(identified: Identified) -> list[SourceRow]:
    """Rows of leads whose cells are not known any more: those that a new database meets for the first time."""
    leads = (p for p in identified.same if p.known.entry.disposition in (Disposition.CREATED, Disposition.MERGED))
    return [pair.row for pair in leads if pair.known.cells is None]


def _doubts(drafts: Sequence[LeadDraft]) -> list[Issue]:
    return [issue for draft in drafts for issue in draft.issues if not issue.blocking]


def _again(
    identified: Identified,
    read: TabRead,
    shape: TabShape,
    config: Config,
    drafts: Callable[[SourceRow], tuple[LeadDraft, ...]],
) -> Identified:
    """Rows that wait only because a column was not understood come again where it is understood now."""
    before = shape_from_json(read.tab.shape_json) if read.complete and read.tab.shape_json else shape
    waiting = [p.row for p in identified.same if p.known.entry.disposition is Disposition.ATTENTION]
    if before == shape or not waiting:
        return identified
    was = Cleaner(before, config)
    mended = {row.fingerprint for row in waiting if _blocked(was.drafts(row)) and not _blocked(drafts(row))}
    return replace(
        identified,
        new=(*identified.new, *(row for row in waiting if row.fingerprint in mended)),
        same=tuple(pair for pair in identified.same if pair.row.fingerprint not in mended),
    )


def _blocked(drafts: Sequence[LeadDraft]) -> bool:
    return all(draft.blocked for draft in drafts)


def _known(conn: Connection, read: TabRead, rows: Sequence[SourceRow]) -> list[PlacedEntry]:
    """What the ledger knows of the tab; of a tab that was read in parts no more than matters to them."""
    if read.complete:
        return ledger.known(conn, read.tab.sheet_id)
    return ledger.near(conn, read.tab.sheet_id, [row.fingerprint for row in rows], [row.row for row in rows])


def _reasons(row: SourceRow, drafts: Sequence[LeadDraft]) -> tuple[Issue, ...]:
    """Why a row waits, said again for a new database. A doubt about whose row it is cannot be made again from it."""
    said = tuple(issue for draft in drafts for issue in draft.issues)
    if any(issue.blocking for issue in said):
        return said
    doubt = "It was not clear whose row this is; Needs attention in the sheet has the details"
    return (*said, Issue(row.tab.title, row.row, doubt, blocking=True))


def _shape(read: TabRead, config: Config, locale: str) -> TabShape:
    """Columns are judged by all rows; with only a part at hand the last judgement stands."""
    if not read.complete:
        return shape_from_json(read.tab.shape_json)
    top = find_top(read.rows, config)
    return replace(recognise(top.header, read.rows[top.row + 1 :], config, locale), header_row=top.row)


def _cleaning(
    cleaner: Cleaner, header: Sequence[Cell], rows: Sequence[SourceRow], known: Sequence[KnownRow]
) -> Callable[[SourceRow], tuple[LeadDraft, ...]]:
    """Each row is cleaned once, though its key and its drafts are asked for apart; new ones all together."""
    names = {one.entry.fingerprint for one in known}
    new = [row for row in rows if row.fingerprint not in names and not is_furniture(row.cells, header)]
    cleaned = dict(zip((row.fingerprint for row in new), cleaner.clean(new), strict=True))

    def drafts(row: SourceRow) -> tuple[LeadDraft, ...]:
        if row.fingerprint not in cleaned:
            cleaned[row.fingerprint] = () if is_furniture(row.cells, header) else cleaner.drafts(row)
        return cleaned[row.fingerprint]

    return drafts


def _book(conn: Connection, arrivals: Sequence[Arrival]) -> Book:
    drafts = [draft for arrival in arrivals for draft in arrival.drafts]
    ids = {i for arrival in arrivals if arrival.known for i in arrival.known.entry.lead_ids}
    keys = keys_of(drafts, ids)
    found = {lead.lead_id: lead for lead in mirror.leads_sharing(conn, keys.phones, keys.emails)}
    found |= {lead.lead_id: lead for lead in mirror.leads(conn, sorted(keys.lead_ids))}
    return book_of(found.values(), _Taken(conn), _Apart(conn))


@dataclass(frozen=True, slots=True)
class _Taken:
    """The ids in use, deleted leads' included, asked one at a time."""

    conn: Connection

    def __contains__(self, lead_id: object) -> bool:
        return bool(mirror.standing(self.conn, [str(lead_id)]))


@dataclass(frozen=True, slots=True)
class _Apart:
    """The pairs of which a person has said that they are two, asked one at a time."""

    conn: Connection

    def __contains__(self, pair: object) -> bool:
        return bool(kept.of_keys(self.conn, "apart", [str(pair)]))


def placed(intake: Intake, entries: Iterable[PlacedEntry]) -> tuple[PlacedEntry, ...]:
    """Entries with the rows that they were made from."""
    rows = intake.places()
    found = ((one, rows.get((one.entry.sheet_id, one.entry.fingerprint))) for one in entries)
    return tuple(PlacedEntry(one.entry, row.row, row.cells) if row else one for one, row in found)
