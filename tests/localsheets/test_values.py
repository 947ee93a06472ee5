"""Reading, updating, appending and clearing values."""

from __future__ import annotations

from pathlib import Path

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import OWNER, RAW, TYPED, Desk, box, loaded, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def test_an_empty_range_has_no_values_and_is_clipped(desk: Desk) -> None:
    assert desk.read("Sheet1") == {"range": "Sheet1!A1:Z1000", "majorDimension": "ROWS"}
    assert desk.read("Sheet1!A900:AB2000")["range"] == "Sheet1!A900:Z1000"
    assert desk.read("'Sheet1'!D4:A1")["range"] == "Sheet1!A1:D4"
    assert desk.read("sheet1!A2:2")["range"] == "Sheet1!A2:Z2"


def test_trailing_blanks_are_dropped_and_inner_ones_stay(desk: Desk) -> None:
    answer = desk.put("Sheet1!A1", [["A1", "B1", "", "D1"], ["", "b2", "", ""], ["", "", "", ""], ["A4", 4, True, ""]])
    assert answer == {
        "spreadsheetId": desk.sid, "updatedRange": "Sheet1!A1:D4", "updatedRows": 4, "updatedColumns": 4,
        "updatedCells": 16
    }  # fmt: skip
    assert desk.values() == [["A1", "B1", "", "D1"], ["", "b2"], [], ["A4", "4", "TRUE"]]
    assert desk.values(render="UNFORMATTED_VALUE")[3] == ["A4", 4, True]
    assert desk.values("Sheet1!B1:C2") == [["B1"], ["b2"]]
    assert desk.values(major="COLUMNS") == [["A1", "", "", "A4"], ["B1", "b2", "", "4"], ["", "", "", "TRUE"], ["D1"]]


def test_null_skips_and_empty_text_clears(desk: Desk) -> None:
    desk.put("Sheet1!A1:B2", [["a", "b"], ["c", "d"]])
    answer = desk.put("Sheet1!A1:B2", [[None, "B"], [None, ""]])
    assert (answer["updatedRows"], answer["updatedColumns"], answer["updatedCells"]) == (2, 1, 2)
    assert answer["updatedRange"] == "Sheet1!A1:B2"
    assert desk.values() == [["a", "B"], ["c"]]
    assert "updatedCells" not in desk.put("Sheet1!A1", [[None]])


def test_false_and_zero_are_values(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[False, 0, 0.0]])
    assert desk.values(render="UNFORMATTED_VALUE") == [[False, 0, 0]]
    desk.put("Sheet1!A1", [[0, False]])
    assert desk.values(render="UNFORMATTED_VALUE") == [[0, False, 0]]


def test_raw_keeps_and_user_entered_parses(desk: Desk) -> None:
    row = ["0042", "=4/2", "12%", "2020-01-01"]
    desk.put("Sheet1!A1", [row])
    assert desk.values() == [row]
    assert desk.values(render="FORMULA") == [row]
    desk.put("Sheet1!A1", [row], TYPED)
    assert desk.values() == [["42", "2", "12%", "2020-01-01"]]
    assert desk.values(render="UNFORMATTED_VALUE") == [[42, 2, 0.12, 43831]]
    assert desk.values(render="UNFORMATTED_VALUE", datetime_render="FORMATTED_STRING") == [[42, 2, 0.12, "2020-01-01"]]
    assert desk.values(render="FORMULA") == [[42, "=4/2", 0.12, 43831]]


def test_numbers_are_doubles(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[12345678901234567890, 9007199254740993, 1.5]])
    assert desk.values(render="UNFORMATTED_VALUE") == [[1.2345678901234567e19, 9007199254740992.0, 1.5]]


def test_writing_out_of_the_range_or_the_grid_is_refused(desk: Desk) -> None:
    with pytest.raises(
        ApiError, match=r"Requested writing within range \[Sheet1!A1:B1\], but tried writing to row \[2\]"
    ):
        desk.put("Sheet1!A1:B1", [["a"], ["b"]])
    with pytest.raises(ApiError, match=r"tried writing to column \[C\]"):
        desk.put("Sheet1!A1:B1", [["a", "b", "c"]])
    with pytest.raises(ApiError, match=r"Range \(Sheet1!A1001\) exceeds grid limits. Max rows: 1000, max columns: 26"):
        desk.put("Sheet1!A1001", [["a"]])
    with pytest.raises(ApiError, match="exceeds grid limits"):
        desk.read("Sheet1!AA1")
    with pytest.raises(ApiError, match="Unable to parse range: Nowhere!A1"):
        desk.read("Nowhere!A1")
    assert desk.values() is None
    assert desk.engine.version(desk.sid) == 1


