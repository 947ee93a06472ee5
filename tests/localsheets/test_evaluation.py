"""Formulas that the server computes itself, and those that it must only survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = new_desk(tmp_path / "b.sqlite3")
    found.put("Sheet1!A1", [[1, 2, "x"], [3, 4, True]])
    return found


@pytest.mark.parametrize(
    ("formula", "comes_to"),
    [
        ("=4/2", 2),
        ("=1/1024", 0.0009765625),
        ("=A1", 1),
        ("=SUM(A1:B2)*2", 20),
        ('=Sheet1!C1&"-"&A2', "x-3"),
        ("=-2^2", 4),
        ("=--5%", 0.05),
        ("=(1+2)*3>=9", True),
        ('=IF(A1=1,"one","other")', "one"),
        ("=SHEETS()", 1),
        ("=COUNTA(A1:C2)", 6),
        ("=1/0", "#DIV/0!"),
        ("=C1+1", "#VALUE!"),
        ('=QUERY(A1:B2, "select what(A)")', "#VALUE!"),
        ("=Nowhere!A1", "#REF!"),
        ("=1+", "#ERROR!"),
        ("=9^9^9^9", "#NUM!"),
        ("=(-8)^0.5", "#NUM!"),
    ],
)
def test_what_formulas_come_to(desk: Desk, formula: str, comes_to: object) -> None:
    desk.put("Sheet1!E1", [[formula]], TYPED)
    assert desk.values("Sheet1!E1", render="UNFORMATTED_VALUE") == [[comes_to]]
    assert desk.values("Sheet1!E1", render="FORMULA") == [[formula]]


@pytest.mark.parametrize(
    ("formula", "kind", "message"),
    [
        ("=1/0", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
        ("=AVERAGE(F5:F9)", "DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error."),
        ("=NOSUCH(1)", "NAME", "Unknown function: 'NOSUCH'."),
        ("=nowhere", "NAME", "Unknown range name: 'NOWHERE'."),
        ("=1+", "ERROR", "Formula parse error."),
        ("=Nowhere!A1", "REF", "Reference does not exist."),
        ("#N/A", "N_A", None),
    ],
)
def test_what_an_error_says_of_itself(desk: Desk, formula: str, kind: str, message: str | None) -> None:
    desk.put("Sheet1!E1", [[formula]], TYPED)
    rows = desk.get("sheets.data.rowData.values.effectiveValue", "Sheet1!E1")["sheets"][0]["data"][0]["rowData"]
    said = {"message": message} if message else {}
    assert rows[0]["values"][0]["effectiveValue"] == {"errorValue": {"type": kind, **said}}


@pytest.mark.parametrize(
    "formula", ["=E1", "=F1", "=" + "(" * 5000, "=" + "-" * 40_000 + "1", "=" + "SUM(" * 3000, "=A1:A", "=🌵"]
)
def test_hostile_formulas_show_something_and_stay(desk: Desk, formula: str) -> None:
    desk.put("Sheet1!E1", [[formula, "=E1"]], TYPED)
    assert len(desk.values("Sheet1!E1:F1")[0]) == 2
    assert desk.values("Sheet1!E1", render="FORMULA") == [[formula]]


def test_half_a_surrogate_pair_is_refused(desk: Desk) -> None:
    with pytest.raises(ApiError, match="not valid Unicode"):
        desk.put("Sheet1!A1", [["\ud800"]])
    cell = {"values": [{"userEnteredValue": {"stringValue": "\ud800"}}]}
    with pytest.raises(ApiError, match="TYPE_STRING"):
        desk.batch({"updateCells": {"start": {}, "rows": [cell], "fields": "userEnteredValue"}})
    assert desk.values("Sheet1!A1") == [["1"]]
