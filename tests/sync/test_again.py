"""What becomes of an edit or a deletion that went astray and was taken over from Activity by a worker with another
database, and what of it a person's decision leaves."""

from __future__ import annotations

import re

import gspread
import pytest

from app.acting import Doer
from app.deciding import Decided, Keep, decide_conflict, reopen
from app.undoing import take_back
from core.field_checks import Refusal
from core.model import Change, ChangeKind, ChangeState
from store import activity, conflicts, issues, kept, left_out, outbox, state
from sync.link import Link
from sync.restore import FENCE
from tests.sync.conftest import NOW, Book, Desk
from tests.sync.test_deleting import delete, web
from tests.sync.test_merged import merge, unmerge
from tests.sync.test_outgoing import change, enqueue
from tests.sync.test_repair import book, meddle, row, rows, sort
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


def go_astray(
    desk: Desk, link: Link, master: gspread.Worksheet, field: str = "city", base: str | None = "City0"
) -> list[str]:
    """An edit C0 of the first lead, and nobody hears of where it went. The leads."""
    leads = list(rows(desk))
    enqueue(link, Change("C0", leads[0], ChangeKind.UPDATE, {field: (base, "Token0")}, "Neha", NOW))
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


def lose_to_the_sheet(book: Book) -> tuple[Link, list[str], str]:
    """An edit that went astray and that another worker took over, and found what somebody had typed. That worker, the
    leads and the conflict."""
    desk, link, master = book
    leads = go_astray(desk, link, master)
    master.update_acell(cell(master, "Own0", "E"), "Typed")
    other = desk.link("other")
    desk.cycle(other)
    with other.engine.connect() as conn:
        (found,) = conflicts.open_conflicts(conn, 3).items
        assert kept.count(conn, "set_aside") == 0
    return other, leads, found.conflict_id


def work_on(desk: Desk, link: Link, leads: list[str], first: int) -> None:
    """Each cycle aims at something: the journal of what was before is gone."""
    for n in range(first, first + 3):
        enqueue(link, change(n, leads[1 + n % 5], notes=(None, f"called {n}")))
        desk.cycle(link)


def settled(desk: Desk, link: Link) -> bool:
    """Whether a database takes the edit for a thing of the past, and has nothing to write."""
    for _ in range(2):
        desk.cycle(link)
    with link.engine.connect() as conn:
        found = outbox.change(conn, "C0")
    return (found is None or found.state is ChangeState.APPLIED) and desk.cycle(link).writes == 0


@pytest.mark.parametrize("known", [False, True], ids=["before it is kept", "when it is kept"])
@pytest.mark.parametrize("keep", ["theirs", "ours"])
def test_what_a_person_has_decided_is_over_for_a_new_database(book: Book, keep: Keep, known: bool) -> None:
    desk = book[0]
    other, leads, conflict_id = lose_to_the_sheet(book)
    if known:
        work_on(desk, other, leads, 1)
    with web(other).app_context():
        assert isinstance(decide_conflict(conflict_id, keep, "Neha"), Decided)
    work_on(desk, other, leads, 7)
    assert desk.cycle(other).writes == 0
    assert settled(desk, desk.link("fresh"))
    assert rows(desk)[leads[0]] == ("Typed" if keep == "theirs" else "Token0", "Own0")
    assert settled(desk, desk.link("anew"))


def test_a_decision_that_is_taken_back_leaves_it_set_aside(book: Book) -> None:
    desk = book[0]
    other, leads, conflict_id = lose_to_the_sheet(book)
    work_on(desk, other, leads, 1)
    with web(other).app_context():
        decide_conflict(conflict_id, "theirs", "Neha")
        work_on(desk, other, leads, 7)
        reopen(conflict_id, "Neha")
    work_on(desk, other, leads, 13)
    assert desk.cycle(other).writes == 0
    fresh = desk.link("fresh")
    for _ in range(2):
        desk.cycle(fresh)
    assert stands(fresh) == (ChangeState.BLOCKED, "The sheet says something else by now")


