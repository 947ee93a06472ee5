"""Trimming, duplicates, shuffling, splitting, pasting text and continuing series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def unformatted(desk: Desk, where: str) -> Any:
    return desk.values(where, render="UNFORMATTED_VALUE")


def test_whitespace_goes_from_text_alone(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["  a   b ", 5, "clean", ' " ']])
    desk.put("Sheet1!E1", [['=" x "', "  out of range "]], TYPED)
    reply = desk.batch({"trimWhitespace": {"range": box(0, 5, 0, 5)}})["replies"]
    assert reply == [{"trimWhitespace": {"cellsChangedCount": 2}}]
    assert desk.values("Sheet1!A1:F1", render="FORMULA") == [["a b", 5, "clean", '"', '=" x "', "  out of range "]]
    assert desk.batch({"trimWhitespace": {"range": box(0, 5, 0, 5)}})["replies"] == [{"trimWhitespace": {}}]


def test_duplicates_go_and_the_rest_moves_up_inside_the_range(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["Asha", 1, "x"], ["Ravi", 2, "y"], ["asha", 1, "z"], ["Asha", 3, "w"], ["", "", "end"]])
    request = {"range": box(0, 4, 0, 2)}
    assert desk.batch({"deleteDuplicates": request})["replies"] == [{"deleteDuplicates": {"duplicatesRemovedCount": 1}}]
    assert unformatted(desk, "Sheet1!A1:C5") == [
        ["Asha", 1, "x"], ["Ravi", 2, "y"], ["Asha", 3, "z"], ["", "", "w"], ["", "", "end"]
    ]  # fmt: skip
    by_name = {
        "range": box(0, 4, 0, 2),
        "comparisonColumns": [{"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}],
    }
    desk.batch({"deleteDuplicates": by_name})
    assert unformatted(desk, "Sheet1!A1:B4") == [["Asha", 1], ["Ravi", 2]]
    outside = {
        "range": box(0, 4, 0, 2),
        "comparisonColumns": [{"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}],
    }
    with pytest.raises(ApiError, match="inside the range"):
        desk.batch({"deleteDuplicates": outside})


def test_shuffled_rows_stay_whole(desk: Desk) -> None:
    rows = [[f"n{i}", i] for i in range(200)]
    desk.put("Sheet1!A1", rows)
    desk.put("Sheet1!D1", [["stays"]])
    desk.batch({"randomizeRange": {"range": box(0, 200, 0, 2)}})
    got = unformatted(desk, "Sheet1!A1:B200")
    assert sorted(got) == sorted(rows)
    assert got != rows
    assert desk.values("Sheet1!D1") == [["stays"]]


def test_text_is_split_into_columns(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a, 5,2025-01-02"], ["b"], [7], ["c,d"]])
    desk.batch({"textToColumns": {"source": box(0, 4, 0, 1), "delimiterType": "COMMA"}})
    assert desk.values("Sheet1!A1:C4") == [["a", "5", "2025-01-02"], ["b"], ["7"], ["c", "d"]]
    assert unformatted(desk, "Sheet1!B1:C1") == [[5, 45659]]
    desk.put("Sheet1!A9", [["x;y"], ["z;w"]])
    desk.batch({"textToColumns": {"source": box(8, 10, 0, 1), "delimiterType": "AUTODETECT"}})
    assert desk.values("Sheet1!A9:B10") == [["x", "y"], ["z", "w"]]
    for wrong in ({"source": box(0, 1, 0, 2)}, {"source": box(0, 1, 0, 1), "delimiterType": "CUSTOM"}):
        with pytest.raises(ApiError):
            desk.batch({"textToColumns": wrong})


def test_text_is_pasted_as_typed_and_the_grid_grows(desk: Desk) -> None:
    at = {"rowIndex": 999, "columnIndex": 25}
    desk.batch({"pasteData": {"coordinate": at, "data": 'a,"b,\n""c"""\n007,=1+1', "delimiter": ","}})
    assert desk.values("Sheet1!Z1000:AA1001") == [["a", 'b,\n"c"'], ["7", "2"]]
    desk.batch({"pasteData": {"coordinate": {}, "data": "a\tb\r\nc\t", "delimiter": "\t"}})
    assert desk.values("Sheet1!A1:B2") == [["a", "b"], ["c"]]
    for wrong in ({"data": "a"}, {"data": "<b>a</b>", "html": True}):
        with pytest.raises(ApiError, match=r"requests\[0\].pasteData"):
            desk.batch({"pasteData": {"coordinate": {}, **wrong}})


def test_series_go_on(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[1, "Lead 9", "x", "=A1*2"], [3, "Lead 10", "y", "=A2*2"]], TYPED)
    source = {"source": box(0, 2, 0, 4), "dimension": "ROWS", "fillLength": 3}
    desk.batch({"autoFill": {"sourceAndDestination": source}})
    assert desk.values("Sheet1!A3:D5", render="FORMULA") == [
        [5, "Lead 11", "x", "=A3*2"], [7, "Lead 12", "y", "=A4*2"], [9, "Lead 13", "x", "=A5*2"]
    ]  # fmt: skip
    desk.put("Sheet1!G1", [[5], [4]])
    desk.batch({"autoFill": {"range": box(0, 4, 6, 7)}})
    assert unformatted(desk, "Sheet1!G1:G4") == [[5], [4], [3], [2]]
    back = {"source": box(1, 2, 0, 1), "dimension": "COLUMNS", "fillLength": -1}
    with pytest.raises(ApiError, match="outside the grid"):
        desk.batch({"autoFill": {"sourceAndDestination": back}})
