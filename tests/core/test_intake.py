from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from core.book import book_of
from core.intake import Arrival, Coming, plan_intake
from core.model import ChangeKind, Lead, LeadDraft, Plan, Value
from tests.core.library import CONFIG, EVENT, NOW, applied, blocked, draft, lead

P1, P2, P3 = "+919876543210", "+919999988888", "+918888877777"
TODAY = date(2026, 8, 4)


def plan(*drafts: LeadDraft, leads=(), now: datetime = NOW, loads=None) -> Plan:
    return plan_intake([Arrival(d.origin, (d,)) for d in drafts], book_of(leads), CONFIG, now, loads or {})


def new_fields(made: Plan, place: int = 0) -> dict[str, Value]:
    return {name: new for name, (_, new) in made.changes[place].fields.items()}


def test_a_new_lead_has_every_field_that_it_needs():
    made = plan(draft(2, full_name="Asha", phone_number=P1, lead_date=date(2026, 8, 1)))
    (change,) = made.changes
    fields = new_fields(made)
    assert change.kind is ChangeKind.CREATE
    assert change.actor == "sync"
    assert "new" in change.why
    assert "Form Responses 1, row 2" in change.why
    assert fields["status"] == "New Lead"
    assert fields["next_follow_up"] == TODAY + timedelta(2)  # the library's day, not UTC's
    assert fields["status_updated_date"] == TODAY
    assert fields["created_at"] == fields["updated_at"] == NOW
    assert fields["assigned_to"] == "Asha"
    assert fields["household"] == "H" + change.lead_id[1:]
    assert fields["source_tab"] == "Form Responses 1"
    assert fields["source_key"] == f"7:{made.ledger[0].fingerprint}"
    assert isinstance(fields["lead_score"], int)
    assert fields["priority"] in CONFIG.priorities
    assert all(old is None for old, _ in change.fields.values())


def test_the_changes_of_one_import_are_tied():
    stands, row, other = lead("L1", P1), draft(2, phone_number=P1, city="Pune"), draft(3, phone_number=P2)
    arrivals = [Arrival(row.origin, (row,)), Arrival(other.origin, (other,))]
    made = plan_intake(arrivals, book_of([stands]), CONFIG, NOW, {}, group="import-1")
    assert [(change.kind.value, change.group) for change in made.changes] == [
        ("update", "import-1"),
        ("create", "import-1"),
    ]


def test_a_date_that_the_row_does_not_say_is_not_invented():
    assert "lead_date" not in new_fields(plan(draft(2, phone_number=P1)))


def test_the_rows_status_is_respected_and_sets_the_follow_up():
    fields = new_fields(plan(draft(2, phone_number=P1, status="Member")))
    assert fields["status"] == "Member"
    assert fields["next_follow_up"] == TODAY + timedelta(30)


def test_a_lead_not_to_be_contacted_is_never_due():
    assert "next_follow_up" not in new_fields(plan(draft(2, phone_number=P1, do_not_contact=True)))


def test_every_row_ends_in_one_disposition():
    blank = draft(6)
    arrivals = [Arrival(d.origin, (d,)) for d in (draft(2, phone_number=P1), draft(3, phone_number=P1), blocked(4))]
    arrivals += [
        Arrival(blank.origin, ()),
        Arrival(draft(7).origin, (draft(7, phone_number=P2),), Coming.DOUBTFUL, why="?"),
    ]
    made = plan_intake(arrivals, book_of(()), CONFIG, NOW, {})
    assert [entry.disposition.value for entry in made.ledger] == [
        "created",
        "merged",
        "attention",
        "skipped",
        "attention",
    ]
    assert len(made.changes) == 1
    assert [issue.row for issue in made.issues if issue.blocking] == [4, 7]


