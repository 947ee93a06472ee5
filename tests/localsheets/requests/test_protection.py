"""Protected ranges hold against other accounts in every request that writes, and against no one by a mere warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from localsheets.transactions import Caller
from tests.localsheets.engines import RAW, Desk, box, new_desk

OTHER = Caller("other@example.org", "r2", 1_700_000_100.0)
CELL = {"userEnteredValue": {"stringValue": "x"}}
ROWS = [{"values": [CELL, CELL]}]


def dims(dimension: str, start: int, stop: int) -> dict[str, Any]:
    return {"dimension": dimension, "startIndex": start, "endIndex": stop}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = new_desk(tmp_path / "b.sqlite3")
    found.put("Sheet1!A1", [["id", "name"], ["1", "b"], ["2", " a "], ["3", "c"]])
    found.batch({"addSheet": {"properties": {"title": "T", "sheetId": 5}}})
    return found


BLOCKED: list[dict[str, Any]] = [
    {"updateCells": {"start": {}, "rows": ROWS, "fields": "userEnteredValue"}},
    {"updateCells": {"range": box(0, 2, 0, 2), "fields": "userEnteredValue"}},
    {"repeatCell": {"range": box(0, 2, 0, 1), "cell": CELL, "fields": "userEnteredValue"}},
    {"appendCells": {"sheetId": 0, "rows": ROWS, "fields": "userEnteredValue"}},
    {"insertDimension": {"range": dims("ROWS", 1, 2)}},
    {"deleteDimension": {"range": dims("ROWS", 1, 2)}},
    {"deleteDimension": {"range": dims("COLUMNS", 0, 1)}},
    {"moveDimension": {"source": dims("ROWS", 1, 2), "destinationIndex": 4}},
    {"insertRange": {"range": box(1, 2, 0, 1), "shiftDimension": "ROWS"}},
    {"deleteRange": {"range": box(1, 2, 0, 1), "shiftDimension": "ROWS"}},
    {"sortRange": {"range": box(1, 4, 0, 2), "sortSpecs": [{"dimensionIndex": 1}]}},
    {"randomizeRange": {"range": box(1, 4, 0, 2)}},
    {"deleteDuplicates": {"range": box(1, 4, 0, 2)}},
    {"trimWhitespace": {"range": box(1, 4, 0, 2)}},
    {"findReplace": {"find": "1", "replacement": "2", "allSheets": True}},
    {"cutPaste": {"source": box(1, 2, 0, 1), "destination": {"rowIndex": 9, "columnIndex": 5}}},
    {"cutPaste": {"source": box(1, 2, 1, 2), "destination": {"rowIndex": 9}}},
    {"copyPaste": {"source": box(1, 2, 1, 2), "destination": box(3, 4, 0, 1)}},
    {"pasteData": {"coordinate": {}, "data": "x", "delimiter": ","}},
    {"autoFill": {"sourceAndDestination": {"source": box(1, 2, 1, 2), "dimension": "COLUMNS", "fillLength": -1}}},
    {"mergeCells": {"range": box(1, 3, 0, 1)}},
    {"unmergeCells": {"range": box(1, 3, 0, 1)}},
    {"setDataValidation": {"range": box(1, 3, 0, 1)}},
    {"updateBorders": {"range": box(1, 3, 0, 1), "top": {"style": "SOLID"}}},
    {"updateSheetProperties": {"properties": {"gridProperties": {"rowCount": 2}}, "fields": "gridProperties.rowCount"}},
    {"deleteSheet": {"sheetId": 0}},
    {"deleteProtectedRange": {"protectedRangeId": 9}},
    {"updateProtectedRange": {"protectedRange": {"protectedRangeId": 9, "warningOnly": True}, "fields": "warningOnly"}},
]  # fmt: skip


@pytest.mark.parametrize("request_", BLOCKED, ids=lambda one: next(iter(one)))
def test_a_protected_column_holds(desk: Desk, request_: dict[str, Any]) -> None:
    protect = {"protectedRangeId": 9, "range": {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}}
    desk.batch({"addProtectedRange": {"protectedRange": protect}})
    before = desk.values(), desk.get()
    with pytest.raises(ApiError, match="protected cell or object"):
        Desk(desk.engine, desk.sid, OTHER).batch(request_)
    assert (desk.values(), desk.get()) == before
    desk.batch(request_)  # who protected it may


@pytest.mark.parametrize("request_", BLOCKED[:-2], ids=lambda one: next(iter(one)))
def test_a_warning_blocks_no_one(desk: Desk, request_: dict[str, Any]) -> None:
    protect = {"protectedRangeId": 9, "warningOnly": True, "range": {"startColumnIndex": 0, "endColumnIndex": 1}}
    desk.batch({"addProtectedRange": {"protectedRange": protect}})
    Desk(desk.engine, desk.sid, OTHER).batch(request_)


def test_plain_values_are_held_back_too_and_the_rest_is_free(desk: Desk) -> None:
    protect = {"range": {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}}
    desk.batch({"addProtectedRange": {"protectedRange": protect}})
    theirs = Desk(desk.engine, desk.sid, OTHER)
    for attempt in (
        lambda: theirs.put("Sheet1!A2", [["x"]]),
        lambda: theirs.append("Sheet1!A1", [["x"]], insertDataOption="INSERT_ROWS"),
        lambda: theirs.append("Sheet1!A1", [["x"]]),
        lambda: theirs.engine.values_clear(OTHER, desk.sid, "Sheet1!A:B"),
        lambda: theirs.engine.values_batch_update(
            OTHER, desk.sid, {**RAW, "data": [{"range": "Sheet1!B1", "values": [["x"]]},
                                              {"range": "Sheet1!A1", "values": [["x"]]}]}
        ),
    ):  # fmt: skip
        with pytest.raises(ApiError, match="protected cell or object"):
            attempt()
    assert desk.values("Sheet1!A1:B2") == [["id", "name"], ["1", "b"]]
    theirs.put("Sheet1!B2", [["free"]])
    theirs.batch({"insertDimension": {"range": dims("COLUMNS", 1, 2)}})
    theirs.batch({"appendDimension": {"dimension": "ROWS", "length": 5}})
    theirs.batch({"sortRange": {"range": box(1, 4, 1, 3)}})


def test_a_protected_sheet_with_a_free_part(desk: Desk) -> None:
    protect = {"range": {"sheetId": 5}, "unprotectedRanges": [box(1, 3, 1, 2, 5)]}
    desk.batch({"addProtectedRange": {"protectedRange": protect}})
    theirs = Desk(desk.engine, desk.sid, OTHER)
    theirs.put("T!B2:B3", [["x"], ["y"]])
    for request in (
        {"updateSheetProperties": {"properties": {"sheetId": 5, "title": "Mine"}, "fields": "title"}},
        {"appendDimension": {"sheetId": 5, "dimension": "ROWS", "length": 1}},
        {"insertDimension": {"range": {"sheetId": 5, **dims("ROWS", 2, 3)}}},
        {"updateDimensionProperties": {"range": {"sheetId": 5, **dims("ROWS", 0, 1)},
                                       "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}},
        {"addConditionalFormatRule": {"rule": {"ranges": [box(0, 1, 0, 1, 5)], "booleanRule": {
            "condition": {"type": "NOT_BLANK"}}}}},
    ):  # fmt: skip
        with pytest.raises(ApiError, match="protected cell or object"):
            theirs.batch(request)
    theirs.batch({"duplicateSheet": {"sourceSheetId": 5}})
