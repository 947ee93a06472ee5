"""A person sorts some columns only: the leads are frozen, nothing is lost, and one click puts it back."""

from __future__ import annotations

from pathlib import Path

import gspread
import pytest
from flask import Flask

from app.acting import Doer
from app.factory import create_app
from app.mixups import accept, put_back
from core.field_checks import Refusal
from core.model import ChangeState
from store import conflicts, mirror, mixups, outbox
from store.mixups import WHY
from sync.link import Link
from tests.app.conftest import settings
from tests.sync.conftest import ROWS, Book, Desk
from tests.sync.test_outgoing import by_id, change, enqueue, state_of


def sort_names_and_phones_alone(master: gspread.Worksheet) -> None:
    assert [cell.value for cell in master.range("B1:C1")] == ["full_name", "phone_number"]
    master.sort((2, "des"), range=f"B2:C{ROWS + 1}")


def web(link: Link) -> Flask:
    return create_app(settings(), link.engine)


def incident_of(link: Link) -> str:
    with link.engine.connect() as conn:
        (found,) = mixups.incidents(conn, 3)
    return found.incident


def test_a_sort_of_some_columns_freezes_and_one_click_puts_it_back(book: Book) -> None:
    desk, link, master = book
    before = desk.master()
    lead = before[0]["lead_id"]
    sort_names_and_phones_alone(master)
    edit = change(1, lead, city=("Pune", "Kochi"))
    enqueue(link, edit)
    desk.cycle(link)
    with link.engine.connect() as conn:
        (found,) = mixups.incidents(conn, 2)
        assert (found.size, len(found.examples)) == (ROWS, 2)
        assert dict(found.examples[0].was) != dict(found.examples[0].says)
        shown = mirror.lead(conn, lead)
        assert shown is not None
        assert shown.full_name == before[0]["full_name"], "the app shows who it was"
        assert {mirror.standing(conn, [i])[i].why for i in desk.column("lead_id")} == {WHY}
    assert by_id(desk, "city")[lead] == "Pune", "a frozen lead is not written"
    assert state_of(link, edit) is ChangeState.PENDING
    assert desk.cycle(link).writes == 0

    with web(link).app_context():
        group = put_back(found.incident, Doer("Neha"))
        assert put_back(found.incident, Doer("Neha")) == group
    assert not isinstance(group, Refusal)
    desk.cycle(link)  # writes the names
    desk.cycle(link)  # sees them: thawed, and the edit goes
    assert [(row["lead_id"], row["full_name"], row["phone_number"]) for row in desk.master()] == [
        (row["lead_id"], row["full_name"], row["phone_number"]) for row in before
    ]
    assert by_id(desk, "city")[lead] == "Kochi"
    desk.cycle(link)
    assert state_of(link, edit) is ChangeState.DONE
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
        assert conflicts.open_conflicts(conn, 5).items == ()
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("names_are_back", [False, True])
def test_a_frozen_lead_whose_email_is_sorted_away_too_gets_that_back_as_well(book: Book, names_are_back: bool) -> None:
    """The e-mails by another sort, before or in the very look in which the names say again what they said."""
    desk, link, master = book
    before, raw = desk.master(), master.get(f"B2:C{ROWS + 1}")
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    if names_are_back:
        master.update(raw, "B2", value_input_option="RAW")
    assert master.acell("D1").value == "email"
    master.sort((4, "des"), range=f"D2:D{ROWS + 1}")
    desk.cycle(link)
    assert [row["email"] for row in desk.master()] != [row["email"] for row in before]
    with web(link).app_context():
        assert not isinstance(put_back(incident_of(link), Doer("Neha")), Refusal)
    for _ in range(2):
        desk.cycle(link)
    assert [(row["lead_id"], row["full_name"], row["email"]) for row in desk.master()] == [
        (row["lead_id"], row["full_name"], row["email"]) for row in before
    ]
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []


def test_what_a_person_puts_right_is_thawed(book: Book) -> None:
    desk, link, master = book
    names = [(row["full_name"], row["phone_number"]) for row in desk.master()]
    raw = master.get(f"B2:C{ROWS + 1}")
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    assert incident_of(link)
    master.update(raw, "B2", value_input_option="RAW")
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
        assert {one.state for one in mirror.standing(conn, desk.column("lead_id")).values()} == {"live"}
    assert [(row["full_name"], row["phone_number"]) for row in desk.master()] == names


def test_a_person_may_say_that_the_sheet_is_right(book: Book) -> None:
    desk, link, master = book
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    with web(link).app_context():
        assert accept(incident_of(link)) == ROWS
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
        for row in desk.master():
            lead = mirror.lead(conn, row["lead_id"])
            assert lead is not None
            assert lead.full_name == row["full_name"]
    told = [row[4] for row in desk.book.worksheet("Activity").get_all_values() if row[7] == "typed in the sheet"]
    assert told.count("full_name") == ROWS


def test_who_accepts_what_the_sheet_says_has_not_accepted_what_it_says_by_then(book: Book) -> None:
    """Somebody sorts some columns again before the next look."""
    desk, link, master = book
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    with web(link).app_context():
        assert accept(incident_of(link)) == ROWS
    master.sort((3, "asc"), range=f"C2:C{ROWS + 1}")
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert len([one for one in mixups.every(conn) if not one.accepted]) == ROWS
    with web(link).app_context():
        assert accept(incident_of(link)) == ROWS
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
    desk.cycle(link)
    assert desk.cycle(link).writes == 0


