"""Finds out whether the last flush landed where it was aimed, from the journal in `_crm`, and takes back what did not.

Asked whenever the fence is not the one that we remember: after a flush that its own answer did not verify, a crash, a
lost answer. A value on a stranger's row is put back if it still is ours; its change waits to be done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.config import Config
from core.fields import BY_NAME
from core.model import Cell, Change, ChangeKind, ChangeState, Issue
from store import activity, issues, outbox, state, tabs
from store.activity import ActivityEntry
from store.database import reading
from sync import crm
from sync.batch import MasterShape, Restore
from sync.flush import Load, flush
from sync.gather import digest
from sync.link import Link
from sync.people import shape_of
from sync.ranges import GridRange
from sync.restore import FENCE
from sync.sheets import Rows, read
from sync.straighten import straighten
from sync.verify import same

UNREAD = "unread"
ASTRAY = "changes_astray"  # ids of changes that have to be done again


@dataclass(frozen=True, slots=True)
class Miss:
    """A cell that a flush wrote and was not meant to: whose row it was ("" where it had no id), the header above it,
    what stood there and where the journal keeps that, what we wrote."""

    owner: str
    header: str
    column: int
    crm_row: int
    before: Cell
    ours: Cell
    named: str = ""  # the id that we wrote into its id cell, by which its row is found now


@dataclass(frozen=True, slots=True)
class Judged:
    """The cells that went astray and the changes that did not reach their lead."""

    misses: tuple[Miss, ...] = ()
    changes: tuple[str, ...] = ()
    shifted: tuple[str, ...] = ()  # fields of new leads that stand under another header


def judge(journal: crm.Journal, area: Sequence[tuple[Cell, ...]]) -> Judged:
    """Compare where a flush was aimed with what stood there when it wrote: `area` is its rows of the journal, the
    header's copy first. Pure."""
    header = area[0] if area else ()
    columns = shape_of(0, "", header, 0).columns
    fields = {column: name for name, column in journal.columns.items()}
    id_column = columns.get("lead_id", -1)
    misses: list[Miss] = []
    astray: list[str] = []
    for number, target in enumerate(journal.targets, 1):
        before, ours = _row(area, number), _row(area, crm.JOURNAL_ROWS + number)
        owner = str(_at(before, id_column) or "")
        right = content_of(before) == target.adopts if target.adopts else owner == target.lead_id
        wrong = [c for c in target.columns if not right or columns.get(fields.get(c, "")) != c]
        named = target.lead_id if id_column in target.columns else ""
        misses += [
            Miss(
                owner,
                str(_at(header, c) or ""),
                c,
                crm.area(journal.fence) + number,
                _at(before, c),
                _at(ours, c),
                named,
            )
            for c in wrong
        ]
        astray += target.change_ids if wrong else ()
    shifted = tuple(name for name, c in journal.columns.items() if columns.get(name) != c) if journal.created else ()
    return Judged(tuple(misses), tuple(astray), shifted)


def mend(link: Link, head: crm.Head, config: Config, now: datetime) -> crm.Head:
    """Put back what the last flush wrote astray. The head in force afterwards. Raises SheetsProblem, Busy."""
    crm_sheet, master = head.roles["crm"], head.roles["master"]
    first = crm.area(head.fence)
    ranges = [
        GridRange(crm_sheet, crm.JOURNAL_HEAD_ROW, crm.JOURNAL_HEAD_ROW + 1),
        GridRange(crm_sheet, first, first + crm.AREA_ROWS),
        GridRange(master, 0, 1),
    ]
    journal_row, area, header = read(link.sheets, ranges, formulas=True)
    journal = crm.parse_journal(journal_row[0] if journal_row else ())
    if journal is None or journal.fence != head.fence:
        return head  # the last flush aimed at no row, or someone edited the journal: what stands is what counts
    found = judge(journal, area)
    if not (found.misses or found.shifted):
        return head
    link.step("mend")
    with link.engine.begin() as conn:
        state.put(conn, ASTRAY, " ".join({*(state.get(conn, ASTRAY) or "").split(), *found.changes}))
    shape = shape_of(master, _title(link, master), header[0] if header else (), 0)
    restores, helpless = _restores(link, shape, found.misses)
    _tell(link, shape, crm_sheet, helpless)
    rows, blanks = straighten(link.sheets, shape, journal, found.shifted, config)
    if not (restores or rows):
        return head
    told = tuple(_entry(miss, head.fence, now) for miss, _ in restores)
    load = Load(updates=rows, restores=(*(restore for _, restore in restores), *blanks), told=told)
    # What the flush before it did is not read back yet: whoever stops here begins with that again.
    return flush(link, head, shape, load, config, now, lambda conn: state.put(conn, FENCE, UNREAD)).head


