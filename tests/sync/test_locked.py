"""Rows of Master that its owner has locked: what comes to them is set aside with its reason, and stops nobody else."""

from __future__ import annotations

import gspread
import pytest

from core.model import ChangeState
from store import issues, outbox, state
from store.outbox import ChangeStatus
from sync.cycle import run_cycle
from sync.errors import Refused
from sync.link import Link
from sync.locked import AGAIN_AFTER, REFUSED
from tests.sync.conftest import NOW, ROWS, Book, Desk, person
from tests.sync.test_attacks import guest
from tests.sync.test_outgoing import meddle


def lock(desk: Desk, tab: gspread.Worksheet, *rows: int) -> None:
    """The owner keeps these rows (1-based) of a tab for himself, all of it where none is named."""
    for place in [{"startRowIndex": row - 1, "endRowIndex": row} for row in rows] or [{}]:
        locked = {"range": {"sheetId": tab.id, **place}, "editors": {"users": []}}
        desk.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": locked}}]})


def unlock(desk: Desk, title: str = "Master") -> None:
    for one in desk.book.list_protected_ranges(desk.book.worksheet(title).id):
        desk.book.batch_update({"requests": [{"deleteProtectedRange": {"protectedRangeId": one["protectedRangeId"]}}]})


def fill_in(desk: Desk, *rows: tuple[str, ...]) -> None:
    desk.book.worksheet("Form").append_rows([list(row) for row in rows], value_input_option="RAW")  # type: ignore[arg-type]


def again(number: int) -> tuple[str, ...]:
    """The same person, from another city: a line of the notes."""
    return (*person(number)[:3], f"Kochi {number}")


def noted(desk: Desk) -> list[str]:
    """Whose notes tell of it."""
    return [row["lead_id"] for row in desk.master() if "Kochi" in row["notes"]]


def set_aside(link: Link) -> list[ChangeStatus]:
    with link.engine.connect() as conn:
        return outbox.in_state(conn, ChangeState.BLOCKED, 10)


def test_forms_that_come_to_locked_leads_stop_nobody_else(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    lock(desk, master, 3, 5)
    ids = desk.column("lead_id")
    fill_in(desk, *map(again, range(ROWS)), person(100))
    desk.cycle(link)
    assert desk.column("full_name")[-1] == "Asha Person100"
    assert noted(desk) == [ids[0], ids[2], *ids[4:]]
    assert [one.change.lead_id for one in set_aside(link)] == [ids[1], ids[3]]
    assert all("protected" in one.why for one in set_aside(link))
    desk.cycle(link)
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)


