"""A spreadsheet made of its whole resource."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import OWNER, Desk, box, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _rich(desk: Desk) -> dict[str, Any]:
    """A spreadsheet with something of everything, as a read shows it."""
    second = {"sheetId": 7, "title": "Second tab", "tabColorStyle": {"rgbColor": {"red": 1}}}
    column = {"sheetId": 7, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": True}
    red = {"condition": {"type": "NOT_BLANK"}, "format": {"backgroundColor": {"red": 1}}}
    desk.put("A1:D2", [["=1+1", "x", True, "#N/A"], ["2026-11-25", "", 0, "0"]], {"valueInputOption": "USER_ENTERED"})
    desk.batch(
        {"addSheet": {"properties": second}},
        {"repeatCell": {"range": box(0, 2, 0, 1), "fields": "userEnteredFormat.textFormat,note",
                        "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}, "note": "n"}}},
        {"setDataValidation": {"range": box(3, 5, 2, 3), "rule": rule}},
        {"mergeCells": {"range": box(4, 6, 0, 2, 7)}},
        {"addBanding": {"bandedRange": {"range": box(0, 4, 0, 2, 7), "rowProperties": {"firstBandColor": {"red": 1}}}}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "n1", "name": "Names", "range": box(0, 3, 0, 2, 7)}}},
        {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 7}, "warningOnly": True}}},
        {"addProtectedRange": {"protectedRange": {"namedRangeId": "n1", "description": "d"}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [box(0, 9, 0, 2, 7)], "booleanRule": red}, "index": 0}},
        {"setBasicFilter": {"filter": {"range": box(0, 9, 0, 3)}}},
        {"addFilterView": {"filter": {"title": "v", "range": box(0, 9, 0, 3, 7)}}},
        {"addDimensionGroup": {"range": {**column, "endIndex": 6}}},
        {"addDimensionGroup": {"range": {**column, "startIndex": 2, "endIndex": 4}}},
        {"updateDimensionGroup": {"dimensionGroup": {"range": {**column, "startIndex": 2, "endIndex": 4}, "depth": 2,
                                                     "collapsed": True}, "fields": "collapsed"}},
        {"updateDimensionProperties": {"range": column, "properties": {"pixelSize": 55}, "fields": "pixelSize"}},
        *({"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": "k", "visibility": "DOCUMENT", "location": place}}}
          for place in ({"spreadsheet": True}, {"sheetId": 7}, {"dimensionRange": column})),
    )  # fmt: skip
    return _read(desk, desk.sid)


def _read(desk: Desk, sid: str) -> dict[str, Any]:
    found = desk.engine.get(sid, include_grid_data=True, account=OWNER.account)
    return {key: value for key, value in found.items() if key not in ("spreadsheetId", "spreadsheetUrl")}


def test_what_was_read_goes_in_again(desk: Desk) -> None:
    shown = _rich(desk)
    assert desk.engine.put(OWNER, "another", shown)["sheets"][1]["properties"]["title"] == "Second tab"
    assert _read(desk, "another") == shown
    made = desk.engine.create(OWNER, shown)["spreadsheetId"]
    assert _read(desk, made) == shown


def test_it_takes_the_place_of_the_one_that_was_there(desk: Desk) -> None:
    desk.put("A1", [["old"]])
    version = desk.engine.version(desk.sid)
    desk.engine.put(OWNER, desk.sid, {"properties": {"title": "new"}})
    assert (desk.engine.title(desk.sid), desk.values()) == ("new", None)
    assert desk.engine.version(desk.sid) > version
    desk.engine.put(OWNER, desk.sid, {"sheets": [{"properties": {"sheetId": 3}}]})
    assert [sheet["properties"]["sheetId"] for sheet in desk.get("sheets.properties.sheetId")["sheets"]] == [3]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ({"charts": [{}]}, 'The field "charts" is not supported by this server.'),
        ({"properties": {"sheetType": "OBJECT"}}, "Only sheets of type GRID are supported by this server."),
        ({"merges": [{"startRowIndex": 1000, "endRowIndex": 1002}]}, "exceeds grid limits"),
        ({"unknown": 1}, "Unknown name \"unknown\" at 'sheets[0]': Cannot find field."),
    ],
)
def test_what_cannot_be_is_refused_whole(desk: Desk, sheet: dict[str, Any], words: str) -> None:
    desk.put("A1", [["stays"]])
    with pytest.raises(ApiError, match=words.replace("[", r"\[")):
        desk.engine.put(OWNER, desk.sid, {"sheets": [sheet]})
    assert desk.values() == [["stays"]]
