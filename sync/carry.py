"""Carries a plan out: flush after flush, each remembered when it is verified.

Between `core.intake`'s plan and `sync.flush`. A lead whose row somebody changed meanwhile is left out together with the
ledger entries that name it, so the next cycle decides on it anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.config import Config
from core.model import Change, ChangeKind, ChangeState, Issue, LedgerEntry
from store import issues, kept, ledger, mirror, outbox, state, tabs
from store.database import reading
from store.ledger import PlacedEntry
from store.waiting import put as keep_waiting
from sync import answers, merged
from sync.attention import Row, attention_list
from sync.batch import AttentionList, MasterShape, RowWrite
from sync.crm import Head
from sync.errors import FenceLost, Refused
from sync.flush import Load, caught_up, flush
from sync.intake import Intake, placed
from sync.later import parted
from sync.link import FLUSH_LEADS, Link
from sync.merged import Merges, covered, read_merges
from sync.parts import Part, parts
from sync.restore import ATTENTION_ROWS
from sync.targets import Aimed, aim, refuse_moved


@dataclass(frozen=True, slots=True)
class Carried:
    """The head after the last flush, the rows that ended anew, leads updated, leads that wait for the next cycle."""

    head: Head
    entries: tuple[LedgerEntry, ...]
    updated: int
    waiting: tuple[str, ...]


def carry_out(link: Link, head: Head, master: MasterShape, intake: Intake, config: Config, now: datetime) -> Carried:
    """Write an intake's plan. Raises SheetsProblem, Busy; what was not written then is planned again."""
    carried = Carried(head, (), 0, ())
    for part in _parts(intake):
        with link.writing.alone():  # edits of the app go between the parts
            carried = replace(carried, head=caught_up(link, carried.head))
            carried, master = _flush_part(link, carried, master, intake, part, config, now)
    if not carried.waiting:
        with link.engine.begin() as conn:
            _remember_tabs(conn, intake)
    return carried


def carry_answers(link: Link, head: Head, master: MasterShape, config: Config, now: datetime) -> Head:
    """Write what people said of tabs since the last time, in a flush of its own. Raises SheetsProblem, Busy."""
    with reading(link.engine) as conn:
        said = answers.untold(conn)
    if not said:
        return head
    load = Load(answers=said)
    with link.writing.alone():
        head = caught_up(link, head)
        return flush(link, head, master, load, config, now, lambda conn: answers.remember(conn, said)).head


def _parts(intake: Intake) -> Iterator[Part]:
    found = list(parts(intake.plan))
    if not found and any(tab.identified.forgotten for tab in intake.tabs):
        found = [Part((), (), last=True)]
    yield from found


def _flush_part(
    link: Link, carried: Carried, master: MasterShape, intake: Intake, part: Part, config: Config, now: datetime,
    merges: Merges | None = None,
) -> tuple[Carried, MasterShape]:  # fmt: skip
    """`merges` are known once a flush was refused, perhaps for their sake; then what they cover waits in the outbox."""
    split = parted(part.changes, master)
    creates = tuple(change for change in split.now if change.kind is ChangeKind.CREATE)
    updates = [change for change in split.now if change.kind is not ChangeKind.CREATE]
    aimed, frozen = _aim(link, master, updates, config)
    waiting = {*carried.waiting, *aimed.stale, *frozen}
    entries = tuple(entry for entry in part.ledger if not waiting.intersection(entry.lead_ids))
    forgotten = _forgotten(intake, waiting) if part.last else ()
    under = _under(aimed, merges)
    with link.engine.begin() as conn:  # before the flush: a crash behind it must not lose them
        _keep(conn, [change for change in split.later if change.lead_id not in waiting], under)
        listed = _attention(conn, intake) if part.last else None
        words = tuple(kept.untold(conn, FLUSH_LEADS, "waiting")) if split.later else ()
    updates_now = _but(aimed.writes, under)
    load = Load(
        updates=updates_now, creates=creates, ledger=entries, replaced=forgotten, attention=listed, merges=merges,
        kept=words,
    )  # fmt: skip
    if load.empty:
        return replace(carried, waiting=tuple(waiting)), aimed.master
    try:
        done = flush(
            link, carried.head, aimed.master, load, config, now,
            lambda conn: _record(conn, intake, load, last=part.last),
        )  # fmt: skip
    except FenceLost:
        raise
    except Refused as refusal:
        if merges is not None:
            return _in_pieces(link, carried, aimed, intake, part, config, now, merges, refusal)
        known = read_merges(link, master.sheet_id)
        return _flush_part(link, carried, master, intake, part, config, now, known)
    before = intake.kept()
    grown = replace(aimed.master, last_row=aimed.master.last_row + len(creates))
    after = Carried(
        done.head,
        (*carried.entries, *(entry for entry in entries if (entry.sheet_id, entry.fingerprint) not in before)),
        carried.updated + len(updates_now),
        tuple(waiting),
    )
    return after, grown


