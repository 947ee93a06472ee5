"""A person types into the very cell that the app is about to write: theirs comes back, and the app's is a conflict."""

from __future__ import annotations

import gspread
import pytest

from core.model import ChangeState
from store import conflicts, mirror, tabs
from sync.errors import SheetsProblem
from tests.sync.conftest import ROWS, Book
from tests.sync.test_outgoing import by_id, change, enqueue, meddle, state_of


class Stop(Exception):
    """The process dies here."""


def die_when_sent(name: str) -> None:
    if name == "sent":
        raise Stop


def type_city(master: gspread.Worksheet, row: int, word: str) -> None:
    assert master.acell("E1").value == "city"
    master.update([[word]], f"E{row}", raw=False)


@pytest.mark.parametrize("typed", ["Delhi", '=UPPER("delhi")', ""])
def test_what_was_typed_in_between_comes_back_and_the_change_is_a_conflict(book: Book, typed: str) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    mine, other = (
        change(1, ids[0], city=("Pune", "Kochi"), lead_type=(None, "Walk-in")),
        change(2, ids[1], city=("Pune", "Agra")),
    )
    enqueue(link, mine, other)
    meddle(desk, link, lambda: type_city(master, 2, typed))
    desk.cycle(link)
    cell = master.acell("E2", value_render_option="FORMULA").value or ""  # type: ignore[arg-type]
    assert cell == typed
    assert by_id(desk, "lead_type")[ids[0]] == "", "all of a change or none of it"
    assert by_id(desk, "city")[ids[1]] == "Agra", "the others go on"
    assert state_of(link, mine) is (ChangeState.BLOCKED if typed.startswith("=") else ChangeState.CONFLICT)
    with link.engine.connect() as conn:
        open_ = conflicts.open_conflicts(conn, 5).items
        assert [(one.conflict.ours, one.conflict.theirs) for one in open_] == (
            [] if typed.startswith("=") else [("Kochi", typed or None)]
        )
    desk.cycle(link)
    assert desk.cycle(link).writes == 0
    assert state_of(link, other) is ChangeState.DONE


def test_notes_typed_in_between_are_kept_beside_ours(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    column = desk.book.worksheet("Master").row_values(1).index("notes") + 1
    enqueue(link, change(1, lead, notes=(None, "ours")))
    meddle(desk, link, lambda: master.update_cell(2, column, "theirs"))
    desk.cycle(link)
    assert sorted(by_id(desk, "notes")[lead].split("\n")) == ["ours", "theirs"]
    with link.engine.connect() as conn:
        assert conflicts.open_conflicts(conn, 5).items == ()


def test_the_same_word_typed_in_between_is_no_conflict(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    one = change(1, lead, city=("Pune", "Kochi"))
    enqueue(link, one)
    meddle(desk, link, lambda: type_city(master, 2, "Kochi"))
    desk.cycle(link)
    assert by_id(desk, "city")[lead] == "Kochi"
    desk.cycle(link)
    assert state_of(link, one) is ChangeState.DONE


def test_it_is_found_after_a_crash_before_the_verification_too(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    one = change(1, lead, city=("Pune", "Kochi"))
    enqueue(link, one)
    meddle(desk, link, lambda: type_city(master, 2, "Delhi"))
    link.step = die_when_sent
    with pytest.raises(Stop):
        desk.cycle(link)
    assert by_id(desk, "city")[lead] == "Kochi"
    link.step = lambda name: None
    desk.cycle(link)
    assert by_id(desk, "city")[lead] == "Delhi"
    assert state_of(link, one) is ChangeState.CONFLICT


def test_somebody_who_types_elsewhere_in_the_row_is_in_nobodys_way(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    enqueue(link, change(1, lead, city=("Pune", "Kochi")))
    meddle(desk, link, lambda: master.update([["New Name"]], "B2", raw=False))
    assert desk.cycle(link).writes == 1
    assert (by_id(desk, "city")[lead], by_id(desk, "full_name")[lead]) == ("Kochi", "New Name")


def test_tabs_of_ours_may_have_other_titles(book: Book) -> None:
    """Master is known by its sheetId, not by its title."""
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    master.update_title("Our leads")
    one = change(1, lead, city=("Pune", "Kochi"))
    enqueue(link, one)
    for _ in range(2):
        try:
            desk.cycle(link)
        except SheetsProblem:  # the next cycle looks around
            continue
    assert master.acell("E2").value == "Kochi"
    desk.cycle(link)
    assert state_of(link, one) is ChangeState.DONE
    with link.engine.connect() as conn:
        assert "Our leads" in {tab.title for tab in tabs.all_tabs(conn)}
        assert mirror.count(conn) == ROWS
