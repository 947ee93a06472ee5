"""One flush as one atomic batch: the fence first, then the journal, then the cells, and back in the same answer what
stands there now.

Builds requests and says what to expect; `sync.flush` sends them and `sync.verify` compares. The protocol is DESIGN.md's
"Writing without harming anyone".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from core import fields
from core.config import Config
from core.model import Cell, Change, Value
from sync import crm
from sync.cells import WRITTEN, cell_data, entered, field_data, row_data, text_row
from sync.journal import Journal, Target
from sync.journaling import Aims, Restore, Revive, by_row, come_back, expected, keep, put_back
from sync.layout import ATTENTION_HEADER, add_fence, fence_id, write_head
from sync.merged import Merges, free_below, guard_cells
from sync.ranges import a1
from sync.worth import worth

ANSWER_FIELDS = (
    "updatedSpreadsheet.sheets(properties(sheetId,gridProperties(rowCount)),"
    "data(startRow,startColumn,rowData.values.userEnteredValue))"
)
MARGIN_ROWS = 20  # rows above the expected end that the answer shows: people may have deleted some meanwhile


@dataclass(frozen=True, slots=True)
class MasterShape:
    """Master as its header was read just now. `columns` maps our fields to 0-based columns; a field whose header is
    gone is not in it. `last_row` is the number of rows with anything in them, the header's included."""

    sheet_id: int
    title: str
    header: tuple[Cell, ...]
    columns: Mapping[str, int]
    last_row: int


@dataclass(frozen=True, slots=True)
class RowWrite:
    """What the lead whose id stands in `row` (0-based) shall hold: `values` by field, for the sake of `changes`. A row
    that is given its id is known by its content instead: `adopts` is its digest, `beside` cells that stand there.
    `seen` is the row as it was read for this write, formulas as text."""

    lead_id: str
    changes: tuple[Change, ...]
    row: int
    values: Mapping[str, Value]
    adopts: str = ""
    beside: Mapping[int, Cell] = field(default_factory=dict)
    seen: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True)
class AttentionList:
    """The lines that Needs attention shall show, and how many it shows now: the tab is written as a whole."""

    lines: tuple[tuple[Cell, ...], ...]
    before: int


@dataclass(frozen=True, slots=True)
class Flush:
    """What one flush writes. `head` carries the new fence; `head.fence - 1` is taken down. The row lists are complete
    rows of the tabs of their names. `fells` are rows to be deleted, `revives` rows that come back to Master below its
    header; neither goes with other rows in one flush. `redo` are changes that wait to be done again, `area`
    where the journal goes; `own` what new rows hold in people's columns, by lead and column. `merges` are Master's, if
    somebody has looked, `grid_rows` the size of its grid as it was last told. `reach`: how many columns the journal
    takes, if it keeps rows whole; its tab has `crm_columns`."""

    head: crm.Head
    old_fences: tuple[str, ...]
    master: MasterShape
    updates: tuple[RowWrite, ...]
    fells: tuple[RowWrite, ...]
    revives: tuple[Revive, ...]
    restores: tuple[Restore, ...]
    creates: tuple[Change, ...]
    activity: tuple[tuple[Cell, ...], ...]
    attention: AttentionList | None
    ledger: tuple[tuple[Cell, ...], ...]
    redo: tuple[str, ...] = ()
    area: int | None = None
    crm_title: str = crm.TITLE
    own: Mapping[str, Mapping[int, Cell]] = field(default_factory=dict)
    merges: Merges | None = None
    grid_rows: int = 0
    reach: int = 0
    crm_columns: int = crm.COLUMNS


