"""What the columns of one row say together."""

import pytest

from core.gathering import MOST_NOTES
from core.model import Cell
from tests.core.test_normalise import drafts

LONG = "x" * (MOST_NOTES - 10)


@pytest.mark.parametrize("header", ["Comments", "Child Name", "Anything else"])
def test_notes_that_do_not_fit_are_said(header: str) -> None:
    names: tuple[Cell, ...] = ("Mobile", "Remarks", "Alternate Mobile", header)
    row: tuple[Cell, ...] = ("9876543210", LONG, "9876543211 ask for the grandmother", "Aarav")
    (draft, *_), (short, *_) = drafts(names, row, (row[0], "likes owls", *row[2:]))
    assert len(str(draft.fields["notes"])) == MOST_NOTES
    assert [issue.reason for issue in draft.issues] == [
        "The notes are too long: the lead has the first 40,000 signs of them"
    ]
    assert not short.issues


def test_two_children_make_two_drafts_and_the_issues_are_said_once() -> None:
    [found] = drafts(("Mobile", "Child Name and Age", "Email"), ("9876543210", "Aarav (5yr) & Anaya (3yr)", "a@b"))
    assert [(one.fields["child_name"], one.fields["child_age"]) for one in found] == [("Aarav", 5), ("Anaya", 3)]
    assert [len(one.issues) for one in found] == [1, 0]
    assert all("a@b" in str(one.fields["notes"]) for one in found)


def test_a_class_is_no_child_and_is_kept() -> None:
    [found] = drafts(("Phone", "Child name"), ("9876543210", "Kabir 5 years, Std I"))
    assert [(one.fields["child_name"], one.fields["child_age"]) for one in found] == [("Kabir", 5)]
    assert found[0].fields["notes"] == "Child name: Kabir 5 years, Std I"


def test_a_doubtful_second_phone_blocks_nothing() -> None:
    [[draft]] = drafts(("Name", "Phone", "Alternate number"), ("Asha", "9876543210", "12345"))
    assert not draft.blocked
    assert len(draft.issues) == 1
    assert "12345" in str(draft.fields["notes"])


def test_all_phones_of_a_row() -> None:
    [[draft]] = drafts(
        ("Name", "Phone", "WhatsApp", "Alternate number"), ("Asha", "9876543210 / 9999988888", "same", 9876543210)
    )
    assert (draft.fields["phone_number"], draft.fields["other_phones"]) == ("+919876543210", "+919999988888")
    assert "notes" not in draft.fields


def test_a_phone_of_the_second_column_stands_in_for_the_first() -> None:
    [[draft]] = drafts(("Name", "Phone", "WhatsApp"), ("Asha", "", "9876543210"))
    assert draft.fields["phone_number"] == "+919876543210"
    assert not draft.blocked


def test_names_that_are_something_else() -> None:
    [[a], [b], [c]] = drafts(
        ("Name", "Phone"), (45881, "9876543210"), ("asha@example.org", "9876543211"), ("Ravi 9876543219", "9876543212")
    )
    assert "full_name" not in a.fields
    assert "45881" in str(a.fields["notes"])
    assert "asha@example.org" in str(b.fields["notes"])
    assert (c.fields["full_name"], c.fields["notes"]) == ("Ravi", "Name: Ravi 9876543219")


def test_first_and_last_names_and_second_names() -> None:
    [[draft]] = drafts(("First Name", "Last Name", "Mobile"), ("ASHA", "rao", "9876543210"))
    assert draft.fields["full_name"] == "Asha Rao"
    [[draft]] = drafts(("Father's Name", "Mother's Name", "Mobile"), ("Ravi Rao", "Asha Rao", "9876543210"))
    assert draft.fields["full_name"] == "Ravi Rao"
    assert draft.extra == {"Mother's Name": "Asha Rao"}


def test_a_childs_last_name_in_a_column_of_its_own_makes_no_second_child() -> None:
    header = ("Phone", "Child's First Name", "Child's Last Name", "Age")
    [one, bare, same] = drafts(
        header, ("9876543210", "ria", "RAO", 7), ("9876543211", "", "Rao", ""), ("9876543212", "Ria Rao", "Rao", "")
    )
    assert [(a.fields["child_name"], a.fields["child_age"]) for a in one] == [("Ria Rao", 7)]
    assert ["child_name" in a.fields for a in bare] == [False]
    assert bare[0].fields["notes"] == "Child's last name: Rao"
    assert [a.fields["child_name"] for a in same] == ["Ria Rao"]
    [found] = drafts(
        ("Phone", "Child 1 name", "Child surname", "Child 2 name", "Surname of child"),
        ("9876543210", "Ria", "Rao", "Aarav", "Shah"),
    )
    assert [a.fields["child_name"] for a in found] == ["Ria Rao", "Aarav Shah"]
    [both] = drafts(("Phone", "Children", "Child surname"), ("9876543210", "Ria, Aarav", "Rao"))
    assert [a.fields["child_name"] for a in both] == ["Ria Rao", "Aarav Rao"]


def test_a_birthday_gives_the_age_on_the_day_of_the_lead() -> None:
    header = ("Timestamp", "Parent name", "Child name", "Date of birth", "Phone")
    [[draft]] = drafts(header, ("2025-08-12", "Asha", "Ria", "2018-08-13", "9876543210"))
    assert draft.fields["child_age"] == 6
    assert draft.extra == {"Date of birth": "13-08-2018"}


def test_ages_of_their_own_columns() -> None:
    header = ("Phone", "Child 1 name", "Child 1 age", "Child 2 name", "Child 2 age")
    [found, single] = drafts(header, ("9876543210", "Aarav", 5, "Anaya", "3 yrs"), ("9876543211", "Ria", 7))
    assert [(one.fields["child_name"], one.fields["child_age"]) for one in found] == [("Aarav", 5), ("Anaya", 3)]
    assert (single[0].fields["child_name"], single[0].fields["child_age"]) == ("Ria", 7)


def test_two_columns_for_one_field_fill_in_and_are_kept() -> None:
    header = ("Name", "Phone", "City", "Location")
    [[a], [b], [c]] = drafts(
        header,
        ("A b", "9876543210", "Pune", "Delhi"),
        ("C d", "9876543211", "", "Delhi"),
        ("E f", "9876543212", "Bombay", "Mumbai"),
    )
    assert (a.fields["city"], dict(a.extra)) == ("Pune", {"Location": "Delhi"})
    assert (b.fields["city"], dict(b.extra)) == ("Delhi", {})
    assert (c.fields["city"], dict(c.extra)) == ("Mumbai", {})


def test_a_second_column_that_says_something_else_is_told_in_the_notes() -> None:
    header = ("Name", "Phone", "City", "Location", "Date of birth")
    [[draft]] = drafts(header, ("Asha", "9876543210", "Delhi", "Pune", "12-08-2018"))
    assert draft.fields["city"] == "Delhi"
    assert draft.fields["notes"] == "Date of birth: 12-08-2018\nLocation: Pune"
