"""Colours by rule in effectiveFormat: conditions of every kind, formulas, gradients, and which rule is the stronger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localsheets.formula_lanes import Lanes
from tests.localsheets.engines import TYPED, Desk, box, new_desk

RED, GREEN, BLUE, WHITE = {"red": 1}, {"green": 1}, {"blue": 1}, {"red": 1, "green": 1, "blue": 1}
NOW = 1_700_000_000.0  # 14 November 2023
FEES = box(1, 4, 2, 3)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = new_desk(tmp_path / "b.sqlite3")
    found.engine.now = lambda: NOW
    found.put("Sheet1!A1", [["Name", "Status", "Fee", "Due"], ["Asha", "Member", 100, "2023-11-10"],
                            ["Vikram", "New", 250, "2023-11-20"], ["Farah", "", 400, ""]], TYPED)  # fmt: skip
    yield found
    found.engine.close()


def added(where: Any, index: int = 0, **rule: Any) -> dict[str, Any]:
    return {"addConditionalFormatRule": {"index": index, "rule": {"ranges": [where], **rule}}}


def boolean(kind: str, *values: Any, where: Any = None, index: int = 0, **look: Any) -> dict[str, Any]:
    given = [one if isinstance(one, dict) else {"userEnteredValue": one} for one in values]
    rule = {"condition": {"type": kind, "values": given}, "format": look or {"backgroundColor": RED}}
    return added(where or box(1, 4, 0, 4), index, booleanRule=rule)


def shown(desk: Desk, where: str, part: str) -> list[list[Any]]:
    """One part of the effective format of each cell."""
    read = desk.get(f"sheets.data.rowData.values.effectiveFormat.{part}", where)
    rows = read["sheets"][0]["data"][0].get("rowData", [])
    return [[one.get("effectiveFormat", {}).get(part) for one in row.get("values", ())] for row in rows]


def grounds(desk: Desk, where: str = "Sheet1!A2:D4") -> list[str]:
    """The ground of each cell, a word a row: r, g, a dot for white, ? for any other."""
    letters = {str(RED): "r", str(GREEN): "g", str(WHITE): ".", "None": "."}
    return ["".join(letters.get(str(one), "?") for one in row) for row in shown(desk, where, "backgroundColor")]


@pytest.mark.parametrize(
    ("rule", "shows"),
    [
        (boolean("TEXT_EQ", "member"), [".r", "", ""]),
        (boolean("TEXT_CONTAINS", "ar"), ["", "", "r"]),
        (boolean("NOT_BLANK"), ["rrrr", "rrrr", "r.r"]),
        (boolean("BLANK", where=box(1, 4, 1, 2)), ["", "", ".r"]),
        (boolean("NUMBER_BETWEEN", "200", "=$C$4"), ["", "..r", "..r"]),
        (boolean("NUMBER_LESS", "=C3", where=FEES), ["..r", "..r", ""]),
        (boolean("DATE_BEFORE", {"relativeDate": "TODAY"}, where=box(1, 4, 3, 4)), ["...r", "", ""]),
        (boolean("DATE_AFTER", "11/15/2023", where=box(1, 4, 3, 4)), ["", "...r", ""]),
        (boolean("CUSTOM_FORMULA", '=$B2="Member"'), ["rrrr", "", ""]),
        (boolean("CUSTOM_FORMULA", "=AND(C2>=250,ISNUMBER(C2))", where=FEES), ["", "..r", "..r"]),
        (boolean("CUSTOM_FORMULA", '=COUNTIF($C$2:$C$4,">"&$C2)=0'), ["", "", "rrrr"]),
        (boolean("CUSTOM_FORMULA", "=1/0"), ["", "", ""]),
        (boolean("CUSTOM_FORMULA", "=nonsense("), ["", "", ""]),
    ],
)
def test_conditions(desk: Desk, rule: dict[str, Any], shows: list[str]) -> None:
    desk.batch(rule)
    assert [line.rstrip(".") for line in grounds(desk)] == shows


def test_rules_colour_cells_below_the_last_row_too(desk: Desk) -> None:
    desk.batch(boolean("BLANK", where=box(4, 7, 0, 2)), boolean("CUSTOM_FORMULA", "=ROW()=9", where=box(8, 10, 1, 2)))
    assert grounds(desk, "Sheet1!A4:C12") == ["...", "rr", "rr", "rr", "", ".r"]


def test_gradients(desk: Desk) -> None:
    ends = {"minpoint": {"type": "MIN", "color": RED}, "maxpoint": {"type": "MAX", "colorStyle": {"rgbColor": BLUE}}}
    desk.batch(added(FEES, gradientRule=ends))
    assert shown(desk, "Sheet1!C2:C4", "backgroundColorStyle") == [
        [{"rgbColor": RED}], [{"rgbColor": {"red": 0.5, "blue": 0.5}}], [{"rgbColor": BLUE}]
    ]  # fmt: skip
    points = {
        "minpoint": {"type": "NUMBER", "value": "0", "color": RED},
        "midpoint": {"type": "PERCENTILE", "value": "50", "color": GREEN},
        "maxpoint": {"type": "PERCENT", "value": "100", "color": RED},
    }
    desk.batch({"deleteConditionalFormatRule": {"index": 0}}, added(FEES, gradientRule=points))
    assert [row[2] for row in grounds(desk)] == ["?", "g", "r"]


def test_the_first_rule_is_the_stronger_in_each_thing_that_it_says(desk: Desk) -> None:
    look = {"backgroundColor": RED, "textFormat": {"italic": True}}
    desk.batch(
        boolean("NUMBER_EQ", "250", backgroundColor=GREEN, textFormat={"bold": True}),
        boolean("NOT_BLANK", where=FEES, index=1, **look),
    )
    assert [row[2] for row in grounds(desk)] == ["r", "g", "r"]
    both = shown(desk, "Sheet1!C3", "textFormat")[0][0]
    assert (both["bold"], both["italic"]) == (True, True)


def test_rules_are_computed_beside_the_server_and_count_as_no_sheet(desk: Desk, tmp_path: Path) -> None:
    lanes = Lanes(tmp_path / "b.sqlite3")
    desk.engine.evaluate = lanes.evaluate
    desk.put("Sheet1!A5", [["=SHEETS()"]], TYPED)
    desk.batch(boolean("CUSTOM_FORMULA", "=ROW()+COLUMN()=5", where=box(1, 5, 0, 3)))
    assert [line.rstrip(".") for line in grounds(desk, "Sheet1!A2:C5")] == ["..r", ".r", "r", ""]
    assert desk.values("Sheet1!A5") == [["1"]]
    lanes.close()
