"""Leads that come and go in a book too large for one look, over many of them."""

from __future__ import annotations

import gspread

from core import reading
from core.model import ChangeState
from store import mirror, state, watch
from sync.link import Link
from sync.missed import MISSING
from tests.sync.conftest import NOW, Desk
from tests.sync.test_deleting import delete, state_of
from tests.sync.test_outgoing import change, enqueue
from tests.sync.test_windows import ROWS, city, large, round_of

__all__ = ["large"]


def test_a_lead_whose_row_was_cleared_near_the_end_is_deleted(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    """No window shows the last rows, and the part that does shows all of them."""
    desk, link, _ = large
    round_of(desk, link)
    master = desk.book.worksheet("Master")
    gone = str(master.acell(f"A{ROWS}").value)
    master.batch_clear([f"A{ROWS}:AC{ROWS}"])
    for _ in range(6):
        round_of(desk, link)
    with link.engine.begin() as conn:
        assert mirror.lead(conn, gone) is None


def test_a_deletion_of_the_app_is_done_in_a_large_book(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    """It is proven by the journal, for no look shows all of the book."""
    desk, link, _ = large
    lead_id = desk.column("lead_id")[30]
    (gone,) = delete(link, lead_id)
    for _ in range(5):
        round_of(desk, link)
    assert lead_id not in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.DONE


def test_deletions_of_long_ago_leave_other_leads_hot(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    """They were counted among the changes on their way, of which the list of hot rows holds so many."""
    desk, link, _ = large
    ids = desk.column("lead_id")
    delete(link, *ids[30:32])
    for _ in range(5):
        round_of(desk, link)
    enqueue(link, change(9, ids[10], city=("Pune", "Kochi")))
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert watch.hot_rows(conn, NOW.date(), NOW, 2)


def test_cycles_of_processes_of_their_own_see_all_of_a_large_book(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    """As `bumuk sync --once` every minute: each began with the second window, and nobody read the first."""
    desk, link, _ = large
    round_of(desk, link)
    master = desk.book.worksheet("Master")
    lead_id = str(master.acell("A5").value)
    master.update_acell("E5", "Kochi")
    for _ in range(2 * reading.windows(ROWS + 1)):
        desk.cycle(desk.link())
    assert city(link, lead_id) == "Kochi"


def test_a_lead_is_deleted_only_after_two_looks_that_follow_each_other(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    """Whoever was missed once and found again is not taken for deleted weeks later, when its row is away once more."""
    desk, link, _ = large
    round_of(desk, link)
    master = desk.book.worksheet("Master")
    lead, row = str(master.acell("A30").value), master.row_values(30)

    def missing() -> str | None:
        with link.engine.connect() as conn:
            return state.get(conn, MISSING)

    master.delete_rows(30)
    for _ in range(9):
        if missing():
            break
        desk.cycle(link)
    assert missing()
    master.insert_row(row, 30, value_input_option="RAW")
    for _ in range(4):
        round_of(desk, link)
    assert city(link, lead) == "Pune"
    master.delete_rows(30)
    while desk.cycle(link).reads == 1:  # until its id is looked for, once
        pass
    master.insert_row(row, 30, value_input_option="RAW")
    assert city(link, lead) == "Pune"