def test_what_a_form_says_of_a_locked_lead_comes_when_a_person_lets_it_go(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    lock(desk, master, 3)
    fill_in(desk, again(1))
    desk.cycle(link)
    unlock(desk)
    waiting = [one.change.change_id for one in set_aside(link)]
    with link.engine.begin() as conn:
        outbox.mark(conn, waiting, ChangeState.PENDING)
    desk.cycle(link)
    assert noted(desk) == desk.column("lead_id")[1:2]


def test_where_all_of_master_is_locked_the_intake_waits(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    lock(desk, master)
    fill_in(desk, again(1), person(100))
    for _ in range(2):
        with pytest.raises(Refused):
            desk.cycle(link)
    assert set_aside(link) == []
    unlock(desk)
    desk.cycle(link)
    assert noted(desk) == desk.column("lead_id")[1:2]
    assert desk.column("full_name")[-1] == "Asha Person100"


def test_what_was_set_aside_and_lands_after_all_waits_no_more(book: Book) -> None:
    """All is locked, the ledger too: the update is planned again."""
    desk, link, master = book
    guest(desk, link)
    for tab in (master, desk.book.worksheet("_crm")):
        lock(desk, tab)
    fill_in(desk, again(1))
    for _ in range(2):
        with pytest.raises(Refused):
            desk.cycle(link)
    assert len(set_aside(link)) == 1
    for tab in ("Master", "_crm"):
        unlock(desk, tab)
    for _ in range(2):
        desk.cycle(link)
    assert noted(desk) == desk.column("lead_id")[1:2]
    assert set_aside(link) == []


def test_a_form_for_a_row_that_moves_while_a_locked_one_is_looked_for_is_not_set_aside(book: Book) -> None:
    """The last row of the grid is gone where one above it goes: Google refuses that write, and not for good."""
    desk, link, master = book
    guest(desk, link)
    ids = desk.column("lead_id")
    lock(desk, master, 3)
    master.resize(rows=ROWS + 1)
    desk.cycle(link)
    fill_in(desk, again(1), again(ROWS - 1))
    sent: list[str] = []

    def step(name: str) -> None:
        sent.extend([name] if name == "send" else [])
        if name == "send" and len(sent) == 4:  # all, all with the merges known, the locked row, the last one
            master.delete_rows(2)

    link.step = step
    for _ in range(3):
        desk.cycle(link)
    assert noted(desk) == [ids[-1]]
    assert [one.change.lead_id for one in set_aside(link)] == [ids[1]]


RAVI, BINA = ["", "Ravi Iyer", "98150 99999"], ["", "Bina Rao", "9815550099"]


def type_in(master: gspread.Worksheet, *rows: list[str]) -> None:
    """Below the leads, from row 8 on."""
    master.update(list(rows), f"A{ROWS + 2}", value_input_option="RAW")  # type: ignore[arg-type]


def told(link: Link) -> list[int]:
    """The rows of which a person is told that they get no id."""
    with link.engine.connect() as conn:
        return [one.issue.row for one in issues.page(conn, 50).items if "refuses it a lead_id" in one.issue.reason]


def named(desk: Desk) -> dict[str, bool]:
    """The typed rows, and whether they have an id."""
    return {row["full_name"]: row["lead_id"] != "" for row in desk.master()[ROWS:]}


def test_a_typed_row_that_is_locked_stops_nobody_else(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    type_in(master, RAVI, BINA)
    lock(desk, master, ROWS + 2)
    fill_in(desk, person(100))
    desk.cycle(link)
    assert named(desk) == {"Ravi Iyer": False, "Bina Rao": True, "Asha Person100": True}
    assert told(link) == [ROWS + 2]
    desk.cycle(link)
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)
    master.insert_row(["", "", ""], 2)
    desk.cycle(link)
    assert told(link) == [ROWS + 3]


def test_a_typed_row_becomes_a_lead_some_time_after_it_was_unlocked(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    type_in(master, RAVI)
    lock(desk, master, ROWS + 2)
    for later in (0, 1):  # told anew where it is refused again
        run_cycle(link, NOW + later * AGAIN_AFTER, attended=True)
        assert (told(link), named(desk)) == ([ROWS + 2], {"Ravi Iyer": False})
    unlock(desk)
    for _ in range(2):
        run_cycle(link, NOW + 2 * AGAIN_AFTER, attended=True)
    assert (told(link), named(desk)) == ([], {"Ravi Iyer": True})


def test_a_typed_row_that_says_something_else_is_tried_at_once(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    type_in(master, RAVI)
    lock(desk, master, ROWS + 2)
    desk.cycle(link)
    unlock(desk)
    desk.cycle(link)
    assert named(desk) == {"Ravi Iyer": False}
    type_in(master, ["", "Ravi Iyer", "98150 88888"])
    desk.cycle(link)
    assert (told(link), named(desk)) == ([], {"Ravi Iyer": True})


@pytest.mark.parametrize("deed", ["is deleted", "gets an id"])
def test_a_typed_row_that_its_owner_sees_to_is_told_of_no_more(book: Book, deed: str) -> None:
    desk, link, master = book
    guest(desk, link)
    type_in(master, RAVI)
    lock(desk, master, ROWS + 2)
    desk.cycle(link)
    assert told(link) == [ROWS + 2]
    unlock(desk)
    if deed == "is deleted":
        master.delete_rows(ROWS + 2)
    else:
        master.update_cell(ROWS + 2, 1, "L-OWN00001")
    desk.cycle(link)
    assert told(link) == []
    with link.engine.connect() as conn:
        assert state.get(conn, REFUSED) is None


def test_a_typed_row_at_the_end_of_the_grid_while_one_above_it_goes_is_not_told_of(book: Book) -> None:
    desk, link, master = book
    type_in(master, RAVI)
    master.resize(rows=ROWS + 2)
    meddle(desk, link, lambda: master.delete_rows(2))
    desk.cycle(link)
    assert told(link) == []
    assert desk.master()[-1]["lead_id"] != ""
