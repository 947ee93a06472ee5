"""`GET /_local/history` and `GET /_local/rows`: who wrote what when, and where the rows of the history stand now.

Every cell write and every structural operation is one line, in the order in which they were done, with the id of the
request that did it (with --faults the `X-Local-Request` header of its answer), the account, the server's time, and the
cell before and after. `row` and `column` (0-based) say where the cell stood then, `rowId` and `columnId` stay with the
row and column when people sort, insert, delete or move; `/_local/rows` gives the row ids in today's order.

    GET /_local/history?spreadsheetId=…                          the first 1000 lines
        &after=12:3         go on behind this place (the `next` of the last answer, or a line's `place`)
        &since=1700000000   not before this moment            &limit=10000       so many lines at most
        &sheetId=0          of one sheet                      &cell=B7           written at this place
        &row=6 &column=1    the same by number (0-based)      &rowId=4294967298  of this row wherever it stood
        &account=a@b.org    by this account                   &requestId=1f…     by one request
    -> {"writes": [{"requestId", "account", "at", "sheetId", "row", "column", "rowId", "columnId", "before", "after",
                    "place"}], "next": "12:3"}                   no `next`: that was all
    an operation: {…, "row": -1, "column": -1, "after": {"sortRange": {…}}}

    GET /_local/rows?spreadsheetId=…&sheetId=0 -> {"rows": [id, …]}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from . import a1
from .asked import Answer, Asked, json_answer
from .errors import bad_request, not_found
from .service import Service
from .storage.history import CellWrite, Wanted

Json = dict[str, Any]
LONGEST = 10_000
Read = TypeVar("Read")


def _line(one: CellWrite) -> Json:
    return {
        "requestId": one.request_id, "account": one.account, "at": one.at, "sheetId": one.sheet_id, "row": one.row,
        "column": one.column, "rowId": one.row_id, "columnId": one.column_id, "before": one.before,
        "after": one.after, "place": _place_text(one),
    }  # fmt: skip


def _place_text(one: CellWrite) -> str:
    return f"{one.place[0]}:{one.place[1]}"


def _place(text: str) -> tuple[int, int]:
    record, _, cell = text.partition(":")
    return int(record), int(cell)


def _given(asked: Asked, name: str, read: Callable[[str], Read]) -> Read | None:
    """A query parameter read, None where it is absent; ApiError 400 where it does not read."""
    text = asked.first(name)
    try:
        return None if text is None else read(text)
    except ValueError:
        raise bad_request(f"{name!r} is not as it should be: {text!r}.") from None


def _cell(text: str) -> tuple[int, int]:
    parsed = a1.parse_cells(text)
    if parsed is None or not parsed[1]:
        raise ValueError(text)
    return parsed[0].top, parsed[0].left


def _wanted(asked: Asked) -> Wanted:
    cell = _given(asked, "cell", _cell) or (None, None)
    return Wanted(
        since=_given(asked, "since", float) or 0.0,
        after=_given(asked, "after", _place) or (0, 0),
        sheet_id=_given(asked, "sheetId", int),
        row=cell[0] if cell[0] is not None else _given(asked, "row", int),
        column=cell[1] if cell[1] is not None else _given(asked, "column", int),
        row_id=_given(asked, "rowId", int),
        account=asked.first("account"),
        request_id=asked.first("requestId"),
    )


def _spreadsheet(service: Service, asked: Asked) -> str:
    sid = asked.first("spreadsheetId") or ""
    if not sid or not service.engine.exists(sid):
        raise not_found()
    return sid


def history(service: Service, asked: Asked) -> Answer:
    """GET /_local/history; 404 for an unknown spreadsheet, 400 for a parameter that does not read."""
    sid = _spreadsheet(service, asked)
    limit = min(max(_given(asked, "limit", int) or 1000, 1), LONGEST)
    found = service.engine.history(sid, _wanted(asked), limit + 1)
    answer: Json = {"writes": [_line(one) for one in found[:limit]]}
    if len(found) > limit:
        answer["next"] = _place_text(found[limit - 1])
    return json_answer(answer)


def rows(service: Service, asked: Asked) -> Answer:
    """GET /_local/rows: the ids of a sheet's rows in their present order."""
    sid = _spreadsheet(service, asked)
    return json_answer({"rows": service.engine.row_ids(sid, _given(asked, "sheetId", int) or 0)})
