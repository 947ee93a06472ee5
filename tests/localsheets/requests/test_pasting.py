"""Copy, cut, sort, shift, find and replace."""

from __future__ import annotations

from pathlib import Path

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def test_copy_to_another_sheet_with_format_and_formulas(desk: Desk) -> None:
    desk.batch({"addSheet": {"properties": {"sheetId": 5, "title": "_crm"}}})
    desk.put("Sheet1!A1", [["h", "50%", "=B1*2"]], TYPED)
    desk.batch(
        {"copyPaste": {"source": box(0, 1, 0, 3), "destination": box(9, 10, 0, 3, 5), "pasteType": "PASTE_NORMAL"}}
    )
    assert desk.values("_crm!A10:C10") == [["h", "50%", "1"]]
    assert desk.values("_crm!A10:C10", render="FORMULA") == [["h", 0.5, "=B10*2"]]
    desk.batch(
        {"copyPaste": {"source": box(0, 1, 1, 3), "destination": box(0, 2, 0, 4, 5), "pasteType": "PASTE_VALUES"}}
    )
    assert desk.values("_crm!A1:D2", render="FORMULA") == [[0.5, 1, 0.5, 1]] * 2
    with pytest.raises(ApiError, match="exceeds grid limits"):
        desk.batch({"copyPaste": {"source": box(0, 1, 0, 3), "destination": box(999, 1001, 0, 3, 5)}})


def test_cut_and_transpose(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b"]])
    desk.batch(
        {"copyPaste": {"source": box(0, 1, 0, 2), "destination": box(2, 4, 3, 4), "pasteOrientation": "TRANSPOSE"}}
    )
    assert desk.values("Sheet1!D3:D4") == [["a"], ["b"]]
    desk.batch(
        {
            "cutPaste": {
                "source": box(0, 1, 0, 2),
                "destination": {"rowIndex": 0, "columnIndex": 1},
                "pasteType": "PASTE_NORMAL",
            }
        }
    )
    assert desk.values("Sheet1!A1:C1") == [["", "a", "b"]]


def test_sorting_numbers_text_flags_blanks(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["b", 1], ["", 2], [True, 3], ["A", 4], [10, 5], [9, 6]])
    desk.batch(
        {"sortRange": {"range": box(0, 6, 0, 26), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}}
    )
    assert desk.values("Sheet1!B1:B6") == [["6"], ["5"], ["4"], ["1"], ["3"], ["2"]]
    desk.batch(
        {"sortRange": {"range": box(0, 6, 0, 26), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}}
    )
    assert desk.values("Sheet1!B1:B6") == [["3"], ["1"], ["4"], ["5"], ["6"], ["2"]]


def test_a_whole_row_sort_moves_rows_and_a_partial_one_cells(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["c", 1], ["a", 2], ["b", 3]])
    ids = list(desk.engine._book(desk.sid).sheets[0].store.order)
    desk.batch({"sortRange": {"range": box(0, 3, 0, 2), "sortSpecs": [{"dimensionIndex": 0}]}})
    assert list(desk.engine._book(desk.sid).sheets[0].store.order) == [ids[1], ids[2], ids[0]]
    desk.batch({"sortRange": {"range": box(0, 3, 1, 2), "sortSpecs": [{"dimensionIndex": 1}]}})
    assert desk.values() == [["a", "1"], ["b", "2"], ["c", "3"]]
    assert list(desk.engine._book(desk.sid).sheets[0].store.order) == [ids[1], ids[2], ids[0]]


def test_ranges_are_pushed_aside_and_pulled_in(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["a", "b", "c"], ["d", "e", "f"]])
    desk.batch({"insertRange": {"range": box(0, 1, 0, 2), "shiftDimension": "ROWS"}})
    assert desk.values() == [["", "", "c"], ["a", "b", "f"], ["d", "e"]]
    desk.batch({"insertRange": {"range": box(1, 2, 0, 1), "shiftDimension": "COLUMNS"}})
    assert desk.values() == [["", "", "c"], ["", "a", "b", "f"], ["d", "e"]]
    desk.batch({"deleteRange": {"range": box(1, 2, 0, 1), "shiftDimension": "COLUMNS"}})
    desk.batch({"deleteRange": {"range": box(0, 1, 0, 2), "shiftDimension": "ROWS"}})
    assert desk.values() == [["a", "b", "c"], ["d", "e", "f"]]


