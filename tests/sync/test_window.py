"""People's columns: which they are, how they are asked for, and that columns come to the same as rows."""

from __future__ import annotations

from core.fields import NAMES
from sync.ranges import GridRange
from sync.reading import read
from sync.sheets import Sheets
from sync.window import Window, columns_of, own_titles, peoples, ranges, window_of
from tests.sync.conftest import Desk


def test_peoples_columns_are_all_that_have_a_title_but_ours() -> None:
    header = ("Lead ID", "Shelf", "", "household", "Notes", "household", None, "updated_at")
    assert columns_of(header) == {"lead_id": 0, "household": 3, "notes": 4, "updated_at": 7}
    assert peoples(header) == (0, 1, 4, 5)
    assert {NAMES[column] for column in set(range(len(NAMES))) - set(peoples(NAMES))} == {
        "lead_score", "status_updated_date", "customer_segment", "potential_value", "engagement_strategy",
        "library_benefits", "household", "source_tab", "source_key", "created_at", "updated_at",
    }  # fmt: skip


def test_columns_of_one_title_are_told_apart_by_their_order() -> None:
    header = ("lead_id", "Remarks", "", "Size", "Remarks", "Remarks (1 of 2)", None)
    assert own_titles(header, {0}) == {
        "Remarks (1 of 2) again": 1,
        "Remarks (2 of 2)": 4,
        "Size": 3,
        "Remarks (1 of 2)": 5,
    }
    assert own_titles((*header, "Remarks"), {0})["Remarks (3 of 3)"] == 7, "with another number of them, another name"
    assert own_titles(("lead_id", "", None), {0}) == {}


def test_columns_side_by_side_are_one_range_and_come_back_as_rows() -> None:
    asked = ranges(7, (1, 4), (0, 1, 4, 5))
    assert asked == [GridRange(7, 1, 4, 0, 2), GridRange(7, 1, 4, 4, 6)]
    answers = [(("L1", "L2", "L3"), ("Asha",)), ((), ("", "x"))]
    assert window_of(asked, answers) == Window(
        1, 4, (0, 1, 4, 5), (("L1", "Asha", "", ""), ("L2", "", "", "x"), ("L3", "", "", ""))
    )
    assert window_of(asked, [(), ()]).rows == ()


def test_what_is_read_by_columns_is_what_is_read_by_rows(desk: Desk) -> None:
    rows = [["a", 1, "", True], [], ["", "", 0, False], ["", 2.5, "x"], ["last"], ["", "", ""]]
    tab = desk.add_tab("Odd", rows)
    sheets = Sheets(desk.http, desk.book.id)
    wanted = [GridRange(tab.id), GridRange(tab.id, 1, 4), GridRange(tab.id, 5, 9)]
    *turned, columns = read(sheets, wanted, columns=[GridRange(tab.id, 0, 4, 0, 2)])
    assert tuple(turned) == read(sheets, wanted)
    assert columns == (("a",), (1, "", "", 2.5))
