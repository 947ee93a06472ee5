"""Rows to drafts: nothing of a row is lost, children make drafts, a row without a phone is blocked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.messy import clean_frame_rows, tabs
from core import dates, phones
from core.columns import recognise
from core.model import Cell, LeadDraft, SourceRow, Tab
from core.normalise import Cleaner, normalise
from core.text import cell_text
from tests.core.shipped import CONFIG

TAB = Tab(7, "Form")


def drafts(header: tuple[Cell, ...], *rows: tuple[Cell, ...], locale: str = "en_IN") -> list[tuple[LeadDraft, ...]]:
    shape = recognise(header, rows, CONFIG, locale)
    return [normalise(SourceRow(TAB, at, row, str(at)), shape, CONFIG) for at, row in enumerate(rows, 2)]


def test_the_standard_format() -> None:
    header = ("full_name", "phone_number", "email", "city", "lead_source", "lead_type", "notes")
    [[draft]] = drafts(
        header,
        ("John Doe", 9876543210.0, "john@email.com", "Delhi", "Website", "Hot", "Interested in children's books"),
    )
    assert dict(draft.fields) == {
        "full_name": "John Doe",
        "phone_number": "+919876543210",
        "email": "john@email.com",
        "city": "Delhi",
        "lead_source": "Website",
        "lead_type": "Hot",
        "notes": "Interested in children's books",
    }
    assert not draft.issues
    assert not draft.extra


def test_the_quiz_format_goes_by_the_child() -> None:
    [[draft]] = drafts(
        ("Email Address", "Parent Mobile no.", "Child Name and Age", "City"),
        ("john@email.com", "9876543210", "Emma (8 years)", "Delhi"),
    )
    assert (draft.fields["full_name"], draft.fields["child_name"], draft.fields["child_age"]) == ("Emma", "Emma", 8)


def test_nothing_that_looks_like_a_formula_goes_into_master() -> None:
    """A cell that begins so is a person's formula to whoever writes there: no note of a call could be added."""
    header = ("Name", "Mobile", "Notes", "City", "Segment", "Source")
    row = ("=Asha", "=9876543210", "=> wants Hindi books\nin the evening", "=Pune", "=Parents", "=Referral")
    [[draft]] = drafts(header, row)
    assert dict(draft.fields) == {
        "full_name": "Asha",
        "phone_number": "+919876543210",
        "notes": "Notes: => wants Hindi books\nin the evening",
        "city": "Pune",
        "customer_segment": "Parents",
        "lead_source": "Referral",
    }
    assert drafts(header, ("Asha", "9876543210", "a = b", "Pune"))[0][0].fields["notes"] == "a = b"


def test_whom_to_call_in_an_emergency_is_not_lost() -> None:
    header = ("Name", "Mobile", "Emergency Contact", "Emergency contact name", "Alternate number")
    [[draft]] = drafts(header, ("Asha", "9876543210", "Ravi (uncle)", "Ravi Rao", "same as the other one"))
    assert draft.fields["notes"] == "Emergency Contact: Ravi (uncle)"
    assert dict(draft.extra) == {"Emergency contact name": "Ravi Rao"}


@pytest.mark.parametrize("phone", ["", None, "98765", "(212) 555-7890", "9.87654E+09", "later"])
def test_a_row_without_a_valid_phone_is_one_blocked_draft_with_the_reason(phone: Cell) -> None:
    [found] = drafts(("Name", "Phone", "Child Name"), ("Asha", phone, "Aarav & Anaya"))
    assert len(found) == 1
    assert found[0].blocked
    assert "phone" in found[0].issues[0].reason
    assert (found[0].issues[0].tab, found[0].issues[0].row, found[0].issues[0].field) == ("Form", 2, "phone_number")
    assert "Anaya" in str(found[0].fields["notes"])


def test_an_undecidable_date_is_flagged_and_kept() -> None:
    [[draft]] = drafts(("Name", "Phone", "Date"), ("Asha", "9876543210", "05/06/2025"), locale="en_US")
    assert "lead_date" not in draft.fields
    assert "05/06/2025" in str(draft.fields["notes"])
    assert [issue.field for issue in draft.issues] == ["lead_date"]
    assert not draft.blocked


