from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands import (
    AddLead,
    AddNote,
    Assign,
    DeleteLead,
    LogOutcome,
    Outcome,
    Refusal,
    SetDoNotContact,
    SetFields,
    SetStatus,
    Snooze,
    Undo,
    decide,
)
from core.fields import NAMES
from core.model import Change, ChangeKind, Lead
from core.outcomes import unanswered
from tests.core.library import CONFIG, NOW, apply, lead

P1, P2 = "+919876543210", "+919999988888"
TODAY = date(2026, 8, 4)
LEAD = replace(
    lead("L1", P1, full_name="Asha", city="Delhi", priority="Low", next_follow_up=TODAY, assigned_to="Ravi"),
    updated_at=NOW - timedelta(3),
)


def do(command, stands: Lead | None = LEAD, now=NOW, request: str = "") -> Change:
    made = decide(command, stands, CONFIG, now, "Asha", request)
    assert isinstance(made, Change), made
    return made


def refused(command, stands: Lead | None = LEAD) -> Refusal:
    made = decide(command, stands, CONFIG, NOW, "Asha")
    assert isinstance(made, Refusal), made
    assert made.message.endswith(".")
    return made


def after(change: Change, stands: Lead | None = LEAD) -> Lead:
    leads = {stands.lead_id: stands} if stands else {}
    apply(change, leads)
    return leads[change.lead_id]


def test_a_status_sets_its_day_the_next_follow_up_and_a_note():
    made = after(do(SetStatus("interested", note="Wants Hindi books")))
    assert made.status == "Interested"
    assert made.status_updated_date == TODAY
    assert made.next_follow_up == TODAY + timedelta(7)
    assert made.notes == "04-08-2026 Asha: Wants Hindi books"
    assert made.updated_at == NOW


def test_the_priority_that_a_person_chooses_stands():
    assert after(do(SetFields({"priority": "Urgent"}))).priority == "Urgent"
    chosen = replace(LEAD, priority="Urgent")
    assert after(do(SetFields({"email": "a@x.in"}), chosen), chosen).priority == "Urgent"


def test_the_priority_of_a_new_lead_is_chosen_or_follows_the_rules():
    fields = {"full_name": "Meera", "phone_number": P2}
    assert after(do(AddLead(fields | {"priority": "urgent"}), None), None).priority == "Urgent"
    assert after(do(AddLead(fields), None), None).priority == "Low"


def test_fields_begin_from_what_the_person_saw():
    made = do(SetFields({"city": "Pune"}, base={"city": "Agra"}))
    assert made.fields["city"] == ("Agra", "Pune")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"colour": "red"}, "unknown_field", "colour"),
        ({"lead_score": 3}, "not_editable", "lead_score"),
        ({"lead_id": "L2"}, "not_editable", "lead_id"),
        ({"status": "Maybe"}, "unknown_status", "status"),
        ({"status": None}, "bad_value", "status"),
        ({"priority": "Top"}, "unknown_priority", "priority"),
        ({"assigned_to": "Meera"}, "unknown_person", "assigned_to"),  # not active
        ({"assigned_to": "Guest"}, "unknown_person", "assigned_to"),  # a viewer
        ({"phone_number": ""}, "phone_needed", "phone_number"),
        ({"phone_number": "98765 43210"}, "bad_value", "phone_number"),
        ({"phone_number": "+९१९८७६५४३२१०"}, "bad_value", "phone_number"),
        ({"email": "asha at x"}, "bad_value", "email"),
        ({"child_age": True}, "bad_value", "child_age"),
        ({"child_age": -1}, "bad_value", "child_age"),
        ({"next_follow_up": NOW}, "bad_value", "next_follow_up"),
        ({"last_contacted": NOW.replace(tzinfo=None)}, "bad_value", "last_contacted"),
        ({"full_name": "two\nlines"}, "bad_value", "full_name"),
        ({"full_name": "x" * 501}, "too_long", "full_name"),
        ({"notes": "x" * 50_001}, "too_long", "notes"),
        ({"do_not_contact": "yes"}, "bad_value", "do_not_contact"),
        ({"city": "Delhi"}, "unchanged", ""),
        ({}, "unchanged", ""),
    ],
)
def test_what_may_not_stand_is_refused_in_plain_words(fields, code, field):
    answer = refused(SetFields(fields))
    assert (answer.code, answer.field) == (code, field)


