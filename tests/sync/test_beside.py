"""Edits of the app go while a cycle is at work: nothing waits for its end, and its older picture undoes nothing."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from core import reading
from core.leads import fields_of
from core.model import Change, ChangeKind, ChangeState
from store import activity, conflicts, mirror, outbox, state
from sync.access import RebasedHTTPClient
from sync.cycle import CycleReport
from sync.errors import AnswerLost, FenceLost
from sync.link import Link
from sync.outgoing import drain_now
from sync.proving import UNPROVEN
from sync.worker import Worker
from tests.sync.conftest import HEADER, NOW, ROWS, Book, Desk, person
from tests.sync.test_kill import CutClient, die_at, settled, whole
from tests.sync.test_outgoing import by_id, change, enqueue, state_of

PATIENCE = 30.0
MOMENTS = ["before the poll", "after the poll", "settled", "planned"]


class WatchedClient(RebasedHTTPClient):
    """Says when a cycle's poll goes out, and when its answer is there but nobody has looked at it."""

    at: Callable[[str], None]
    polling = False

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        if not self.polling:
            return super().request(method, endpoint, *args, **kwargs)
        self.polling = False
        self.at("before the poll")
        answer = super().request(method, endpoint, *args, **kwargs)
        self.at("after the poll")
        return answer


def beside(work: Callable[[], object]) -> None:
    """In a thread of its own, to its end: whoever writes in the one that calls would be waited for in vain."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "it waits for the cycle"
    if failed:
        raise failed[0]


def watch(desk: Desk, link: Link, at: Callable[[str], None]) -> None:
    """Calls `at` with the moments of each cycle, never in the middle of a flush."""
    client = WatchedClient(desk.http.auth)
    client.base, client.at = desk.http.base, at

    def step(name: str) -> None:
        if name in ("settled", "planned"):
            at(name)
        client.polling = name == "read"

    link.sheets.http, link.step = client, step


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book of a few rows counts as large from here on."""
    for name, value in (("WHOLE_ROWS", 3), ("WINDOW_ROWS", 50), ("END_ROWS", 1), ("HOT_RANGES", 0)):
        monkeypatch.setattr(reading, name, value)


def cycle_with(desk: Desk, link: Link, moment: str, work: Callable[[], object]) -> CycleReport:
    """A cycle, with `work` beside it the first time that it comes to that moment."""
    left = [work]

    def at(name: str) -> None:
        if name == moment and left:
            beside(left.pop())

    watch(desk, link, at)
    report = desk.cycle(link)
    assert not left
    link.step = lambda name: None
    return report


