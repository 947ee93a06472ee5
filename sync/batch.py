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
from sync.cells import WRITTEN, entered, field_data, row_data, text_row
from sync.layout import ATTENTION_HEADER, add_fence, fence_id, write_head
from sync.ranges import GridRange, a1

ANSWER_FIELDS = (
    "updatedSpreadsheet.sheets(properties(sheetId),data(startRow,startColumn,rowData.values.userEnteredValue))"
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
    that is given its id is known by its content instead: `adopts` is its digest, `beside` cells that stand there."""

    lead_id: str
    changes: tuple[Change, ...]
    row: int
    values: Mapping[str, Value]
    adopts: str = ""
    beside: Mapping[int, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restore:
    """A cell of Master (0-based) that gets back what a cell of `_crm` keeps: a copy, so a formula stays one. `lead_id`
    is whose row it is, `back` what it shall show, as a formula's text or a value."""

    lead_id: str
    row: int
    column: int
    crm_row: int
    crm_column: int
    back: Cell


@dataclass(frozen=True, slots=True)
class AttentionList:
    """The lines that Needs attention shall show, and how many it shows now: the tab is written as a whole."""

    lines: tuple[tuple[Cell, ...], ...]
    before: int


@dataclass(frozen=True, slots=True)
class Flush:
    """What one flush writes. `head` carries the new fence; `head.fence - 1` is taken down. The row lists are complete
    rows of the tabs of their names."""

    head: crm.Head
    old_fences: tuple[str, ...]
    master: MasterShape
    updates: tuple[RowWrite, ...]
    restores: tuple[Restore, ...]
    creates: tuple[Change, ...]
    activity: tuple[tuple[Cell, ...], ...]
    attention: AttentionList | None
    ledger: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a lead's row shall hold afterwards: by 0-based column, as `sync.cells.entered` gives it. `row` is None for a
    new lead, which lands wherever the tab ends."""

    lead_id: str
    row: int | None
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests, the A1 ranges to answer with, and what they shall show."""

    requests: tuple[Mapping[str, Any], ...]
    answer_ranges: tuple[str, ...]
    expected: tuple[Expected, ...]


def build(flush: Flush, config: Config) -> Batch:
    """The batch of a flush: fence, journal, cells, new rows, Activity and ledger, in that order."""
    updates = [(write, _cells(flush.master, write.values, config)) for write in flush.updates]
    rows = [_new_row(flush.master, change, config) for change in flush.creates]
    targets = _targets(flush, updates)
    requests = [*_fence(flush), *_journal(flush, targets), *_restores(flush)]
    requests += _cell_writes(flush.master.sheet_id, updates)
    requests += _append(flush.master.sheet_id, [row_data(row) for row in rows], WRITTEN)
    roles = flush.head.roles
    for role, lines in (("activity", flush.activity), ("crm", flush.ledger)):
        requests += _append(roles[role], [text_row(line) for line in lines], "userEnteredValue")
    if flush.attention:
        requests += _attention(roles["attention"], flush.attention)
    beside = {write.lead_id: write.beside for write in flush.updates}
    expected = [Expected(t.lead_id, t.row, {**beside.get(t.lead_id, {}), **cells}) for t, cells in targets]
    expected += [
        Expected(change.lead_id, None, _entered(dict(enumerate(row))))
        for change, row in zip(flush.creates, rows, strict=True)
    ]
    return Batch(tuple(requests), tuple(_answers(flush, targets)), tuple(expected))


Aimed = Sequence[tuple[crm.Target, Mapping[int, Cell]]]


def _targets(flush: Flush, updates: Sequence[tuple[RowWrite, Mapping[int, Mapping[str, Any]]]]) -> Aimed:
    """Every row that is written to, with what its cells shall show."""
    found = [(_target(write, cells), _entered(cells)) for write, cells in updates]
    by_row: dict[tuple[str, int], dict[int, Cell]] = {}
    for one in flush.restores:
        shown = by_row.setdefault((one.lead_id, one.row), {})
        if not (isinstance(one.back, str) and one.back.startswith("=")):  # its references follow it: no text to expect
            shown[one.column] = one.back
    for (lead_id, row), cells in by_row.items():
        found.append((crm.Target(lead_id, row, (), tuple(sorted(cells))), cells))
    return found


def _target(write: RowWrite, cells: Mapping[int, object]) -> crm.Target:
    changes = tuple(change.change_id for change in write.changes)
    return crm.Target(write.lead_id, write.row, changes, tuple(sorted(cells)), write.adopts)


def _fence(flush: Flush) -> Iterator[Mapping[str, Any]]:
    for name in flush.old_fences:
        yield {"deleteNamedRange": {"namedRangeId": name}}
    yield add_fence(flush.head.fence, flush.head.roles["crm"])
    yield write_head(flush.head)


def _journal(flush: Flush, targets: Aimed) -> Iterator[Mapping[str, Any]]:
    """A copy of Master's header and of each target row as they stand at the moment of writing, formulas as formulas,
    and beside them what is written: with these a write that went astray is found and taken back, also after a crash."""
    crm_sheet, width = flush.head.roles["crm"], len(flush.master.header)
    if not targets and not flush.creates:
        return
    created = tuple(change.lead_id for change in flush.creates)
    journal = crm.Journal(flush.head.fence, flush.master.columns, tuple(t for t, _ in targets), created)
    if width > crm.COLUMNS:
        wider = {"sheetId": crm_sheet, "gridProperties": {"columnCount": width}}
        yield {"updateSheetProperties": {"properties": wider, "fields": "gridProperties.columnCount"}}
    yield _put(crm_sheet, crm.JOURNAL_HEAD_ROW, 0, text_row(crm.journal_cells(journal)))
    area = crm.area(flush.head.fence)
    yield _copy(flush.master.sheet_id, 0, 0, width, crm_sheet, area, 0)
    for number, (target, cells) in enumerate(targets, 1):
        yield _copy(flush.master.sheet_id, target.row, 0, width, crm_sheet, area + number, 0)
        row = text_row([cells.get(column) for column in range(max(cells, default=-1) + 1)])
        yield _put(crm_sheet, area + crm.JOURNAL_ROWS + number, 0, row)


def _restores(flush: Flush) -> Iterator[Mapping[str, Any]]:
    crm_sheet = flush.head.roles["crm"]
    for one in flush.restores:
        yield _copy(crm_sheet, one.crm_row, one.crm_column, 1, flush.master.sheet_id, one.row, one.column)


def _put(sheet_id: int, row: int, column: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"rows": [data], "fields": "userEnteredValue", "start": start}}


