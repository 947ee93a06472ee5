"""Where a tab's header stands, and which rows under it are no leads."""

import pytest

from core.columns import recognise
from core.header_rows import TOP_ROWS, Top, find_top, is_furniture, names_others
from core.model import Cell
from tests.core.shipped import CONFIG

HEADER: tuple[Cell, ...] = ("Name", "Mobile", "City")
LEAD: tuple[Cell, ...] = ("Asha", "9815550101", "Delhi")


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ((), 0),
        ((("Bumuk Library",), ()), 2),
        ((("Leads 2026", "", "Updated", 45000.0), ("", None)), 2),
        ((("Contact Priya at 9815550100",),), 1),
        (((),) * (TOP_ROWS - 1), TOP_ROWS - 1),
    ],
)
def test_the_header_is_looked_for_under_titles_and_blank_rows(above: tuple[tuple[Cell, ...], ...], row: int) -> None:
    assert find_top((*above, HEADER, LEAD), CONFIG) == Top(row, HEADER)


def test_a_tab_without_a_header_of_leads_keeps_its_first_row() -> None:
    assert find_top((("Region", "Total"), ("North", 12)), CONFIG) == Top(0, ("Region", "Total"))
    assert find_top((), CONFIG) == Top()
    assert find_top((("Name", "City"), ("Asha", "Delhi"), ("WhatsApp name", "Mobile 9815550101")), CONFIG).row == 0
    assert find_top((*((("x",),) * TOP_ROWS), HEADER), CONFIG).row == 0


def test_a_copy_of_master_under_a_title_is_seen_as_one() -> None:
    top = find_top((("Backup",), ("lead_id", "full_name", "phone_number")), CONFIG)
    assert top.row == 1
    assert recognise(top.header, (), CONFIG).verdict == "ask"


def test_a_title_over_several_columns_goes_before_the_titles_under_it() -> None:
    rows = (("Parent", "", "", "Child", ""), ("Name", "Mobile", "Email", "Name", "Age"))
    top = find_top(rows, CONFIG)
    assert top == Top(1, ("Parent Name", "Mobile", "Email", "Child Name", "Age"))
    fields = [use.field for use in recognise(top.header, (), CONFIG).columns]
    assert fields == ["parent_name", "phone_number", "email", "child_name", "child_age"]


def test_titles_merged_downwards_and_over_several_columns_make_one_header() -> None:
    rows = (("Name", "Contact", "", "City"), ("", "Mobile", "Email", ""), LEAD)
    assert find_top(rows, CONFIG) == Top(1, ("Name", "Mobile", "Email", "City"))


def test_a_first_row_that_only_sounds_like_titles_is_a_row() -> None:
    rows = (("Name", "Mobile", "Source"), ("Member", "", "WhatsApp"))
    assert find_top(rows, CONFIG) == Top(0, rows[0])


@pytest.mark.parametrize(
    "cells",
    [
        *(("Total", 58), ("", "Total: 58"), ("GRAND TOTAL", "", 58.0), ("Total leads", "58")),
        *(("name ", "MOBILE", "City:"), ("March 2026",), ("--- April ---",), ("", "Week 2"), ("Aug'25", None)),
    ],
)
def test_totals_and_the_header_again_are_no_leads(cells: tuple[Cell, ...]) -> None:
    assert is_furniture(cells, HEADER)


@pytest.mark.parametrize(
    "cells",
    [
        LEAD,
        ("Total", "9815550101"),
        ("Asha",),
        ("Name",),
        ("April",),
        ("May Thomas",),
        ("June 9815550101",),
        ("Sum Ting", "98"),
        ("Totaram", ""),
        (),
    ],
)
def test_what_may_be_a_lead_is_no_furniture(cells: tuple[Cell, ...]) -> None:
    assert not is_furniture(cells, HEADER)


def test_a_tab_of_the_librarys_own_people_is_known_by_its_title() -> None:
    assert names_others("Staff contacts")
    assert not names_others("Staffordshire road show")