@pytest.mark.parametrize("large", [False, True])
def test_an_edit_is_written_before_the_cycle_ends(book: Book, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    """What a person types meanwhile is heard, also into the same row; the edit does not pass for typed by a person, nor
    for undone by one."""
    desk, link, master = book
    if large:
        small(monkeypatch)
    ids = desk.column("lead_id")
    city = dict.fromkeys(ids, "Pune")
    for n, moment in enumerate(MOMENTS):
        mine, theirs = ids[n], ids[(n + 1) % ROWS]
        edit = change(n, mine, city=(city[mine], f"Kochi {n}"))
        master.update([[f"Asha R. {n}"]], f"B{n + 2}", raw=True)
        master.update([[f"Delhi {n}"]], f"E{(n + 1) % ROWS + 2}", raw=True)
        city |= {mine: f"Kochi {n}", theirs: f"Delhi {n}"}

        def flush(edit: Change = edit) -> None:
            enqueue(link, edit)
            assert drain_now(link, NOW)
            assert by_id(desk, "city")[edit.lead_id] == edit.fields["city"][1]

        cycle_with(desk, link, moment, flush)
        assert by_id(desk, "city") == city
        desk.cycle(link)
        desk.cycle(link)
        assert (desk.cycle(link).writes, state_of(link, edit)) == (0, ChangeState.DONE)
        with link.engine.connect() as conn:
            assert {lead.lead_id: lead.city for lead in mirror.leads(conn, ids)} == city
            told = [(e.actor, e.new) for e in activity.of_lead(conn, mine, 20).items if e.new in edit.fields["city"]]
            names = [e.actor for e in activity.of_lead(conn, mine, 20).items if e.new == f"Asha R. {n}"]
            assert conflicts.open_conflicts(conn, 5).items == ()
        assert (told[:1], names) == ([("Neha", f"Kochi {n}")], ["sheet"])


@pytest.mark.parametrize("large", [False, True])
def test_leads_come_and_go_beside_a_cycle(book: Book, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    """The picture shows the one that went, and not the one that came: neither is believed."""
    desk, link, master = book
    if large:
        small(monkeypatch)
        desk.cycle(link)
    expected = desk.column("lead_id")
    for n, moment in enumerate(MOMENTS):
        goes, comes = expected.pop(1), f"LNEW0000{n}"
        expected.append(comes)
        master.update([[f"Delhi {n}"]], f"E{ROWS + 1}", raw=True)  # the last row, which moves up
        new = Change(f"N{n:016}", comes, ChangeKind.CREATE, {"full_name": (None, f"Bina {n}")}, "Neha", NOW)
        beside_it = expected[-2]

        def flush(goes: str = goes, new: Change = new) -> None:
            with link.engine.begin() as conn:
                lead = mirror.lead(conn, goes)
                assert lead
                said = {name: (value, None) for name, value in fields_of(lead).items()}
                gone = Change(f"G{goes:>16}", goes, ChangeKind.DELETE, said, "Neha", NOW)
                outbox.enqueue(conn, [new, gone])
            assert drain_now(link, NOW)

        cycle_with(desk, link, moment, flush)
        for _ in range(3):
            desk.cycle(link)
        assert desk.column("lead_id") == expected
        with link.engine.connect() as conn:
            assert mirror.rows_of(conn, [*expected, goes]) == {i: row for row, i in enumerate(expected, 2)}
            assert (mirror.count(conn), mirror.lead(conn, goes)) == (ROWS, None)
            last = mirror.lead(conn, beside_it)
        assert last
        assert last.city == f"Delhi {n}"


def test_an_older_look_confirms_and_proves_nothing(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """It brought along the proof of the flush before, and shows neither the edit nor the row of the lead that came."""
    desk, link, _ = book
    small(monkeypatch)
    desk.cycle(link)
    ids = desk.column("lead_id")
    before, edit = change(1, ids[0], city=("Pune", "Agra")), change(2, ids[1], city=("Pune", "Kochi"))
    new = Change("N1", "LNEW00001", ChangeKind.CREATE, {"full_name": (None, "Bina")}, "Neha", NOW)
    enqueue(link, before)
    assert drain_now(link, NOW)

    def flush() -> None:
        enqueue(link, edit, new)
        assert drain_now(link, NOW)

    report = cycle_with(desk, link, "after the poll", flush)
    assert (report.reads, report.writes) == (5, 1)  # with the closer look that the edit of before asks for
    applied, done = ChangeState.APPLIED, ChangeState.DONE
    assert [state_of(link, one) for one in (before, edit, new)] == [done, applied, applied]
    with link.engine.connect() as conn:
        assert state.get(conn, UNPROVEN)
        assert mirror.rows_of(conn, ["LNEW00001"]) == {"LNEW00001": ROWS + 2}
    desk.cycle(link)
    assert [state_of(link, one) for one in (before, edit, new)] == [done, done, done]
    with link.engine.connect() as conn:
        assert state.get(conn, UNPROVEN) is None


def test_a_stream_of_edits_holds_no_cycle_up(book: Book) -> None:
    """At each moment of a cycle an edit goes: it polls once, and takes in what is new all the same."""
    desk, link, _ = book
    desk.add_tab("Event", [HEADER, *(person(100 + n) for n in range(3))])
    ids, moments = desk.column("lead_id"), list[str]()

    def at(name: str) -> None:
        moments.append(name)
        edit = change(len(moments), ids[len(moments) % ROWS], notes=(None, f"note {len(moments)}"))
        beside(lambda: (enqueue(link, edit), drain_now(link, NOW)))

    watch(desk, link, at)
    report = desk.cycle(link)
    assert (report.created, moments.count("planned")) == (3, 1)
    link.step = lambda name: None
    notes = "\n".join(by_id(desk, "notes").values())
    assert [n for n in range(1, len(moments) + 1) if f"note {n}" not in notes] == []
    desk.cycle(link)
    desk.cycle(link)
    assert desk.cycle(link).writes == 0
    with link.engine.connect() as conn:
        assert (outbox.pending_count(conn), conflicts.open_conflicts(conn, 5).items) == (0, ())


def test_an_edit_goes_between_the_flushes_of_a_long_intake(book: Book) -> None:
    """It waits for the one at work, and its turn comes before the next."""
    desk, link, _ = book
    desk.add_tab("Event", [HEADER, *(person(100 + n) for n in range(501))])
    lead, log = desk.column("lead_id")[0], list[str]()
    enqueue_later = threading.Thread(target=lambda: drain_now(link, NOW))

    def step(name: str) -> None:
        if threading.current_thread() is enqueue_later:
            log.append(f"edit {name}")
        elif name in ("send", "recorded"):
            log.append(name)
            if log == ["send"]:
                enqueue(link, change(1, lead, city=("Pune", "Kochi")))
                enqueue_later.start()
                while not link.writing.waited_for:
                    time.sleep(0.001)

    link.step = step
    assert desk.cycle(link).created == 501
    enqueue_later.join(PATIENCE)
    assert log == ["send", "recorded", "edit send", "edit sent", "edit recorded", "send", "recorded"]
    assert by_id(desk, "city")[lead] == "Kochi"


def test_one_whose_end_nobody_knows_is_settled_within_the_cycle(book: Book) -> None:
    """Its answer is lost while the cycle plans: what the cycle writes next meets a fence that it does not know."""
    desk, link, _ = book
    desk.add_tab("Event", [HEADER, person(100)])
    lead = desk.column("lead_id")[0]

    def flush() -> None:
        enqueue(link, change(1, lead, city=("Pune", "Kochi")))
        watched, link.sheets.http = link.sheets.http, CutClient(desk.http.auth)
        link.sheets.http.base, link.sheets.http.cut_at = desk.http.base, 1
        with pytest.raises(AnswerLost):
            drain_now(link, NOW)
        link.sheets.http = watched

    assert cycle_with(desk, link, "planned", flush).created == 1
    assert (by_id(desk, "city")[lead], len(set(desk.column("lead_id")))) == ("Kochi", ROWS + 1)
    told = [row for row in desk.book.worksheet("Activity").get_all_values() if row[2] == lead and row[4] == "city"]
    assert len(told) == 1
    assert link.writing.ready


def test_a_sheet_that_was_put_back_does_not_pass_for_an_older_look(book: Book) -> None:
    """Its `_crm` says an older fence than we knew before we looked: read back, and not waited for."""
    desk, link, _ = book
    crm, lead = desk.book.worksheet("_crm"), desk.column("lead_id")[0]
    before = crm.acell("B1", value_render_option="UNFORMATTED_VALUE").value  # type: ignore[arg-type]
    gone = desk.column("lead_id")[1]
    with link.engine.begin() as conn:
        said = {name: (value, None) for name, value in fields_of(mirror.leads(conn, [gone])[0]).items()}
        outbox.enqueue(conn, [Change("G1", gone, ChangeKind.DELETE, said, "Neha", NOW)])
    assert drain_now(link, NOW)
    crm.update([[before]], "B1", raw=True)
    enqueue(link, change(1, lead, city=("Pune", "Kochi")))
    for _ in range(4):
        with contextlib.suppress(FenceLost):  # the named range was not put back with it
            desk.cycle(link)
    assert desk.cycle(link).writes == 0
    assert (by_id(desk, "city")[lead], desk.column("lead_id").count(gone)) == ("Kochi", 0)


def test_without_one_the_fence_that_is_lost_is_told(book: Book) -> None:
    """Somebody else wrote: that is for the next cycle, and for a person to see."""
    desk, link, _ = book
    desk.add_tab("Event", [HEADER, person(100)])
    other = desk.link("other")
    with pytest.raises(FenceLost):
        cycle_with(desk, link, "planned", lambda: desk.cycle(other))
    assert not link.writing.ready


@pytest.mark.parametrize("step", ["sent", "recorded"])
def test_killed_in_an_edit_beside_a_cycle(desk: Desk, step: str) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(6))])
    link = desk.link()
    desk.cycle(link)
    desk.book.worksheet("Form").append_row(list(person(9)), value_input_option="RAW")  # type: ignore[arg-type]
    lead = desk.column("lead_id")[0]
    enqueue(link, change(1, lead, city=("Pune", "Kochi")))
    assert die_at(desk, f"beside {step}") == -9
    settled(desk, link)
    whole(desk, link, rows=7, leads=7)
    assert by_id(desk, "city")[lead] == "Kochi"


def test_edits_and_cycles_at_once_lose_nothing(book: Book) -> None:
    """Two threads as the worker has them, and a person who types: each edit once in the sheet and once in Activity."""
    desk, link, master = book
    ids = desk.column("lead_id")
    edits = [change(n, ids[n % ROWS], notes=(None, f"note {n}")) for n in range(24)]
    worker = Worker(link, 10, flushes_a_minute=None)
    desk.cycle(link)

    def type_on() -> None:
        for edit in edits:
            enqueue(link, edit)
            worker.edits()

    thread = threading.Thread(target=type_on)
    thread.start()
    typed = 0
    while thread.is_alive():
        typed += 1
        master.update([[f"City {typed}"]], f"E{typed % ROWS + 2}", raw=True)
        assert worker.turn() == 10
    thread.join()
    for _ in range(3):
        desk.cycle(link)
    assert desk.cycle(link).writes == 0
    notes = by_id(desk, "notes")
    assert all(f"note {n}" in notes[ids[n % ROWS]].split("\n") for n in range(24))
    told = [row[1] for row in desk.book.worksheet("Activity").get_all_values() if row[3] == "Neha"]
    assert sorted(told) == sorted(edit.change_id for edit in edits)
