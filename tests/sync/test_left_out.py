"""Rows that a person leaves out, all the way: out of the list and the sheet's tab, until they are edited."""

from __future__ import annotations

from store import issues, left_out
from tests.sync.conftest import HEADER, Desk, person


def test_a_row_left_out_stays_out_until_it_is_edited(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1), ("Asha", "12", "", ""), ("Bina", "", "", "")])
    link = desk.link()
    assert desk.cycle(link).attention == 2
    listed = desk.book.worksheet("Needs attention")
    with link.engine.begin() as conn:
        first = issues.page(conn, 10).items[0]
        assert left_out.leave_out(conn, first.sheet_id, first.fingerprint)
    assert desk.cycle(link).writes == 1
    assert [row[:2] for row in listed.get_all_values()[1:]] == [["Form", "4"]]
    assert desk.cycle(link).writes == 0
    tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    desk.cycle(link)  # the tab is looked at anew
    anew = desk.link("another")  # and so it is by a new database
    desk.cycle(anew)
    for one in (link, anew):
        with one.engine.connect() as conn:
            assert [issue.issue.row for issue in issues.page(conn, 10).items] == [4]
    tab.update_acell("B3", "123")
    desk.cycle(anew)
    assert sorted(row[1] for row in listed.get_all_values()[1:]) == ["3", "4"]


def test_taken_back_it_stands_in_the_sheet_again(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, ("Asha", "12", "", "")])
    link = desk.link()
    desk.cycle(link)
    with link.engine.begin() as conn:
        first = issues.page(conn, 10).items[0]
        left_out.leave_out(conn, first.sheet_id, first.fingerprint)
    desk.cycle(link)
    with link.engine.begin() as conn:
        assert left_out.take_back(conn, first.sheet_id, first.fingerprint)
    desk.cycle(link)
    assert len(desk.book.worksheet("Needs attention").get_all_values()) == 2