def test_a_row_with_two_children_makes_two_leads_of_one_household():
    origin = draft(2).origin
    both = tuple(
        LeadDraft(MappingProxyType({"phone_number": P1, "child_name": name}), origin) for name in ("Emma", "Ria")
    )
    made = plan_intake([Arrival(origin, both)], book_of(()), CONFIG, NOW, {})
    assert len({change.lead_id for change in made.changes}) == 2
    assert made.ledger[0].lead_ids == tuple(change.lead_id for change in made.changes)
    assert len({change.fields["household"] for change in made.changes}) == 1


def test_new_leads_go_to_the_least_loaded_then_in_turn():
    drafts = [draft(n, phone_number=f"+9198765432{n:02d}") for n in range(10, 15)]
    names = [change.fields["assigned_to"][1] for change in plan(*drafts, loads={"Asha": 2}).changes]
    assert names == ["Ravi", "Ravi", "Asha", "Ravi", "Asha"]


def test_a_merge_fills_blanks_and_keeps_what_lost_in_the_notes():
    stands = lead("L1", P1, full_name="Asha Rao", city="Delhi", notes="Likes Tinkle.")
    row = draft(
        2, EVENT, full_name="A. Rao", phone_number=P2, other_phones=P1, city="Pune", email="a@x.in", notes="Called"
    )
    made = plan(row, leads=[stands])
    after = applied(made, {"L1": stands})["L1"]
    assert (after.full_name, after.city, after.email, after.phone_number) == ("Asha Rao", "Delhi", "a@x.in", P1)
    assert after.other_phones == P2
    assert after.notes == "Likes Tinkle.\nCalled\nSummer Event: Name A. Rao; City Pune"
    assert after.updated_at == NOW
    assert made.changes[0].kind is ChangeKind.UPDATE
    assert "lead_score" in made.changes[0].fields


def test_the_newest_age_wins_and_the_old_one_is_told():
    rows = [
        draft(2, phone_number=P1, child_name="Emma", child_age=7, lead_date=date(2026, 5, 1)),
        draft(3, phone_number=P1, child_name="Emma", child_age=6, lead_date=date(2025, 5, 1)),
    ]
    for order in (rows, rows[::-1]):
        fields = new_fields(plan(*order))
        assert fields["child_age"] == 7
        assert fields["lead_date"] == date(2025, 5, 1)
        assert "6" in str(fields["notes"])


def test_do_not_contact_sticks():
    stands = lead("L1", P1, do_not_contact=True)
    assert not plan(draft(2, phone_number=P1, do_not_contact=False), leads=[stands]).changes
    asked = plan(draft(2, phone_number=P1, do_not_contact=True), leads=[lead("L1", P1, next_follow_up=TODAY)])
    assert new_fields(asked)["do_not_contact"] is True
    assert new_fields(asked)["next_follow_up"] is None


def test_a_parents_name_takes_the_place_of_a_name_that_is_the_childs():
    rows = [
        draft(2, phone_number=P1, full_name="Emma", child_name="Emma"),
        draft(3, phone_number=P1, full_name="Asha Rao"),
    ]
    for order in (rows, rows[::-1]):
        fields = new_fields(plan(*order))
        assert (fields["full_name"], fields["child_name"]) == ("Asha Rao", "Emma")
        assert "notes" not in fields


def test_a_priority_that_a_person_chose_stays():
    chosen = lead("L1", P1, priority="Urgent", created_at=NOW - timedelta(200), updated_at=NOW - timedelta(100))
    assert "priority" not in new_fields(plan(draft(2, phone_number=P1, email="a@x.in"), leads=[chosen]))
    given_by_rule = replace(chosen, priority="Low")
    better = draft(2, phone_number=P1, email="a@x.in", city="Delhi", child_name="Emma", child_age=5, lead_type="Hot")
    assert "priority" in new_fields(plan(better, leads=[given_by_rule]))


def test_a_priority_that_a_row_says_is_not_lost():
    row = draft(2, phone_number=P1, priority="Urgent")
    made = new_fields(plan(row))
    assert made["priority"] == "Urgent"
    stands = lead("L1", P1, priority="Low")
    assert new_fields(plan(row, leads=[stands]))["notes"] == "Form Responses 1: Priority Urgent"


