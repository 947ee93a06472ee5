"""Named ranges (the fence), protections, filters, conditional formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from localsheets.engine import Caller
from localsheets.errors import ApiError
from tests.localsheets.engines import OWNER, RAW, Desk, box, new_desk

STRANGER = Caller("other@example.org", "r2", 1_700_000_100.0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _add(number: int) -> dict[str, object]:
    return {
        "addNamedRange": {
            "namedRange": {"namedRangeId": f"f_{number}", "name": f"fence_{number}", "range": box(0, 1, 0, 1)}
        }
    }


def _write(text: str) -> dict[str, object]:
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
    return {"updateCells": {"start": {"sheetId": 0}, "rows": rows, "fields": "userEnteredValue"}}


def test_the_fence_refuses_a_repeated_batch_whole(desk: Desk) -> None:
    first = desk.batch(_add(1), _write("one"))
    assert first["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"] == "f_1"
    step = [{"deleteNamedRange": {"namedRangeId": "f_1"}}, _add(2), _write("two")]
    assert desk.batch(*step)["replies"] == [{}, {"addNamedRange": {"namedRange": {
        "namedRangeId": "f_2", "name": "fence_2",
        "range": {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}}}}, {}]  # fmt: skip
    version = desk.engine.version(desk.sid)
    with pytest.raises(ApiError) as caught:
        desk.batch(_write("lost"), *step)
    assert caught.value.code == 400
    assert caught.value.message.startswith("Invalid requests[1].deleteNamedRange: ")
    with pytest.raises(ApiError, match=r"Invalid requests\[1\]\.addNamedRange"):
        desk.batch(_write("lost"), _add(2))
    with pytest.raises(ApiError, match=r"Invalid requests\[0\]\.updateNamedRange"):
        desk.batch({"updateNamedRange": {"namedRange": {"namedRangeId": "f_1", "name": "x"}, "fields": "name"}})
    assert desk.values() == [["two"]]
    assert desk.engine.version(desk.sid) == version
    assert [named["name"] for named in desk.get("namedRanges")["namedRanges"]] == ["fence_2"]


@pytest.mark.parametrize("name", ["", "A1", "1st", "has space", "R1C1", "true"])
def test_names_that_a_range_cannot_have(desk: Desk, name: str) -> None:
    with pytest.raises(ApiError, match="not a valid name"):
        desk.batch({"addNamedRange": {"namedRange": {"name": name, "range": box(0, 1, 0, 1)}}})
    assert desk.get("namedRanges") == {}


def test_named_ranges_follow_rows_and_die_with_them(desk: Desk) -> None:
    desk.batch({"addNamedRange": {"namedRange": {"name": "here", "range": box(4, 6, 0, 2)}}})
    desk.batch({"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 3}}})
    assert desk.get("namedRanges")["namedRanges"][0]["range"]["startRowIndex"] == 7
    desk.batch({"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 7, "endIndex": 9}}})
    assert desk.get("namedRanges") == {}


def test_protected_ranges_keep_others_out(desk: Desk) -> None:
    given = {"range": box(0, 2, 0, 2), "warningOnly": False, "editors": {"users": ["friend@example.org"]}}
    reply = desk.batch({"addProtectedRange": {"protectedRange": given}})["replies"][0]["addProtectedRange"][
        "protectedRange"
    ]
    assert reply["requestingUserCanEdit"] is True
    shown = desk.get("sheets.protectedRanges")["sheets"][0]["protectedRanges"][0]
    assert shown["editors"]["users"] == [OWNER.account, "friend@example.org"]
    with pytest.raises(ApiError, match="protected cell or object"):
        desk.engine.values_update(STRANGER, desk.sid, "Sheet1!B2:C2", RAW, {"values": [["x", "y"]]})
    with pytest.raises(ApiError, match=r"Invalid requests\[0\]\.deleteDimension: You are trying to edit a protected"):
        desk.engine.batch_update(STRANGER, desk.sid, {"requests": [
            {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}}]})  # fmt: skip
    with pytest.raises(ApiError, match="protected"):
        desk.engine.values_clear(STRANGER, desk.sid, "Sheet1")
    with pytest.raises(ApiError, match="protected"):
        desk.engine.batch_update(STRANGER, desk.sid, {"requests": [
            {"deleteProtectedRange": {"protectedRangeId": reply["protectedRangeId"]}}]})  # fmt: skip
    friend = Caller("friend@example.org", "r3", 1.0)
    desk.engine.values_update(friend, desk.sid, "Sheet1!A1", RAW, {"values": [["mine"]]})
    desk.engine.values_update(STRANGER, desk.sid, "Sheet1!C3", RAW, {"values": [["free"]]})
    desk.batch({"deleteProtectedRange": {"protectedRangeId": reply["protectedRangeId"]}})
    assert desk.get("sheets.protectedRanges") == {"sheets": [{}]}


def test_conditional_formats_are_added_moved_and_deleted(desk: Desk) -> None:
    def rule(text: str) -> dict[str, object]:
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]}
        look = {"backgroundColor": {"red": 1}}
        return {
            "ranges": [{"sheetId": 0, "startColumnIndex": 6, "endColumnIndex": 7}],
            "booleanRule": {"condition": condition, "format": look},
        }

    desk.batch(*({"addConditionalFormatRule": {"rule": rule(text), "index": i}} for i, text in enumerate("ab")))
    found = desk.get("sheets.conditionalFormats")["sheets"][0]["conditionalFormats"]
    assert [one["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for one in found] == ["a", "b"]
    assert found[0]["booleanRule"]["format"] == {
        "backgroundColor": {"red": 1},
        "backgroundColorStyle": {"rgbColor": {"red": 1}},
    }
    reply = desk.batch({"updateConditionalFormatRule": {"index": 1, "newIndex": 0, "sheetId": 0}})["replies"][0]
    assert reply == {"updateConditionalFormatRule": {"newRule": found[1], "oldIndex": 1}}
    reply = desk.batch({"updateConditionalFormatRule": {"index": 1, "rule": found[1]}})["replies"][0]
    assert reply == {"updateConditionalFormatRule": {"newRule": found[1], "newIndex": 1, "oldRule": found[0]}}
    reply = desk.batch({"deleteConditionalFormatRule": {"index": 0, "sheetId": 0}})["replies"][0]
    assert reply["deleteConditionalFormatRule"]["rule"] == found[1]
    with pytest.raises(ApiError, match="No conditional format on sheet: 0 at index: 1"):
        desk.batch({"deleteConditionalFormatRule": {"index": 1}})


def test_filters(desk: Desk) -> None:
    desk.batch({"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}})
    assert desk.get("sheets.basicFilter")["sheets"][0]["basicFilter"]["range"]["endRowIndex"] == 1000
    view = desk.batch({"addFilterView": {"filter": {"title": "mine", "range": box(0, 5, 0, 2)}}})["replies"][0][
        "addFilterView"
    ]["filter"]
    desk.batch({"clearBasicFilter": {"sheetId": 0}}, {"deleteFilterView": {"filterId": view["filterViewId"]}})
    assert desk.get("sheets(basicFilter,filterViews)") == {"sheets": [{}]}