def test_a_value_of_former_days_may_stay():
    odd = replace(LEAD, assigned_to="Somebody", status="Old status")
    assert (
        after(do(SetFields({"assigned_to": "Somebody", "status": "Old status", "city": "Pune"}), odd), odd).city
        == "Pune"
    )


def test_a_gone_lead_is_named():
    assert refused(AddNote("x"), None).code == "no_such_lead"
    assert refused(AddNote("  ")).code == "bad_value"
    assert refused(AddNote("x" * 100), replace(LEAD, notes="y" * 49_950)).code == "too_long"


def test_the_ladder_of_unanswered_calls_ends_in_lost():
    stands, seen = LEAD, []
    for _ in range(CONFIG.unanswered_limit):
        stands = after(do(LogOutcome(Outcome.NO_ANSWER), stands), stands)
        seen.append((stands.status, (stands.next_follow_up or TODAY) - TODAY))
    assert [status for status, _ in seen] == [
        "Initial Contact", "Follow Up 1", "Follow Up 2", "Follow Up 3", "Lost - No Response",
    ]  # fmt: skip
    assert [days.days for _, days in seen] == [3, 5, 7, 14, 90]
    assert stands.last_contacted == NOW
    assert unanswered(stands.notes) == CONFIG.unanswered_limit


def test_a_lead_beside_the_ladder_is_lost_after_as_many_calls_in_a_row():
    stands = replace(LEAD, status="Interested")
    for _ in range(CONFIG.unanswered_limit - 1):
        stands = after(do(LogOutcome(Outcome.NO_ANSWER), stands), stands)
        assert stands.status == "Interested"
    spoken = after(do(LogOutcome(Outcome.CALL_LATER), stands), stands)
    assert after(do(LogOutcome(Outcome.NO_ANSWER), spoken), spoken).status == "Interested"
    assert after(do(LogOutcome(Outcome.NO_ANSWER), stands), stands).status == "Lost - No Response"


@pytest.mark.parametrize(
    ("limit", "status", "ends"),
    [(1, "New Lead", 1), (3, "New Lead", 3), (3, "Follow Up 3", 1), (8, "New Lead", 8), (2, "Interested", 2)],
)
def test_the_limit_of_unanswered_calls_is_the_librarys(limit, status, ends):
    config, stands, calls = replace(CONFIG, unanswered_limit=limit), replace(LEAD, status=status), 0
    while stands.status != "Lost - No Response":
        made = decide(LogOutcome(Outcome.NO_ANSWER), stands, config, NOW, "Asha")
        stands, calls = after(made, stands), calls + 1
    assert calls == ends


def test_a_lost_or_won_lead_stays_so_however_often_it_does_not_answer():
    for status in ("Member", "Lost - No Response"):
        stands = replace(LEAD, status=status)
        for _ in range(CONFIG.unanswered_limit + 1):
            stands = after(do(LogOutcome(Outcome.NO_ANSWER), stands), stands)
        assert stands.status == status


def test_no_day_is_set_for_who_must_not_be_contacted():
    asked = replace(LEAD, do_not_contact=True, next_follow_up=None)
    assert refused(SetFields({"next_follow_up": TODAY}), asked).code == "do_not_contact"
    again = after(do(SetFields({"next_follow_up": TODAY, "do_not_contact": False}), asked), asked)
    assert again.next_follow_up == TODAY


def test_nor_for_who_is_not_to_be_contacted_from_now_on():
    """The day would be lost unsaid. What stood in the form besides is no wish."""
    day = TODAY + timedelta(9)
    assert refused(SetFields({"do_not_contact": True, "next_follow_up": day}), LEAD).code == "do_not_contact"
    stood = after(do(SetFields({"do_not_contact": True, "next_follow_up": LEAD.next_follow_up})))
    assert (stood.do_not_contact, stood.next_follow_up) == (True, None)


