"""Cells pushed aside, pulled in and cut: what names them follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = new_desk(tmp_path / "b.sqlite3")
    found.put("Sheet1!A1", [["a1", "b1", "c1"], ["a2", "b2", "c2"], ["a3", "b3", "c3"]])
    found.put("Sheet1!E1", [["=B2", "=SUM(A1:B3)", "=SUM(B2:B3)", "=C2"]], TYPED)
    return found


def formulas(desk: Desk, where: str = "Sheet1!E1:H1") -> list[str]:
    return list(desk.values(where, render="FORMULA")[0])


def test_cells_pushed_down_keep_their_names_rules_and_references(desk: Desk) -> None:
    desk.batch(
        {"addNamedRange": {"namedRange": {"name": "pair", "namedRangeId": "p", "range": box(1, 3, 1, 2)}}},
        {"addNamedRange": {"namedRange": {"name": "wide", "namedRangeId": "w", "range": box(1, 3, 0, 2)}}},
        {"mergeCells": {"range": box(2, 3, 1, 2)}},
        {"addProtectedRange": {"protectedRange": {"protectedRangeId": 4, "range": box(2, 3, 1, 2)}}},
        {"insertRange": {"range": box(1, 2, 1, 2), "shiftDimension": "ROWS"}},
    )
    assert desk.values("Sheet1!A1:C4") == [
        ["a1", "b1", "c1"], ["a2", "", "c2"], ["a3", "b2", "c3"], ["", "b3"]
    ]  # fmt: skip
    assert formulas(desk) == ["=B3", "=SUM(A1:B3)", "=SUM(B3:B4)", "=C2"]
    got = desk.get("namedRanges(name,range),sheets.protectedRanges.range")
    assert {one["name"]: one["range"]["startRowIndex"] for one in got["namedRanges"]} == {"pair": 2, "wide": 1}
    assert got["sheets"][0]["protectedRanges"][0]["range"]["startRowIndex"] == 3


def test_cells_pulled_up_and_left(desk: Desk) -> None:
    desk.batch({"deleteRange": {"range": box(0, 1, 1, 2), "shiftDimension": "ROWS"}})
    assert desk.values("Sheet1!A1:C3") == [["a1", "b2", "c1"], ["a2", "b3", "c2"], ["a3", "", "c3"]]
    assert formulas(desk) == ["=B1", "=SUM(A1:B3)", "=SUM(B1:B2)", "=C2"]
    desk.batch({"deleteRange": {"range": box(1, 2, 0, 1), "shiftDimension": "COLUMNS"}})
    assert desk.values("Sheet1!A2:C2") == [["b3", "c2"]]
    assert formulas(desk)[3] == "=B2"


def test_a_merged_cell_is_not_torn(desk: Desk) -> None:
    desk.batch({"mergeCells": {"range": box(1, 2, 1, 3)}})
    for request in (
        {"insertRange": {"range": box(0, 1, 1, 2), "shiftDimension": "ROWS"}},
        {"deleteRange": {"range": box(0, 1, 1, 2), "shiftDimension": "ROWS"}},
        {"cutPaste": {"source": box(1, 2, 1, 2), "destination": {"rowIndex": 9}}},
    ):
        with pytest.raises(ApiError, match="merged"):
            desk.batch(request)
    assert desk.values("Sheet1!A1:C2") == [["a1", "b1", "c1"], ["a2", "b2"]]


def test_what_is_cut_takes_references_names_and_merges_with_it(desk: Desk) -> None:
    desk.batch(
        {"addSheet": {"properties": {"title": "Other", "sheetId": 5}}},
        {"addNamedRange": {"namedRange": {"name": "pair", "range": box(1, 3, 1, 2)}}},
        {"mergeCells": {"range": box(1, 3, 1, 2)}},
    )
    desk.put("Sheet1!B2", [["=A1&C1"]], TYPED)
    desk.batch({"cutPaste": {"source": box(1, 3, 1, 2), "destination": {"rowIndex": 9, "columnIndex": 3}}})
    assert formulas(desk) == ["=D10", "=SUM(A1:B3)", "=SUM(D10:D11)", "=C2"]
    assert desk.values("Sheet1!D10", render="FORMULA") == [["=A1&C1"]]
    desk.batch({"cutPaste": {"source": box(9, 11, 3, 4), "destination": {"sheetId": 5}}})
    assert formulas(desk)[0] == "=Other!A1"
    assert desk.values("Other!A1", render="FORMULA") == [["=Sheet1!A1&Sheet1!C1"]]
    assert desk.values("Other!A1") == [["a1c1"]]
    got = desk.get("namedRanges.range,sheets.merges")
    assert got["namedRanges"][0]["range"]["sheetId"] == 5
    assert [len(sheet.get("merges", [])) for sheet in got["sheets"]] == [0, 1]


def test_formulas_turn_with_a_transposed_paste(desk: Desk) -> None:
    desk.put("Sheet1!A5", [["=A1", "=B1"]], TYPED)
    request = {"source": box(4, 5, 0, 2), "destination": box(4, 6, 9, 10), "pasteOrientation": "TRANSPOSE"}
    desk.batch({"copyPaste": request})
    assert desk.values("Sheet1!J5:J6", render="FORMULA") == [["=J1"], ["=J2"]]


def test_conditional_formats_are_pasted(desk: Desk) -> None:
    rule = {
        "ranges": [box(0, 3, 0, 1)],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    desk.batch(
        {"addSheet": {"properties": {"title": "Other", "sheetId": 5}}},
        {"addConditionalFormatRule": {"rule": rule}},
        {"copyPaste": {"source": box(0, 2, 0, 1), "destination": box(0, 2, 7, 8), "pasteType": "PASTE_FORMAT"}},
        {"copyPaste": {"source": box(0, 1, 0, 1), "destination": box(4, 5, 4, 5, 5),
                       "pasteType": "PASTE_CONDITIONAL_FORMATTING"}},
        {"copyPaste": {"source": box(0, 1, 0, 1), "destination": box(9, 10, 9, 10), "pasteType": "PASTE_VALUES"}},
    )  # fmt: skip
    first, other = desk.get("sheets.conditionalFormats.ranges")["sheets"]
    assert [one["startColumnIndex"] for one in first["conditionalFormats"][0]["ranges"]] == [0, 7]
    assert other["conditionalFormats"][0]["ranges"][0]["startRowIndex"] == 4
    assert desk.values("Other!E5") is None
