"""Parts of a tab, read by rows and by columns, alone and beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.localsheets.engines import TYPED, Desk, box, loaded, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


@pytest.mark.parametrize("render", ["FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"])
def test_a_part_is_cut_out_of_the_whole_by_rows_and_by_columns(desk: Desk, render: str) -> None:
    """Also where a row cannot be shown as it lies on the disk: formulas, arrays that spill, moved columns."""
    desk.put("Sheet1!A1", [["a", "b", "c"], [1, False, "", 0], ["=B2", "", "x"], [], ["", "12%", "", "", "end"]], TYPED)
    desk.put("Sheet1!F1", [["=ARRAYFORMULA(A1:A3)"]], TYPED)
    for _ in range(2):
        whole = [[*row, *[""] * (7 - len(row))] for row in desk.values("Sheet1!A1:G5", render=render)]
        for part, left, right in (("A1:B5", 0, 2), ("B1:C5", 1, 3), ("D1:G5", 3, 7), ("A1:G5", 0, 7)):
            cut = [row[left:right] for row in whole]
            by_rows = [stripped(row) for row in cut]
            by_columns = [stripped(list(column)) for column in zip(*cut, strict=True)]
            for major, wanted in (("ROWS", by_rows), ("COLUMNS", by_columns)):
                found = desk.values(f"Sheet1!{part}", render=render, major=major)
                assert found == wanted[: len(found)]
                assert not any(wanted[len(found) :])
        moved = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
        desk.batch({"moveDimension": {"source": moved, "destinationIndex": 3}})


@pytest.mark.parametrize("major", ["ROWS", "COLUMNS"])
def test_ranges_beside_each_other_are_read_as_each_by_itself(desk: Desk, major: str) -> None:
    """Also where more rows than are gone through at once are blank in a column, or in all of them."""
    rows: list[list[object]] = [[n, "", "x" if n in (0, 700) else "", "", f"e{n}"] for n in range(701)]
    desk.put("Sheet1!A1", [*rows, *[[]] * 600, ["", "", "", "", "", "last"]])
    desk.put("Sheet1!C650", [["=A650+1"]], TYPED)
    places = [(0, 900, 1, 3), (0, 900, 4, 6), (0, 900, 3, 4), (0, 900, 0, 1), (690, 1400, 0, 6), (0, 900, 5, 20)]
    filters = [{"gridRange": box(*place)} for place in places]
    found = loaded(
        desk.engine.values_batch_get_by_data_filter(desk.sid, {"dataFilters": filters, "majorDimension": major})
    )
    each = [match["valueRange"] for match in found["valueRanges"]]
    assert [one["range"] for one in each][:2] == ["Sheet1!B1:C900", "Sheet1!E1:F900"]
    assert each == [desk.read(one["range"], major=major) for one in each]


def stripped(cells: list[object]) -> list[object]:
    return [cell for at, cell in enumerate(cells) if any(one != "" for one in cells[at:])]
