"""What becomes of edits of the app where a person's own stands in the sheet, and of those that were taken back."""

from __future__ import annotations

from datetime import timedelta

import gspread
import pytest

from core.commands import AddNote, Command, LogOutcome, SetFields, Snooze
from core.fields import NAMES
from core.model import ChangeState
from core.outcomes import Outcome
from store import conflicts, outbox
from sync.link import Link
from tests.sync.conftest import NOW, Book
from tests.sync.test_outgoing import by_id, change, do, enqueue, undo

LATER = NOW.date() + timedelta(40)


def type_into(master: gspread.Worksheet, field: str, word: str) -> None:
    """Somebody types into the first lead's row."""
    master.update([[word]], gspread.utils.rowcol_to_a1(2, NAMES.index(field) + 1), raw=False)


def disputed(link: Link) -> list[str]:
    with link.engine.connect() as conn:
        return [one.conflict.field for one in conflicts.open_conflicts(conn, 10).items]


def state_of(link: Link, change_id: str) -> ChangeState:
    with link.engine.connect() as conn:
        return outbox.changes(conn, [change_id])[change_id].state


@pytest.mark.parametrize(("field", "typed"), [("priority", "VIP"), ("lead_score", "=40+2"), ("next_follow_up", "soon")])
def test_a_persons_own_in_a_column_that_follows_hinders_no_edit(book: Book, field: str, typed: str) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    type_into(master, field, typed)
    for _ in range(2):
        desk.cycle(link)
    shown = by_id(desk, field)[lead]
    made = [do(link, lead, AddNote("comes on Saturday")), do(link, lead, LogOutcome(Outcome.INTERESTED, "likes owls"))]
    for _ in range(3):
        desk.cycle(link)
    assert [state_of(link, one) for one in made] == [ChangeState.DONE, ChangeState.DONE]
    assert "comes on Saturday" in by_id(desk, "notes")[lead]
    assert (by_id(desk, "status")[lead], by_id(desk, field)[lead]) == ("Interested", shown)
    told = [row[3] for row in desk.book.worksheet("Activity").get_all_values() if row[2] == lead and row[4] == field]
    assert "Neha" not in told


@pytest.mark.parametrize(
    ("field", "typed", "command"),
    [
        ("priority", "VIP", SetFields({"priority": "Urgent"})),
        ("priority", "VIP", SetFields({"priority": "Urgent", "city": "Kochi"})),
        ("next_follow_up", "soon", Snooze(LATER)),
        ("city", '=UPPER("pune")', SetFields({"city": "Kochi", "email": "a@example.org"})),
    ],
)
def test_what_a_person_has_chosen_is_set_aside_whole(book: Book, field: str, typed: str, command: Command) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    type_into(master, field, typed)
    for _ in range(2):
        desk.cycle(link)
    before = desk.master()
    made = do(link, lead, command)
    desk.cycle(link)
    assert state_of(link, made) is ChangeState.BLOCKED
    assert desk.master() == before


def test_what_follows_from_a_typed_status_gives_way_to_a_snooze_that_waits(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    made = do(link, lead, Snooze(LATER))
    type_into(master, "status", "Interested")
    for _ in range(3):
        desk.cycle(link)
    row = next(row for row in desk.master() if row["lead_id"] == lead)
    assert (row["next_follow_up"], row["status_updated_date"]) == (f"{LATER:%d-%m-%Y}", "22-11-2026")
    assert state_of(link, made) is ChangeState.DONE
    assert disputed(link) == []


def test_what_follows_stands_where_the_edit_that_waited_has_lost(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    do(link, lead, LogOutcome(Outcome.VISIT_BOOKED, day=LATER))
    type_into(master, "status", "Follow Up 3")
    for _ in range(3):
        desk.cycle(link)
    assert disputed(link) == ["status"]
    assert by_id(desk, "next_follow_up")[lead] == "06-12-2026"


def test_a_day_that_was_typed_disagrees_with_a_snooze(book: Book) -> None:
    desk, link, master = book
    do(link, desk.column("lead_id")[0], Snooze(LATER))
    type_into(master, "next_follow_up", "05-12-2026")
    desk.cycle(link)
    assert disputed(link) == ["next_follow_up"]


@pytest.mark.parametrize("again", [False, True])
def test_an_edit_that_is_taken_back_before_it_went_meets_nobodys_word(book: Book, again: bool) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    made = do(link, lead, SetFields({"city": "Kochi"}))
    undo(link, made)
    last = do(link, lead, SetFields({"email": "a@example.org"})) if again else made
    type_into(master, "city", "Delhi")
    for _ in range(2):
        desk.cycle(link)
    assert disputed(link) == []
    assert by_id(desk, "city")[lead] == "Delhi"
    assert (by_id(desk, "email")[lead] == "a@example.org") is again
    assert (state_of(link, made), state_of(link, last)) == (ChangeState.DONE, ChangeState.DONE)
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize(("old", "stands"), [("Pune", "Pune"), ("Kochi", "Kochi")], ids=["the same", "behind it"])
def test_of_two_edits_that_wait_the_last_one_is_taken_back(book: Book, old: str, stands: str) -> None:
    """One that says the same, as where leads are put back twice, was made of what the sheet says."""
    desk, link, _ = book
    lead = desk.column("lead_id")[0]
    second = change(2, lead, city=(old, "Kochi" if old == "Pune" else "Delhi"))
    enqueue(link, change(1, lead, city=("Pune", "Kochi")), second)
    undo(link, second.change_id)
    for _ in range(2):
        desk.cycle(link)
    assert by_id(desk, "city")[lead] == stands
    assert desk.cycle(link).writes == 0


def test_an_edit_of_which_only_a_part_was_taken_back_is_a_conflict_of_its_own(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    do(link, lead, SetFields({"city": "Kochi", "email": "a@example.org"}))
    do(link, lead, SetFields({"city": "Pune"}))
    type_into(master, "city", "Delhi")
    desk.cycle(link)
    assert disputed(link) == ["city", "city"]


def test_an_edit_that_the_sheet_has_by_now_is_taken_back_there(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    undo(link, do(link, lead, SetFields({"city": "Kochi"})))
    type_into(master, "city", "Kochi")
    desk.cycle(link)
    assert by_id(desk, "city")[lead] == "Pune"
