"""What becomes of an edit that went astray and was taken over from Activity by a worker with another database."""

from __future__ import annotations

import gspread
import pytest

from core.model import ChangeState
from store import kept, outbox
from sync.link import Link
from tests.sync.conftest import Book, Desk
from tests.sync.test_outgoing import change, enqueue
from tests.sync.test_repair import book, edit, meddle, rows, sort
from tests.sync.test_repair_meanwhile import die_when_sent

__all__ = ["book"]


def cell(master: gspread.Worksheet, remark: str, column: str) -> str:
    """The place of a cell in the row that people's own column names."""
    return f"{column}{master.col_values(6).index(remark) + 1}"


def stands(link: Link, change_id: str = "C0") -> tuple[ChangeState, str]:
    with link.engine.connect() as conn:
        found = outbox.change(conn, change_id)
    assert found
    return found.state, found.why


def go_astray(desk: Desk, link: Link, master: gspread.Worksheet) -> list[str]:
    """An edit C0 of the first lead, and nobody hears of where it went. The leads."""
    leads = list(rows(desk))
    edit(link, leads[:1])
    meddle(desk, link, sort(master, 2, "des"))
    die_when_sent(desk, link)
    return leads


WAYS = {
    "its lead is gone": ("A", "", ChangeState.BLOCKED, "This lead is no longer in the sheet"),
    "somebody typed there": ("E", "Typed", ChangeState.CONFLICT, "The sheet says something else by now"),
}


@pytest.mark.parametrize("reader", ["a", "fresh"])
@pytest.mark.parametrize("way", WAYS)
def test_what_another_worker_took_over_and_set_aside_is_set_aside_here_too(book: Book, way: str, reader: str) -> None:
    """Nothing names it any more, and Activity tells of it."""
    desk, link, master = book
    column, typed, state, why = WAYS[way]
    leads = go_astray(desk, link, master)
    master.update_acell(cell(master, "Own0", column), typed)
    other = desk.link("other")
    for n in range(3):  # each aims at something: the journal of the repair is gone
        enqueue(other, change(n + 1, leads[n + 1], notes=(None, "called")))
        desk.cycle(other)
    assert stands(other) == (state, why)
    one = desk.link(reader)
    desk.cycle(one)
    desk.cycle(one)
    assert stands(one) == (ChangeState.BLOCKED, why)
    assert "Token0" not in desk.column("city")
    assert desk.cycle(one).writes == 0
    desk.cycle(other)
    assert stands(other) == (state, why)
    assert desk.cycle(other).writes == 0


def test_until_the_sheet_says_so_whoever_comes_looks_for_themselves(book: Book) -> None:
    """The other worker has set it aside and gone, before `_crm` kept that: the journal names it still."""
    desk, link, master = book
    leads = go_astray(desk, link, master)
    name = cell(master, "Own0", "A")
    master.update_acell(name, "")
    other = desk.link("other")
    enqueue(other, change(1, leads[1], notes=(None, "called")))
    desk.cycle(other)
    assert stands(other)[0] is ChangeState.BLOCKED
    with other.engine.connect() as conn:
        assert kept.count(conn, "set_aside") == 0
    master.update_acell(name, leads[0])  # and it can go after all
    for _ in range(2):
        desk.cycle(link)
    assert stands(link)[0] is ChangeState.DONE
    assert rows(desk)[leads[0]] == ("Token0", "Own0")
    for one in (other, link):
        desk.cycle(one)
    with other.engine.connect() as conn:
        assert kept.count(conn, "set_aside") == 0, "it has landed"
    assert stands(link)[0] is ChangeState.DONE
