"""Where Google's behaviour is not known, the server can do either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from localsheets.switches import Switches

from .running import Server, serving

S = "/v4/spreadsheets"
TOKEN = "recorded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


@pytest.fixture
def sid(server: Server) -> str:
    return str(server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"])


def switch(server: Server, **given: bool) -> dict[str, bool]:
    status, _, body = server.ask("POST", "/_local/switches", given)
    assert status == 200, body
    return dict(body)


def batch(server: Server, sid: str, *requests: dict[str, Any]) -> tuple[int, Any]:
    status, _, body = server.ask("POST", f"{S}/{sid}:batchUpdate", {"requests": list(requests)}, TOKEN)
    return status, body


@pytest.mark.parametrize("follows", [False, True])
def test_metadata_of_rows_under_a_sort(server: Server, sid: str, follows: bool) -> None:
    assert switch(server, metadata_follows_sort=follows)["metadata_follows_sort"] is follows
    rows = {"values": [["id"], ["b"], ["a"], ["c"]]}
    server.ask("PUT", f"{S}/{sid}/values/A1?valueInputOption=RAW", rows, TOKEN)
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    entry = {"metadataId": 7, "metadataKey": "lead", "location": {"dimensionRange": line}, "visibility": "DOCUMENT"}
    assert batch(server, sid, {"createDeveloperMetadata": {"developerMetadata": entry}})[0] == 200
    sorting = {"range": {"sheetId": 0, "startRowIndex": 1}, "sortSpecs": [{"dimensionIndex": 0}]}
    assert batch(server, sid, {"sortRange": sorting})[0] == 200
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 7}}]}
    found = server.ask("POST", f"{S}/{sid}/values:batchGetByDataFilter", body, TOKEN)[2]["valueRanges"]
    assert found[0]["valueRange"]["values"] == [["b" if follows else "a"]]


@pytest.mark.parametrize("refused", [True, False])
def test_named_ranges_that_are_not_there(server: Server, sid: str, refused: bool) -> None:
    switch(server, missing_named_range_refused=refused)
    expected = 400 if refused else 200
    box = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    named = {"namedRangeId": "fence_2", "name": "fence_2", "range": box}
    both = [{"deleteNamedRange": {"namedRangeId": "fence_1"}}, {"addNamedRange": {"namedRange": named}}]
    assert batch(server, sid, *both)[0] == expected
    body = server.ask("GET", f"{S}/{sid}", token=TOKEN)[2]
    assert [one["name"] for one in body.get("namedRanges", [])] == ([] if refused else ["fence_2"])
    absent = {"namedRange": {**named, "namedRangeId": "fence_9", "name": "fence_9"}, "fields": "name"}
    assert batch(server, sid, {"updateNamedRange": absent})[0] == expected
    add = {"addNamedRange": {"namedRange": named}}
    assert batch(server, sid, add)[0] == (200 if refused else 400)
    assert batch(server, sid, add)[0] == 400  # what exists is refused either way
    switch(server, missing_named_range_refused=True)


@pytest.mark.parametrize("refused", [True, False])
def test_metadata_ids_that_are_there_already(server: Server, sid: str, refused: bool) -> None:
    switch(server, existing_metadata_id_refused=refused)
    entry = {"metadataId": 7, "metadataKey": "k", "location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    create = {"createDeveloperMetadata": {"developerMetadata": entry}}
    assert batch(server, sid, create)[0] == 200
    status, body = batch(server, sid, create)
    assert status == (400 if refused else 200), body
    if not refused:
        assert body["replies"][0]["createDeveloperMetadata"]["developerMetadata"]["metadataId"] != 7
    switch(server, existing_metadata_id_refused=True)


@pytest.mark.parametrize("keeps", [True, False])
def test_values_written_under_a_merge(server: Server, sid: str, keeps: bool) -> None:
    switch(server, covered_cells_keep_values=keeps)
    rows = {"values": [["a", "b", "c"], ["d", "e", "f"]]}
    server.ask("PUT", f"{S}/{sid}/values/A1?valueInputOption=RAW", rows, TOKEN)
    box = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    assert batch(server, sid, {"mergeCells": {"range": box, "mergeType": "MERGE_ALL"}})[0] == 200

    def stands() -> list[list[str]]:
        return list(server.ask("GET", f"{S}/{sid}/values/A1:C3", token=TOKEN)[2]["values"])

    assert stands() == [["a", "", "c"], ["", "", "f"]], "what a merge covers is gone in either case"
    text = {"userEnteredValue": {"stringValue": "x"}}
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 0}
    cells = {"rows": [{"values": [text] * 3}], "fields": "userEnteredValue", "start": start}
    first = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    beside = {**first, "startColumnIndex": 1, "endColumnIndex": 2}
    assert (
        batch(server, sid, {"updateCells": cells}, {"repeatCell": {"range": first, "cell": text, "fields": "*"}})[0]
        == 200
    )
    assert stands() == [["x", "", "c"], ["x", "x", "x"] if keeps else ["", "", "x"]]
    copied = {"source": first, "destination": beside, "pasteType": "PASTE_FORMULA"}
    assert batch(server, sid, {"copyPaste": copied})[0] == 200
    server.ask("PUT", f"{S}/{sid}/values/A2?valueInputOption=USER_ENTERED", {"values": [["=1+1", "y", "z"]]}, TOKEN)
    assert stands() == ([["x", "x", "c"], ["2", "y", "z"]] if keeps else [["x", "", "c"], ["", "", "z"]])
    assert batch(server, sid, {"unmergeCells": {"range": box}})[0] == 200
    server.ask("PUT", f"{S}/{sid}/values/B1?valueInputOption=RAW", {"values": [["back"]]}, TOKEN)
    assert stands()[0] == ["x", "back", "c"]
    switch(server, covered_cells_keep_values=True)


def test_rows_appended_under_a_merge_hold_nothing_there(server: Server, sid: str) -> None:
    switch(server, covered_cells_keep_values=False)
    server.ask("PUT", f"{S}/{sid}/values/A1?valueInputOption=RAW", {"values": [["a", "b"]]}, TOKEN)
    box = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    row = {"values": [{"userEnteredValue": {"stringValue": one}} for one in "xy"]}
    append = {"appendCells": {"sheetId": 0, "rows": [row], "fields": "userEnteredValue"}}
    assert batch(server, sid, {"mergeCells": {"range": box, "mergeType": "MERGE_ALL"}}, append)[0] == 200
    found = server.ask("GET", f"{S}/{sid}/values/A1:B3", token=TOKEN)[2]["values"]
    assert found == [["a", "b"], ["", "y"]]
    switch(server, covered_cells_keep_values=True)


def test_switches_are_listed_and_wrong_ones_refused(server: Server) -> None:
    assert set(server.ask("GET", "/_local/switches")[2]) == set(Switches().listed())
    for wrong in ({"colour": True}, {"metadata_follows_sort": 1}, {"metadata_follows_sort": "yes"}):
        assert server.ask("POST", "/_local/switches", wrong)[0] == 400
    assert server.ask("POST", "/_local/switches", b"[]")[0] == 400
    with pytest.raises(ApiError):
        Switches().changed({"metadata_follows_sort": None})


def test_metadata_under_sorts_is_remembered(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        switch(first, metadata_follows_sort=True)
    with serving(tmp_path) as second:
        assert second.ask("GET", "/_local/switches")[2]["metadata_follows_sort"] is True
