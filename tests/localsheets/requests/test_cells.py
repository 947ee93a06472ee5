"""Writing cells by mask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk

GRID = "sheets.data.rowData.values"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _cells(desk: Desk, where: str, fields: str) -> list[list[dict[str, Any]]]:
    data = desk.get(f"{GRID}({fields})", where)["sheets"][0]["data"][0]
    return [row.get("values", []) for row in data.get("rowData", [])]


def _text(*values: str) -> dict[str, Any]:
    return {"values": [{"userEnteredValue": {"stringValue": value}} for value in values]}


def test_string_values_are_never_parsed(desk: Desk) -> None:
    tricky = ["+91 98765 43210", "=1+1", "0042", "TRUE", "12/7/2025", "'quoted"]
    desk.batch({"updateCells": {"start": {}, "rows": [_text(*tricky)], "fields": "userEnteredValue"}})
    assert desk.values() == [tricky]
    assert desk.values(render="UNFORMATTED_VALUE") == [tricky]


def test_only_the_masked_fields_change(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["kept", "too"]])
    cell = {
        "note": "n",
        "userEnteredFormat": {"textFormat": {"bold": True}, "numberFormat": {"type": "TEXT"}},
        "userEnteredValue": {"numberValue": 5},
    }
    desk.batch(
        {
            "updateCells": {
                "range": box(0, 1, 0, 1),
                "rows": [{"values": [cell]}],
                "fields": "note,userEnteredFormat.textFormat",
            }
        }
    )
    assert desk.values() == [["kept", "too"]]
    assert _cells(desk, "Sheet1!A1", "note,userEnteredFormat") == [
        [{"note": "n", "userEnteredFormat": {"textFormat": {"bold": True}}}]
    ]
    desk.batch({"updateCells": {"range": box(0, 1, 0, 2), "rows": [{"values": [{}]}], "fields": "userEnteredValue"}})
    assert desk.values() is None
    assert _cells(desk, "Sheet1!A1", "note")[0][0] == {"note": "n"}
    desk.batch({"updateCells": {"range": box(0, 1, 0, 1), "fields": "*"}})
    assert _cells(desk, "Sheet1!A1", "note,userEnteredFormat") == []


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ({"startRowIndex": 1000, "endColumnIndex": 2}, "A1001:B"),
        ({"startRowIndex": 1000, "endRowIndex": 1001, "endColumnIndex": 2}, "A1001:B1001"),
        ({"endRowIndex": 2, "startColumnIndex": 26}, "AA1:2"),
        ({"endRowIndex": 2, "startColumnIndex": 26, "endColumnIndex": 27}, "AA1:AA2"),
    ],
)
def test_a_range_that_begins_beyond_the_grid_is_refused_as_it_was_given(
    desk: Desk, found: dict[str, int], named: str
) -> None:
    words = rf"repeatCell: Range \(Sheet1!{named}\) exceeds grid limits. Max rows: 1000, max columns: 26"
    with pytest.raises(ApiError, match=words):
        desk.batch({"repeatCell": {"range": found, "cell": {}, "fields": "note"}})


def test_a_range_may_end_beyond_the_grid_or_hold_nothing(desk: Desk) -> None:
    bold = {"cell": {"userEnteredFormat": {"textFormat": {"bold": True}}}, "fields": "userEnteredFormat.textFormat"}
    desk.batch(
        {"repeatCell": {"range": box(999, 1003, 25, 28), **bold}},
        {"repeatCell": {"range": box(3, 3, 0, 1), **bold}},
        {"sortRange": {"range": box(0, 5000, 0, 50), "sortSpecs": [{"dimensionIndex": 0}]}},
    )
    assert _cells(desk, "Sheet1!Z1000", "userEnteredFormat") == [
        [{"userEnteredFormat": {"textFormat": {"bold": True}}}]
    ]
    assert _cells(desk, "Sheet1!A4", "userEnteredFormat") == []
    size = desk.get("sheets.properties.gridProperties")["sheets"][0]["properties"]["gridProperties"]
    assert size == {"rowCount": 1000, "columnCount": 26}


def test_appended_cells_bring_rows_and_no_columns(desk: Desk) -> None:
    wide = {"values": [{"userEnteredValue": {"numberValue": 1}}] * 27}
    with pytest.raises(ApiError, match="Attempting to write column: 26, beyond the last requested column of: 25"):
        desk.batch({"appendCells": {"rows": [wide], "fields": "userEnteredValue"}})


def test_writing_beyond_the_range_or_grid_is_refused(desk: Desk) -> None:
    with pytest.raises(ApiError, match="Attempting to write row: 1, beyond the last requested row of: 0"):
        desk.batch(
            {"updateCells": {"range": box(0, 1, 0, 1), "rows": [_text("a"), _text("b")], "fields": "userEnteredValue"}}
        )
    with pytest.raises(ApiError, match=r"GridCoordinate.rowIndex\[1000\] is after last row in grid\[999\]"):
        desk.batch({"updateCells": {"start": {"rowIndex": 1000}, "rows": [_text("a")], "fields": "userEnteredValue"}})
    with pytest.raises(ApiError, match=r"Invalid requests\[0\].updateCells: At least one field must be listed"):
        desk.batch({"updateCells": {"start": {}, "rows": [_text("a")]}})
    with pytest.raises(ApiError, match="No grid with id: 77"):
        desk.batch({"updateCells": {"start": {"sheetId": 77}, "rows": [_text("a")], "fields": "userEnteredValue"}})


def test_append_cells_goes_below_the_last_row_with_data(desk: Desk) -> None:
    desk.put("Sheet1!C7", [["data"]])
    desk.batch(
        {"updateCells": {"range": box(20, 21, 0, 1), "rows": [{"values": [{"note": "no data"}]}], "fields": "note"}}
    )
    desk.batch({"appendCells": {"sheetId": 0, "rows": [_text("a", "b"), _text("c")], "fields": "userEnteredValue"}})
    assert desk.values("Sheet1!A8:B9") == [["a", "b"], ["c"]]
    desk.put("Sheet1!A1000", [["last"]])
    desk.batch({"appendCells": {"sheetId": 0, "rows": [_text("z")], "fields": "userEnteredValue"}})
    assert desk.values("Sheet1!A1001") == [["z"]]


def test_a_broad_format_costs_no_rows_and_rules_what_comes_later(desk: Desk) -> None:
    date = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}
    column = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 4}
    desk.batch({"repeatCell": {"range": column, "cell": date, "fields": "userEnteredFormat.numberFormat"}})
    assert desk.engine.connection.execute("SELECT count(*) FROM cells").fetchone() == (0,)
    desk.put("Sheet1!A1", [["h", 45000], ["x", 45000], ["y", 45001]])
    assert desk.values() == [["h", "45000"], ["x", "2023-03-15"], ["y", "2023-03-16"]]
    desk.batch({"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}})
    desk.put("Sheet1!A2", [["new", 45002]])
    desk.append("Sheet1", [["end", 45003]])
    assert desk.values("Sheet1!B2:B") == [["2023-03-17"], ["2023-03-15"], ["2023-03-16"], ["2023-03-18"]]
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": box(1, 2, 1, 2), "cell": bold, "fields": "userEnteredFormat.textFormat"}})
    found = _cells(desk, "Sheet1!B2", "userEnteredFormat")[0][0]["userEnteredFormat"]
    assert found == {**date["userEnteredFormat"], **bold["userEnteredFormat"]}
    money = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}}
    desk.batch({"repeatCell": {"range": column, "cell": money, "fields": "userEnteredFormat.numberFormat"}})
    assert desk.values("Sheet1!B2:B3") == [["45002.00"], ["45000.00"]]
    assert _cells(desk, "Sheet1!B2", "userEnteredFormat")[0][0]["userEnteredFormat"]["textFormat"] == {"bold": True}


def test_validation_over_a_column_and_off_again(desk: Desk) -> None:
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "New"}]},
        "strict": True,
        "showCustomUi": True,
    }
    column = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 6, "endColumnIndex": 9}
    desk.batch({"setDataValidation": {"range": column, "rule": rule}})
    desk.put("Sheet1!G2", [["New"]])
    assert _cells(desk, "Sheet1!G2", "dataValidation") == [[{"dataValidation": rule}]]
    desk.batch({"setDataValidation": {"range": box(1, 2, 6, 7)}})
    assert _cells(desk, "Sheet1!G2:H2", "dataValidation")[0][0] == {}
    desk.put("Sheet1!H3", [["x"]])
    assert _cells(desk, "Sheet1!H3", "dataValidation") == [[{"dataValidation": rule}]]


def test_repeat_cell_moves_formulas_along(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[1], [2], [3]])
    cell = {"userEnteredValue": {"formulaValue": "=A1*2"}}
    desk.batch({"repeatCell": {"range": box(0, 3, 1, 2), "cell": cell, "fields": "userEnteredValue"}})
    assert desk.values("Sheet1!B1:B3", render="FORMULA") == [["=A1*2"], ["=A2*2"], ["=A3*2"]]
    assert desk.values("Sheet1!B1:B3") == [["2"], ["4"], ["6"]]


def test_colours_stand_in_both_forms(desk: Desk) -> None:
    cell = {
        "userEnteredFormat": {
            "backgroundColor": {"green": 1},
            "textFormat": {"foregroundColorStyle": {"rgbColor": {"red": 1}}},
        }
    }
    desk.batch(
        {
            "repeatCell": {
                "range": box(0, 1, 0, 1),
                "cell": cell,
                "fields": "userEnteredFormat(backgroundColor,textFormat)",
            }
        }
    )
    assert _cells(desk, "Sheet1!A1", "userEnteredFormat")[0][0]["userEnteredFormat"] == {
        "backgroundColor": {"green": 1}, "backgroundColorStyle": {"rgbColor": {"green": 1}},
        "textFormat": {"foregroundColor": {"red": 1}, "foregroundColorStyle": {"rgbColor": {"red": 1}}},
    }  # fmt: skip


def test_merging_keeps_the_first_cell_and_refuses_half_a_merge(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b"], ["c", "d"]])
    desk.batch({"mergeCells": {"range": box(0, 2, 0, 2), "mergeType": "MERGE_COLUMNS"}})
    assert desk.values() == [["a", "b"]]
    with pytest.raises(ApiError, match="You must select all cells in a merged range"):
        desk.batch({"unmergeCells": {"range": box(0, 1, 0, 1)}})
    desk.batch({"unmergeCells": {"range": box(0, 5, 0, 5)}})
    assert desk.get("sheets.merges") == {"sheets": [{}]}


def test_grid_data_shows_entered_effective_and_formatted(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["=1/0", "50%", "text", True]], TYPED)
    first, second, third, fourth = _cells(desk, "Sheet1!A1:D1", "userEnteredValue,effectiveValue,formattedValue")[0]
    assert first["userEnteredValue"] == {"formulaValue": "=1/0"}
    assert first["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert first["formattedValue"] == "#DIV/0!"
    assert second == {
        "userEnteredValue": {"numberValue": 0.5},
        "effectiveValue": {"numberValue": 0.5},
        "formattedValue": "50%",
    }
    assert third["userEnteredValue"] == {"stringValue": "text"}
    assert (fourth["effectiveValue"], fourth["formattedValue"]) == ({"boolValue": True}, "TRUE")


def test_the_history_has_every_cell_with_before_and_after(desk: Desk) -> None:
    desk.put("Sheet1!B2", [["one", 2]])
    desk.batch(
        {
            "updateCells": {
                "start": {"rowIndex": 1, "columnIndex": 1},
                "rows": [_text("uno")],
                "fields": "userEnteredValue",
            }
        }
    )
    found = [(w.account, w.row, w.column, w.before, w.after) for w in desk.engine.history(desk.sid) if w.row >= 0]
    me = desk.caller.account
    assert found == [(me, 1, 1, "", "one"), (me, 1, 2, "", 2), (me, 1, 1, "one", "uno")]
    assert desk.engine.history(desk.sid)[-1].after["updateCells"]["fields"] == "userEnteredValue"
    assert len(desk.engine.history(desk.sid, limit=2)) == 2


@pytest.mark.parametrize("rows", [3, 700, 1_000])
def test_a_range_without_rows_takes_off_what_a_broad_write_gave_and_nothing_beside(desk: Desk, rows: int) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": box(0, 1_000, 0, 2), "cell": bold, "fields": "userEnteredFormat"}})
    desk.put("Sheet1!A1", [["gone", "kept"], ["gone", "kept"]])
    desk.batch({"updateCells": {"range": box(0, rows, 0, 1), "fields": "userEnteredValue,userEnteredFormat"}})
    assert desk.values() == [["", "kept"], ["", "kept"]]
    left = _cells(desk, "Sheet1!A1:B1000", "userEnteredFormat.textFormat.bold")
    assert [row[1] for row in left] == [bold] * 1_000
    assert [bool(row[0]) for row in left] == [False] * rows + [True] * (1_000 - rows)