def test_who_may_be_contacted_again_is_due_again():
    asked = after(do(SetDoNotContact(True)))
    again = after(do(SetDoNotContact(False), asked), asked)
    assert again.next_follow_up == TODAY + timedelta(2)


@pytest.mark.parametrize(
    ("outcome", "status", "day"),
    [
        (LogOutcome(Outcome.CALL_LATER, day=TODAY + timedelta(9)), "Initial Contact", 9),
        (LogOutcome(Outcome.CALL_LATER), "Initial Contact", 3),
        (LogOutcome(Outcome.INTERESTED, "wants comics"), "Interested", 7),
        (LogOutcome(Outcome.VISIT_BOOKED, day=TODAY), "Interested", 0),
        (LogOutcome(Outcome.JOINED), "Member", 30),
        (LogOutcome(Outcome.NOT_INTERESTED, reason="moved away"), "Lost - No Response", 90),
    ],
)
def test_outcomes(outcome, status, day):
    made = after(do(outcome))
    assert made.status == status
    assert made.next_follow_up == TODAY + timedelta(day)
    assert made.last_contacted == NOW
    assert str(outcome.outcome) in (made.notes or "")
    assert outcome.note in (made.notes or "")
    assert outcome.reason in (made.notes or "")


def test_outcomes_that_cannot_be():
    assert refused(LogOutcome(Outcome.NOT_INTERESTED)).code == "reason_needed"
    assert refused(LogOutcome(Outcome.CALL_LATER, day=TODAY - timedelta(1))).code == "bad_value"
    assert refused(LogOutcome(Outcome.NO_ANSWER), replace(LEAD, do_not_contact=True)).code == "do_not_contact"


def test_do_not_contact_takes_the_lead_off_every_list_and_undo_brings_it_back():
    made = do(SetDoNotContact(True, "asked us to stop"))
    stands = after(made)
    assert stands.do_not_contact
    assert stands.next_follow_up is None
    assert "asked us to stop" in (stands.notes or "")
    assert refused(Snooze(TODAY + timedelta(2)), stands).code == "do_not_contact"
    back = after(do(Undo(made), stands), stands)
    assert not back.do_not_contact
    assert back.next_follow_up == TODAY
    assert after(do(LogOutcome(Outcome.JOINED), stands), stands).next_follow_up is None


def test_snooze_and_assign():
    assert after(do(Snooze(TODAY + timedelta(5)))).next_follow_up == TODAY + timedelta(5)
    assert refused(Snooze(TODAY)).code == "bad_value"
    assert after(do(Assign("asha"))).assigned_to == "Asha"
    assert after(do(Assign(None))).assigned_to is None


def test_a_lead_typed_in_needs_a_phone_and_has_all_the_rest():
    assert refused(AddLead({"full_name": "Asha"}), None).code == "phone_needed"
    made = do(AddLead({"full_name": "Meera", "phone_number": P2}, loads={"Asha": 1}), None)
    stands = after(made, None)
    assert made.kind is ChangeKind.CREATE
    assert (stands.status, stands.assigned_to, stands.lead_date) == ("New Lead", "Ravi", TODAY)
    assert stands.household == "H" + stands.lead_id[1:]
    assert stands.created_at == NOW
    other = do(AddLead({"full_name": "Meera", "phone_number": P2}, taken={made.lead_id}), None)
    assert other.lead_id != made.lead_id
    assert after(do(AddLead({"phone_number": P2}, household="H9"), None), None).household == "H9"


def test_a_double_click_is_one_change():
    later = NOW + timedelta(seconds=1)
    assert do(AddNote("called"), request="r1").change_id == do(AddNote("called"), now=later, request="r1").change_id
    assert do(AddNote("called")).change_id != do(AddNote("called"), now=later).change_id
    one = do(AddLead({"phone_number": P2}), None, request="r1")
    assert one.lead_id == do(AddLead({"phone_number": P2}), None, now=later, request="r1").lead_id


