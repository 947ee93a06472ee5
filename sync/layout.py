"""The tabs that we set up in an empty spreadsheet, with what a person expects of them.

Frozen headers, drop-downs, dates that look like dates, colours by status and overdue, a guarded `lead_id`. One atomic
batch whose named range is the first fence: two that set up at once cannot both succeed. Requests only;
`sync.settling` sends them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import cells, fields
from core.config import Config, StatusKind
from core.fields import Kind
from core.model import Cell
from core.settings_tab import settings_rows, team_rows
from sync import crm
from sync.cells import cell_data, formula, row_data, text_row
from sync.ranges import GridRange
from sync.sheets import FENCE_PREFIX, RAISED_PREFIX

ACTIVITY_HEADER = ("at", "change_id", "lead_id", "actor", "field", "old", "new", "why")
ATTENTION_HEADER = ("tab", "row", "reason", "the row says", "source_key")
TITLES = {
    "master": "Master",
    "activity": "Activity",
    "attention": "Needs attention",
    "settings": "Settings",
    "team": "Team",
    "crm": crm.TITLE,
}
FIRST_ROWS = 1000
_STATUS_COLOURS = {
    StatusKind.OPEN: (0.90, 0.95, 0.99),
    StatusKind.WON: (0.88, 0.95, 0.89),
    StatusKind.LOST: (0.92, 0.92, 0.91),
}
_LATE = (0.98, 0.89, 0.87)
OUR_COLOURS = frozenset((*_STATUS_COLOURS.values(), _LATE))
_HEAD = (0.94, 0.93, 0.91)
_WIDE = {"full_name": 180, "email": 220, "notes": 320, "lead_id": 100, "phone_number": 130, "status": 140}


@dataclass(frozen=True, slots=True)
class TabPlan:
    """A tab to make: its role, title, number and first rows."""

    role: str
    title: str
    sheet_id: int
    rows: tuple[tuple[Cell, ...], ...]


def new_sheet_id(seed: str, taken: frozenset[int]) -> int:
    """A sheetId of our own choosing, so that the batch that makes a tab can also fill it."""
    for salt in range(1000):
        digest = hashlib.blake2b(f"{seed}/{salt}".encode(), digest_size=4).digest()
        found = int.from_bytes(digest) & 0x7FFFFFFF
        if found and found not in taken:
            return found
    raise AssertionError("a thousand sheetIds are taken")


def free_title(wanted: str, taken: frozenset[str]) -> str:
    """`wanted`, or with a number behind it where people have a tab of that name."""
    names = [wanted, *(f"{wanted} ({n})" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name.lower() not in taken)


def set_up(
    missing: Sequence[TabPlan], head: crm.Head, fence_names: Sequence[str], config: Config
) -> list[dict[str, Any]]:
    """The requests that make the missing tabs and raise the fence `head.fence`; old fences are taken down first. Where
    none stands, a name of its number stays for good: a request that was held up on its way may ask for the same again
    when that fence has long been passed, and is refused by that. (A new `_crm` has its own sheetId for that.)"""
    requests: list[dict[str, Any]] = [{"deleteNamedRange": {"namedRangeId": name}} for name in fence_names]
    requests += [_add_tab(plan, hidden=plan.role == "crm") for plan in missing]
    if not fence_names and all(plan.role != "crm" for plan in missing):
        requests.append(_add_name(f"{RAISED_PREFIX}{head.fence}", head.roles["crm"]))
    requests.append(add_fence(head.fence, head.roles["crm"]))
    requests.append(write_head(head))
    for plan in missing:
        requests += _fill(plan)
        requests += {"master": _dress_master, "crm": _dress_crm}.get(plan.role, _dress_plain)(plan, config)
    return requests


def first_rows(role: str, config: Config) -> tuple[tuple[Cell, ...], ...]:
    """What a new tab of this role holds."""
    if role == "settings":
        return settings_rows(config)
    if role == "team":
        return team_rows(config)
    header = {"master": fields.NAMES, "activity": ACTIVITY_HEADER, "attention": ATTENTION_HEADER}
    return (header[role],) if role in header else ()


def fence_id(fence: int) -> str:
    """The namedRangeId of a fence."""
    return f"{FENCE_PREFIX}{fence}"


def add_fence(fence: int, crm_sheet: int) -> dict[str, Any]:
    """Refused by Google where this fence stands already."""
    return _add_name(fence_id(fence), crm_sheet)


def _add_name(name: str, crm_sheet: int) -> dict[str, Any]:
    place = GridRange(crm_sheet, 0, 1, 0, 1).json()
    return {"addNamedRange": {"namedRange": {"namedRangeId": name, "name": name, "range": place}}}


def write_head(head: crm.Head) -> dict[str, Any]:
    """Row 1 of `_crm`."""
    *plain, count = crm.head_cells(head)
    row = row_data([*(cell_data(c) for c in plain), formula(str(count))])
    start = {"sheetId": head.roles["crm"], "rowIndex": 0, "columnIndex": 0}
    return {"updateCells": {"rows": [row], "fields": "userEnteredValue", "start": start}}


def _add_tab(plan: TabPlan, *, hidden: bool) -> dict[str, Any]:
    width = max((len(row) for row in plan.rows), default=1)
    grid: dict[str, Any] = {"rowCount": FIRST_ROWS, "columnCount": width}
    if hidden:
        grid = {"rowCount": crm.LEDGER_ROW + 100, "columnCount": crm.COLUMNS}
    else:
        grid["frozenRowCount"] = 1
    properties = {"sheetId": plan.sheet_id, "title": plan.title, "gridProperties": grid}
    return {"addSheet": {"properties": properties | ({"hidden": True} if hidden else {})}}


def _fill(plan: TabPlan) -> Iterator[dict[str, Any]]:
    if plan.rows:
        start = {"sheetId": plan.sheet_id, "rowIndex": 0, "columnIndex": 0}
        rows = [text_row(row) for row in plan.rows]
        yield {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": start}}


def _dress_plain(plan: TabPlan, _: Config) -> Iterator[dict[str, Any]]:
    yield _bold_header(plan.sheet_id)
    if plan.role == "activity":
        yield _column_format(plan.sheet_id, 0, Kind.MOMENT)


def _dress_crm(plan: TabPlan, _: Config) -> Iterator[dict[str, Any]]:
    start = {"sheetId": plan.sheet_id, "rowIndex": 1, "columnIndex": 0}
    yield {"updateCells": {"rows": [text_row((crm.NOTE,))], "fields": "userEnteredValue", "start": start}}
    start = {"sheetId": plan.sheet_id, "rowIndex": crm.LEDGER_ROW, "columnIndex": 0}
    yield {"updateCells": {"rows": [text_row((crm.LEDGER_HEADING,))], "fields": "userEnteredValue", "start": start}}
    yield _guard(GridRange(plan.sheet_id), crm.NOTE)


def _dress_master(plan: TabPlan, config: Config) -> Iterator[dict[str, Any]]:
    yield _bold_header(plan.sheet_id)
    yield _guard(
        GridRange(plan.sheet_id, 0, None, 0, 1), "lead_id tells the app which lead a row is. Leave it as it is."
    )
    for column, field in enumerate(fields.MASTER):
        if cells.number_format(field.kind):
            yield _column_format(plan.sheet_id, column, field.kind)
        if field.name in _WIDE:
            yield _width(plan.sheet_id, column, _WIDE[field.name])
    yield from drop_downs(plan.sheet_id, fields.NAMES, config)
    yield from colours(plan.sheet_id, {name: at for at, name in enumerate(fields.NAMES)}, config)


def drop_downs(sheet_id: int, header: Sequence[Cell], config: Config) -> Iterator[dict[str, Any]]:
    """Choices for status, priority and assignee and a tick box, by where those columns stand; other words are allowed
    with a warning, for people decide."""
    choices: Mapping[str, Sequence[str]] = {
        "status": [status.label for status in config.statuses],
        "priority": config.priorities,
        "assigned_to": [person.name for person in config.team if person.active],
    }
    for column, name in enumerate(map(str, header)):
        place = GridRange(sheet_id, 1, None, column, column + 1).json()
        if choices.get(name):
            values = [{"userEnteredValue": choice} for choice in choices[name]]
            rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True, "strict": False}
            yield {"setDataValidation": {"range": place, "rule": rule}}
        elif name == "do_not_contact":
            yield {"setDataValidation": {"range": place, "rule": {"condition": {"type": "BOOLEAN"}}}}


def colours(sheet_id: int, columns: Mapping[str, int], config: Config) -> Iterator[dict[str, Any]]:
    """Colour rules by status and for overdue days, where those columns stand."""
    status, due = columns.get("status"), columns.get("next_follow_up")
    rules = 0
    for one in config.statuses if status is not None else ():
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": one.label}]}
        place = GridRange(sheet_id, 1, None, status or 0, (status or 0) + 1)
        yield _rule(place, condition, _STATUS_COLOURS[one.kind], rules)
        rules += 1
    if due is not None:
        overdue = {"type": "DATE_BEFORE", "values": [{"relativeDate": "TODAY"}]}
        yield _rule(GridRange(sheet_id, 1, None, due, due + 1), overdue, _LATE, rules)


def _rule(place: GridRange, condition: Mapping[str, Any], colour: tuple[float, ...], index: int) -> dict[str, Any]:
    shown = {"condition": condition, "format": {"backgroundColor": _colour(colour)}}
    return {"addConditionalFormatRule": {"rule": {"ranges": [place.json()], "booleanRule": shown}, "index": index}}


def _colour(parts: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(("red", "green", "blue"), parts, strict=True))


def _bold_header(sheet_id: int) -> dict[str, Any]:
    look = {"userEnteredFormat": {"textFormat": {"bold": True}, "backgroundColor": _colour(_HEAD)}}
    mask = "userEnteredFormat(textFormat.bold,backgroundColor)"
    return {"repeatCell": {"range": GridRange(sheet_id, 0, 1).json(), "cell": look, "fields": mask}}


def _column_format(sheet_id: int, column: int, kind: Kind) -> dict[str, Any]:
    shown = {"type": "DATE_TIME" if kind is Kind.MOMENT else "DATE", "pattern": cells.number_format(kind)}
    cell = {"userEnteredFormat": {"numberFormat": shown}}
    place = GridRange(sheet_id, 1, None, column, column + 1).json()
    return {"repeatCell": {"range": place, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}


def _width(sheet_id: int, column: int, pixels: int) -> dict[str, Any]:
    place = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    return {"updateDimensionProperties": {"range": place, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}}


def _guard(place: GridRange, why: str) -> dict[str, Any]:
    """A warning, not a lock: a lock inside a tab would also stop people from sorting it."""
    return {"addProtectedRange": {"protectedRange": {"range": place.json(), "description": why, "warningOnly": True}}}
