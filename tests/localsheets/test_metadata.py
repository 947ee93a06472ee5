"""Developer metadata: created, looked up, followed through every change of rows and columns, and lost with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import OWNER, RAW, Desk, box, loaded, new_desk
from tests.localsheets.running import serving


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def line(dimension: str, index: int, sheet: int = 0) -> dict[str, Any]:
    found = {"dimension": dimension, "startIndex": index, "endIndex": index + 1}
    return {"dimensionRange": {"sheetId": sheet, **found}}


def create(desk: Desk, location: dict[str, Any], key: str = "k", **more: Any) -> dict[str, Any]:
    entry = {"metadataKey": key, "location": location, "visibility": "DOCUMENT", **more}
    reply = desk.batch({"createDeveloperMetadata": {"developerMetadata": entry}})["replies"][0]
    return dict(reply["createDeveloperMetadata"]["developerMetadata"])


def search(desk: Desk, **lookup: Any) -> list[dict[str, Any]]:
    found = desk.engine.metadata_search(desk.sid, {"dataFilters": [{"developerMetadataLookup": lookup}]})
    return [one["developerMetadata"] for one in found.get("matchedDeveloperMetadata", [])]


def where(desk: Desk, key: str = "k") -> list[int]:
    return [one["location"]["dimensionRange"]["startIndex"] for one in search(desk, metadataKey=key)]


def sheet(desk: Desk, **properties: Any) -> int:
    return int(desk.batch({"addSheet": {"properties": properties}})["replies"][0]["addSheet"]["properties"]["sheetId"])


def test_it_is_created_with_an_id_and_read_back(desk: Desk) -> None:
    made = create(desk, line("COLUMNS", 2), metadataValue="v", metadataId=7)
    assert made == {
        "metadataId": 7, "metadataKey": "k", "metadataValue": "v", "visibility": "DOCUMENT",
        "location": {
            "locationType": "COLUMN", "dimensionRange": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3},
        },
    }  # fmt: skip
    assert desk.engine.metadata_get(desk.sid, 7) == made
    other = create(desk, {"sheetId": 0})
    assert other["location"] == {"locationType": "SHEET", "sheetId": 0}
    assert other["metadataId"] > 0
    with pytest.raises(ApiError) as caught:
        desk.engine.metadata_get(desk.sid, 8)
    assert caught.value.code == 404


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}, "key"),
        ({"metadataKey": "k", "location": {"spreadsheet": True}}, "visibility"),
        ({"metadataKey": "k", "visibility": "DOCUMENT"}, "exactly one"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True, "sheetId": 0}}, "exactly"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 9}}, "No grid with id: 9"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": line("ROWS", 5000)}, "beyond the end"),
        (
            {
                "metadataKey": "k", "visibility": "PROJECT",
                "location": {"dimensionRange": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}},
            },
            "single row or column",
        ),
        (
            {"metadataKey": "k", "visibility": "PROJECT", "location": {"dimensionRange": {"dimension": "ROWS"}}},
            "single row or column",
        ),
        ({"metadataKey": "k", "metadataId": -1, "visibility": "PROJECT", "location": {"sheetId": 0}}, "positive"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(desk: Desk, entry: dict[str, Any], says: str) -> None:
    with pytest.raises(ApiError, match=says) as caught:
        desk.batch({"createDeveloperMetadata": {"developerMetadata": entry}})
    assert caught.value.message.startswith("Invalid requests[0].createDeveloperMetadata: ")
    assert "developerMetadata" not in desk.get()


def test_an_id_that_exists_refuses_the_whole_batch(desk: Desk) -> None:
    create(desk, {"spreadsheet": True}, metadataId=5)
    entry = {"metadataId": 5, "metadataKey": "x", "location": {"sheetId": 0}, "visibility": "DOCUMENT"}
    with pytest.raises(ApiError, match=r"requests\[1\].createDeveloperMetadata") as caught:
        desk.batch(
            {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Other"}, "fields": "title"}},
            {"createDeveloperMetadata": {"developerMetadata": entry}},
        )
    assert caught.value.code == 400
    assert desk.get()["sheets"][0]["properties"]["title"] == "Sheet1"


def test_rows_and_columns_carry_it_through_every_change(desk: Desk, tmp_path: Path) -> None:
    create(desk, line("ROWS", 5), "row")
    create(desk, line("COLUMNS", 3), "column")
    desk.batch({"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 4}}})
    assert where(desk, "row") == [7]
    desk.batch({"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}})
    assert where(desk, "row") == [6]
    desk.batch({"moveDimension": {"source": {"dimension": "ROWS", "startIndex": 6, "endIndex": 8},
                                  "destinationIndex": 1}})  # fmt: skip
    assert where(desk, "row") == [1]
    desk.batch({"moveDimension": {"source": {"dimension": "COLUMNS", "startIndex": 3, "endIndex": 4},
                                  "destinationIndex": 0}})  # fmt: skip
    assert where(desk, "column") == [0]
    desk.append("Sheet1!A1", [["x"]], insertDataOption="INSERT_ROWS")  # before the first row
    assert where(desk, "row") == [2]
    desk = desk.reopened(tmp_path / "b.sqlite3")
    assert (where(desk, "row"), where(desk, "column")) == ([2], [0])
    desk.batch({"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 3}}})
    desk.batch({"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}})
    assert search(desk) == []


def test_a_header_renamed_leaves_the_columns_entry(desk: Desk) -> None:
    create(desk, line("COLUMNS", 1))
    desk.put("Sheet1!A1", [["a", "phone"]])
    desk.put("Sheet1!B1", [["Telephone"]])
    assert where(desk) == [1]


def test_it_dies_with_its_sheet_and_with_rows_cut_off(desk: Desk) -> None:
    number = sheet(desk, title="T")
    create(desk, {"sheetId": number})
    create(desk, line("ROWS", 3, number))
    create(desk, line("ROWS", 999), "last")
    desk.batch({"updateSheetProperties": {"properties": {"gridProperties": {"rowCount": 10}},
                                          "fields": "gridProperties.rowCount"}})  # fmt: skip
    assert search(desk, metadataKey="last") == []
    desk.batch({"deleteSheet": {"sheetId": number}})
    assert search(desk) == []


@pytest.mark.parametrize("follows", [False, True])
def test_both_behaviours_under_sort(desk: Desk, tmp_path: Path, follows: bool) -> None:
    desk.engine.metadata_follows_sort = follows
    desk = desk.reopened(tmp_path / "b.sqlite3")
    assert desk.engine.metadata_follows_sort is follows
    desk.put("Sheet1!A1", [["h", ""], ["c", 1], ["a", 2], ["b", 3]])
    create(desk, line("ROWS", 1), "c")
    create(desk, line("ROWS", 2), "a")
    desk.batch({"sortRange": {"range": {"startRowIndex": 1}, "sortSpecs": [{"dimensionIndex": 0}]}})
    assert desk.values("Sheet1!A2:A4") == [["a"], ["b"], ["c"]]
    assert (where(desk, "c"), where(desk, "a")) == (([3], [1]) if follows else ([1], [2]))
    # Where only some of a row's cells change places, the row stays and so does what hangs on it.
    desk.batch({"sortRange": {"range": box(1, 4, 0, 1), "sortSpecs": [{"sortOrder": "DESCENDING"}]}})
    assert (where(desk, "c"), where(desk, "a")) == (([3], [1]) if follows else ([1], [2]))


def test_lookups(desk: Desk) -> None:
    other = sheet(desk, title="T")
    create(desk, {"spreadsheet": True}, "s", metadataId=1)
    create(desk, {"sheetId": 0}, "t", metadataId=2, metadataValue="v")
    create(desk, line("ROWS", 4), "r", metadataId=3, visibility="PROJECT")
    create(desk, line("COLUMNS", 1), "r", metadataId=4)
    create(desk, line("ROWS", 4, other), "r", metadataId=5)

    def ids(**lookup: Any) -> list[int]:
        return [one["metadataId"] for one in search(desk, **lookup)]

    assert ids() == [1, 2, 3, 4, 5]
    assert ids(metadataKey="r") == [3, 4, 5]
    assert ids(metadataKey="r", locationType="ROW") == [3, 5]
    assert ids(metadataValue="v") == [2]
    assert ids(visibility="PROJECT") == [3]
    assert ids(metadataId=4) == [4]
    assert ids(metadataLocation={"sheetId": 0}) == [2, 3, 4]
    assert ids(metadataLocation={"sheetId": 0}, locationMatchingStrategy="EXACT_LOCATION") == [2]
    assert ids(metadataLocation=line("ROWS", 4)) == [2, 3, 4]
    assert ids(metadataLocation=line("ROWS", 5)) == [2, 4]
    assert ids(metadataLocation={"spreadsheet": True}) == [1]
    for wrong in (
        {"locationMatchingStrategy": "EXACT_LOCATION"},
        {"metadataLocation": {"sheetId": 0}, "locationType": "SPREADSHEET"},
        {"metadataLocation": {"sheetId": 0}, "locationType": "SHEET", "locationMatchingStrategy": "EXACT_LOCATION"},
    ):
        with pytest.raises(ApiError):
            ids(**wrong)


def test_a_range_finds_what_it_touches(desk: Desk) -> None:
    create(desk, line("ROWS", 4), metadataId=3)
    create(desk, line("COLUMNS", 1), metadataId=4)
    columns = {"gridRange": {key: n for key, n in box(0, 9, 1, 2).items() if key != "sheetId"}}
    filters = [{"a1Range": "Sheet1!A5:A9"}, columns]
    found = desk.engine.metadata_search(desk.sid, {"dataFilters": filters})["matchedDeveloperMetadata"]
    assert [(one["developerMetadata"]["metadataId"], one["dataFilters"]) for one in found] == [
        (3, filters),
        (4, [columns]),
    ]


def test_update_and_delete(desk: Desk) -> None:
    create(desk, line("ROWS", 4), metadataId=3, metadataValue="old")
    lookup = {"developerMetadataLookup": {"metadataId": 3}}
    request = {
        "dataFilters": [lookup], "fields": "metadataValue,location",
        "developerMetadata": {"metadataValue": "new", "location": line("COLUMNS", 2)},
    }  # fmt: skip
    reply = desk.batch({"updateDeveloperMetadata": request})["replies"][0]["updateDeveloperMetadata"]
    assert reply["developerMetadata"][0]["metadataValue"] == "new"
    assert search(desk, locationType="COLUMN")[0]["metadataKey"] == "k"
    gone = desk.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})["replies"][0]["deleteDeveloperMetadata"]
    assert gone["deletedDeveloperMetadata"] == reply["developerMetadata"]
    assert desk.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})["replies"] == [
        {"deleteDeveloperMetadata": {}}
    ]


def test_values_by_metadata(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["id", "phone"], ["a", 1], ["b", 2]])
    create(desk, line("ROWS", 2), "row")
    create(desk, line("COLUMNS", 1), "column")
    row = {"developerMetadataLookup": {"metadataKey": "row"}}
    column = {"developerMetadataLookup": {"metadataKey": "column"}}
    none = {"developerMetadataLookup": {"metadataKey": "none"}}
    read = loaded(desk.engine.values_batch_get_by_data_filter(desk.sid, {"dataFilters": [row, column, none]}))
    assert [one["valueRange"]["range"] for one in read["valueRanges"]] == ["Sheet1!A3:Z3", "Sheet1!B1:B1000"]
    assert read["valueRanges"][0]["valueRange"]["values"] == [["b", "2"]]
    assert read["valueRanges"][0]["dataFilters"] == [row]
    desk.batch({"sortRange": {"range": {"startRowIndex": 1}, "sortSpecs": [{"sortOrder": "DESCENDING"}]}})
    body = {**RAW, "data": [{"dataFilter": row, "values": [["B"]]}, {"dataFilter": none, "values": [["lost"]]}]}
    answer = desk.engine.values_batch_update_by_data_filter(OWNER, desk.sid, body)
    assert [one["updatedRange"] for one in answer["responses"]] == ["Sheet1!A3"]
    assert answer["responses"][0]["dataFilter"] == row
    assert desk.values() == [["id", "phone"], ["b", "2"], ["B", "1"]]
    with pytest.raises(ApiError, match="tried writing to row"):
        desk.engine.values_batch_update_by_data_filter(
            OWNER, desk.sid, {**RAW, "data": [{"dataFilter": row, "values": [["x"], ["y"]]}]}
        )
    cleared = desk.engine.values_batch_clear_by_data_filter(OWNER, desk.sid, {"dataFilters": [column]})
    assert cleared["clearedRanges"] == ["Sheet1!B1:B1000"]


def test_get_by_data_filter_shows_what_is_selected_and_nothing_else(desk: Desk) -> None:
    sheet(desk, title="T")
    create(desk, line("ROWS", 1))
    desk.put("Sheet1!A1", [["a"], ["b"]])
    lookup = {"developerMetadataLookup": {"metadataKey": "k"}}
    found = desk.engine.get_by_data_filter(desk.sid, {"dataFilters": [lookup], "includeGridData": True})
    assert [one["properties"]["title"] for one in found["sheets"]] == ["Sheet1"]
    data = found["sheets"][0]["data"][0]
    assert (data["startRow"], data["rowData"][0]["values"][0]["formattedValue"]) == (1, "b")
    assert data["rowMetadata"][0]["developerMetadata"][0]["metadataKey"] == "k"
    lookup = {"developerMetadataLookup": {"metadataKey": "nothing"}}
    assert desk.engine.get_by_data_filter(desk.sid, {"dataFilters": [lookup]})["sheets"] == []


def test_the_spreadsheet_shows_it_at_each_level(desk: Desk) -> None:
    create(desk, {"spreadsheet": True}, "s")
    create(desk, {"sheetId": 0}, "t")
    create(desk, line("COLUMNS", 1), "c")
    found = desk.get(None, "Sheet1!A1:C2", include_grid_data=True)
    assert [one["metadataKey"] for one in found["developerMetadata"]] == ["s"]
    assert [one["metadataKey"] for one in found["sheets"][0]["developerMetadata"]] == ["t"]
    columns = found["sheets"][0]["data"][0]["columnMetadata"]
    assert [len(one.get("developerMetadata", [])) for one in columns] == [0, 1, 0]
    assert desk.get("sheets.data.columnMetadata.developerMetadata.metadataKey", "Sheet1!B1")["sheets"][0]["data"] == [
        {"columnMetadata": [{"developerMetadata": [{"metadataKey": "c"}]}]}
    ]


def test_what_a_sheet_and_a_spreadsheet_hold(desk: Desk) -> None:
    create(desk, {"sheetId": 0}, "k", metadataValue="x" * 29_000)
    with pytest.raises(ApiError, match="30000"):
        create(desk, line("ROWS", 3), "k", metadataValue="x" * 1_000)
    create(desk, line("ROWS", 3), "k", metadataValue="x" * 998)
    create(desk, {"spreadsheet": True}, "k", metadataValue="x" * 29_999)
    with pytest.raises(ApiError, match="30000"):
        create(desk, {"spreadsheet": True})
    create(desk, {"sheetId": sheet(desk, title="T")}, "k", metadataValue="x" * 29_999)


def test_copies_have_ids_of_their_own(desk: Desk) -> None:
    create(desk, {"sheetId": 0}, "t", metadataId=1)
    create(desk, line("COLUMNS", 2), "c", metadataId=2)
    desk.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 77}})
    found = {one["metadataId"]: one["location"] for one in search(desk)}
    assert len(found) == 4
    assert {"locationType": "SHEET", "sheetId": 77} in found.values()
    assert [one["location"]["dimensionRange"]["sheetId"] for one in search(desk, metadataKey="c")
            if one["metadataId"] != 2] == [77]  # fmt: skip
    new = desk.engine.copy(OWNER, desk.sid, "Copy")
    assert {one["metadataId"] for one in search(Desk(desk.engine, new))} == set(found)
    # What happens to the copy leaves the original alone.
    Desk(desk.engine, new).batch({"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0,
                                                                "endIndex": 1}}})  # fmt: skip
    assert desk.engine.metadata_get(desk.sid, 2)["location"]["dimensionRange"]["startIndex"] == 2


def test_over_http(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--no-quota") as server:
        token = "recorded"  # the token of recorded conversations, good without quotas
        sid = server.ask("POST", "/v4/spreadsheets", {}, token)[2]["spreadsheetId"]
        base = f"/v4/spreadsheets/{sid}"
        entry = {"metadataId": 5, "metadataKey": "k", "location": line("COLUMNS", 1), "visibility": "DOCUMENT"}
        body = {"requests": [{"createDeveloperMetadata": {"developerMetadata": entry}}]}
        assert server.ask("POST", base + ":batchUpdate", body, token)[0] == 200
        status, _, again = server.ask("POST", base + ":batchUpdate", body, token)
        assert (status, again["error"]["status"]) == (400, "INVALID_ARGUMENT")
        assert server.ask("GET", base + "/developerMetadata/5", None, token)[2]["metadataKey"] == "k"
        assert server.ask("GET", base + "/developerMetadata/6", None, token)[0] == 404
        assert server.ask("GET", base + "/developerMetadata/x", None, token)[0] == 400
        filters = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
        found = server.ask("POST", base + "/developerMetadata:search", filters, token)[2]
        assert found["matchedDeveloperMetadata"][0]["dataFilters"] == filters["dataFilters"]
        read = server.ask("POST", base + "/values:batchGetByDataFilter", filters, token)[2]
        assert read["valueRanges"][0]["valueRange"]["range"] == "Sheet1!B1:B1000"