def test_a_range_may_end_beyond_the_grid_which_grows_for_its_values(desk: Desk) -> None:
    assert desk.put("Sheet1!Z1000:AB1002", [["a"]])["updatedRange"] == "Sheet1!Z1000"
    assert desk.get("sheets.properties.gridProperties.columnCount")["sheets"][0]["properties"]["gridProperties"] == {
        "columnCount": 26
    }
    assert desk.put("Sheet1!Z1000:AB1002", [["a", "b"]])["updatedRange"] == "Sheet1!Z1000:AA1000"
    with pytest.raises(ApiError, match=r"within range \[Sheet1!Z1000:AB1002\], but tried writing to column \[AC\]"):
        desk.put("Sheet1!Z1000:AB1002", [["a", "b", "c", "d"]])


def test_values_from_one_cell_on_make_the_grid_grow(desk: Desk) -> None:
    desk.put("Sheet1!Y999", [["a", "b", "c"], ["d"], ["e"]])
    assert desk.read("Sheet1!Y999:AA1001")["values"] == [["a", "b", "c"], ["d"], ["e"]]
    assert desk.get("sheets.properties.gridProperties")["sheets"][0]["properties"]["gridProperties"] == {
        "rowCount": 1001,
        "columnCount": 27,
    }


@pytest.mark.parametrize("value", [{"a": 1}, [1], [[]]])
def test_cells_that_are_no_scalars_are_refused(desk: Desk, value: object) -> None:
    with pytest.raises(ApiError, match=r"Invalid values\[0\]\[1\]"):
        desk.put("Sheet1!A1", [["ok", value]])
    assert desk.values() is None


def test_input_option_is_required(desk: Desk) -> None:
    with pytest.raises(ApiError, match="'valueInputOption' is required but not specified"):
        desk.put("Sheet1!A1", [["a"]], {})
    with pytest.raises(ApiError, match="value_input_option"):
        desk.put("Sheet1!A1", [["a"]], {"valueInputOption": "COOKED"})
    with pytest.raises(ApiError, match="value_render_option"):
        desk.read("Sheet1", render="PRETTY")


def test_values_in_the_response(desk: Desk) -> None:
    query = {**TYPED, "includeValuesInResponse": "true", "responseValueRenderOption": "UNFORMATTED_VALUE"}
    answer = desk.put("Sheet1!B2", [["12%", "x"]], query)
    assert answer["updatedData"] == {"range": "Sheet1!B2:C2", "majorDimension": "ROWS", "values": [[0.12, "x"]]}
    plain = desk.append("Sheet1!B2", [["y"]], includeValuesInResponse="False")
    assert "updatedData" not in plain["updates"]


def test_columns_are_written_as_columns(desk: Desk) -> None:
    body = {"majorDimension": "COLUMNS", "values": [["a", "b"], ["c"]]}
    answer = desk.engine.values_update(OWNER, desk.sid, "Sheet1!A1", RAW, body)
    assert (answer["updatedRange"], answer["updatedCells"]) == ("Sheet1!A1:B2", 3)
    assert desk.values() == [["a", "c"], ["b"]]


# -- append: the example of Google's guide ----------------------------------------------------------------------------


def _guide(desk: Desk) -> None:
    desk.put(
        "Sheet1!A1", [["x", "y", "z"], ["x", "y", "z"], [], ["", "x", "y"], ["", "", "y", "z"], ["", "x", "y", "z"]]
    )


@pytest.mark.parametrize(
    ("where", "written"),
    [
        ("Sheet1", "B7"), ("Sheet1!B4", "B7"), ("Sheet1!C5:D5", "B7"), ("Sheet1!B2:D4", "B7"), ("Sheet1!A3:G10", "B7"),
        ("Sheet1!A1", "A3"), ("Sheet1!E4", "E4"), ("Sheet1!A4", "A4"),
    ],
)  # fmt: skip
def test_append_finds_the_table_of_the_guide(desk: Desk, where: str, written: str) -> None:
    _guide(desk)
    answer = desk.append(where, [["new"]])
    assert answer["updates"]["updatedRange"] == f"Sheet1!{written}"
    assert ("tableRange" in answer) == (written not in ("E4", "A4"))