def test_the_database_is_lost_while_leads_are_frozen(book: Book) -> None:
    desk, link, master = book
    before = {row["lead_id"]: row["full_name"] for row in desk.master()}
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    anew = desk.link("b")
    desk.cycle(anew)
    with anew.engine.connect() as conn:
        assert len(mixups.every(conn)) == ROWS
        assert {one.state for one in mirror.standing(conn, list(before)).values()} == {"frozen"}
        assert {i: one.full_name for i, one in mirror.bases_of(conn, list(before)).items()} == before
    with web(anew).app_context():
        assert not isinstance(put_back(incident_of(anew), Doer("Neha")), Refusal)
    for _ in range(2):
        desk.cycle(anew)
    assert {row["lead_id"]: row["full_name"] for row in desk.master()} == before


def test_an_edited_source_row_waits_for_its_frozen_lead(book: Book) -> None:
    desk, link, master = book
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    form = desk.book.worksheet("Form")
    form.update([["Mysuru"]], "D2")
    desk.cycle(link)
    assert "Mysuru" not in desk.column("city")
    assert desk.cycle(link).writes == 0
    with web(link).app_context():
        put_back(incident_of(link), Doer("Neha"))
    for _ in range(3):
        desk.cycle(link)
    assert "Mysuru" in desk.column("city")


def test_nobody_is_mixed_up_under_an_unknown_name(book: Book, tmp_path: Path) -> None:
    _, link, _ = book
    with web(link).app_context():
        assert isinstance(put_back("G0", Doer("Neha")), Refusal)
        assert isinstance(accept("G0"), Refusal)
    with link.engine.connect() as conn:
        assert outbox.ready(conn, 5) == []


def test_a_sort_of_some_columns_while_an_answer_is_lost_freezes_too(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]

    class Gone(Exception):
        pass

    def fall(step: str) -> None:
        if step == "sent":
            raise Gone

    enqueue(link, change(1, lead, city=("Pune", "Kochi")))
    link.step = fall
    with pytest.raises(Gone):
        desk.cycle(link)
    link.step = lambda step: None
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert len(mixups.every(conn)) == ROWS


def sort_names_through_an_empty_row(desk: Desk, master: gspread.Worksheet) -> tuple[str, str]:
    """Names, phones and e-mails alone: the first lead's go into an empty row above it, the second's to the first
    lead, and the second gets the blank. The ids of the two."""
    ids = desk.column("lead_id")
    master.insert_row([], 2)
    master.sort((2, "asc"), range="B2:D4")
    return ids[0], ids[1]


@pytest.mark.parametrize("fence", ["as it was", "typed over"])
def test_a_sort_through_a_row_without_an_id_freezes_too(book: Book, fence: str) -> None:
    """Also where the fence is typed over, so that Master is read back as a whole."""
    desk, link, master = book
    before = {row["lead_id"]: row["full_name"] for row in desk.master()}
    two = sort_names_through_an_empty_row(desk, master)
    assert [row["full_name"] for row in desk.master()][:3] == [before[two[0]], before[two[1]], ""]
    if fence == "typed over":
        desk.book.worksheet("_crm").update([["7"]], "B1", value_input_option="USER_ENTERED")
    desk.steps.clear()
    desk.cycle(link)
    assert ("read back done" in desk.steps) is (fence == "typed over")
    with link.engine.connect() as conn:
        assert {one.lead_id for one in mixups.every(conn)} == set(two)
    with web(link).app_context():
        assert not isinstance(put_back(incident_of(link), Doer("Neha")), Refusal)
    for _ in range(3):
        desk.cycle(link)
    assert {i: name for i, name in by_id(desk, "full_name").items() if i in before} == before
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
    assert desk.cycle(link).writes == 0


def test_rows_that_were_just_named_freeze_too(book: Book) -> None:
    """No look has shown them under their ids before their names are sorted away."""
    desk, link, master = book
    typed = [["", name, "", f"{name}@example.org"] for name in ("asha", "bina")]
    master.update(typed, f"A{ROWS + 2}", value_input_option="RAW")  # type: ignore[arg-type]
    desk.cycle(link)
    assert all(desk.column("lead_id")), "they have their ids"
    master.sort((2, "des"), range=f"B{ROWS + 2}:D{ROWS + 3}")
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert {str(one.was["full_name"]) for one in mixups.every(conn)} == {"asha", "bina"}


def test_of_a_frozen_lead_and_its_copy_from_before_the_sort_the_row_that_was_seen_stays_the_leads(book: Book) -> None:
    """It is shown as it was, but what stood in its row is what the sheet said last. Both rows stand elsewhere now."""
    desk, link, master = book
    before = master.row_values(2)
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    sorted_name = master.row_values(2)[1]
    master.append_row(before, value_input_option="RAW")
    master.insert_row([""], 2)
    for _ in range(2):
        desk.cycle(link)
    names = {row["lead_id"]: row["full_name"] for row in desk.master() if row["lead_id"]}
    assert names[before[0]] == sorted_name != before[1]
    assert list(names.values()).count(before[1]) == 2