def _record(conn: Connection, intake: Intake, load: Load, *, last: bool) -> None:
    """What the sheet has now. An update that had been set aside, and was planned again, is blocked no more."""
    ledger.put(conn, placed(intake, [PlacedEntry(entry, None, None) for entry in load.ledger]))
    outbox.mark(conn, [one.change_id for write in load.updates for one in write.changes], ChangeState.APPLIED)
    for sheet_id, fingerprint in load.replaced:
        ledger.remove(conn, sheet_id, [fingerprint])
    if last:
        _record_issues(conn, intake)
    if load.attention:
        state.put(conn, ATTENTION_ROWS, str(len(load.attention.lines)))


def _in_pieces(
    link: Link, carried: Carried, aimed: Aimed, intake: Intake, part: Part, config: Config, now: datetime,
    merges: Merges, refusal: Refused,
) -> tuple[Carried, MasterShape]:  # fmt: skip
    """What Google refuses, cut up until one update stands alone: that is set aside, and the rest goes on. Raises the
    refusal where no update is the reason."""
    left, master = _but_set_aside(link, part), aimed.master
    pieces = [left] if left != part else list(_pieces(part))
    if not pieces:
        raise refusal
    if pieces == [part]:
        _set_aside(link, aimed, refusal, config)
        return carried, master
    for piece in pieces:
        carried, master = _flush_part(link, carried, master, intake, piece, config, now, merges)
    return carried, master


def _but_set_aside(link: Link, part: Part) -> Part:
    """Without what was set aside before and is planned again, as its ledger entry did not get so far."""
    with reading(link.engine) as conn:
        known = outbox.changes(conn, [change.change_id for change in part.changes])
    blocked = {change_id for change_id, one in known.items() if one.state is ChangeState.BLOCKED}
    return replace(part, changes=tuple(one for one in part.changes if one.change_id not in blocked))


def _pieces(part: Part) -> Iterator[Part]:
    """New leads, which wait for nobody's row, halves of the updates, and the ledger behind all of them."""
    updates = tuple(change for change in part.changes if change.kind is not ChangeKind.CREATE)
    creates = tuple(change for change in part.changes if change.kind is ChangeKind.CREATE)
    middle = (len(updates) + 1) // 2
    if updates:
        yield from (Part(some, (), last=False) for some in (creates, updates[:middle], updates[middle:]) if some)
        if part.ledger or part.last:
            yield Part((), part.ledger, part.last)


def _set_aside(link: Link, aimed: Aimed, refusal: Refused, config: Config) -> None:
    """The one update that was aimed waits in the outbox for a person."""
    write = aimed.writes[0]
    refuse_moved(link.sheets, aimed.master, write.lead_id, write.row, config)
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [replace(change, kind=ChangeKind.UPDATE) for change in write.changes])
        outbox.mark(conn, [change.change_id for change in write.changes], ChangeState.BLOCKED, refusal.of_cell)


def _aim(link: Link, master: MasterShape, updates: Sequence[Change], config: Config) -> tuple[Aimed, set[str]]:
    """The updates at their rows, and the leads that are frozen. One read."""
    with reading(link.engine) as conn:
        rows = {i: row - 1 for i, row in mirror.rows_of(conn, [change.lead_id for change in updates]).items()}
        frozen = set(kept.of_keys(conn, "frozen", rows))
    return aim(link.sheets, master, [c for c in updates if c.lead_id not in frozen], rows, config), frozen


