"""What people do in a sheet, as the API calls that their browser would make: for rules that let somebody come in
between a client's read and its write, and for `POST /_local/people`, which does a deed at once.

A deed is JSON: who, what, where. Rows count from 1 and columns are letters, as people see them; a column can also be
named by its header's text in row 1 (the header goes first). `tab` is a title or a sheetId; without it the first tab.
`spreadsheetId` is needed only where the request that the deed comes before does not name one.

    {"as": "meera", "deed": "sort", "tab": "Master", "by": "city", "descending": true}     row 2 to the end, all columns
    {"as": "meera", "deed": "sort", "by": "A", "columns": ["A", "C"], "rows": [2, 50]}     some columns, some rows only
    {"as": "meera", "deed": "insert_rows", "row": 2, "count": 3}                           before row 2
    {"as": "meera", "deed": "insert_columns", "column": "C", "header": "Remarks"}
    {"as": "meera", "deed": "delete_rows", "row": 5}               "delete_columns", "column"
    {"as": "meera", "deed": "move_rows", "row": 5, "to": 2}        before row 2; "move_columns", "column", "to"
    {"as": "meera", "deed": "type", "cell": "C7", "text": "=A1"}   as typed; or "row" and "column" instead of "cell"
    {"as": "meera", "deed": "paste", "cell": "A9", "values": [["x", "y"]]}
    {"as": "meera", "deed": "clear", "range": "B2:C9"}
    {"as": "meera", "deed": "rename_header", "column": "phone", "text": "Mobile"}
    {"as": "meera", "deed": "double_header", "column": "city", "from": "status"}           city's header now says status
    {"as": "meera", "deed": "blank_header", "column": "status"}
    {"as": "meera", "deed": "copy_rows", "row": 5, "count": 2, "to": 20}                   inserted before row 20
    {"as": "meera", "deed": "clear_ids", "row": 5, "count": 2, "column": "lead_id"}
    {"as": "meera", "deed": "add_tab", "title": "Plan"}            "rename_tab", "title"; "delete_tab"; "duplicate_tab"
    {"as": "meera", "deed": "merge", "range": "B2:C3"}             "unmerge"
    {"as": "meera", "deed": "protect", "range": "A:A"}             no range: the whole tab
    {"as": "meera", "deed": "filter", "range": "A1:D"}             no range: the whole tab
    {"as": "meera", "deed": "hide_rows", "row": 5, "count": 2}
    {"as": "meera", "deed": "freeze", "rows": 2}
    {"as": "meera", "requests": [{"sortRange": {…}}]}              any requests of spreadsheets.batchUpdate

The account must have been let in as a writer (Drive permissions): who may not write is refused, here as elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import a1
from .errors import bad_request
from .people_sight import Deed, Doing, Json, Look, Step, Typed, ranged


def _ends(doing: Doing, name: str) -> list[Any]:
    value = doing.deed.given.get(name)
    if not isinstance(value, list) or len(value) != 2:
        raise bad_request(f'{name!r} must be the first and the last, such as [2, 50] or ["A", "C"].')
    return value


def _sort(doing: Doing) -> list[Step]:
    given, tab = doing.deed.given, doing.tab
    left, right = (
        [doing.column_of(one) for one in _ends(doing, "columns")] if "columns" in given else (0, tab.columns - 1)
    )
    top, last = _ends(doing, "rows") if "rows" in given else (2, tab.rows)
    if not isinstance(top, int) or not isinstance(last, int):
        raise bad_request("'rows' must be two numbers of rows.")
    spec = {"dimensionIndex": doing.column("by"), "sortOrder": "DESCENDING" if given.get("descending") else "ASCENDING"}
    return [{"sortRange": {"range": ranged(tab, a1.Box(top - 1, last, left, right + 1)), "sortSpecs": [spec]}}]


def _insert_rows(doing: Doing) -> list[Step]:
    return [{"insertDimension": {"range": doing.span("ROWS", doing.row())}}]


def _insert_columns(doing: Doing) -> list[Step]:
    at = doing.column()
    steps: list[Step] = [{"insertDimension": {"range": doing.span("COLUMNS", at)}}]
    if "header" in doing.deed.given:
        steps.append(Typed(doing.place(0, at), [[doing.text("header")]]))
    return steps


def _delete_rows(doing: Doing) -> list[Step]:
    return [{"deleteDimension": {"range": doing.span("ROWS", doing.row())}}]


def _delete_columns(doing: Doing) -> list[Step]:
    return [{"deleteDimension": {"range": doing.span("COLUMNS", doing.column())}}]


def _move_rows(doing: Doing) -> list[Step]:
    source = doing.span("ROWS", doing.row())
    return [{"moveDimension": {"source": source, "destinationIndex": doing.row("to")}}]


def _move_columns(doing: Doing) -> list[Step]:
    source = doing.span("COLUMNS", doing.column())
    return [{"moveDimension": {"source": source, "destinationIndex": doing.column("to")}}]


def _cell(doing: Doing) -> tuple[int, int]:
    if "cell" not in doing.deed.given:
        return doing.row(), doing.column()
    parsed = a1.parse_cells(doing.text("cell"))
    if parsed is None or not parsed[1]:
        raise bad_request(f"'cell' is no cell: {doing.text('cell')!r}.")
    return parsed[0].top, parsed[0].left


def _type(doing: Doing) -> list[Step]:
    return [Typed(doing.place(*_cell(doing)), [[doing.text("text")]])]


def _paste(doing: Doing) -> list[Step]:
    values = doing.deed.given.get("values")
    if not isinstance(values, list) or not all(isinstance(row, list) for row in values):
        raise bad_request("'values' must be a list of rows.")
    return [Typed(doing.place(*_cell(doing)), values)]


def _clear(doing: Doing) -> list[Step]:
    return [{"updateCells": {"range": doing.grid_range(), "fields": "userEnteredValue"}}]


def _rename_header(doing: Doing) -> list[Step]:
    return [Typed(doing.place(0, doing.column()), [[doing.text("text")]])]


def _double_header(doing: Doing) -> list[Step]:
    header, other = doing.look.header(doing.tab), doing.column("from")
    text = header[other] if other < len(header) else ""
    return [Typed(doing.place(0, doing.column()), [[text]])]


def _blank_header(doing: Doing) -> list[Step]:
    return [Typed(doing.place(0, doing.column()), [[""]])]


def _copy_rows(doing: Doing) -> list[Step]:
    row, count = doing.row(), doing.count()
    to = doing.row("to") if "to" in doing.deed.given else row + count
    source = row + count if to <= row else row
    if row < to < row + count:
        raise bad_request("'to' must not lie among the rows that are copied.")
    return [
        {"insertDimension": {"range": doing.span("ROWS", to), "inheritFromBefore": to > 0}},
        {
            "copyPaste": {
                "source": ranged(doing.tab, a1.Box(source, source + count, 0, None)),
                "destination": ranged(doing.tab, a1.Box(to, to + count, 0, None)),
            }
        },
    ]


def _clear_ids(doing: Doing) -> list[Step]:
    row, column = doing.row(), doing.column()
    box = a1.Box(row, row + doing.count(), column, column + 1)
    return [{"updateCells": {"range": ranged(doing.tab, box), "fields": "userEnteredValue"}}]


def _add_tab(doing: Doing) -> list[Step]:
    return [{"addSheet": {"properties": {"title": doing.text("title")}}}]


def _rename_tab(doing: Doing) -> list[Step]:
    properties = {"sheetId": doing.tab.sheet_id, "title": doing.text("title")}
    return [{"updateSheetProperties": {"properties": properties, "fields": "title"}}]


def _delete_tab(doing: Doing) -> list[Step]:
    return [{"deleteSheet": {"sheetId": doing.tab.sheet_id}}]


def _duplicate_tab(doing: Doing) -> list[Step]:
    return [{"duplicateSheet": {"sourceSheetId": doing.tab.sheet_id}}]


def _merge(doing: Doing) -> list[Step]:
    return [{"mergeCells": {"range": doing.grid_range(), "mergeType": "MERGE_ALL"}}]


def _unmerge(doing: Doing) -> list[Step]:
    return [{"unmergeCells": {"range": doing.grid_range()}}]


def _protect(doing: Doing) -> list[Step]:
    return [{"addProtectedRange": {"protectedRange": {"range": doing.grid_range()}}}]


def _filter(doing: Doing) -> list[Step]:
    return [{"setBasicFilter": {"filter": {"range": doing.grid_range()}}}]


def _hide_rows(doing: Doing) -> list[Step]:
    hidden = {"range": doing.span("ROWS", doing.row()), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    return [{"updateDimensionProperties": hidden}]


def _freeze(doing: Doing) -> list[Step]:
    grid = {"frozenRowCount": doing.row("rows") + 1}
    properties = {"sheetId": doing.tab.sheet_id, "gridProperties": grid}
    return [{"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}]


def _requests(doing: Doing) -> list[Step]:
    return list(doing.deed.given["requests"])


DEEDS: Mapping[str, Callable[[Doing], list[Step]]] = {
    "requests": _requests, "sort": _sort, "insert_rows": _insert_rows, "insert_columns": _insert_columns,
    "delete_rows": _delete_rows, "delete_columns": _delete_columns, "move_rows": _move_rows,
    "move_columns": _move_columns, "type": _type, "paste": _paste, "clear": _clear, "rename_header": _rename_header,
    "double_header": _double_header, "blank_header": _blank_header, "copy_rows": _copy_rows, "clear_ids": _clear_ids,
    "add_tab": _add_tab, "rename_tab": _rename_tab, "delete_tab": _delete_tab, "duplicate_tab": _duplicate_tab,
    "merge": _merge, "unmerge": _unmerge, "protect": _protect, "filter": _filter, "hide_rows": _hide_rows,
    "freeze": _freeze,
}  # fmt: skip


def read(given: Json) -> Deed:
    """A deed from JSON; ApiError 400 where it has no doer or is unknown. What depends on the sheet is checked when it
    is done."""
    account, spreadsheet = given.get("as"), given.get("spreadsheetId")
    if not isinstance(account, str) or not account:
        raise bad_request("'as' must name the account that acts.")
    if spreadsheet is not None and not isinstance(spreadsheet, str):
        raise bad_request("'spreadsheetId' must be a text.")
    name = given.get("deed", "requests" if "requests" in given else None)
    if not isinstance(name, str) or name not in DEEDS:
        raise bad_request(f"'deed' must be one of: {', '.join(sorted(DEEDS))}.")
    requests = given.get("requests")
    if name == "requests" and not (
        isinstance(requests, list) and requests and all(isinstance(one, dict) for one in requests)
    ):
        raise bad_request("'requests' must be a list of one batchUpdate request or more.")
    return Deed(account, name, given, spreadsheet)


def steps(deed: Deed, look: Look) -> list[Step]:
    """What a deed comes to on the sheet as it is now; ApiError 400 for what is not there."""
    return DEEDS[deed.name](Doing(deed, look))
