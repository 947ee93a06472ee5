"""Rows of Master that its owner has locked: what comes to them is set aside with its reason, and stops nobody else."""

from __future__ import annotations

import gspread
import pytest

from core.model import ChangeState
from store import outbox
from store.outbox import ChangeStatus
from sync.errors import Refused
from sync.link import Link
from tests.sync.conftest import ROWS, Book, Desk, person
from tests.sync.test_attacks import guest


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
