"""Headers to fields, two columns for one field, and which tabs are sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.columns import TabShape, recognise, shape_from_json, shape_to_json
from core.headers import field_of, is_unnamed
from core.model import Cell
from tests.core.shipped import CONFIG


def fields(*header: Cell, rows: tuple[tuple[Cell, ...], ...] = ()) -> list[str]:
    return [use.field for use in recognise(header, rows, CONFIG).columns]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("name", "full_name"),
        ("Name ", "full_name"),
        ("Customer Name", "full_name"),
        ("client", "full_name"),
        ("Member", "full_name"),
        ("Full  NAME:", "full_name"),
        ("મોબાઇલ નંબર ", "phone_number"),
        ("கைபேசி எண்", "phone_number"),
        ("ಹೆಸರು", "full_name"),
        ("বয়স", "child_age"),
        ("Child Name and Age", "child_and_age"),
        ("phone", "phone_number"),
        ("mobile", "phone_number"),
        ("Number ", "phone_number"),
        ("Phone number ", "phone_number"),
        ("Parent Mobile no.", "phone_number"),
        ("Contact Number", "phone_number"),
        ("WhatsApp", "phone_number"),
        ("whatsapp_number", "phone_number"),
        ("contact_number", "phone_number"),
        ("Email id ", "email"),
        ("Email ID", "email"),
        ("E-mail Address", "email"),
        ("Email Address", "email"),
        ("City ", "city"),
        ("Location", "city"),
        ("City Location", "city"),
        ("date", "lead_date"),
        ("Date contacted ", "lead_date"),
        ("Timestamp", "lead_date"),
        ("Status", "status"),
        ("Any response ", "response"),
        ("Lead source ", "lead_source"),
        ("origin", "lead_source"),
        ("source", "lead_source"),
        ("Lead Type", "lead_type"),
        ("Remarks", "notes"),
        ("Parent's Name", "parent_name"),
        ("Father's Name", "parent_name"),
        ("Student's Father Name", "parent_name"),
        ("Name of the child's parent", "parent_name"),
        ("Name of parent and child", "child_name"),
        ("Father's name and mother's name", "parent_name"),
        ("Child's name (as the mother calls)", "child_name"),
        ("What is your child's name?", "child_name"),
        ("Please enter your mobile number", "phone_number"),
        ("Name of the child (as on school id)", "child_name"),
        ("Phone number (WhatsApp preferred) *", "phone_number"),
        ("Child's age (in years)", "child_age"),
        ("Child's Last Name", "child_last_name"),
        ("Student surname", "child_last_name"),
        ("Child's favourite author's name", ""),
        ("Name of the child's pet", ""),
        ("Neighbour's phone number", ""),
        ("Date of Birth", "birth_date"),
        ("DOB (dd/mm/yyyy)", "birth_date"),
        ("How did you hear about us?", "lead_source"),
        ("Alternate mobile number", "other_phones"),
        ("Emergency contact no", "other_phones"),
        ("Residential Address", "address"),
        ("Mobile No. 1", "phone_number"),
        ("मोबाइल नंबर", "phone_number"),
        ("नाम", "full_name"),
        ("Mother's phone number / WhatsApp", "phone_number"),
        ("School name", ""),
        ("Emergency contact name", ""),
        ("Emergency contact person", ""),
        ("Relation to emergency contact", ""),
        ("Emergency contact name and number", "phone_number"),
        ("Friend's phone number", ""),
        ("Referrer's mobile", ""),
        ("Class teacher's phone", ""),
        ("Phone 1 - Value", "phone_number"),
        ("Phone 1 - Label", ""),
        ("E-mail 1 - Value", "email"),
        ("E-mail 1 - Label", ""),
        ("Email verified?", ""),
        ("Lead status", "status"),
        ("Number of children", ""),
        ("Are you on WhatsApp? Can we add you to the group", ""),
        ("Book name", ""),
        ("Pincode", ""),
        ("Event name", ""),
        ("Favourite author name", ""),
        ("How many kids do you have", ""),
        ("Fee paid", ""),
        ("S.No", ""),
        ("Company name", ""),
        ("CustomerName", "full_name"),
        ("leadstatus", "status"),
        ("CHILDNAMEANDAGE", "child_and_age"),
        ("ParentMobileNo.", "phone_number"),
        ("CityLocation *", "city"),
        ("E-MailId", "email"),
    ],
)
def test_headers(header: str, field: str) -> None:
    assert field_of(header, CONFIG.column_synonyms)[0] == field


@pytest.mark.parametrize("header", ["", " ", None, "Unnamed: 3", "Column 4", "column5", "_", "-"])
def test_unnamed_columns_are_dropped(header: Cell) -> None:
    shape = recognise(("Name", "Phone", header), (), CONFIG)
    assert shape.columns[2].dropped
    assert is_unnamed(str(header or ""))


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        (("full_name", "phone_number", "email"), "source"),
        (("Email Address", "Parent Mobile no.", "Child Name and Age", "City"), "source"),
        (("Name", "Contact Number", "Email Address", "Location"), "source"),
        (("Customer Name", "Mobile", "Email ID", "City Location"), "source"),
        (("Email", "Phone"), "source"),
        (("Phone", "City"), "ask"),
        (("Name", "City"), "ask"),
        (("lead_id", "full_name", "phone_number"), "ask"),
        (("Lead ID", "Name", "Phone"), "ask"),
        (("full_name", "phone_number", "lead_score", "household", "updated_at"), "ask"),
        (("Name", "Phone", "Other phones", "Household"), "source"),
        (("Name", "Phone", "COUNTA of Email"), "ask"),
        (("Region", "Total"), "no"),
        ((), "no"),
        (("", None), "no"),
    ],
)
def test_verdicts(header: tuple[Cell, ...], verdict: str) -> None:
    shape = recognise(header, (), CONFIG)
    assert shape.verdict == verdict
    assert shape.why


def test_a_list_of_phones_without_a_header_is_asked_about() -> None:
    shape = recognise(("Asha", "9815550101"), (("Ravi", "98155 50102"), ("Mina", "")), CONFIG)
    assert (shape.verdict, "titles" in shape.why) == ("ask", True)
    assert recognise(("Region", "Total"), (("North", 1200), ("South", 900)), CONFIG).verdict == "no"


def test_formulas_are_asked_about() -> None:
    assert recognise(("Name", "Phone"), (), CONFIG, formulas=True).verdict == "ask"


def test_two_phones_the_first_is_the_phone() -> None:
    shape = recognise(("Name", "Mobile", "WhatsApp number", "Alternate number"), (), CONFIG)
    assert [use.choice for use in shape.columns if use.field == "phone_number"] == [0, 1]
    assert shape.columns[3].field == "other_phones"
    assert "Mobile" in shape.columns[2].rule


def test_an_alternate_phone_alone_is_the_phone() -> None:
    assert fields("Name", "Alternate number") == ["full_name", "phone_number"]


def test_a_number_column_without_phones_is_none_beside_a_phone() -> None:
    rows = tuple((str(at), f"98155501{at:02}", "Asha") for at in range(1, 9))
    assert fields("Number", "Mobile", "Name", rows=rows) == ["", "phone_number", "full_name"]


def test_a_name_beside_a_parents_name_is_the_childs() -> None:
    assert fields("Name", "Parent Name", "Mobile") == ["child_name", "parent_name", "phone_number"]
    assert fields("Name", "Parent Name", "Child Name", "Mobile")[0] == "full_name"


def test_a_name_beside_a_childs_age_is_the_childs() -> None:
    kids: tuple[tuple[Cell, ...], ...] = (("Ria", 7, "9815550101"), ("Om", "4 yrs", "9815550101"))
    assert fields("Name", "Age", "Phone", rows=kids) == ["child_name", "child_age", "phone_number"]
    assert fields("Name", "Child's age", "Phone", rows=kids)[0] == "full_name"
    assert fields("Customer Name", "Age", "Phone", rows=kids)[0] == "full_name"
    assert fields("Name", "Age", "Phone", rows=(("Asha", 38, "9815550101"), ("Ravi", 41, "")))[0] == "full_name"


def test_the_surer_header_wins() -> None:
    shape = recognise(("Which town do you live in?", "City", "Phone"), (), CONFIG)
    assert [use.choice for use in shape.columns] == [1, 0, 0]
    assert "“City” comes first" in shape.columns[0].rule


def test_our_own_columns_are_not_taken_from_sources() -> None:
    assert fields("Name", "Phone", "lead_score", "created_at", "household") == ["full_name", "phone_number", "", "", ""]


@given(
    st.lists(
        st.one_of(st.text(max_size=12), st.sampled_from(["Name", "Phone", "Date", "Mobile", "Child", "Age", "Email"])),
        max_size=8,
    ),
    st.lists(
        st.lists(st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.none(), st.booleans()), max_size=9),
        max_size=4,
    ),
)
def test_any_tab_is_recognised_and_its_shape_can_be_stored(header: list[Cell], rows: list[list[Cell]]) -> None:
    shape = recognise(header, rows, CONFIG, "en_US")
    assert len(shape.columns) == len(header)
    stored: TabShape = shape_from_json(shape_to_json(shape))
    assert stored == shape


@pytest.mark.parametrize(
    ("answers", "field"), [(["Yes", "No", "yes please"], ""), (["a@example.org", "No", "-"], "email")]
)
def test_a_question_about_e_mails_is_known_by_its_answers(answers: list[str], field: str) -> None:
    rows = [["9876543210", said] for said in answers]
    shape = recognise(["Phone", "Can we email you about events?"], rows, CONFIG)
    assert shape.columns[1].field == field
