from __future__ import annotations

import pytest

from localsheets import masks
from localsheets.errors import ApiError

ANSWER = {
    "spreadsheetId": "x",
    "properties": {"title": "t", "locale": "en_US"},
    "sheets": [
        {"properties": {"sheetId": 0, "title": "a"}, "data": [{"rowData": [{"values": [{"note": "n"}, {}]}, {}]}]},
        {},
    ],
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("*", ANSWER),
        (None, ANSWER),
        ("properties.title", {"properties": {"title": "t"}}),
        ("properties/title", {"properties": {"title": "t"}}),
        ("sheets.properties(sheetId,title)", {"sheets": [{"properties": {"sheetId": 0, "title": "a"}}, {}]}),
        (
            "spreadsheetId,sheets(properties/title,data/rowData/values(note))",
            {
                "spreadsheetId": "x",
                "sheets": [
                    {"properties": {"title": "a"}, "data": [{"rowData": [{"values": [{"note": "n"}, {}]}, {}]}]},
                    {},
                ],
            },
        ),
        ("sheets.*.title", {"sheets": [{"properties": {"title": "a"}, "data": [{}]}, {}]}),
        ("properties,properties.title", {"properties": {"title": "t", "locale": "en_US"}}),
        ("properties.title,properties", {"properties": {"title": "t", "locale": "en_US"}}),
        ("namedRanges", {}),
    ],
)
def test_select(fields: str | None, expected: object) -> None:
    assert masks.select(masks.parse(fields), ANSWER) == expected


@pytest.mark.parametrize("fields", ["a(b", "a)", ",", "a..b", "a,,b", "a()"])
def test_unreadable_masks_are_refused(fields: str) -> None:
    with pytest.raises(ApiError) as caught:
        masks.parse(fields)
    assert caught.value.code == 400


def test_unknown_fields_of_an_answer_are_refused_by_name() -> None:
    with pytest.raises(ApiError, match=r"^Request contains an invalid argument\.$") as refused:
        masks.check(masks.parse("sheets.propertees"), "Spreadsheet", "")
    words = "Error expanding 'fields' parameter. Cannot find matching fields for path 'sheets.propertees'."
    assert refused.value.details is not None
    assert refused.value.details[0]["fieldViolations"] == [{"field": "sheets.propertees", "description": words}]


def test_fields_may_have_the_names_of_the_protocol_buffers() -> None:
    mask = masks.parse("sheets.properties.grid_properties")
    masks.check(mask, "Spreadsheet", "")
    found = {"sheets": [{"properties": {"title": "t", "gridProperties": {"rowCount": 1}}}]}
    assert masks.select(mask, found) == {"sheets": [{"properties": {"gridProperties": {"rowCount": 1}}}]}


def test_a_path_into_a_list_writes_the_whole_list() -> None:
    paths = masks.write_paths("textFormatRuns.startIndex,textFormatRuns.format.bold,note", "CellData", "x")
    assert set(paths) == {("textFormatRuns",), ("note",)}


def test_write_takes_exactly_the_named_fields() -> None:
    old = {
        "note": "n",
        "userEnteredFormat": {"textFormat": {"bold": True, "fontSize": 9}, "numberFormat": {"type": "DATE"}},
    }
    new = {"userEnteredFormat": {"textFormat": {"bold": False}}}
    paths = masks.write_paths("userEnteredFormat.textFormat.bold,note", "CellData", "requests[0].x")
    expected = {"userEnteredFormat": {"textFormat": {"bold": False, "fontSize": 9}, "numberFormat": {"type": "DATE"}}}
    assert masks.write(old, new, paths) == expected
    assert old["note"] == "n"
    assert masks.write(old, new, masks.write_paths("*", "CellData", "x")) == new


@pytest.mark.parametrize("fields", [None, "", "  "])
def test_an_update_without_a_mask_is_refused(fields: str | None) -> None:
    with pytest.raises(ApiError, match="At least one field must be listed"):
        masks.write_paths(fields, "CellData", "requests[0].updateCells")


def test_an_update_of_an_unknown_field_is_refused() -> None:
    with pytest.raises(ApiError, match=r"userEnteredFormat\.colour"):
        masks.write_paths("userEnteredFormat.colour", "CellData", "requests[0].updateCells")
