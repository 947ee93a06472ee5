"""`/_local/history`: every cell write and operation, by page and by filter; ids that stay with rows and columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .running import Server, serving

S = "/v4/spreadsheets"
TOKEN = "recorded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota", "--faults") as running:
        yield running


@pytest.fixture
def sid(server: Server) -> str:
    return str(server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"])


def put(server: Server, sid: str, where: str, rows: list[list[Any]]) -> None:
    path = f"{S}/{sid}/values/{where}?valueInputOption=RAW"
    assert server.ask("PUT", path, {"values": rows}, TOKEN)[0] == 200


def batch(server: Server, sid: str, *requests: dict[str, Any]) -> None:
    status, _, body = server.ask("POST", f"{S}/{sid}:batchUpdate", {"requests": list(requests)}, TOKEN)
    assert status == 200, body


def history(server: Server, sid: str, query: str = "") -> list[dict[str, Any]]:
    status, _, body = server.ask("GET", f"/_local/history?spreadsheetId={sid}&limit=10000{query}")
    assert status == 200, body
    return list(body["writes"])


def row_ids(server: Server, sid: str) -> list[int]:
    return list(server.ask("GET", f"/_local/rows?spreadsheetId={sid}&sheetId=0")[2]["rows"])


def test_pages_hold_each_line_once_in_order(server: Server, sid: str) -> None:
    put(server, sid, "A1", [[f"r{y}c{x}" for x in range(5)] for y in range(7)])
    whole = [(one["row"], one["column"], one["after"]) for one in history(server, sid)]
    assert len(whole) == 35
    for size in (1, 4, 5, 34, 35, 36):
        found, after = [], ""
        while True:
            path = f"/_local/history?spreadsheetId={sid}&limit={size}{after}"
            page = server.ask("GET", path)[2]
            found += [(one["row"], one["column"], one["after"]) for one in page["writes"]]
            if "next" not in page:
                break
            after = f"&after={page['next']}"
        assert found == whole, size
    last = history(server, sid)[-1]["place"]
    assert history(server, sid, f"&after={last}") == []
    put(server, sid, "A1", [["more"]])
    assert [one["after"] for one in history(server, sid, f"&after={last}")] == ["more"]


def test_filters(server: Server, sid: str) -> None:
    put(server, sid, "A1", [["a", "b"], ["c", "d"]])
    batch(server, sid, {"addSheet": {"properties": {"title": "Two", "sheetId": 22}}})
    put(server, sid, "Two!B2", [["second"]])
    body = {"type": "user", "role": "writer", "emailAddress": "asha@example.org"}
    server.ask("POST", f"/drive/v3/files/{sid}/permissions", body, TOKEN)
    server.clock(set=5_000_000_000, stopped=True)
    deed = {"as": "asha@example.org", "spreadsheetId": sid, "deed": "type", "cell": "B2", "text": "typed"}
    assert server.ask("POST", "/_local/people", deed)[0] == 200
    server.clock(reset=True)

    def after(query: str) -> list[Any]:
        return [one["after"] for one in history(server, sid, query)]

    assert after("&account=asha@example.org") == ["typed"]
    assert after("&since=5000000000") == ["typed"]
    assert after("&since=5000000001") == []
    assert after("&sheetId=0&cell=B2") == after("&sheetId=0&row=1&column=1") == ["d", "typed"]
    assert after("&cell=B2") == ["d", "second", "typed"]
    assert after("&sheetId=22")[-1] == "second"
    assert after("&row=0") == ["a", "b"]
    assert after("&column=0") == ["a", "c"]
    first = history(server, sid, "&cell=A1")[0]
    assert after(f"&requestId={first['requestId']}") == ["a", "b", "c", "d"]
    assert after(f"&rowId={first['rowId']}") == ["a", "b"]


@pytest.mark.parametrize(
    "query", ["limit=x", "since=x", "after=5", "after=x:y", "cell=A1:B2", "cell=", "row=x", "sheetId=a"]
)
def test_what_does_not_read_is_refused(server: Server, sid: str, query: str) -> None:
    assert server.ask("GET", f"/_local/history?spreadsheetId={sid}&{query}")[0] == 400
    assert server.ask("GET", f"/_local/history?spreadsheetId=nothing&{query}")[0] == 404


def test_ids_stay_with_rows_and_columns(server: Server, sid: str) -> None:
    put(server, sid, "A1", [["id", "city"], ["L1", "Pune"], ["L2", "Agra"]])
    first = {one["after"]: (one["rowId"], one["columnId"]) for one in history(server, sid)}
    assert row_ids(server, sid) == [first["id"][0], first["L1"][0], first["L2"][0]]
    everything = {"sheetId": 0, "startRowIndex": 1}
    batch(server, sid, {"sortRange": {"range": everything, "sortSpecs": [{"dimensionIndex": 1}]}})
    one_row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    one_column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    batch(server, sid, {"insertDimension": {"range": one_row}}, {"insertDimension": {"range": one_column}})
    assert row_ids(server, sid)[1:] == [first["id"][0], first["L2"][0], first["L1"][0]]
    put(server, sid, "C3", [["Agra 2"]])
    last = history(server, sid)[-1]
    assert (last["row"], last["column"], last["before"], last["after"]) == (2, 2, "Agra", "Agra 2")
    assert (last["rowId"], last["columnId"]) == (first["L2"][0], first["city"][1])


def test_a_sort_of_some_columns_is_told_cell_by_cell(server: Server, sid: str) -> None:
    put(server, sid, "A1", [["L1", "z"], ["L2", "y"]])
    some = {"sheetId": 0, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    batch(server, sid, {"sortRange": {"range": some, "sortSpecs": [{"dimensionIndex": 1}]}})
    found = history(server, sid)[4:]
    assert [(one["row"], one["before"], one["after"]) for one in found if one["row"] >= 0] == [
        (0, "z", "y"),
        (1, "y", "z"),
    ]
    assert [list(one["after"]) for one in found if one["row"] < 0] == [["sortRange"]]


def test_operations_of_every_kind_are_told(server: Server, sid: str) -> None:
    put(server, sid, "A1", [["a", "b"]])
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    two = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2}
    requests = [
        {"insertDimension": {"range": line}}, {"moveDimension": {"source": line, "destinationIndex": 4}},
        {"deleteDimension": {"range": line}}, {"mergeCells": {"range": two, "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": two}}}, {"setBasicFilter": {"filter": {"range": two}}},
        {"addNamedRange": {"namedRange": {"name": "fence", "range": two}}},
    ]  # fmt: skip
    batch(server, sid, *requests)
    told = [next(iter(one["after"])) for one in history(server, sid) if one["row"] < 0]
    assert told == [next(iter(one)) for one in requests]
    assert len({one["requestId"] for one in history(server, sid) if one["row"] < 0}) == 1


def test_the_history_alone_rebuilds_the_cells(server: Server, sid: str) -> None:
    """What was written, by row id and column id, and where the rows stand now: that is the sheet."""
    put(server, sid, "A1", [[f"{y}.{x}" for x in range(4)] for y in range(6)])
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    everything = {"sheetId": 0, "startRowIndex": 1}
    some = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 2, "endColumnIndex": 4}
    batch(
        server, sid, {"moveDimension": {"source": line, "destinationIndex": 5}},
        {"sortRange": {"range": everything, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}},
        {"sortRange": {"range": some, "sortSpecs": [{"dimensionIndex": 3}]}},
        {"insertDimension": {"range": line}},
    )  # fmt: skip
    put(server, sid, "B2", [["new", ""], ["other", None]])
    batch(server, sid, {"deleteDimension": {"range": {**line, "startIndex": 3, "endIndex": 4}}})
    server.ask("POST", f"{S}/{sid}/values/C1:D1:clear", {}, TOKEN)
    cells: dict[tuple[int, int], Any] = {}
    for one in history(server, sid):
        if one["row"] >= 0:
            assert cells.get((one["rowId"], one["columnId"]), "") == one["before"]
            cells[one["rowId"], one["columnId"]] = one["after"]
    rebuilt = [[cells.get((row, column), "") for column in range(4)] for row in row_ids(server, sid)]
    found = server.ask("GET", f"{S}/{sid}/values/A1:D{len(rebuilt)}", token=TOKEN)[2]["values"]
    assert [row + [""] * (4 - len(row)) for row in found] == rebuilt[: len(found)]
    assert all(set(row) == {""} for row in rebuilt[len(found) :])