def test_find_and_replace(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["cat catalog", "Cat"], ['=CONCATENATE("cat",1)', "dog"]], TYPED)
    reply = desk.batch({"findReplace": {"find": "cat", "replacement": "12", "allSheets": True}})["replies"][0][
        "findReplace"
    ]
    assert reply == {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 3}
    assert desk.values(render="UNFORMATTED_VALUE")[0] == ["12 12alog", 12]
    reply = desk.batch({"findReplace": {"find": "(d)og", "replacement": "$1ig", "searchByRegex": True, "sheetId": 0}})
    assert desk.values("Sheet1!B2") == [["dig"]]
    with pytest.raises(ApiError, match="Invalid regular expression"):
        desk.batch({"findReplace": {"find": "(", "searchByRegex": True, "allSheets": True}})


@pytest.mark.parametrize(
    ("find", "replacement", "shows"),
    [
        ("o.*(g)", "[$0]", "d[og]"),
        ("(d)og", "$12", "d2"),
        ("(x)?dog", "$1cat", "cat"),
        ("dog", r"\$1\d\\", "$1d\\"),
        ("(?i)DOG", "cat", "cat"),
    ],
)
def test_a_replacement_is_written_by_the_rules_of_java(desk: Desk, find: str, replacement: str, shows: str) -> None:
    desk.put("Sheet1!A1", [["dog"]])
    whole = find.startswith("(?i)")
    asked = {"find": find, "replacement": replacement, "searchByRegex": True, "matchEntireCell": whole}
    desk.batch({"findReplace": {**asked, "allSheets": True}})
    assert desk.values() == [[shows]]


@pytest.mark.parametrize("replacement", ["$9", "$", "$x", "x\\"])
def test_a_replacement_that_names_no_group_is_refused(desk: Desk, replacement: str) -> None:
    desk.put("Sheet1!A1", [["dog"]])
    with pytest.raises(ApiError, match="Invalid replacement"):
        desk.batch(
            {"findReplace": {"find": "(d)og", "replacement": replacement, "searchByRegex": True, "allSheets": True}}
        )
    desk.batch({"findReplace": {"find": "dog", "replacement": replacement, "allSheets": True}})  # no pattern, no rules
    assert desk.values() == [[replacement]]


def test_a_formula_that_loses_its_sign_is_text(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["=SUM(1,2)"]], TYPED)
    asked = {"find": "=", "replacement": "", "includeFormulas": True, "allSheets": True}
    reply = desk.batch({"findReplace": asked})["replies"][0]["findReplace"]
    assert reply["formulasChanged"] == 1
    desk.batch({"findReplace": {"find": "2", "replacement": "3", "allSheets": True}})  # found as the text that it is
    assert desk.values(render="FORMULA") == [["SUM(1,3)"]]


def test_a_cell_that_would_become_too_long_is_refused(desk: Desk) -> None:
    desk.put("Sheet1!A1", [["aa"]])
    with pytest.raises(ApiError, match="maximum of 50000 characters"):
        desk.batch({"findReplace": {"find": "a", "replacement": "b" * 25_001, "allSheets": True}})
    desk.batch({"findReplace": {"find": "a", "replacement": "b" * 25_000, "allSheets": True}})
    assert desk.values() == [["b" * 50_000]]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a*b)*", "(x{2,}y)+"])
def test_patterns_that_could_run_for_ever_are_refused(desk: Desk, pattern: str) -> None:
    with pytest.raises(ApiError, match="not supported by this server"):
        desk.batch({"findReplace": {"find": pattern, "searchByRegex": True, "allSheets": True}})
