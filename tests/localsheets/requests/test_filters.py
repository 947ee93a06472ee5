"""Filters and filter views: both forms of their criteria, their order, and how they follow columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk

HIDDEN = {"hiddenValues": ["111"]}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _filter(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.get("sheets.basicFilter")["sheets"][0].get("basicFilter", {})
    return {key: value for key, value in found.items() if key != "range"}


@pytest.mark.parametrize(
    "given", [{"criteria": {"0": HIDDEN}}, {"filterSpecs": [{"columnIndex": 0, "filterCriteria": HIDDEN}]}]
)
def test_criteria_stand_in_both_forms(desk: Desk, given: dict[str, Any]) -> None:
    desk.batch({"setBasicFilter": {"filter": {"range": box(0, 5, 0, 3), **given}}})
    both = {"criteria": {"0": HIDDEN}, "filterSpecs": [{"columnIndex": 0, "filterCriteria": HIDDEN}]}
    assert _filter(desk) == both
    view = desk.batch({"addFilterView": {"filter": {"range": box(0, 5, 0, 3), **given}}})["replies"][0]
    assert {key: view["addFilterView"]["filter"][key] for key in both} == both


def test_a_filter_with_an_order_puts_the_rows_below_its_header_into_it(desk: Desk) -> None:
    desk.put("A1", [["h", "x"], [3, "c"], [1, "a"], [2, "b"]])
    specs = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    desk.batch({"setBasicFilter": {"filter": {"range": box(0, 4, 0, 2), "sortSpecs": specs}}})
    assert desk.values() == [["h", "x"], ["1", "a"], ["2", "b"], ["3", "c"]]
    assert _filter(desk) == {"sortSpecs": specs}
    with pytest.raises(ApiError, match="Sort column 7 is outside the range"):
        desk.batch({"setBasicFilter": {"filter": {"range": box(0, 4, 0, 2), "sortSpecs": [{"dimensionIndex": 7}]}}})


def test_criteria_follow_their_columns_and_go_with_them(desk: Desk) -> None:
    specs = [{"columnIndex": column, "filterCriteria": HIDDEN} for column in (0, 2)]
    desk.batch({"setBasicFilter": {"filter": {"range": box(0, 5, 0, 4), "filterSpecs": specs}}})
    desk.batch({"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 3}}})
    assert sorted(_filter(desk)["criteria"]) == ["0", "4"]
    desk.batch({"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}}})
    assert _filter(desk)["filterSpecs"] == [specs[0]]
    desk.batch({"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}})
    assert _filter(desk) == {}


GREY = {"red": 0.5, "green": 0.5, "blue": 0.5}


@pytest.mark.parametrize(
    ("column", "criteria", "hidden"),
    [
        (0, {"hiddenValues": ["Agra", ""]}, [2, 4]),
        (1, {"hiddenValues": ["1,200.00"]}, [1]),
        (1, {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "300"}]}}, [2, 4]),
        (0, {"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "PU"}]}}, [2, 4]),
        (0, {"condition": {"type": "NOT_BLANK"}}, [4]),
        (0, {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=B2>C$1"}]}}, [2, 4]),
        (0, {"visibleBackgroundColorStyle": {"rgbColor": GREY}}, [1, 2, 4]),
        (7, {"hiddenValues": ["Agra"]}, []),
        (0, {}, []),
    ],
)
def test_a_read_of_rows_tells_which_the_filter_hides(
    desk: Desk, column: int, criteria: dict[str, Any], hidden: list[int]
) -> None:
    desk.put(
        "A1", [["City", "Fee", 300], ["Pune", "1,200.00"], ["Agra", 300], ["Pune", 400], ["", ""], ["Agra", ""]], TYPED
    )
    look = {"cell": {"userEnteredFormat": {"backgroundColor": GREY}}, "fields": "userEnteredFormat.backgroundColor"}
    spec = {"columnIndex": column, "filterCriteria": criteria}
    desk.batch(
        {"repeatCell": {"range": box(3, 4, 0, 1), **look}},
        {"setBasicFilter": {"filter": {"range": box(0, 5, 0, 3), "filterSpecs": [spec]}}},
    )
    for first, last in ((1, 7), (3, 5)):
        read = desk.get("sheets.data.rowMetadata", f"Sheet1!A{first}:C{last}")["sheets"][0]["data"][0]["rowMetadata"]
        shown = [n for n, row in enumerate(read, first - 1) if row.get("hiddenByFilter")]
        assert shown == [row for row in hidden if first - 1 <= row < last]
    assert desk.values("Sheet1!A2:A3") == [["Pune"], ["Agra"]], "values are read all the same"