Under = list[tuple[Change, list[str]]]


def _under(aimed: Aimed, merges: Merges | None) -> Under:
    """The updates that cannot go because merged cells cover some of theirs, with those fields."""
    found: Under = []
    for write in aimed.writes:
        names = [name for name, value in write.values.items() if value is not None]
        if hidden := covered(merges, write.row, names, aimed.master.columns):
            found += [(replace(change, kind=ChangeKind.UPDATE), hidden) for change in write.changes]
    return found


def _keep(conn: Connection, later: Sequence[Change], under: Under) -> None:
    """What cannot go with this part waits in the outbox; no cell says what a header has to come back for, so `_crm`
    keeps it too."""
    keep_waiting(conn, later)
    outbox.enqueue(conn, [change for change, _ in under])
    merged.set_aside(conn, under)


def _but(writes: Sequence[RowWrite], under: Under) -> tuple[RowWrite, ...]:
    leads = {change.lead_id for change, _ in under}
    return tuple(write for write in writes if write.lead_id not in leads)


def _forgotten(intake: Intake, waiting: set[str]) -> tuple[Row, ...]:
    """Ledger rows that stand nowhere any more; an edited one whose lead has to wait is kept until then."""
    held = {
        pair.known.entry.fingerprint
        for tab in intake.tabs
        for pair in tab.identified.edited
        if waiting.intersection(pair.known.entry.lead_ids)
    }
    return tuple(
        (entry.sheet_id, entry.fingerprint)
        for tab in intake.tabs
        for entry in tab.identified.forgotten
        if entry.fingerprint not in held
    )


def _issues(intake: Intake) -> list[tuple[Row, Issue]]:
    """Each issue of the plan with the row that it is about."""
    names = {(row.tab.title, row.row): key for key, row in intake.places().items()}
    return [(names[i.tab, i.row], i) for i in intake.plan.issues if (i.tab, i.row) in names]


def _settled(intake: Intake) -> list[Row]:
    """The rows whose former issues say nothing any more: looked at again, edited into others, or gone."""
    found: list[Row] = []
    for tab in intake.tabs:
        sheet_id = tab.read.tab.sheet_id
        found += [(sheet_id, arrival.row.fingerprint) for arrival in tab.arrivals]
        found += [(sheet_id, entry.fingerprint) for entry in tab.identified.forgotten]
    return found


def _attention(conn: Connection, intake: Intake) -> AttentionList | None:
    said = {key: row.cells for key, row in intake.places().items()}
    return attention_list(conn, _settled(intake), _issues(intake), said)


def _record_issues(conn: Connection, intake: Intake) -> None:
    by_tab: dict[int, list[str]] = {}
    for sheet_id, fingerprint in _settled(intake):
        by_tab.setdefault(sheet_id, []).append(fingerprint)
    for sheet_id, fingerprints in by_tab.items():
        issues.clear(conn, sheet_id, fingerprints)
    fresh: dict[int, list[tuple[str, Issue]]] = {}
    for (sheet_id, fingerprint), issue in _issues(intake):
        fresh.setdefault(sheet_id, []).append((fingerprint, issue))
    for sheet_id, found in fresh.items():
        issues.add(conn, sheet_id, found)


def _remember_tabs(conn: Connection, intake: Intake) -> None:
    """Everything in these tabs has been taken in: the same digest needs no second look. Issues of rows that stand as
    they stood come back to a new database here; the sheet shows them already."""
    for one in intake.tabs:
        moved: Sequence[tuple[str, int | None]] = [
            (pair.row.fingerprint, pair.row.row)
            for pair in one.identified.same
            if pair.known.position != pair.row.row or pair.known.cells is None
        ]
        again = {pair.row.fingerprint: pair.row for pair in one.identified.same if pair.known.cells is None}
        ledger.reposition(conn, one.read.tab.sheet_id, [m for m in moved if m[0] not in again])
        ledger.put(
            conn,
            [
                PlacedEntry(pair.known.entry, pair.row.row, pair.row.cells)
                for pair in one.identified.same
                if pair.row.fingerprint in again
            ],
        )
        issues.add(conn, one.read.tab.sheet_id, one.issues)
        tabs.put_tab(conn, one.seen())
