"""The way out: edits that wait in the outbox, merged with what the sheet says now and written in one flush.

One fresh read, one write, for up to 500 changes. What the sheet has changed meanwhile becomes a conflict for a person;
a target that refuses for good is set aside, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from core.config import Config
from core.homes import stays
from core.model import Change, ChangeKind, ChangeState
from core.portions import portions
from store import conflicts, kept, latency, left_out, mirror, outbox, state, stopped, tabs, untold
from store.config import load_config
from store.database import reading
from store.recalled import deleted_text
from sync import again, filling, layout, merged, proving, unmended
from sync.attention import standing_list
from sync.batch import MasterShape, RowWrite
from sync.crm import Head, fence_of
from sync.errors import WROTE, FenceLost, Refused, SheetsProblem, UnsafePicture, Unsettled
from sync.flush import Load, caught_up, flush
from sync.link import FLUSH_LEADS, Link
from sync.own_columns import going, returning
from sync.people import NO_IDS, shape_of
from sync.reading import Rows
from sync.renamed import unclear
from sync.restore import ATTENTION_ROWS, BELONGS, FENCE
from sync.sorting import Sorted, sort_out
from sync.targets import Located, find, refuse_moved, with_formulas_shown

Changes = Sequence[Change]
FLUSH_LINES = 2_000  # of Activity in one flush


def drain(link: Link, head: Head, master: MasterShape, config: Config, now: datetime) -> tuple[Head, MasterShape]:
    """Tell the sheet what it does not say yet, and flush the oldest pending changes. Raises SheetsProblem, Busy; then
    they wait where they are."""
    unmended.settle(link)
    with reading(link.engine) as conn:
        told = _to_tell(conn)
    merged.release(link, master.sheet_id, master.columns)
    if not told.empty:
        head = _tell(link, head, master, told, config, now)
    return _drain(link, head, master, config, now)


def _drain(link: Link, head: Head, master: MasterShape, config: Config, now: datetime) -> tuple[Head, MasterShape]:
    with link.writing.alone():
        head = caught_up(link, head)
        with reading(link.engine) as conn:
            changes: Changes = next(portions(outbox.ready(conn, FLUSH_LEADS), FLUSH_LEADS), ())
            ids = [change.lead_id for change in changes]
            rows = {i: row - 1 for i, row in mirror.rows_of(conn, ids).items()}
            filled, whole = filling.filled(conn), stopped.whole(conn)
        if not changes:
            return head, master
        proof = proving.wanted(link, head.roles["crm"])
        located = find(link.sheets, master, dict.fromkeys(ids), rows, config, proof)
        if "lead_id" not in located.master.columns:  # nobody can say whose rows these are; nor that leads are gone
            raise UnsafePicture(NO_IDS)
        _prove(link, head, located.beside)
        going = {change.lead_id for change in changes if change.kind is ChangeKind.DELETE}
        located = with_formulas_shown(link.sheets, located, sorted(going), config)
        located = replace(located, filled=filled, unclear=unclear(located.master.header, whole))
        return _write(link, head, located, changes, config, now), located.master


def _prove(link: Link, head: Head, proof: Sequence[Rows]) -> None:
    """The fresh read brought the last flush's journal along: where that landed, the next flush needs no read of its own
    for it. Raises Unsettled where not: what went astray is no word of the lead that shows it, and neither said nor a
    conflict. Where another worker has written since, the flush looks again and says so."""
    with link.engine.begin() as conn:
        if not proof or state.get(conn, FENCE) != str(head.fence) or proving.accept(conn, proof):
            return
    raise Unsettled(WROTE)


def waits(conn: Connection, but: Collection[str] = ()) -> bool:
    """Whether a change may go beside those that the last flush has left where they are."""
    gone = frozenset(stopped.fields(conn))
    return any(c.change_id not in but and not stays(c, gone) for c in outbox.ready(conn, len(but) + 1))


def drain_now(link: Link, now: datetime) -> bool:
    """Flush what waits, between cycles or beside one, by the fence and header that we remember: a read and a write.
    False where nothing waits or nothing is remembered yet. Raises SheetsProblem, Busy; a cycle settles what is so."""
    try:
        with link.writing.alone():
            return _drain_now(link, now)
    except SheetsProblem:
        link.writing.ready = False  # until a cycle has settled it
        raise


def _drain_now(link: Link, now: datetime) -> bool:
    with reading(link.engine) as conn:
        if not waits(conn):
            return False
        fence, ours = fence_of(state.get(conn, FENCE)), state.get(conn, BELONGS) == link.sheets.spreadsheet_id
        known = {tab.role: tab for tab in tabs.all_tabs(conn)}
        config = load_config(conn, link.shipped)
    if fence is None or not (ours and set(layout.TITLES) <= set(known)):
        return False
    roles = {role: known[role].sheet_id for role in layout.TITLES}  # type: ignore[index]  # titles are roles
    head = Head(fence, link.installation, link.sheets.spreadsheet_id, roles)
    seen = known["master"]
    _drain(link, head, shape_of(seen.sheet_id, seen.title, seen.header, seen.rows), config, now)
    return True


def _write(link: Link, head: Head, at: Located, changes: Changes, config: Config, now: datetime) -> Head:
    """What becomes of the changes, carried out: cells and new leads in one flush, rows that go in another."""
    found = sort_out(changes, at, config)
    with link.engine.begin() as conn:
        if state.get(conn, FENCE) != str(head.fence):  # what it has written since is no reason to set anything aside
            raise Unsettled("Another worker wrote to the sheet meanwhile")
        _set_aside(conn, found, now)
    head = _write_rows(link, head, at, changes, found, config, now)
    return _delete(link, head, at, sorted(found.fells, key=lambda write: -write.row), config, now)


def _write_rows(
    link: Link, head: Head, at: Located, changes: Changes, found: Sorted, config: Config, now: datetime
) -> Head:
    """One flush; where Google refuses it for good, halves of it, until what it refuses stands alone and is set
    aside."""
    load = Load(updates=tuple(found.writes.values()), creates=tuple(found.creates))
    if load.empty:
        return head
    back = returning(link, at.master, found.creates, now)
    load = replace(load, own=back.own, told=back.told, merges=at.merges)
    try:
        done = flush(
            link, head, at.master, load, config, now,
            lambda conn: _arrived(conn, found),
        )  # fmt: skip
        return done.head
    except FenceLost:
        raise
    except Refused as refusal:
        carried = set(found.carried())
        left = [change for change in changes if change.change_id in carried]
        if at.merges is None:
            known = replace(at, merges=merged.read_merges(link, at.master.sheet_id))
            return _write(link, head, known, left, config, now)
        if len(left) == 1:
            _refuse_moved(link, at, left[0].lead_id, config)
            with link.engine.begin() as conn:
                outbox.mark(conn, carried, ChangeState.BLOCKED, refusal.of_cell)
            return head
        for half in _halves(left):
            head = _write(link, head, at, half, config, now)
        return head


def _refuse_moved(link: Link, at: Located, lead_id: str, config: Config) -> None:
    if lead_id in at.rows:
        refuse_moved(link.sheets, at.master, lead_id, at.rows[lead_id].row, config)


def _halves(changes: Changes) -> tuple[Changes, ...]:
    """Each with all changes of its leads: what was read of a lead is old once one of them is written. Of one lead alone
    the first change; the others wait for the next look."""
    leads = list(dict.fromkeys(change.lead_id for change in changes))
    if len(leads) == 1:
        return (changes[:1],)
    first = set(leads[: len(leads) // 2])
    return [c for c in changes if c.lead_id in first], [c for c in changes if c.lead_id not in first]


def _arrived(conn: Connection, found: Sorted) -> None:
    """The sheet has them; how long people's edits took is remembered."""
    outbox.mark(conn, found.carried(), ChangeState.APPLIED)
    written = [change for write in found.writes.values() for change in write.changes]
    edits = (change for change in (*written, *found.creates) if change.actor != "sync")
    latency.add(conn, "to_sheet", [(datetime.now(UTC) - change.at).total_seconds() for change in edits])