def _restores(link: Link, master: MasterShape, misses: Sequence[Miss]) -> tuple[list[tuple[Miss, Restore]], list[Miss]]:
    """The cells that still hold ours, where they stand now; and those whose row cannot be told."""
    column = master.columns.get("lead_id", 0)
    ids = read(link.sheets, [GridRange(master.sheet_id, 0, None, column, column + 1)])[0]
    rows: dict[str, int] = {}
    for number, row in enumerate(ids):
        rows.setdefault(str(row[0]) if row else "", number)
    headers = {str(cell): number for number, cell in reversed(list(enumerate(master.header)))}
    at = {m: rows.get(m.owner or m.named, rows.get(m.named, -1)) for m in misses if m.owner or m.named}
    sure = [miss for miss, row in at.items() if row > 0 and miss.header in headers]
    cells = _cells(link, master, [(at[m], headers[m.header]) for m in sure])
    restores = [
        (m, Restore(m.owner, at[m], headers[m.header], m.crm_row, m.column, m.before))
        for m in sure
        if same(cells[at[m], headers[m.header]], m.ours) and not same(m.before, m.ours)
    ]
    return restores, [miss for miss in misses if not (miss.owner or miss.named) and miss.ours is not None]


def _cells(link: Link, master: MasterShape, places: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], Cell]:
    if not places:
        return {}
    wanted = sorted({row for row, _ in places})
    rows: tuple[Rows, ...] = read(link.sheets, [GridRange(master.sheet_id, r, r + 1) for r in wanted], formulas=True)
    by_row = {row: found[0] if found else () for row, found in zip(wanted, rows, strict=True)}
    return {(row, column): _at(by_row[row], column) for row, column in places}


def _tell(link: Link, master: MasterShape, crm_sheet: int, helpless: Sequence[Miss]) -> None:
    """A row without an id took a value that was meant for a lead: a person has to look. Kept with the journal's tab:
    the issues of Master's own rows are made anew with every look."""
    said = "A row without a lead_id was moved while the app wrote: its {header} says “{ours}” now, before “{before}”"
    with link.engine.begin() as conn:
        found = [
            Issue(master.title, 0, said.format(header=m.header, ours=m.ours, before=m.before or ""), "")
            for m in helpless
        ]
        issues.add(
            conn, crm_sheet, [(f"astray {m.crm_row} {m.column}", i) for m, i in zip(helpless, found, strict=True)]
        )


def _entry(miss: Miss, fence: int, now: datetime) -> ActivityEntry:
    why = "put back: the row was moved while the app wrote"
    change_id = f"repair {fence} {miss.crm_row}"
    return ActivityEntry(now, change_id, miss.owner, "sync", miss.header, _text(miss.ours), _text(miss.before), why)


def _text(cell: Cell) -> str | None:
    return None if cell is None or cell == "" else str(cell)


def settle_outbox(conn: Connection) -> None:
    """After Activity was read back: what it tells of was applied, but for what went astray, which is done again."""
    astray = set((state.get(conn, ASTRAY) or "").split())
    for change in outbox.pending(conn, 100_000):
        if change.change_id not in astray and activity.of_change(conn, change.change_id, change.lead_id):
            outbox.mark(conn, [change.change_id], ChangeState.APPLIED)
    for change_id in sorted(astray):
        known = outbox.change(conn, change_id)
        if known is None:
            outbox.enqueue(conn, _again(conn, change_id))
        elif known.state is not ChangeState.PENDING:
            outbox.mark(conn, [change_id], ChangeState.PENDING)
    state.forget(conn, ASTRAY)


def _again(conn: Connection, change_id: str) -> list[Change]:
    """A change of intake's, which was in no outbox, from what Activity tells of it. A row that was to get its id is
    looked at anew anyway."""
    told = activity.of_change_id(conn, change_id)
    if not told or any(entry.field not in BY_NAME for entry in told):
        return []
    first = told[0]
    fields = {entry.field: (entry.old, entry.new) for entry in told}
    return [Change(change_id, first.lead_id, ChangeKind.UPDATE, fields, first.actor, first.at, first.why)]


def _title(link: Link, sheet_id: int) -> str:
    with reading(link.engine) as conn:
        known = tabs.tab(conn, sheet_id)
    return known.title if known else "Master"


def content_of(row: Sequence[Cell]) -> str:
    """Names what a row without an id holds."""
    cells = ["" if cell is None else cell for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return digest(cells)


def _row(area: Sequence[tuple[Cell, ...]], number: int) -> tuple[Cell, ...]:
    return area[number] if number < len(area) else ()


def _at(row: tuple[Cell, ...], column: int) -> Cell:
    found = row[column] if 0 <= column < len(row) else None
    return None if found == "" else found