def test_undo_restores_every_field_of_a_deleted_lead():
    deleted = do(DeleteLead())
    assert deleted.kind is ChangeKind.DELETE
    restored = do(Undo(deleted), None)
    assert restored.kind is ChangeKind.RESTORE
    assert after(restored, None) == replace(LEAD, updated_at=NOW)
    assert refused(Undo(deleted)).code == "newer"


def test_undo_of_a_new_lead_takes_it_out_unless_someone_wrote_in_it():
    made = do(AddLead({"phone_number": P2}), None)
    stands = after(made, None)
    assert do(Undo(made), stands).kind is ChangeKind.DELETE
    assert refused(Undo(made), replace(stands, city="Pune")).field == "city"
    assert refused(Undo(made), None).code == "no_such_lead"


def test_undo_is_refused_where_something_newer_stands_and_names_it():
    made = do(SetFields({"city": "Pune", "email": "a@x.in"}))
    answer = refused(Undo(made), replace(after(made), city="Agra"))
    assert answer.field == "city"
    assert "Agra" in answer.message


def test_undo_goes_on_where_someone_has_put_a_field_back_already():
    made = do(SetFields({"city": "Pune", "email": "a@x.in"}))
    stands = replace(after(made), city="Delhi")
    assert after(do(Undo(made), stands), stands).email is None


def test_undo_of_a_note_keeps_the_notes_added_since():
    made = do(AddNote("wrong number"))
    stands = after(made)
    stands = replace(stands, notes=f"{stands.notes}\nRavi: ok")
    assert after(do(Undo(made), stands), stands).notes == "Ravi: ok"
    taken_out = replace(after(made), notes=None)
    assert refused(Undo(made), taken_out).code == "unchanged"


_commands = st.one_of(
    st.builds(SetStatus, st.sampled_from([s.label for s in CONFIG.statuses]), st.sampled_from(["", "hm"])),
    st.builds(AddNote, st.sampled_from(["a", "b\nc"])),
    st.builds(LogOutcome, st.sampled_from(list(Outcome)), st.just("said so"), st.just("moved")),
    st.builds(Assign, st.sampled_from(["Asha", "Ravi", None])),
    st.builds(SetDoNotContact, st.booleans(), st.sampled_from(["", "asked"])),
    st.builds(Snooze, st.dates(TODAY + timedelta(1), TODAY + timedelta(40))),
    st.builds(
        SetFields,
        st.fixed_dictionaries(
            {},
            optional={
                "city": st.sampled_from(["Pune", ""]),
                "child_age": st.integers(0, 9),
                "other_phones": st.sampled_from([P2, ""]),
            },
        ),
    ),
)


@given(st.lists(_commands, max_size=8))
def test_undone_backwards_every_command_leaves_the_lead_as_it_was(commands):
    stands, done = LEAD, []
    for number, command in enumerate(commands):
        made = decide(command, stands, CONFIG, NOW + timedelta(minutes=number), "Asha")
        if isinstance(made, Change):
            assert all(getattr(stands, name) == base for name, (base, _) in made.fields.items())
            done.append(made)
            stands = after(made, stands)
    for number, change in enumerate(reversed(done)):
        made = decide(Undo(change), stands, CONFIG, NOW + timedelta(hours=1, minutes=number), "Ravi")
        assert isinstance(made, Change), made
        stands = after(made, stands)
    for name in NAMES:
        if name not in ("updated_at", "lead_score"):
            assert getattr(stands, name) == getattr(LEAD, name)


@given(_commands)
def test_the_same_command_again_at_once_changes_no_field_but_notes_and_moments(command):
    first = decide(command, LEAD, CONFIG, NOW, "Asha")
    if isinstance(first, Change) and not isinstance(command, LogOutcome):
        stands = after(first)
        again = decide(command, stands, CONFIG, NOW, "Asha")
        assert isinstance(again, Refusal) or set(again.fields) <= {"notes", "updated_at"}
