"""One flush: build the batch, send it, verify it from its own answer, and only then remember it.

The one writer that intake, edits and repairs go through. What is not verified is not remembered: the next cycle sees a
fence that it does not know and reads back what the sheet really holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from core import cells
from core.config import Config
from core.fields import Kind
from core.model import Cell, Change, ChangeKind, Lead, LedgerEntry, Value
from core.plain import plain
from store import activity, kept, lease, mirror, state, tabs
from store.activity import ActivityEntry
from store.database import reading
from store.kept import Kept
from store.mirror import SheetLead
from sync import again, crm, keepsakes
from sync.batch import (
    ANSWER_FIELDS,
    AttentionList,
    Flush,
    MasterShape,
    RowWrite,
    build,
    next_fence,
    standing,
)
from sync.errors import WROTE, Unsettled
from sync.journaling import Restore, Revive
from sync.link import LEASE_SECONDS, Link, is_gone
from sync.merged import GRID_ROWS, Merges
from sync.proving import owe, prove
from sync.restore import FENCE
from sync.sheets import batch, metadata
from sync.verify import Verdict, overtaken, verify
from sync.writing import Wrote

WRITER = "writer"  # the lease's name
SPARE = 10  # columns that people may add between a look at the size of Master and the write


@dataclass(frozen=True, slots=True)
class Load:
    """What a flush carries: updates at their rows; rows to delete; rows of `_crm` to bring back; cells to put back; new
    leads; lines of Activity besides those of the changes; ledger entries with the rows that they replace, what people
    said of tabs, what `_crm` keeps beside them, what Needs attention shall show (None: as it is), by lead and column
    what new rows hold in people's columns, and Master's merges where somebody has looked. A repair also says which
    changes wait to be done again, and in which of the journal's areas it does not read."""

    updates: tuple[RowWrite, ...] = ()
    fells: tuple[RowWrite, ...] = ()
    revives: tuple[Revive, ...] = ()
    restores: tuple[Restore, ...] = ()
    creates: tuple[Change, ...] = ()
    told: tuple[ActivityEntry, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    replaced: tuple[tuple[int, str], ...] = ()
    answers: tuple[tuple[int, str], ...] = ()
    attention: AttentionList | None = None
    redo: tuple[str, ...] | None = None
    area: int | None = None
    kept: tuple[Kept, ...] = ()
    own: Mapping[str, Mapping[int, Cell]] = field(default_factory=dict)
    merges: Merges | None = None

    @property
    def empty(self) -> bool:
        rows = self.updates or self.fells or self.revives or self.restores or self.creates
        notes = self.ledger or self.replaced or self.answers or self.kept
        return not (rows or self.told or notes or self.attention)

    @property
    def leads(self) -> frozenset[str]:
        """Those that come, go or change."""
        writes = (write.lead_id for write in (*self.updates, *self.fells))
        return frozenset((*writes, *(change.lead_id for change in self.creates)))

    @property
    def changes(self) -> tuple[Change, ...]:
        return (*(change for write in (*self.updates, *self.fells) for change in write.changes), *self.creates)


@dataclass(frozen=True, slots=True)
class Flushed:
    """The head after the flush, and where its answer showed each lead (0-based)."""

    head: crm.Head
    landed: Mapping[str, int]


class Busy(Exception):
    """Another process is writing; its flush is not ours to disturb."""


def flush(
    link: Link,
    head: crm.Head,
    master: MasterShape,
    load: Load,
    config: Config,
    now: datetime,
    record: Callable[[Connection], None],
) -> Flushed:
    """Write `load` in one atomic batch behind `head`, which the caller has `caught_up`. `record` adds to the
    transaction that remembers it. Raises Busy, FenceLost (nothing written), Refused (nothing written), AnswerLost
    (nobody knows) or Unsettled (it landed elsewhere): the next look at the sheet settles those."""
    with link.writing.alone():
        with link.engine.begin() as conn:
            if not _take_lease(conn, link, now):
                raise Busy("another process is writing")
        try:
            return _flush(link, next_fence(head), master, load, config, record)
        finally:
            with link.engine.begin() as conn:
                lease.give_back(conn, WRITER, link.owner)


def caught_up(link: Link, head: crm.Head) -> crm.Head:
    """The head behind the flushes that this process has made since it was read: edits of the app, beside a cycle. Asked
    `alone`, and before targets are read: what those flushes wrote is safe then."""
    with reading(link.engine) as conn:
        fence = state.get(conn, FENCE)
    known = link.writing.since(head.fence, fence) is not None
    return replace(head, fence=int(fence)) if known and fence else head


def _take_lease(conn: Connection, link: Link, now: datetime) -> bool:
    """One writer at a time. A writer of this machine that was killed leaves its lease behind: nobody waits for it."""
    if lease.take(conn, WRITER, link.owner, now, LEASE_SECONDS):
        return True
    holder = lease.holder(conn, WRITER, now)
    if holder is None or not is_gone(holder):
        return False
    lease.give_back(conn, WRITER, holder)
    return lease.take(conn, WRITER, link.owner, now, LEASE_SECONDS)


def _flush(
    link: Link, head: crm.Head, master: MasterShape, load: Load, config: Config, record: Callable[[Connection], None]
) -> Flushed:
    with reading(link.engine) as conn:
        entries = [*_untold(conn, load.changes), *load.told]
        redo = again.left(conn, load.changes) if load.redo is None else load.redo
        crm_tab, before = tabs.tab(conn, head.roles["crm"]), state.get(conn, FENCE)
        grid_rows = int(state.get(conn, GRID_ROWS) or 0)
    title = crm_tab.title if crm_tab else crm.TITLE
    reach, crm_columns = _reach(link, head, load)
    packed = crm.pack(head.fence, load.ledger, load.replaced, load.answers)
    plan = Flush(
        head=head,
        old_fences=standing(replace(head, fence=head.fence - 1)),
        master=master,
        updates=load.updates,
        fells=load.fells,
        revives=load.revives,
        restores=load.restores,
        creates=load.creates,
        activity=tuple(activity_row(entry, config) for entry in entries),
        attention=load.attention,
        redo=redo,
        area=load.area,
        crm_title=title,
        own=load.own,
        merges=load.merges,
        grid_rows=grid_rows,
        reach=reach,
        crm_columns=crm_columns,
        ledger=(*packed, *keepsakes.pack(head.fence, load.kept)),
    )
    made = build(plan, config)
    _look_back(link, load, head.roles["crm"])
    link.step("send")
    answer = batch(link.sheets, made.requests, made.answer_ranges, ANSWER_FIELDS)
    link.step("sent")
    verdict = verify(answer, made, master)
    if verdict.astray or overtaken(answer, made, head.roles["crm"]):
        raise Unsettled(WROTE)
    link.writing.wrote(head.fence, Wrote(load.leads, moves=bool(load.fells or load.revives)))
    with link.engine.begin() as conn:
        if state.get(conn, FENCE) != before:  # whoever took the lease meanwhile has read this flush back, and gone on
            raise Unsettled("Another worker wrote to the sheet meanwhile")
        _remember(conn, load, verdict, entries, head)
        if verdict.grid_rows:
            state.put(conn, GRID_ROWS, str(verdict.grid_rows))
        record(conn)
    link.step("recorded")
    return Flushed(head, verdict.landed)


def _reach(link: Link, head: crm.Head, load: Load) -> tuple[int, int]:
    """How many columns the journal takes that keeps rows whole, 0 where none goes or comes with people's own words, and
    how many its tab has. One read where it does."""
    if not (load.fells or load.revives or any(load.own.values())):
        return 0, crm.COLUMNS
    columns = {one.tab.sheet_id: one.columns for one in metadata(link.sheets).tabs}
    return columns.get(head.roles["master"], 0) + SPARE, columns.get(head.roles["crm"], crm.COLUMNS)


def _look_back(link: Link, load: Load, crm_sheet: int) -> None:
    """Before the journal is written over: that the flush before this one landed. A repair has just judged it."""
    if load.changes and not prove(link, crm_sheet):
        raise Unsettled(WROTE)


def _untold(conn: Connection, changes: Sequence[Change]) -> list[ActivityEntry]:
    """Activity's lines for changes that it does not tell of yet: what is done again after going astray is told once."""
    told = activity.told(conn, ((c.change_id, c.lead_id) for c in changes))
    fresh = (c for c in changes if (c.change_id, c.lead_id) not in told)
    return [entry for change in fresh for entry in activity_of(change)]


def _remember(conn: Connection, load: Load, verdict: Verdict, entries: Sequence[ActivityEntry], head: crm.Head) -> None:
    """What the sheet holds now, in one transaction with the fence that it belongs to."""
    bases = mirror.bases_of(conn, [write.lead_id for write in load.updates])
    written = {w.lead_id: replace(bases[w.lead_id], **w.values) for w in load.updates if w.lead_id in bases}  # type: ignore[arg-type]  # values have their fields' types
    written |= {change.lead_id: _created(change) for change in load.creates}
    mirror.put_synced(conn, [SheetLead(lead, verdict.landed[i] + 1, "") for i, lead in written.items()])
    kept.drop(conn, "deleted", [change.lead_id for change in load.creates])
    activity.append(conn, entries)
    again.done(conn, load.changes)
    kept.told(conn, load.kept)
    owe(conn, head.fence % 2, max(len(load.changes), len(load.updates) + len(load.fells) + len(load.creates)))
    state.put(conn, FENCE, str(head.fence))


def _created(change: Change) -> Lead:
    values = {name: new for name, (_, new) in change.fields.items() if name != "lead_id"}
    return replace(Lead(change.lead_id), **values)  # type: ignore[arg-type]  # a change's values have their fields' types


def activity_of(change: Change) -> tuple[ActivityEntry, ...]:
    """What Activity says of a change: one line for a new lead, one a field for an update."""
    if change.kind in (ChangeKind.CREATE, ChangeKind.RESTORE):
        return (_entry(change, "lead", None, _called(change, 1)),)
    if change.kind is ChangeKind.DELETE:
        return (_entry(change, "lead", _called(change, 0), None),)
    return tuple(_entry(change, name, old, new) for name, (old, new) in change.fields.items())


def _called(change: Change, side: int) -> Value:
    """What a lead that comes or goes is called; `side` 0 is what it was."""
    found = (change.fields[name][side] for name in ("full_name", "phone_number") if name in change.fields)
    return next((value for value in found if value), change.lead_id)


def _entry(change: Change, field: str, old: Value, new: Value) -> ActivityEntry:
    return ActivityEntry(change.at, change.change_id, change.lead_id, change.actor, field, old, new, change.why)


def activity_row(entry: ActivityEntry, config: Config) -> tuple[Cell, ...]:
    """A row of the Activity tab."""
    at = cells.encode(Kind.MOMENT, entry.at, config)
    return (at, entry.change_id, entry.lead_id, entry.actor, entry.field, plain(entry.old), plain(entry.new), entry.why)
