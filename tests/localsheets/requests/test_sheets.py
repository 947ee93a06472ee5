"""Sheets as a whole, and the answers of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.engine import Caller, SheetContent
from localsheets.errors import ApiError
from tests.localsheets.engines import OWNER, Desk, box, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _titles(desk: Desk) -> list[str]:
    return [sheet["properties"]["title"] for sheet in desk.get("sheets.properties.title")["sheets"]]


def test_adding_moving_and_deleting(desk: Desk) -> None:
    reply = desk.batch(
        {"addSheet": {"properties": {"title": "b", "index": 0, "gridProperties": {"rowCount": 5, "columnCount": 4}}}}
    )
    made = reply["replies"][0]["addSheet"]["properties"]
    assert made == {
        "sheetId": made["sheetId"],
        "title": "b",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 5, "columnCount": 4},
    }
    assert desk.batch({"addSheet": {}})["replies"][0]["addSheet"]["properties"]["title"] == "Sheet3"
    assert _titles(desk) == ["b", "Sheet1", "Sheet3"]
    desk.batch({"updateSheetProperties": {"properties": {"sheetId": made["sheetId"], "index": 2}, "fields": "index"}})
    assert _titles(desk) == ["Sheet1", "b", "Sheet3"]
    desk.batch({"deleteSheet": {"sheetId": 0}})
    assert _titles(desk) == ["b", "Sheet3"]


def test_all_but_one_row_and_column_may_be_frozen(desk: Desk) -> None:
    grid = {"rowCount": 2, "columnCount": 3, "frozenRowCount": 1, "frozenColumnCount": 2}
    made = desk.batch({"addSheet": {"properties": {"gridProperties": grid}}})["replies"][0]["addSheet"]["properties"]
    assert made["gridProperties"] == grid


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (
            {"addSheet": {"properties": {"title": "sheet1"}}},
            'A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
        ({"addSheet": {"properties": {"sheetId": 0, "title": "x"}}}, "already exists"),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the sheets in a document."),
        ({"deleteSheet": {"sheetId": 9}}, "No grid with id: 9"),
        (
            {"updateSheetProperties": {"properties": {"hidden": True}, "fields": "hidden"}},
            "You can't hide all the sheets in a document.",
        ),
        ({"updateSheetProperties": {"properties": {"title": ""}, "fields": "title"}}, "cannot be empty"),
        ({"updateSheetProperties": {"properties": {"hidden": False}, "fields": "*"}}, "cannot be empty"),
        ({"updateSheetProperties": {"properties": {"title": "x"}}}, "At least one field must be listed in 'fields'"),
        (
            {
                "updateSheetProperties": {
                    "properties": {"gridProperties": {"frozenRowCount": 1000}},
                    "fields": "gridProperties.frozenRowCount",
                }
            },
            "You can't freeze all visible rows on the sheet.",
        ),
        (
            {"addSheet": {"properties": {"gridProperties": {"columnCount": 3, "frozenColumnCount": 3}}}},
            "You can't freeze all visible columns on the sheet.",
        ),
        ({}, "No request set"),
    ],
)
def test_what_is_refused(desk: Desk, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError) as caught:
        desk.batch({"updateSpreadsheetProperties": {"properties": {"title": "lost"}, "fields": "title"}}, request_)
    assert caught.value.message.startswith("Invalid requests[1]")
    assert words in caught.value.message
    assert desk.engine.title(desk.sid) == "Book"


def test_two_kinds_in_one_request_and_none_at_all(desk: Desk) -> None:
    with pytest.raises(ApiError, match="Exactly one"):
        desk.batch({"addSheet": {}, "deleteSheet": {"sheetId": 0}})
    with pytest.raises(ApiError, match="Must specify at least one request"):
        desk.batch()


def test_shrinking_loses_what_is_cut_and_growing_does_not_bring_it_back(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b", "c"], ["d", "e", "f"]])

    def resize(rows: int, columns: int) -> None:
        size = {"gridProperties": {"rowCount": rows, "columnCount": columns}}
        desk.batch(
            {
                "updateSheetProperties": {
                    "properties": size,
                    "fields": "gridProperties/rowCount,gridProperties/columnCount",
                }
            }
        )

    resize(1, 2)
    resize(10, 10)
    assert desk.values() == [["a", "b"]]
    desk.put("Sheet1!A1", [[None, None, "C", "D"]])
    assert desk.values() == [["a", "b", "C", "D"]]
    assert desk.values(render="UNFORMATTED_VALUE") == [["a", "b", "C", "D"]]


def test_a_duplicate_and_a_copy_elsewhere_are_their_own(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[f"r{i}"] for i in range(1200)])
    desk.batch(
        {"mergeCells": {"range": box(0, 1, 1, 3)}},
        {"addNamedRange": {"namedRange": {"name": "n", "range": box(0, 1, 0, 1)}}},
    )
    made = desk.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "two", "insertSheetIndex": 1}})[
        "replies"
    ][0]["duplicateSheet"]
    sheet_id = made["properties"]["sheetId"]
    assert desk.get("sheets.merges")["sheets"][1]["merges"][0]["sheetId"] == sheet_id
    desk.put("two!A1", [["changed"]])
    desk.batch(
        {"deleteDimension": {"range": {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 1, "endIndex": 600}}}
    )
    assert desk.values("Sheet1!A1:A2") == [["r0"], ["r1"]]
    assert desk.values("two!A1:A3") == [["changed"], ["r600"], ["r601"]]
    other = desk.engine.create(OWNER, {})["spreadsheetId"]
    answer = desk.engine.copy_sheet_to(OWNER, desk.sid, sheet_id, {"destinationSpreadsheetId": other})
    assert (answer["title"], answer["index"]) == ("Copy of two", 1)
    assert Desk(desk.engine, other).values("Copy of two!A2") == [["r600"]]
    whole = Desk(desk.engine, desk.engine.copy(OWNER, desk.sid, "Copy"))
    assert whole.get("properties.title") == {"properties": {"title": "Copy"}}
    assert whole.values("n") == [["r0"]]
    desk.engine.delete(OWNER, desk.sid)
    assert whole.values("two!A3") == [["r601"]]
    with pytest.raises(ApiError) as caught:
        desk.get()
    assert caught.value.code == 404


def test_the_answer_of_a_batch_brings_what_is_asked_for(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["id", "name"], ["L1", "Asha"]])
    cell = {"values": [{"userEnteredValue": {"stringValue": "Asha R"}}]}
    update = {"updateCells": {"start": {"rowIndex": 1, "columnIndex": 1}, "rows": [cell], "fields": "userEnteredValue"}}
    body = {
        "requests": [update], "includeSpreadsheetInResponse": True, "responseRanges": ["Sheet1!A1:B1", "Sheet1!B2"],
        "responseIncludeGridData": True,
    }  # fmt: skip
    answer = desk.engine.batch_update(OWNER, desk.sid, body)
    data = answer["updatedSpreadsheet"]["sheets"][0]["data"]
    assert [part["rowData"][0]["values"][-1]["formattedValue"] for part in data] == ["name", "Asha R"]
    assert (data[1]["startRow"], data[1]["startColumn"]) == (1, 1)
    masked = desk.engine.batch_update(
        OWNER, desk.sid, body, "replies,updatedSpreadsheet.sheets.data(startRow,rowData.values.userEnteredValue)"
    )
    assert masked == {
        "replies": [{}],
        "updatedSpreadsheet": {"sheets": [{"data": [
            {"rowData": [{"values": [{"userEnteredValue": {"stringValue": "id"}},
            {"userEnteredValue": {"stringValue": "name"}}]}]},
            {"startRow": 1, "rowData": [{"values": [{"userEnteredValue": {"stringValue": "Asha R"}}]}]},
        ]}]},
    }  # fmt: skip
    plain = desk.engine.batch_update(OWNER, desk.sid, {"requests": [update], "includeSpreadsheetInResponse": True})
    assert "data" not in plain["updatedSpreadsheet"]["sheets"][0]


def test_get_by_data_filter_and_masks(desk: Desk) -> None:
    desk.batch({"addSheet": {"properties": {"title": "two"}}})
    desk.put("two!A1", [["x"]])
    found = desk.engine.get_by_data_filter(
        desk.sid,
        {"dataFilters": [{"a1Range": "two!A1"}], "includeGridData": True},
        "sheets(properties.title,data.rowData.values.formattedValue)",
    )
    assert found == {
        "sheets": [{"properties": {"title": "two"}, "data": [{"rowData": [{"values": [{"formattedValue": "x"}]}]}]}]
    }
    with pytest.raises(ApiError, match="Request contains an invalid argument"):
        desk.get("sheets.nonsense")


def test_creating_with_sheets_and_data(desk: Desk) -> None:
    data = [{"startRow": 1, "rowData": [{"values": [{"userEnteredValue": {"numberValue": 7}, "note": "n"}]}]}]
    body = {
        "properties": {"title": "T", "locale": "de_DE"},
        "sheets": [{"properties": {"title": "one"}, "data": data}, {"properties": {"sheetId": 9}}],
    }
    made = Desk(desk.engine, desk.engine.create(OWNER, body)["spreadsheetId"])
    assert [sheet["properties"]["sheetId"] for sheet in made.get("sheets.properties.sheetId")["sheets"]] == [0, 9]
    assert made.values("one!A2", render="UNFORMATTED_VALUE") == [[7]]
    assert made.get("properties.locale") == {"properties": {"locale": "de_DE"}}


def test_an_upload_replaces_all_and_export_gives_it_back(desk: Desk) -> None:
    desk.engine.replace_with_sheets(
        Caller("u", "r", 5.0),
        desk.sid,
        [SheetContent("In", [["a", 1.5], ["", None], [True, "=x"]]), SheetContent("in", [])],
    )
    assert _titles(desk) == ["In", "in 2"]
    first, second = list(desk.engine.cells_for_export(desk.sid))
    assert [[cell and (cell.value, cell.text) for cell in row] for row in first.rows] == [
        [("a", "a"), (1.5, "1.5")],
        [],
        [(True, "TRUE"), ("=x", "=x")],
    ]
    assert list(second.rows) == []
    assert desk.engine.modified(desk.sid) == max(OWNER.at, 5.0)


def test_a_failed_batch_leaves_memory_as_the_disk(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[str(i)] for i in range(600)])
    bad = [
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 100, "endIndex": 400}}},
        {"addSheet": {"properties": {"title": "ghost"}}},
        {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}},
        {"deleteSheet": {"sheetId": 4711}},
    ]
    with pytest.raises(ApiError, match=r"requests\[3\]\.deleteSheet"):
        desk.batch(*bad)
    assert desk.values("Sheet1!A1:A600") == [[str(i)] for i in range(600)]
    assert _titles(desk) == ["Sheet1"]
