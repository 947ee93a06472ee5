"""What people do between a client's read and its write: every deed, who did it, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localsheets import people

from .running import Server, serving

S = "/v4/spreadsheets"
TOKEN = "recorded"
ROWS = [["lead_id", "name", "city"], ["L1", "Asha", "Pune"], ["L2", "Ravi", "Agra"], ["L3", "Meera", "Delhi"]]
MEERA = "meera@example.org"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota", "--faults") as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    yield running
    running.ask("DELETE", "/_local/faults?late=drop")
    running.ask("POST", "/_local/switches", {"returned_cells_are_committed": True})


@pytest.fixture
def sid(server: Server) -> str:
    made = str(server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"])
    server.ask("PUT", f"{S}/{made}/values/A1?valueInputOption=RAW", {"values": ROWS}, TOKEN)
    share(server, made, MEERA, "writer")
    return made


def share(server: Server, sid: str, email: str, role: str) -> None:
    body = {"type": "user", "role": role, "emailAddress": email}
    assert server.ask("POST", f"/drive/v3/files/{sid}/permissions", body, TOKEN)[0] == 200


def values(server: Server, sid: str, where: str = "Sheet1", render: str = "FORMATTED_VALUE") -> list[list[Any]]:
    path = f"{S}/{sid}/values/{where}?valueRenderOption={render}"
    return list(server.ask("GET", path, token=TOKEN)[2].get("values", []))


def does(server: Server, sid: str, **deed: Any) -> tuple[int, Any]:
    status, _, body = server.ask("POST", "/_local/people", {"as": MEERA, "spreadsheetId": sid, **deed})
    return status, body


def column(server: Server, sid: str, letter: str) -> list[Any]:
    return [row[0] if row else "" for row in values(server, sid, f"Sheet1!{letter}1:{letter}9")]


def test_sorts_of_all_and_of_some(server: Server, sid: str) -> None:
    assert does(server, sid, deed="sort", by="city")[0] == 200
    assert column(server, sid, "A") == ["lead_id", "L2", "L3", "L1"]
    assert column(server, sid, "C") == ["city", "Agra", "Delhi", "Pune"]
    assert does(server, sid, deed="sort", by="A", descending=True, columns=["lead_id", "A"], rows=[2, 3])[0] == 200
    assert column(server, sid, "A") == ["lead_id", "L3", "L2", "L1"]
    assert column(server, sid, "C") == ["city", "Agra", "Delhi", "Pune"]


def test_rows_and_columns_come_go_and_move(server: Server, sid: str) -> None:
    assert does(server, sid, deed="insert_rows", row=2, count=2)[0] == 200
    assert column(server, sid, "A") == ["lead_id", "", "", "L1", "L2", "L3"]
    assert does(server, sid, deed="delete_rows", row=2, count=2)[0] == 200
    assert does(server, sid, deed="move_rows", row=4, to=2)[0] == 200
    assert column(server, sid, "A") == ["lead_id", "L3", "L1", "L2"]
    assert does(server, sid, deed="insert_columns", column="name", header="Remarks")[0] == 200
    assert values(server, sid, "Sheet1!1:1") == [["lead_id", "Remarks", "name", "city"]]
    assert does(server, sid, deed="move_columns", column="city", to="A")[0] == 200
    assert values(server, sid, "Sheet1!1:1") == [["city", "lead_id", "Remarks", "name"]]
    assert does(server, sid, deed="delete_columns", column="Remarks")[0] == 200
    assert values(server, sid, "Sheet1!1:1") == [["city", "lead_id", "name"]]


def test_typing_pasting_and_clearing(server: Server, sid: str) -> None:
    assert does(server, sid, deed="type", cell="B2", text="=1+1")[0] == 200
    assert does(server, sid, deed="type", row=3, column="city", text="5%")[0] == 200
    assert values(server, sid, "Sheet1!A2:C3", "FORMULA") == [["L1", "=1+1", "Pune"], ["L2", "Ravi", 0.05]]
    assert does(server, sid, deed="paste", cell="A6", values=[["x", "y"], ["z", None]])[0] == 200
    assert values(server, sid, "Sheet1!A6:B7") == [["x", "y"], ["z"]]
    assert does(server, sid, deed="clear", range="A6:B7")[0] == 200
    assert values(server, sid, "Sheet1!A6:B7") == []


def test_headers_are_renamed_doubled_and_blanked(server: Server, sid: str) -> None:
    assert does(server, sid, deed="rename_header", column="name", text="Full name")[0] == 200
    assert does(server, sid, **{"deed": "double_header", "column": "city", "from": "Full name"})[0] == 200
    assert values(server, sid, "Sheet1!1:1") == [["lead_id", "Full name", "Full name"]]
    assert does(server, sid, deed="blank_header", column="C")[0] == 200
    assert values(server, sid, "Sheet1!1:1") == [["lead_id", "Full name"]]


def test_rows_are_copied_and_ids_cleared(server: Server, sid: str) -> None:
    assert does(server, sid, deed="copy_rows", row=2)[0] == 200
    assert column(server, sid, "A") == ["lead_id", "L1", "L1", "L2", "L3"]
    assert does(server, sid, deed="copy_rows", row=4, count=2, to=2)[0] == 200
    assert column(server, sid, "A") == ["lead_id", "L2", "L3", "L1", "L1", "L2", "L3"]
    assert column(server, sid, "B")[1:3] == ["Ravi", "Meera"]
    assert does(server, sid, deed="clear_ids", row=2, count=2, column="lead_id")[0] == 200
    assert column(server, sid, "A") == ["lead_id", "", "", "L1", "L1", "L2", "L3"]
    assert does(server, sid, deed="copy_rows", row=2, count=3, to=3)[0] == 400


def test_tabs_merges_locks_filters(server: Server, sid: str) -> None:
    assert does(server, sid, deed="add_tab", title="Plan")[0] == 200
    assert does(server, sid, deed="rename_tab", tab="Plan", title="Plans")[0] == 200
    assert does(server, sid, deed="type", tab="Plans", cell="A1", text="there")[0] == 200
    assert does(server, sid, deed="duplicate_tab", tab="Plans")[0] == 200
    assert values(server, sid, "Plans!A1") == [["there"]]
    assert does(server, sid, deed="delete_tab", tab="Plans")[0] == 200
    assert does(server, sid, deed="merge", range="E1:F2")[0] == 200
    assert does(server, sid, deed="filter", range="A1:C")[0] == 200
    assert does(server, sid, deed="hide_rows", row=3)[0] == 200
    assert does(server, sid, deed="freeze", rows=1)[0] == 200
    assert does(server, sid, deed="protect", range="C:C")[0] == 200
    sheet = server.ask("GET", f"{S}/{sid}", token=TOKEN)[2]["sheets"][0]
    assert sheet["merges"][0]["endColumnIndex"] == 6
    assert sheet["basicFilter"]["range"]["endColumnIndex"] == 3
    assert sheet["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert sheet["protectedRanges"][0]["range"]["startColumnIndex"] == 2
    assert does(server, sid, deed="unmerge", range="E1:F2")[0] == 200
    titles = [one["properties"]["title"] for one in server.ask("GET", f"{S}/{sid}", token=TOKEN)[2]["sheets"]]
    assert "Plans" not in titles


def test_every_deed_has_been_done_here() -> None:
    told = Path(__file__).read_text()
    missing = [name for name in people.DEEDS if name != "requests" and f'"{name}"' not in told]
    assert missing == []


@pytest.mark.parametrize(
    "deed",
    [
        {"deed": "sort", "by": "no such header"}, {"deed": "sort"}, {"deed": "delete_rows", "row": 0},
        {"deed": "delete_rows", "row": "2"}, {"deed": "delete_rows", "row": 5000}, {"deed": "type", "cell": "A1:B2"},
        {"deed": "type", "cell": "A1"}, {"deed": "paste", "cell": "A1", "values": ["x"]},
        {"deed": "insert_rows", "row": 2, "count": 0}, {"deed": "merge", "range": "??"}, {"deed": "merge", "range": 5},
        {"deed": "sort", "by": "A", "rows": [2]}, {"deed": "sort", "by": "A", "rows": ["a", "b"]},
        {"deed": "type", "tab": "Nowhere", "cell": "A1", "text": "x"}, {"requests": []}, {"requests": [{"fly": {}}]},
    ],
)  # fmt: skip
def test_a_deed_that_does_not_fit_is_refused_and_changes_nothing(
    server: Server, sid: str, deed: dict[str, Any]
) -> None:
    status, body = does(server, sid, **deed)
    assert (status, body["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert values(server, sid) == ROWS


# -- in between -------------------------------------------------------------------------------------------------------


def rule(server: Server, **given: Any) -> None:
    status, _, body = server.ask("POST", "/_local/faults", {"action": "person", "as": MEERA, **given})
    assert status == 200, body


def write(server: Server, sid: str, where: str, value: str) -> tuple[int, Any]:
    path = f"{S}/{sid}/values/{where}?valueInputOption=RAW&includeValuesInResponse=true"
    status, _, body = server.ask("PUT", path, {"values": [[value]]}, TOKEN)
    return status, body


def test_a_sort_between_a_read_and_a_write_makes_it_hit_another_row(server: Server, sid: str) -> None:
    rule(server, path="^PUT", deed="sort", by="city")
    assert values(server, sid, "Sheet1!A2") == [["L1"]]
    assert write(server, sid, "B2", "New name of L1")[0] == 200
    assert values(server, sid, "Sheet1!A2:B2") == [["L2", "New name of L1"]]
    writes = server.ask("GET", f"/_local/history?spreadsheetId={sid}")[2]["writes"]
    assert [one["account"] for one in writes if "sortRange" in (one["after"] or {})] == [MEERA]
    hit = writes[-1]
    assert (hit["before"], hit["after"], hit["account"] != MEERA) == ("Ravi", "New name of L1", True)
    # The row's own id tells whose row it was: the one whose id cell was written as L2.
    owner = [one["after"] for one in writes if one["rowId"] == hit["rowId"] and one["columnId"] == 0]
    assert owner == ["L2"]


def test_people_may_come_after_the_write_and_by_any_requests(server: Server, sid: str) -> None:
    moving = {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}
    rule(server, path="^PUT", when="after", requests=[{"insertDimension": moving}])
    status, body = write(server, sid, "B2", "Asha B")
    assert (status, body["updatedData"]["values"]) == (200, [["Asha B"]])
    assert values(server, sid, "Sheet1!A3:B3") == [["L1", "Asha B"]]


def test_a_person_and_a_fault_meet(server: Server, sid: str) -> None:
    rule(server, path="^PUT", deed="insert_rows", row=2)
    server.ask("POST", "/_local/faults", {"path": "^PUT", "when": "after", "action": 503})
    assert write(server, sid, "B2", "lost answer")[0] == 503
    assert values(server, sid, "Sheet1!A2:B3") == [["", "lost answer"], ["L1", "Asha"]]


@pytest.mark.parametrize("how", ["rule", "switch"])
def test_answers_may_not_show_what_a_person_did_in_between(server: Server, sid: str, how: str) -> None:
    if how == "switch":
        assert server.ask("POST", "/_local/switches", {"returned_cells_are_committed": False})[0] == 200
    rule(server, path=":batchUpdate$", deed="sort", by="city", when="unseen" if how == "rule" else "before")
    cells = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "mine"}}]}], "fields": "userEnteredValue"}
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
    body = {
        "requests": [{"updateCells": {**cells, "start": start}}], "includeSpreadsheetInResponse": True,
        "responseIncludeGridData": True, "responseRanges": ["A2:C2"],
    }  # fmt: skip
    status, _, answer = server.ask("POST", f"{S}/{sid}:batchUpdate", body, TOKEN)
    assert status == 200
    row = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [one["formattedValue"] for one in row] == ["L1", "mine", "Pune"]
    assert values(server, sid, "Sheet1!A2:C2") == [["L2", "mine", "Agra"]]
    writes = server.ask("GET", f"/_local/history?spreadsheetId={sid}")[2]["writes"]
    assert [one["before"] for one in writes if one["after"] == "mine"] == ["Ravi"]


def test_a_request_that_the_deed_makes_impossible_is_refused_though_unseen(server: Server, sid: str) -> None:
    rule(server, path=":batchUpdate$", deed="protect", when="unseen")
    cells = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}], "fields": "userEnteredValue"}
    share(server, sid, "ravi@example.org", "writer")
    request = {"updateCells": {**cells, "start": {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}}}
    deed = {"as": "ravi@example.org", "requests": [request]}
    assert server.ask("POST", f"{S}/{sid}:batchUpdate", {"requests": [request]}, TOKEN)[0] == 200  # the owner may
    assert does(server, sid, **deed)[0] == 400
    assert column(server, sid, "B")[1] == "x"


def test_who_may_not_write_is_refused_and_the_request_goes_on(server: Server, sid: str) -> None:
    share(server, sid, "reader@example.org", "reader")
    for account in ("stranger", "reader@example.org"):
        rule(server, **{"path": "^PUT", "as": account, "deed": "delete_rows", "row": 2})
        assert write(server, sid, "B2", account)[0] == 200
    log = server.ask("GET", "/_local/faults")[2]["log"]
    assert [(one["what"], one["status"]) for one in log] == [("person: delete_rows", 403)] * 2
    assert log[1]["as"] == "reader@example.org"
    assert log[0]["refused"] == "The caller does not have permission"
    assert column(server, sid, "A") == ["lead_id", "L1", "L2", "L3"]


def test_a_deed_needs_a_spreadsheet_to_be_done_in(server: Server, sid: str) -> None:
    rule(server, path="/drive/v3/about", deed="type", cell="A1", text="x")
    rule(server, path="/drive/v3/about", deed="type", cell="F1", text="far", spreadsheetId=sid)
    assert server.ask("GET", "/drive/v3/about?fields=user", token=TOKEN)[0] == 200
    assert "names no spreadsheet" in server.ask("GET", "/_local/faults")[2]["log"][0]["refused"]
    assert values(server, sid, "F1") == [["far"]]
    assert server.ask("POST", "/_local/people", {"as": MEERA, "deed": "sort", "by": "A"})[0] == 400


def test_deeds_themselves_meet_no_rules(server: Server, sid: str) -> None:
    server.ask("POST", "/_local/faults", {"path": "/values/", "action": 503, "count": None})
    assert does(server, sid, deed="type", cell="A9", text="x")[0] == 200