def test_what_waits_for_merged_cells_here_goes_no_more_when_another_worker_has_set_it_aside(book: Book) -> None:
    """It would land, and be called set aside by the next look at what `_crm` keeps."""
    desk, link, master = book
    leads = go_astray(desk, link, master, "lead_type", None)
    row, column = master.col_values(6).index("Own0"), master.row_values(1).index("lead_type")
    merge(desk, (row, row + 1), (column - 1, column + 1))
    desk.cycle(link)
    assert "merged cells cover it" in stands(link)[1]
    name = f"A{row + 1}"
    master.update_acell(name, "")
    other = desk.link("other")
    work_on(desk, other, leads, 0)
    gone = stands(other)
    assert gone == (ChangeState.BLOCKED, "This lead is no longer in the sheet")
    master.update_acell(name, leads[0])
    unmerge(desk)
    for n in range(3):
        desk.cycle(link)
        work_on(desk, other, leads, 10 * n + 10)
    assert stands(link) == stands(other) == gone
    assert "Token0" not in desk.column("lead_type")


def delete_astray(book: Book) -> tuple[str, dict[str, tuple[str, str]]]:
    """The third lead goes as somebody inserts a row above it, and nobody hears of what went instead. The lead, and the
    rows of all."""
    desk, link, master = book
    before = rows(desk)
    lead = list(before)[2]
    delete(link, lead)
    meddle(desk, link, row(master, 2))
    die_when_sent(desk, link)
    assert rows(desk).keys() == before.keys() - {list(before)[1]}
    return lead, before


def going(link: Link, lead: str) -> str:
    """The change by which the lead was to go."""
    with link.engine.connect() as conn:
        found = activity.last_going(conn, lead)
    assert found
    return found


@pytest.mark.parametrize("reader", ["a", "fresh"])
def test_a_deletion_is_done_again_whoever_reads_of_it(book: Book, reader: str) -> None:
    desk = book[0]
    lead, before = delete_astray(book)
    link = desk.link(reader)
    for _ in range(2):
        desk.cycle(link)
    assert rows(desk) == {one: said for one, said in before.items() if one != lead}
    assert desk.cycle(link).writes == 0
    with web(link).app_context():
        assert not isinstance(take_back(going(link, lead), lead, Doer("Vikram")), Refusal)
    desk.cycle(link)
    assert rows(desk) == before


def test_a_deletion_that_is_read_of_spares_what_somebody_typed_since(book: Book) -> None:
    desk, _, master = book
    lead, before = delete_astray(book)
    master.update_acell(cell(master, "Own2", "E"), "Typed")
    link = desk.link("fresh")
    for _ in range(2):
        desk.cycle(link)
    assert rows(desk) == before | {lead: ("Typed", "Own2")}
    assert "City" in stands(link, going(link, lead))[1]


def test_a_deletion_of_which_nobody_knows_any_more_what_was_to_go_is_named_once(book: Book) -> None:
    desk = book[0]
    lead, before = delete_astray(book)
    crm = desk.book.worksheet("_crm")
    crm.batch_clear([one.address for one in crm.findall(re.compile('^kept .*"deleted"'))])
    for name in ("fresh", "anew"):
        link = desk.link(name)
        for _ in range(2):
            desk.cycle(link)
        assert rows(desk) == before
        with link.engine.connect() as conn:
            (named,) = [one for one in issues.page(conn, 9).items if lead in one.issue.reason]
    with link.engine.begin() as conn:
        left_out.leave_out(conn, named.sheet_id, named.fingerprint)
    desk.cycle(link)
    with link.engine.begin() as conn:
        state.forget(conn, FENCE)
    for _ in range(2):
        desk.cycle(link)
    with link.engine.connect() as conn:
        assert issues.count(conn) == 0