def _copy(
    source: int, row: int, column: int, width: int, target: int, to_row: int, to_column: int
) -> Mapping[str, Any]:
    return {
        "copyPaste": {
            "source": GridRange(source, row, row + 1, column, column + width).json(),
            "destination": GridRange(target, to_row, to_row + 1, to_column, to_column + width).json(),
            "pasteType": "PASTE_FORMULA",
        }
    }


def _cells(master: MasterShape, values: Mapping[str, Value], config: Config) -> dict[int, dict[str, Any]]:
    known = {name: value for name, value in values.items() if name in master.columns}
    return {master.columns[n]: field_data(fields.BY_NAME[n].kind, value, config) for n, value in known.items()}


def _new_row(master: MasterShape, change: Change, config: Config) -> list[dict[str, Any]]:
    values = {name: new for name, (_, new) in change.fields.items()} | {"lead_id": change.lead_id}
    cells = _cells(master, values, config)
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


def _answers(flush: Flush, targets: Aimed) -> Iterator[str]:
    """Master's header, the target rows, and the end of Master with the new leads."""
    master, width = flush.master, len(flush.master.header)
    yield a1(master.title, 0, 1, width)
    for first, last in spans(sorted({target.row for target, _ in targets})):
        yield a1(master.title, first, last, width)
    if flush.creates:
        yield a1(master.title, max(1, master.last_row - MARGIN_ROWS), None, width)


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