def test_full_notes_lose_nothing_silently():
    stands = lead("L1", P1, notes="x" * 49_999)
    made = plan(draft(2, phone_number=P1, notes="Called twice"), leads=[stands])
    assert not made.changes
    assert any("Called twice" in issue.reason for issue in made.issues)


_rows = st.lists(
    st.fixed_dictionaries(
        {"phone_number": st.sampled_from([P1, P2, P3])},
        optional={
            "email": st.sampled_from(["a@x.in", "b@x.in"]),
            "child_name": st.sampled_from(["Emma", "Ria"]),
            "full_name": st.sampled_from(["Asha Rao", "Vikram Seth", "Emma"]),
            "child_age": st.integers(2, 9),
            "city": st.sampled_from(["Delhi", "Pune"]),
            "status": st.sampled_from(["Member", "Interested"]),
            "notes": st.sampled_from(["Called", "Called\nWants Hindi books"]),
            "lead_date": st.dates(date(2024, 1, 1), date(2026, 8, 1)),
            "do_not_contact": st.booleans(),
            "last_contacted": st.sampled_from([NOW - timedelta(400), NOW - timedelta(3)]),
        },
    ),
    max_size=8,
)


def made_of(table) -> list[LeadDraft]:
    return [draft(number, **fields) for number, fields in enumerate(table, 2)]


@given(_rows)
def test_the_same_rows_again_change_nothing_even_with_the_ledger_lost(table):
    drafts = made_of(table)
    leads = applied(plan(*drafts), {})
    again = plan(*drafts, leads=leads.values(), now=NOW + timedelta(hours=1))
    assert not [change for change in again.changes if change.kind is ChangeKind.CREATE]
    settled = applied(again, leads)
    assert not plan(*drafts, leads=settled.values(), now=NOW + timedelta(hours=2)).changes


@given(_rows, st.data())
def test_runs_of_any_length_put_children_where_one_run_puts_them(table, data):
    """Only rows that name a child; with rows of parents alone it depends on which came first."""
    drafts = made_of([row for row in table if row.get("child_name")])
    cut = data.draw(st.integers(0, len(drafts)))
    whole = applied(plan(*drafts), {})
    first = applied(plan(*drafts[:cut]), {})
    both = applied(plan(*drafts[cut:], leads=first.values()), first)

    def families(leads: dict[str, Lead]) -> Counter[tuple[str | None, ...]]:
        return Counter((one.phone_number, one.child_name) for one in leads.values())

    if all(not d.fields.get("email") for d in drafts):
        assert families(whole) == families(both)
    assert {(d.fields["phone_number"], d.fields["child_name"]) for d in drafts} <= {
        (phone, one.child_name)
        for one in both.values()
        for phone in (one.phone_number, *(one.other_phones or "").split(", "))
    }


@given(_rows)
def test_no_value_of_any_row_is_lost(table):
    drafts = made_of(table)
    made = plan(*drafts)
    leads = applied(made, {})
    for item, entry in zip(drafts, made.ledger, strict=True):
        stands = leads[entry.lead_ids[0]]
        everything = " ".join(str(getattr(stands, name)) for name in stands.__dataclass_fields__)
        for name in ("phone_number", "email", "city", "status", "child_name"):
            value = item.fields.get(name)
            assert value is None or str(value) in everything
        full_name = item.fields.get("full_name")
        assert full_name is None or full_name in everything or full_name == item.fields.get("child_name")
        assert stands.do_not_contact is True or not item.fields.get("do_not_contact")


@given(_rows, st.randoms())
def test_the_changes_of_a_plan_may_land_in_any_order(table, random):
    made = plan(*made_of(table))
    shuffled = list(made.changes)
    random.shuffle(shuffled)
    assert applied(replace(made, changes=tuple(shuffled)), {}) == applied(made, {})
    assert len({change.lead_id for change in made.changes}) == len(made.changes)  # so no lead is written twice


@given(_rows)
def test_the_same_input_makes_the_same_plan(table):
    assert plan(*made_of(table)) == plan(*made_of(table))