def test_response_is_a_status_or_a_note() -> None:
    header = ("Name", "Phone", "Any response ")
    said = [
        one.fields
        for [one] in drafts(
            header,
            ("A b", "9876543210", "Interested"),
            ("C d", "9876543211", "will think and call"),
            ("E f", "9876543212", "Not interested"),
        )
    ]
    assert (said[0]["status"], said[0].get("notes")) == ("Interested", None)
    assert (said[1].get("status"), said[1]["notes"]) == (None, "Any response: will think and call")
    assert (said[2]["status"], said[2]["notes"]) == ("Lost - No Response", "Any response: Not interested")


def test_words_that_forbid_contact_set_the_flag_in_whatever_column_they_stand() -> None:
    header = ("Name", "Phone", "Status", "Any response")
    rows = [
        ("Asha", "9876543210", "DND", None),
        ("Ravi", "9876543211", None, "Please do not call again"),
        ("Mina", "9876543212", "Not interested / DND", None),
        ("Sara", "9876543213", None, "Do not call before 5 pm"),
        ("Joe", "9876543214", "Never contacted", "No"),
    ]
    said = [one.fields for [one] in drafts(header, *rows)]
    assert [one.get("do_not_contact") for one in said] == [True, True, True, None, None]
    assert said[2]["status"] == "Lost - No Response"
    assert [one["notes"] for one in said[:3]] == [
        "Status: DND",
        "Any response: Please do not call again",
        "Status: Not interested / DND",
    ]
    [[flagged]] = drafts(("Name", "Phone", "Do not contact"), ("Asha", "9876543210", "DND"))
    assert flagged.fields["do_not_contact"] is True


def test_no_response_is_kept_and_types_and_sources_are_known_with_words_beside_them() -> None:
    rows = (("Asha", "9815550101", "No", "Hot lead", "Referral - Neha"), ("Ravi", "9815550102", "-", "w", "insta"))
    said = [one.fields for [one] in drafts(("Name", "Phone", "Any response", "Lead Type", "Source"), *rows)]
    assert (said[0]["lead_type"], said[0]["lead_source"]) == ("Hot", "Referral")
    assert said[0]["notes"] == "Any response: No\nSource: Referral - Neha"
    assert (said[1]["lead_type"], said[1].get("notes")) == ("Warm", None)


def test_an_unknown_status_is_kept_and_said() -> None:
    [[draft]] = drafts(("Name", "Phone", "Status"), ("Asha", "9876543210", "gone fishing"))
    assert draft.fields["notes"] == "Status: gone fishing"
    assert draft.issues[0].field == "status"


def test_unknown_columns_are_kept_and_unnamed_ones_dropped() -> None:
    [[draft]] = drafts(
        ("Name", "Phone", "School", "", "Books a month", "School"), ("Asha", "9876543210", "DPS", "zzz", 4, "KV")
    )
    assert dict(draft.extra) == {"School": "DPS", "Books a month": 4, "School (2)": "KV"}


def test_an_address_is_tidied_kept_and_names_the_city() -> None:
    [[draft]] = drafts(("Name", "Phone", "Address"), ("Asha", "9876543210", " 12  MG Road ,\nBangalore 560001 "))
    assert draft.extra == {"Address": "12 MG Road, Bangalore 560001"}
    assert draft.fields["notes"] == "Address: 12 MG Road, Bangalore 560001"
    assert draft.fields["city"] == "Bengaluru"


def test_other_fields_of_master() -> None:
    header = ("Name", "Phone", "Assigned to", "Priority", "Next follow up", "Last contacted", "DND")
    [[draft]] = drafts(header, ("Asha", "9876543210", "neha", "high", "2025-09-01", "2025-08-12 12:00", "yes"))
    assert draft.fields["assigned_to"] == "Neha"
    assert draft.fields["priority"] == "High"
    assert draft.fields["next_follow_up"] == date(2025, 9, 1)
    assert draft.fields["last_contacted"] == datetime(2025, 8, 12, 6, 30, tzinfo=UTC)
    assert draft.fields["do_not_contact"] is True


def test_mojibake_in_names() -> None:
    [[draft]] = drafts(("Name", "Phone"), ("Renée".encode().decode("cp1252"), "9876543210"))
    assert draft.fields["full_name"] == "Renée"


def test_flags_are_not_the_numbers_that_equal_them() -> None:
    cleaner = Cleaner(recognise(("Phone", "Age"), (), CONFIG), CONFIG)
    said = [
        cleaner.drafts(SourceRow(TAB, 2, ("9876543210", cell), ""))[0].fields.get("child_age")
        for cell in (1, True, 1.0, False, 0)
    ]
    assert said == [1, None, 1, None, 0]


