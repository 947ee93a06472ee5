"""A source row that was edited: what its edit changes in its lead, and what it leaves."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from core.book import book_of
from core.identity import KnownRow, under
from core.intake import Arrival, Coming, plan_intake
from core.model import Disposition, Lead, LeadDraft, LedgerEntry, Plan
from tests.core.library import CONFIG, FORM, NOW, applied, blocked, draft, lead
from tests.core.test_intake import P1, P2, TODAY, new_fields


def edit(before: LeadDraft | None, after: LeadDraft, stands: Lead, leads=(), config=CONFIG) -> Plan:
    entry = LedgerEntry(FORM.sheet_id, "old:0", "", Disposition.CREATED, (stands.lead_id,))
    was = None if before is None else (before,)
    arrival = Arrival(after.origin, (after,), Coming.EDITED, KnownRow(entry), was, "edited")
    return plan_intake([arrival], book_of([stands, *leads]), config, NOW, {})


def test_an_edit_changes_what_it_changed_and_nothing_else():
    before = draft(2, full_name="Asha", phone_number=P1, city="Delhi", email="a@x.in")
    after = draft(2, full_name="Asha", phone_number=P1, city="Pune", email="a@x.in")
    stands = lead("L1", P1, full_name="Asha Rao", city="Delhi", email="other@x.in")
    made = edit(before, after, stands)
    assert {name for name in made.changes[0].fields if name not in ("updated_at", "lead_score", "priority")} == {"city"}
    assert made.ledger[0].lead_ids == ("L1",)
    assert made.ledger[0].disposition is Disposition.CREATED


def test_what_a_person_changed_is_stronger_than_an_edit():
    before, after = draft(2, phone_number=P1, city="Delhi"), draft(2, phone_number=P1, city="Pune")
    stands = lead("L1", P1, city="Agra")
    made = edit(before, after, stands)
    assert applied(made, {"L1": stands})["L1"].city == "Agra"
    assert "City Pune" in str(new_fields(made)["notes"])
    assert "City Pune" in made.issues[0].reason


def test_an_edit_does_not_take_do_not_contact_back():
    before, after = draft(2, phone_number=P1, do_not_contact=True), draft(2, phone_number=P1, city="Pune")
    stands = lead("L1", P1, do_not_contact=True)
    assert applied(edit(before, after, stands), {"L1": stands})["L1"].do_not_contact is True


def test_a_corrected_phone_takes_the_place_of_the_wrong_one():
    before, after = draft(2, phone_number=P1), draft(2, phone_number=P2)
    made = edit(before, after, lead("L1", P1))
    assert made.changes[0].fields["phone_number"] == (P1, P2)
    assert "other_phones" not in made.changes[0].fields


def test_an_edited_status_is_taken_by_a_new_lead_under_the_name_before():
    before, after = draft(2, phone_number=P1), draft(2, phone_number=P1, status="Interested")
    renamed = replace(CONFIG, former={"Enquiry": CONFIG.statuses[0].status_id, "Keen": "interested"})
    assert new_fields(edit(before, after, lead("L1", P1, status="Enquiry"), config=renamed))["status"] == "Interested"
    assert "status" not in new_fields(edit(before, after, lead("L1", P1, status="Keen"), config=renamed))


def test_an_edited_status_moves_the_follow_up():
    before, after = draft(2, phone_number=P1), draft(2, phone_number=P1, status="Interested")
    fields = new_fields(edit(before, after, lead("L1", P1, next_follow_up=TODAY)))
    assert fields["status"] == "Interested"
    assert fields["next_follow_up"] == TODAY + timedelta(7)
    assert fields["status_updated_date"] == TODAY


def test_an_edit_whose_past_is_unknown_fills_blanks_only_and_says_so():
    stands = lead("L1", P1, city="Delhi")
    made = edit(None, draft(2, phone_number=P1, city="Pune", email="a@x.in"), stands)
    after = applied(made, {"L1": stands})["L1"]
    assert (after.city, after.email) == ("Delhi", "a@x.in")
    assert "City Pune" in (after.notes or "")
    assert "no longer known" in made.issues[0].reason


def test_an_edit_that_takes_the_phone_away_leaves_the_lead_and_keeps_the_thread():
    made = edit(draft(2, phone_number=P1), blocked(2), lead("L1", P1))
    assert not made.changes
    assert made.ledger[0].disposition is Disposition.ATTENTION
    assert made.ledger[0].lead_ids == ("L1",)


def test_an_edit_of_a_row_whose_lead_was_deleted_does_not_bring_it_back():
    entry = LedgerEntry(FORM.sheet_id, "old:0", "", Disposition.CREATED, ("L9",))
    after = draft(2, phone_number=P1)
    arrival = Arrival(after.origin, (after,), Coming.EDITED, KnownRow(entry), (draft(2, phone_number=P2),))
    made = plan_intake([arrival], book_of(()), CONFIG, NOW, {})
    assert not made.changes
    assert "L9" in made.issues[0].reason


def test_a_child_added_in_front_does_not_take_its_siblings_lead():
    def children(*names: str) -> tuple[LeadDraft, ...]:
        origin = draft(2, names=" & ".join(names)).origin
        return tuple(LeadDraft(MappingProxyType({"phone_number": P1, "child_name": name}), origin) for name in names)

    emma = lead("L1", P1, child_name="Emma")
    entry = LedgerEntry(FORM.sheet_id, "old:0", "", Disposition.CREATED, ("L1",))
    for before in (children("Emma"), None):
        both = children("Ria", "Emma")
        arrival = Arrival(both[0].origin, both, Coming.EDITED, KnownRow(entry), before)
        made = plan_intake([arrival], book_of([emma]), CONFIG, NOW, {})
        after = applied(made, {"L1": emma})
        assert after["L1"].child_name == "Emma"
        assert sorted(str(one.child_name) for one in after.values()) == ["Emma", "Ria"]
        assert made.ledger[0].lead_ids[1] == "L1"


def test_a_row_beside_an_edit_finds_the_edited_phone():
    stands = lead("L1", P1)
    before, after, other = draft(2, phone_number=P1), draft(2, phone_number=P2), draft(3, phone_number=P2, city="Pune")
    entry = LedgerEntry(FORM.sheet_id, "old:0", "", Disposition.CREATED, ("L1",))
    arrivals = [
        Arrival(other.origin, (other,)),
        Arrival(after.origin, (after,), Coming.EDITED, KnownRow(entry), (before,)),
    ]
    made = plan_intake(arrivals, book_of([stands]), CONFIG, NOW, {})
    assert [change.lead_id for change in made.changes] == ["L1"]
    assert applied(made, {"L1": stands})["L1"].city == "Pune"


def test_a_row_is_read_under_the_header_of_today():
    was, cells = ("Name", "Mobile", "", "City"), ("Asha", 9815500001, "x", "Pune")
    assert under(("Name", "Called by", "mobile", "City"), was, cells) == ("Asha", None, 9815500001, "Pune")
    assert under(("City", "Name", "Mobile"), was, cells) == ("Pune", "Asha", 9815500001)
    assert under(("Name", "City"), was, cells) == ("Asha", "Pune")
    assert under(("Name", "", "Mobile", "City"), was, cells[:2]) == ("Asha", None, 9815500001, None)


def test_a_title_that_was_renamed_or_stands_twice_says_nothing_of_its_cells():
    was, cells = ("Name", "Mobile", "City"), ("Asha", 9815500001, "Pune")
    assert under(("Name", "Mobile", "Town"), was, cells) is None
    assert under(("Name", "Mobile", "City", "name"), was, cells) is None
    assert under(("Name", "Mobile"), ("Name", "Mobile", "Mobile"), cells) is None
