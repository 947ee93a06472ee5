from datetime import date

from core.combine import Saying, combine, told
from core.model import Value
from tests.core.library import NOW

P1, P2, P3 = "+911", "+912", "+913"


def said(fields: dict[str, Value], *drafts: dict[str, Value], standing: bool = True) -> dict[str, Value]:
    saying = Saying(dict(fields), None, standing)
    for draft in drafts:
        combine(saying, draft, "Form")
    return {name: value for name, value in saying.fields.items() if value is not None}


def test_told_in_words():
    assert told("lead_date", date(2026, 8, 3)) == "Lead since 03-08-2026"
    assert told("do_not_contact", True) == "Do not contact yes"
    assert told("last_contacted", NOW) == "Last contacted 03-08-2026 20:00 UTC"


def test_what_loses_is_told_also_where_the_notes_tell_of_a_longer_word():
    fields: dict[str, Value] = {"city": "Delhi", "child_age": 9}
    notes = said(fields, {"city": "Pune Cantonment", "child_age": 12}, {"city": "Pune", "child_age": 1})["notes"]
    assert notes == "Form: City Pune Cantonment; Child's age 12\nForm: City Pune; Child's age 1"
    again = Saying({**fields, "notes": notes}, None, True)
    combine(again, {"city": "Pune", "child_age": 12}, "Copy of Form")
    assert again.fields["notes"] == notes


def test_every_phone_is_kept_once():
    assert said({"phone_number": P1, "other_phones": P2}, {"phone_number": P3, "other_phones": f"{P1}, {P2}"}) == {
        "phone_number": P1,
        "other_phones": f"{P2}, {P3}",
    }


def test_the_same_words_written_otherwise_are_not_told():
    assert said({"full_name": "Asha Rao", "city": "Delhi"}, {"full_name": "ASHA  RAO", "city": "delhi "}) == {
        "full_name": "Asha Rao",
        "city": "Delhi",
    }


def test_a_row_taken_in_twice_is_told_once():
    row: dict[str, Value] = {"city": "Pune", "notes": "Called"}
    assert said({"city": "Delhi"}, row, row)["notes"] == "Called\nForm: City Pune"


def test_a_standing_lead_keeps_its_status_and_a_new_one_takes_the_newest():
    row: dict[str, Value] = {"status": "Member", "lead_date": date(2026, 1, 1)}
    assert said({"status": "Follow Up 2"}, row)["status"] == "Follow Up 2"
    older: dict[str, Value] = {"status": "Interested", "lead_date": date(2025, 1, 1)}
    assert said({}, row, older, standing=False)["status"] == "Member"
    assert said({}, older, row, standing=False)["status"] == "Member"
    assert "Interested" in str(said({}, older, row, standing=False)["notes"])


def test_what_the_house_keeps_itself_is_not_taken_from_a_row():
    assert said({}, {"lead_id": "L9", "lead_score": 99, "created_at": NOW}) == {}


def test_only_a_yes_sets_do_not_contact():
    assert said({}, {"do_not_contact": False}) == {}
    assert said({}, {"do_not_contact": True}, {"do_not_contact": False}) == {"do_not_contact": True}


def test_a_name_that_turns_out_to_be_the_childs_gives_way_in_any_order():
    alone: dict[str, Value] = {"full_name": "Emma"}
    both: dict[str, Value] = {"full_name": "Asha Rao", "child_name": "Emma"}
    for order in ((alone, both), (both, alone)):
        assert said({}, *order) == both


def test_of_two_names_the_fuller_stays_but_a_standing_lead_keeps_its_own():
    short: dict[str, Value] = {"full_name": "Asha", "child_name": "Emma"}
    full: dict[str, Value] = {"full_name": "Asha Rao", "child_name": "Emma Rao"}
    assert said(short, full, standing=False) == said(full, short, standing=False) == full
    assert said(full, short) == full
    assert said(short, full) == short | {"notes": "Form: Name Asha Rao; Child Emma Rao"}