CELL = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.sampled_from(
        [
            "9876543210",
            "98765 43210 / 99999 88888",
            "Ria (7)",
            "Aarav 5 & Anaya 3",
            "12/08/2025",
            "a@example.org",
            "New",
            "Bombay",
        ]
    ),
)
HEADER = st.lists(
    st.sampled_from(
        [
            "Name",
            "Phone",
            "WhatsApp",
            "Alternate no",
            "Email",
            "City",
            "Location",
            "Timestamp",
            "Date contacted",
            "Status",
            "Any response",
            "Child Name and Age",
            "Child name",
            "Age",
            "DOB",
            "Notes",
            "Remarks",
            "Address",
            "Parent name",
            "First name",
            "Last name",
            "School",
            "School",
            "",
            "Source",
            "Priority",
            "Assigned to",
            "DND",
        ]
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(HEADER, st.lists(st.lists(CELL, max_size=9), max_size=4))
def test_any_row_has_drafts_both_ways_alike_and_loses_nothing_it_doubts(
    header: list[str], rows: list[list[Cell]]
) -> None:
    shape = recognise(header, rows, CONFIG, "en_IN")
    sources = [SourceRow(TAB, at, tuple(row), str(at)) for at, row in enumerate(rows, 2)]
    quick, gathered = Cleaner(shape, CONFIG), Cleaner(shape, CONFIG, quick=False)
    for source, found in zip(sources, quick.clean(sources), strict=True):
        assert found
        assert found == gathered.drafts(source)
        assert all(value is not None and value != "" for draft in found for value in draft.fields.values())
        assert found[0].blocked == ("phone_number" not in found[0].fields)


@pytest.fixture
def no_short_cuts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every phone and date is looked at closely."""
    monkeypatch.setattr(phones, "indian_mobile", lambda _: None)
    monkeypatch.setattr(dates, "_quick_look", lambda _: None)
    dates.look.cache_clear()
    yield
    dates.look.cache_clear()


@pytest.mark.parametrize("seed", [5, 6])
def test_quick_and_careful_agree_on_messy_tabs(seed: int, request: pytest.FixtureRequest) -> None:
    told = [(tab.header, tab.rows, tab.locale) for tab in tabs(5_000, seed)]
    told.append(
        (("full_name", "phone_number", "email", "city", "lead_date"), tuple(clean_frame_rows(5_000, seed)), "en_IN")
    )
    sources = [[SourceRow(TAB, at, row, "") for at, row in enumerate(rows, 2)] for _, rows, _ in told]
    shapes = [recognise(header, rows, CONFIG, locale) for header, rows, locale in told]
    quick = [list(Cleaner(shape, CONFIG).clean(rows)) for shape, rows in zip(shapes, sources, strict=True)]
    request.getfixturevalue("no_short_cuts")
    assert [recognise(header, rows, CONFIG, locale) for header, rows, locale in told] == shapes
    for shape, rows, found in zip(shapes, sources, quick, strict=True):
        assert list(Cleaner(shape, CONFIG, quick=False).clean(rows)) == found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([True, False, 1, 0, 1.0, None, "", "1", 9876543210, "98765 43210\0", "8"]), max_size=8))
def test_equal_keys_are_told_apart(cells: list[Cell]) -> None:
    header = ("Name", "Phone", "Do not contact", "Notes", "Child Age")
    sources = [SourceRow(TAB, at, ("Asha", cell, cell, cell, cell), str(at)) for at, cell in enumerate(cells, 2)]
    shape = recognise(header, [source.cells for source in sources], CONFIG, "en_IN")
    careful = Cleaner(shape, CONFIG, quick=False)
    assert list(Cleaner(shape, CONFIG).clean(sources)) == [careful.drafts(source) for source in sources]


def test_cleaning_the_cleaned_changes_nothing() -> None:
    header = ("full_name", "phone_number", "email", "city", "lead_date")
    for tab in tabs(600, 6):
        shape = recognise(tab.header, tab.rows, CONFIG, tab.locale)
        for row in tab.rows:
            for draft in normalise(SourceRow(TAB, 2, row, ""), shape, CONFIG):
                cells = tuple(cell_text(draft.fields.get(field)) or None for field in header)  # type: ignore[arg-type]
                [[again]] = drafts(header, cells)
                assert {name: again.fields.get(name) for name in header} == {
                    name: draft.fields.get(name) for name in header
                }
