"""kill -9 of a real process at every step, answers that are lost, databases that vanish: every row counts once."""

from __future__ import annotations

from collections import Counter
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
import requests

from store import ledger, mirror, state
from sync.access import RebasedHTTPClient
from sync.crm import LEDGER_ROW, unpack
from sync.cycle import run_cycle
from sync.errors import AnswerLost, SheetsProblem
from sync.link import Link
from sync.seeing import UNNAMED
from tests.born import processes
from tests.sync import dying
from tests.sync.conftest import HEADER, NOW, ROWS, Book, Desk, person

STEPS = [
    "look around",
    "set up",
    "settle",
    "read back",
    "read back done",
    "read",
    "settled",
    "planned",
    "send",
    "sent",
    "recorded",
]


def starting(desk: Desk, step: str, number: int, database: str) -> BaseProcess:
    arguments = (desk.server.base, str(desk.server.key), desk.book.id, f"sqlite:///{desk.folder}/{database}.db", step)
    process = processes().Process(target=dying.main, args=(*arguments, number))
    process.start()
    return process


def die_at(desk: Desk, step: str, number: int = 1, database: str = "a") -> int | None:
    """Run a cycle that dies; the exit status (-9 where it came to that step)."""
    process = starting(desk, step, number, database)
    process.join(120)
    return process.exitcode


def whole(desk: Desk, link: Link, rows: int, leads: int) -> None:
    """Each row has one disposition, each lead one row in Master, one line in Activity, one place in the mirror."""
    ids = desk.column("lead_id")
    assert len(ids) == len(set(ids)) == leads
    created = Counter(row[2] for row in desk.book.worksheet("Activity").get_all_values()[1:] if row[4] == "lead")
    assert created == Counter(ids)
    kept = unpack(desk.book.worksheet("_crm").get_all_values()[LEDGER_ROW + 1 :])
    assert (len(kept.entries), kept.broken) == (rows, 0)
    with link.engine.begin() as conn:
        assert mirror.count(conn) == leads
        assert sum(ledger.totals(conn).values()) == rows


def settled(desk: Desk, link: Link) -> None:
    """Cycles right after the death, whose lease nobody waits for; the last one finds nothing to do."""
    run_cycle(link, NOW, attended=True)
    report = run_cycle(link, NOW, attended=True)
    assert (report.created, report.merged, report.reads, report.writes) == (0, 0, 1, 0)


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_the_first_cycle(desk: Desk, step: str) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(6)), ("Nobody", "", "", "")])
    desk.add_tab("Event", [HEADER, person(2), person(9)])
    assert die_at(desk, step) == -9
    link = desk.link()
    settled(desk, link)
    whole(desk, link, rows=9, leads=7)


@pytest.mark.parametrize("step", ["send", "sent", "recorded"])
def test_killed_between_flushes_of_a_long_intake(desk: Desk, step: str) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(1100))])
    assert die_at(desk, step, number=2) == -9
    link = desk.link()
    settled(desk, link)
    whole(desk, link, rows=1100, leads=1100)


@pytest.mark.parametrize("step", ["send", "sent"])
def test_killed_and_the_database_deleted(desk: Desk, step: str) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(6))])
    assert die_at(desk, step, database="lost") == -9
    link = desk.link("fresh")
    settled(desk, link)
    whole(desk, link, rows=6, leads=6)


class CutClient(RebasedHTTPClient):
    """Loses the answer of the n-th write, after the server has applied it or before it gets there."""

    writes = 0
    cut_at = 0
    applied = True

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        if not endpoint.endswith(":batchUpdate"):
            return super().request(method, endpoint, *args, **kwargs)
        self.writes += 1
        if self.writes != self.cut_at:
            return super().request(method, endpoint, *args, **kwargs)
        if self.applied:
            super().request(method, endpoint, *args, **kwargs)
        raise requests.exceptions.ReadTimeout("cut")


@pytest.mark.parametrize("applied", [True, False])
def test_a_lost_answer_is_settled_by_the_fence(desk: Desk, applied: bool) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(6))])
    link = desk.link()
    cut = CutClient(desk.http.auth)
    cut.base, cut.cut_at, cut.applied = desk.http.base, 2, applied  # the first write is the set-up
    link.sheets.http = cut
    with pytest.raises(AnswerLost):
        desk.cycle(link)
    settled(desk, link)
    whole(desk, link, rows=6, leads=6)


def test_a_set_up_whose_answer_is_lost_is_found_done(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    cut = CutClient(desk.http.auth)
    cut.base, cut.cut_at = desk.http.base, 1
    link.sheets.http = cut
    with pytest.raises(AnswerLost):
        desk.cycle(link)
    settled(desk, link)
    whole(desk, link, rows=1, leads=1)
    assert Counter(tab.title for tab in desk.book.worksheets())["Master"] == 1


def test_two_workers_at_once_make_each_lead_once(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(40))])
    for process in [starting(desk, "never", 1, database) for database in ("one", "one", "two")]:
        process.join(60)
    link = desk.link("one")
    settled(desk, link)
    whole(desk, link, rows=40, leads=40)


def typed_in_vain(book: Book) -> Book:
    """Somebody types a row, and the write of its id does not arrive."""
    desk, link, master = book
    master.update([["", "Bina Rao", "9815550099"]], f"A{ROWS + 2}", value_input_option="RAW")
    there = link.sheets.http
    cut = CutClient(desk.http.auth)
    cut.base, cut.cut_at, cut.applied = desk.http.base, 1, False
    link.sheets.http = cut
    with pytest.raises(SheetsProblem):
        desk.cycle(link)
    link.sheets.http = there
    return book


def test_a_row_typed_by_hand_gets_its_id_though_the_first_try_failed(book: Book) -> None:
    """Nothing else in Master changes: the look that met the row was not to be the last one."""
    desk, link, _ = typed_in_vain(book)
    for _ in range(3):
        desk.cycle(link)
    assert [row["lead_id"][:1] for row in desk.master() if row["full_name"] == "Bina Rao"] == ["L"]
    assert desk.cycle(link).writes == 0


def test_a_row_that_went_before_its_turn_keeps_nobody_busy(book: Book) -> None:
    """Its try failed, and then a person deleted it: no cycle looks for it any more."""
    desk, link, master = typed_in_vain(book)
    master.delete_rows(ROWS + 2)
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert state.get(conn, UNNAMED) is None
