"""What a formula's number shows as where its cell has no format."""

from __future__ import annotations

from pathlib import Path

import pytest

from localsheets import formula_formats
from tests.localsheets.engines import TYPED, Desk, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = new_desk(tmp_path / "book.db")
    made.put("A1", [["1/5/2024", "$10", "50%", 1], ["1/8/2024", "$1.50", "Total", 2]], TYPED)
    return made


@pytest.mark.parametrize(
    ("formula", "shows"),
    [
        ("=DATE(2024,1,5)", "1/5/2024"),
        ("=DATE(2024,1,5)+0.25*2", "1/5/2024"),
        ("=TIME(10,30,0)", "10:30:00 AM"),
        ("=EPOCHTODATE(0)", "1/1/1970 0:00:00"),
        ("=A1", "1/5/2024"),
        ("=Sheet1!A1", "1/5/2024"),
        ("=(7+A1)", "1/12/2024"),
        ("=A2-A1", "3"),
        ("=MAX(A1:A2)", "1/8/2024"),
        ('=IF(D1=1,A2,"")', "1/8/2024"),
        ("=B1*D2", "$20"),
        ("=-B1", "-$10"),
        ("=B1*C1", "$5"),
        ("=B1/B2", "6.666666667"),
        ("=SUM(B:B)", "$12"),
        ("=SUM(B2;B1)", "$11.50"),
        ("=1-C1", "50%"),
        ("=COUNT(A1:B2)", "4"),
        ("=YEAR(A1)", "2024"),
        ("=D1+D2", "3"),
        ("=A1>A2", "FALSE"),
    ],
)
def test_a_format_goes_along_with_the_value(desk: Desk, formula: str, shows: str) -> None:
    desk.put("F1", [[formula]], TYPED)
    assert desk.values("F1") == [[shows]]
    cell = desk.get("sheets.data.rowData.values(formattedValue,userEnteredFormat)", "F1")["sheets"][0]["data"][0]
    assert cell["rowData"] == [{"values": [{"formattedValue": shows}]}]


def test_moments_are_told_as_text_where_they_are_asked_for_so(desk: Desk) -> None:
    desk.put("F1", [["=A1+1", "=B1"]], TYPED)
    how = {"render": "UNFORMATTED_VALUE", "datetime_render": "FORMATTED_STRING"}
    assert desk.values("F1:G1", **how) == [["1/6/2024", 10]]
    assert desk.values("F1:G1", render="UNFORMATTED_VALUE") == [[45297, 10]]


def test_a_cells_own_format_goes_before_and_formulas_pass_it_on(desk: Desk) -> None:
    desk.put("F1", [["=A1"], ["=F1+1"]], TYPED)
    desk.batch(
        {
            "repeatCell": {
                "range": {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 5, "endColumnIndex": 6},
                "cell": {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}},
                "fields": "userEnteredFormat.numberFormat",
            }
        }
    )
    assert desk.values("F1:F2") == [["45296.0"], ["45297.0"]]
    effective = desk.get("sheets.data.rowData.values.effectiveFormat.numberFormat", "F2")["sheets"][0]["data"][0]
    assert effective["rowData"][0]["values"][0]["effectiveFormat"] == {
        "numberFormat": {"type": "NUMBER", "pattern": "0.0"}
    }


def test_hostile_formulas_end(desk: Desk) -> None:
    desk.put("F1", [["=" + "(" * 95 + "B1" + ")" * 95, "=H1", "=G1"]], TYPED)
    down = "=SUM(" * 20 + "I{}:I{}" + ")" * 20
    desk.put("I1", [[down.format(n + 1, n + 50)] for n in range(1, 61)], TYPED)
    assert desk.values("F1:H1") == [["$10", "#REF!", "#REF!"]]
    assert len(desk.values("I1:I60")) == 60


def test_of_very_many_those_of_one_shape_are_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula_formats, "MOST_READ", 2)
    desk.put("A1", [["1/5/2024"]] * 6, TYPED)
    desk.put("F1", [[f"=A{n}+1", f"=D{n}"] for n in range(1, 7)], TYPED)
    assert desk.values("F1:F6") == [["1/6/2024"]] * 6
    assert [row[1] for row in desk.values("F1:G2")] == ["1", "2"]
