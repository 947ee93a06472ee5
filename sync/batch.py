"""One flush as one atomic batch: the fence first, then the journal, then the cells, and back in the same answer what
stands there now.

Builds requests and says what to expect; `sync.flush` sends them and `sync.verify` compares. The protocol is DESIGN.md's
"Writing without harming anyone".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """An update of the lead whose id stands in `row` (0-based): `values` by field name."""

    change: Change
    row: int
    values: Mapping[str, Value]


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
    """The batch of a flush."""
    updates = [(write, _cells(flush.master, write.values, config)) for write in flush.updates]
    rows = [_new_row(flush.master, change, config) for change in flush.creates]
    requests = [*_fence(flush), *_journal(flush), *_cell_writes(flush.master.sheet_id, updates)]
    requests += _append(
        flush.master.sheet_id, [row_data(row) for row in rows], "userEnteredValue,userEnteredFormat.numberFormat"
    )
    roles = flush.head.roles
    for role, lines in (("activity", flush.activity), ("crm", flush.ledger)):
        requests += _append(roles[role], [text_row(line) for line in lines], "userEnteredValue")
    if flush.attention:
        requests += _attention(roles["attention"], flush.attention)
    expected = [Expected(w.change.lead_id, w.row, _entered(cells)) for w, cells in updates]
    expected += [
        Expected(change.lead_id, None, _entered(dict(enumerate(row))))
        for change, row in zip(flush.creates, rows, strict=True)
    ]
    return Batch(tuple(requests), tuple(_answers(flush)), tuple(expected))


def _fence(flush: Flush) -> Iterator[Mapping[str, Any]]:
    for name in flush.old_fences:
        yield {"deleteNamedRange": {"namedRangeId": name}}
    yield add_fence(flush.head.fence, flush.head.roles["crm"])
    yield write_head(flush.head)


def _journal(flush: Flush) -> Iterator[Mapping[str, Any]]:
    """A copy of each target row as it stands at the moment of writing: formulas as formulas, so nothing is lost."""
    crm_sheet, width = flush.head.roles["crm"], len(flush.master.header)
    targets = [[w.change.lead_id, w.row, w.change.change_id] for w in flush.updates]
    heading = text_row((flush.head.fence, json.dumps(targets, separators=(",", ":"))))
    start = {"sheetId": crm_sheet, "rowIndex": crm.JOURNAL_HEAD_ROW, "columnIndex": 0}
    if targets:
        yield {"updateCells": {"rows": [heading], "fields": "userEnteredValue", "start": start}}
    for number, write in enumerate(flush.updates):
        at = crm.JOURNAL_ROW + number
        yield {
            "copyPaste": {
                "source": GridRange(flush.master.sheet_id, write.row, write.row + 1, 0, width).json(),
                "destination": GridRange(crm_sheet, at, at + 1, 0, width).json(),
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


def _answers(flush: Flush) -> Iterator[str]:
    """Master's header, the target rows, the end of Master with the new leads, the journal."""
    master, width = flush.master, len(flush.master.header)
    yield a1(master.title, 0, 1, width)
    for first, last in spans(sorted(write.row for write in flush.updates)):
        yield a1(master.title, first, last, width)
    if flush.creates:
        yield a1(master.title, max(1, master.last_row - MARGIN_ROWS), None, width)
    if flush.updates:
        yield a1(crm.TITLE, crm.JOURNAL_ROW, crm.JOURNAL_ROW + len(flush.updates), width)


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