def _delete(link: Link, head: Head, at: Located, fells: Sequence[RowWrite], config: Config, now: datetime) -> Head:
    """Rows that go, the lowest first so that the numbers of the others hold. One that Google refuses to delete for good
    is set aside."""
    if not fells:
        return head
    changes = [change.change_id for write in fells for change in write.changes]
    with link.engine.begin() as conn:
        leads = mirror.bases_of(conn, [write.lead_id for write in fells]).values()
        # That they were back after an earlier deletion needs no telling: it would be told over what this flush says.
        kept.told(conn, [("deleted", lead.lead_id, "") for lead in leads])
    gone = {lead.lead_id: deleted_text(replace(lead, extra=going(at, lead))) for lead in leads}
    lines = tuple(("deleted", lead_id, text) for lead_id, text in gone.items())

    def record(conn: Connection) -> None:
        kept.put(conn, "deleted", gone)
        kept.told(conn, lines)
        outbox.mark(conn, changes, ChangeState.APPLIED)

    try:
        return flush(link, head, at.master, Load(fells=tuple(fells), kept=lines), config, now, record).head
    except FenceLost:
        raise
    except Refused as refusal:
        if len(fells) == 1:
            _refuse_moved(link, at, fells[0].lead_id, config)
            with link.engine.begin() as conn:
                outbox.mark(conn, changes, ChangeState.BLOCKED, f"The sheet refuses to delete this row: {refusal}")
            return head
        middle = len(fells) // 2
        head = _delete(link, head, at, fells[:middle], config, now)
        return _delete(link, head, at, fells[middle:], config, now)


def _tell(link: Link, head: Head, master: MasterShape, load: Load, config: Config, now: datetime) -> Head:
    """What people typed, into Activity; what is to be kept, into `_crm`."""

    def record(conn: Connection) -> None:
        untold.told(conn, load.told)
        again.keep(conn, load.kept)
        if load.attention:
            state.put(conn, ATTENTION_ROWS, str(len(load.attention.lines)))

    with link.writing.alone():
        return flush(link, caught_up(link, head), master, load, config, now, record).head


def _to_tell(conn: Connection) -> Load:
    """What the sheet does not say yet. Rows that a person has left out leave Needs attention with it."""
    lines = (*kept.untold(conn, FLUSH_LEADS), *again.to_keep(conn))
    listed = standing_list(conn) if left_out.concerns(lines) else None
    return Load(told=tuple(untold.waiting(conn, FLUSH_LINES)), kept=lines, attention=listed)


def _set_aside(conn: Connection, found: Sorted, now: datetime) -> None:
    """What needs no write: said already, lost to the sheet, or refused."""
    outbox.mark(conn, [change.change_id for change in found.said], ChangeState.APPLIED)
    outbox.mark(conn, [change.change_id for change in found.spared], ChangeState.DONE)
    for change, clashes in found.lost:
        conflicts.add(conn, change.change_id, clashes, now)
        outbox.mark(conn, [change.change_id], ChangeState.CONFLICT, "The sheet says something else by now")
    merged.set_aside(conn, found.covered)
    for change, why in found.blocked:
        outbox.mark(conn, [change.change_id], ChangeState.BLOCKED, why)