def test_append_to_an_empty_sheet_has_no_table_range(desk: Desk) -> None:
    answer = desk.append("Sheet1", [["a", "", "c"]])
    assert "tableRange" not in answer
    assert answer["updates"]["updatedRange"] == "Sheet1!A1:C1"
    # A gap makes columns drift, as the recordings show.
    again = desk.append("Sheet1", [["a", "", "c"]])
    assert (again["tableRange"], again["updates"]["updatedRange"]) == ("Sheet1!C1", "Sheet1!C2:E2")


def test_append_overwrites_or_inserts(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["head"], [""], ["below"]])
    desk.append("Sheet1!A1", [["1"], ["2"]])
    assert desk.values() == [["head"], ["1"], ["2"]]
    desk.put("Sheet1!A1", [["head"], [""], ["below"]])
    desk.append("Sheet1!A1", [["1"], ["2"]], insertDataOption="INSERT_ROWS")
    assert desk.values() == [["head"], ["1"], ["2"], [], ["below"]]


def test_append_at_the_end_grows_the_grid(desk: Desk) -> None:
    desk.put("Sheet1!A1000", [["last"]])
    answer = desk.append("Sheet1", [["one"], ["two"]], insertDataOption="INSERT_ROWS")
    assert answer["updates"]["updatedRange"] == "Sheet1!A1001:A1002"
    assert desk.read("Sheet1")["range"] == "Sheet1!A1:Z1002"


def test_append_below_many_rows_with_gaps_inside(desk: Desk) -> None:
    rows = [[f"id{i}", "" if i % 3 else "x", i] for i in range(3000)]
    desk.put("Sheet1!A1", rows)
    answer = desk.append("Sheet1", [["new"]])
    assert answer["tableRange"] == "Sheet1!A1:C3000"
    desk.put("Sheet1!A1500:C1500", [["", "", ""]])
    assert desk.append("Sheet1", [["newer"]])["tableRange"] == "Sheet1!A1501:C3001"
    assert desk.append("Sheet1!A1", [["above"]])["updates"]["updatedRange"] == "Sheet1!A1500"
    assert desk.append("Sheet1", [["joined"]])["tableRange"] == "Sheet1!A1:C3002"


# -- clearing, batches ------------------------------------------------------------------------------------------------


def test_clear_takes_values_only(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b"], ["c", "d"]])
    cell = {"note": "kept", "userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": box(0, 1, 0, 1), "cell": cell, "fields": "note,userEnteredFormat"}})
    assert desk.engine.values_clear(OWNER, desk.sid, "'Sheet1'!A1:A") == {
        "spreadsheetId": desk.sid,
        "clearedRange": "Sheet1!A1:A1000",
    }
    assert desk.values() == [["", "b"], ["", "d"]]
    values = desk.get("sheets.data.rowData.values(note,userEnteredFormat)", "Sheet1!A1")["sheets"][0]["data"][0][
        "rowData"
    ][0]["values"]
    assert values[0]["note"] == "kept"
    both = desk.engine.values_batch_clear(OWNER, desk.sid, {"ranges": ["Sheet1!B1", "Sheet1!B2"]})
    assert both["clearedRanges"] == ["Sheet1!B1", "Sheet1!B2"]
    assert desk.values() is None


def test_batch_update_totals_and_atomicity(desk: Desk) -> None:
    body = {
        "valueInputOption": "RAW",
        "data": [{"range": "Sheet1!A1:B1", "values": [["a", "b"]]}, {"range": "Sheet1!A4", "values": [["c"]]}],
    }
    answer = desk.engine.values_batch_update(OWNER, desk.sid, body)
    assert (
        answer["totalUpdatedRows"],
        answer["totalUpdatedColumns"],
        answer["totalUpdatedCells"],
        answer["totalUpdatedSheets"],
    ) == (2, 2, 3, 1)
    assert [one["updatedRange"] for one in answer["responses"]] == ["Sheet1!A1:B1", "Sheet1!A4"]
    body["data"] = [{"range": "Sheet1!A1", "values": [["lost"]]}, {"range": "Nowhere!A1", "values": [["x"]]}]
    with pytest.raises(ApiError):
        desk.engine.values_batch_update(OWNER, desk.sid, body)
    assert desk.values("Sheet1!A1") == [["a"]]