@dataclass(frozen=True, slots=True)
class Expected:
    """What a lead's row shall hold afterwards: by 0-based column, as `sync.cells.entered` gives it. `row` is None for a
    new lead, which lands wherever the tab ends."""

    lead_id: str
    row: int | None
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests, the A1 ranges to answer with, and what they shall show; `journal` is what the batch keeps of itself."""

    requests: tuple[Mapping[str, Any], ...]
    answer_ranges: tuple[str, ...]
    expected: tuple[Expected, ...]
    journal: Journal


def build(flush: Flush, config: Config) -> Batch:
    """The batch of a flush: fence, journal, cells, new rows, Activity and ledger, in that order."""
    updates = [(write, _cells(flush.master, write.values, config)) for write in flush.updates]
    rows = [_new_row(flush.master, change, config, flush.own.get(change.lead_id, {})) for change in flush.creates]
    aims = _aims(flush, updates, [_entered(dict(enumerate(row))) for row in rows])
    requests = [*_fence(flush), *keep(aims), *put_back(aims)]
    requests += _guards(flush, updates, max(map(len, rows), default=0))
    requests += _cell_writes(flush.master.sheet_id, updates)
    requests += [*_revive(flush), *_fell(flush)]
    requests += _append(flush.master.sheet_id, [row_data(row) for row in rows], WRITTEN)
    roles = flush.head.roles
    for role, lines in (("activity", flush.activity), ("crm", flush.ledger)):
        requests += _append(roles[role], [text_row(line) for line in lines], "userEnteredValue")
    if flush.attention:
        requests += _attention(roles["attention"], flush.attention)
    return Batch(tuple(requests), tuple(_answers(flush, aims)), tuple(_expected(flush, aims)), aims.journal)


def _guards(
    flush: Flush, updates: Sequence[tuple[RowWrite, Mapping[int, Mapping[str, Any]]]], width: int
) -> Iterator[Mapping[str, Any]]:
    """Nothing is written under a merge."""
    master = flush.master
    for write, cells in updates:
        yield from guard_cells(master.sheet_id, write.row, _entered(cells), flush.merges)
    if flush.creates:
        yield from free_below(master.sheet_id, master.last_row, width, flush.grid_rows, flush.merges)


def _aims(
    flush: Flush, updates: Sequence[tuple[RowWrite, Mapping[int, Mapping[str, Any]]]], new: Sequence[Mapping[int, Cell]]
) -> Aims:
    head, master = flush.head, flush.master
    return Aims(
        head.fence,
        head.fence % 2 if flush.area is None else flush.area,
        head.roles["crm"],
        master.sheet_id,
        master.header,
        master.columns,
        [
            *((_target(write, cells), _entered(cells)) for write, cells in updates),
            *((_felled(write, len(master.header)), {}) for write in flush.fells),
        ],
        by_row(flush.restores),
        [(change.lead_id, cells) for change, cells in zip(flush.creates, new, strict=True)],
        [(one.owner, one.shown(row)) for row, one in enumerate(flush.revives, 1)],
        flush.redo,
        flush.reach,
        flush.crm_columns,
    )


def _expected(flush: Flush, aims: Aims) -> Iterator[Expected]:
    """What the answer shall show: rows written to, rows put right, new leads."""
    beside = {write.lead_id: write.beside for write in flush.updates}
    for target, cells in aims.updates:
        if target.fells:
            continue
        yield Expected(target.lead_id, target.row, {**beside.get(target.lead_id, {}), **cells})
    for row in aims.restores:
        lead_id, cells = expected(row, aims.columns.get("lead_id", -1))
        yield Expected(lead_id, row[0].row, cells)
    for lead_id, cells in aims.created:
        yield Expected(lead_id, None, cells)


def _target(write: RowWrite, cells: Mapping[int, object]) -> Target:
    changes = tuple(change.change_id for change in write.changes)
    columns = tuple(sorted(cells))
    seen = () if write.seen is None else tuple(worth(_at(write.seen, c), write.row, c) for c in columns)
    return Target(write.lead_id, write.row, changes, columns, write.adopts, seen=seen)


def _felled(write: RowWrite, width: int) -> Target:
    changes = tuple(change.change_id for change in write.changes)
    seen = tuple(worth(_at(write.seen or (), c), write.row, c) for c in range(width))
    return Target(write.lead_id, write.row, changes, (), seen=seen, fells=True)


def _fell(flush: Flush) -> Iterator[Mapping[str, Any]]:
    """The rows go, the last one first, so that the numbers of the others hold."""
    for row in sorted((write.row for write in flush.fells), reverse=True):
        place = {"sheetId": flush.master.sheet_id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
        yield {"deleteDimension": {"range": place}}


def _revive(flush: Flush) -> Iterator[Mapping[str, Any]]:
    """Rows that were deleted and were not meant come back from the journal, below the header: that is the one place
    that no sort and no insert can move."""
    count, sheet_id = len(flush.revives), flush.master.sheet_id
    if count:
        place = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 1, "endIndex": 1 + count}
        yield {"insertDimension": {"range": place, "inheritFromBefore": False}}
    for number, one in enumerate(flush.revives, 1):
        yield from come_back(one, flush.head.roles["crm"], sheet_id, number)


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _fence(flush: Flush) -> Iterator[Mapping[str, Any]]:
    for name in flush.old_fences:
        yield {"deleteNamedRange": {"namedRangeId": name}}
    yield add_fence(flush.head.fence, flush.head.roles["crm"])
    yield write_head(flush.head)


def _cells(master: MasterShape, values: Mapping[str, Value], config: Config) -> dict[int, dict[str, Any]]:
    known = {name: value for name, value in values.items() if name in master.columns}
    return {master.columns[n]: field_data(fields.BY_NAME[n].kind, value, config) for n, value in known.items()}


def _new_row(master: MasterShape, change: Change, config: Config, own: Mapping[int, Cell]) -> list[dict[str, Any]]:
    values = {name: new for name, (_, new) in change.fields.items()} | {"lead_id": change.lead_id}
    cells = _cells(master, values, config) | {column: cell_data(cell) for column, cell in own.items()}
    return [cells.get(column, {}) for column in range(max(cells) + 1)]


def _cell_writes(
    sheet_id: int, updates: Sequence[tuple[RowWrite, Mapping[int, Mapping[str, Any]]]]
) -> Iterator[Mapping[str, Any]]:
    """Only the cells that change; neighbours in a row share a request, and only days and moments bring a format."""
    for write, cells in updates:
        for run in _runs(cells):
            start = {"sheetId": sheet_id, "rowIndex": write.row, "columnIndex": run[0]}
            rows = [row_data([cells[column] for column in run])]
            mask = WRITTEN if _formatted(cells[run[0]]) else "userEnteredValue"
            yield {"updateCells": {"rows": rows, "fields": mask, "start": start}}


def _formatted(data: Mapping[str, Any]) -> bool:
    return "userEnteredFormat" in data


def _runs(cells: Mapping[int, Mapping[str, Any]]) -> Iterator[list[int]]:
    columns = sorted(cells)
    run = columns[:1]
    for before, column in pairwise(columns):
        if column != before + 1 or _formatted(cells[before]) != _formatted(cells[column]):
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _append(sheet_id: int, rows: Sequence[Mapping[str, Any]], mask: str) -> Iterator[Mapping[str, Any]]:
    if rows:
        yield {"appendCells": {"sheetId": sheet_id, "rows": list(rows), "fields": mask}}


def _attention(sheet_id: int, shown: AttentionList) -> Iterator[Mapping[str, Any]]:
    """Over the lines that stand there, blanks over what is settled, and the rest below."""
    width = len(ATTENTION_HEADER)
    over = [text_row(line) for line in shown.lines[: shown.before]]
    over += [row_data([{}] * width)] * (shown.before - len(over))
    if over:
        start = {"sheetId": sheet_id, "rowIndex": 1, "columnIndex": 0}
        yield {"updateCells": {"rows": over, "fields": "userEnteredValue", "start": start}}
    yield from _append(sheet_id, [text_row(line) for line in shown.lines[shown.before :]], "userEnteredValue")


def _entered(cells: Mapping[int, Mapping[str, Any]]) -> dict[int, Cell]:
    return {column: entered(data) for column, data in cells.items()}


def _answers(flush: Flush, aims: Aims) -> Iterator[str]:
    """Master's header, the target rows, Master's end with the new leads, and the rows as the journal found them."""
    master, width = flush.master, len(flush.master.header)
    yield a1(master.title, 0, 1, width)
    for first, last in spans(sorted({target.row for target in aims.journal.targets if not target.fells})):
        yield a1(master.title, first, last, width)
    if flush.creates:
        yield a1(master.title, max(1, master.last_row - MARGIN_ROWS), None, width)
    if any(target.seen for target in aims.journal.targets):
        first = aims.journal.before(0)
        yield a1(flush.crm_title, first, first + len(aims.journal.targets), width)


def spans(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    span: tuple[int, int] | None = None
    for row in rows:
        if span and row <= span[1]:
            span = (span[0], row + 1)
            continue
        if span:
            yield span
        span = (row, row + 1)
    if span:
        yield span


def next_fence(head: crm.Head) -> crm.Head:
    """The head that the next flush writes."""
    return replace(head, fence=head.fence + 1)


def standing(head: crm.Head) -> tuple[str, ...]:
    """The fence that this head stands behind."""
    return (fence_id(head.fence),)