def test_batch_get(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", 1]])
    found = loaded(desk.engine.values_batch_get(desk.sid, ["Sheet1!A:A", "Sheet1!B1"], render="UNFORMATTED_VALUE"))
    assert [one["range"] for one in found["valueRanges"]] == ["Sheet1!A1:A1000", "Sheet1!B1"]
    assert found["valueRanges"][1]["values"] == [[1]]
    masked = desk.engine.values_batch_get(desk.sid, ["Sheet1!A:A"], fields="valueRanges.values")
    assert masked == {"valueRanges": [{"values": [["a"]]}]}


def test_a_named_range_can_be_read_by_name(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b"], ["c", "d"]])
    desk.batch({"addNamedRange": {"namedRange": {"name": "corner", "range": box(1, 2, 1, 2)}}})
    assert desk.read("corner") == {"range": "Sheet1!B2", "majorDimension": "ROWS", "values": [["d"]]}


def test_data_filters_are_echoed_with_their_places(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b"], ["c", "d"]])
    filters = [
        {"a1Range": "Sheet1!A1:A2"},
        {"gridRange": {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}},
    ]
    found = loaded(desk.engine.values_batch_get_by_data_filter(desk.sid, {"dataFilters": filters}))
    first, second = found["valueRanges"]
    assert first == {
        "valueRange": {"range": "Sheet1!A1:A2", "majorDimension": "ROWS", "values": [["a"], ["c"]]},
        "dataFilters": [filters[0]],
    }
    assert (second["valueRange"]["values"], second["dataFilters"]) == ([["d"]], [filters[1]])
    body = {
        "valueInputOption": "RAW",
        "data": [{"dataFilter": filters[1], "majorDimension": "ROWS", "values": [["D"]]}],
    }
    written = desk.engine.values_batch_update_by_data_filter(OWNER, desk.sid, body)
    assert written["responses"][0] == {
        "updatedRange": "Sheet1!B2", "updatedRows": 1, "updatedColumns": 1, "updatedCells": 1, "dataFilter": filters[1]
    }  # fmt: skip
    cleared = desk.engine.values_batch_clear_by_data_filter(OWNER, desk.sid, {"dataFilters": [filters[0]]})
    assert cleared["clearedRanges"] == ["Sheet1!A1:A2"]
    assert desk.values() == [["", "b"], ["", "D"]]
    with pytest.raises(ApiError, match="exactly one of"):
        desk.engine.values_batch_get_by_data_filter(desk.sid, {"dataFilters": [{}]})


def test_ten_million_cells_are_the_limit(desk: Desk) -> None:
    with pytest.raises(ApiError, match="above the limit of 10000000 cells"):
        desk.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}})
    with pytest.raises(ApiError, match="maximum of 50000 characters"):
        desk.put("Sheet1!A1", [["x" * 50_001]])


def test_everything_is_there_after_opening_again(desk: Desk, tmp_path: Path) -> None:
    desk.put("Sheet1!A1", [[f"r{i}", i] for i in range(1500)])
    desk.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 700, "endIndex": 703}}},
        {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}},
    )
    before = desk.values(render="UNFORMATTED_VALUE")
    again = desk.reopened(tmp_path / "b.sqlite3")
    assert again.values(render="UNFORMATTED_VALUE") == before
    assert again.append("Sheet1", [["x"]])["tableRange"] == "Sheet1!A704:A1503"


def test_a_batch_says_which_of_its_ranges_is_wrong(desk: Desk) -> None:
    good, bad = {"range": "A1", "values": [["a"]]}, {"range": "Nowhere!A1", "values": [["b"]]}
    with pytest.raises(ApiError, match=r"^Invalid data\[1\]: Unable to parse range: Nowhere!A1$"):
        desk.engine.values_batch_update(desk.caller, desk.sid, {**RAW, "data": [good, bad]})
    with pytest.raises(
        ApiError, match=r"^Invalid range\[0\]: Range \(Sheet1!A1001:ZZ\) exceeds grid limits. Max rows: "
    ):
        desk.engine.values_batch_clear(desk.caller, desk.sid, {"ranges": ["Sheet1!A1001:ZZ"]})
    assert desk.values() is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([], "list_value {\n}\n"),
        (["a", 1], 'list_value {\n  values {\n    string_value: "a"\n  }\n  values {\n    number_value: 1.0\n  }\n}\n'),
        ({"k": True}, 'struct_value {\n  fields {\n    key: "k"\n    value {\n      bool_value: true\n    }\n  }\n}\n'),
    ],
)
def test_a_cell_that_is_no_scalar_is_shown_as_google_prints_it(desk: Desk, value: object, shown: str) -> None:
    with pytest.raises(ApiError) as refused:
        desk.engine.values_batch_update(desk.caller, desk.sid, {**RAW, "data": [{"range": "A1", "values": [[value]]}]})
    assert refused.value.message == f"Invalid data[0]: Invalid values[0][0]: {shown}"
