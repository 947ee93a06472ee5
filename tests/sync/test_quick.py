"""Between two cycles the worker looks at the outbox: an edit does not wait for the next poll."""

from __future__ import annotations

import threading
import time

from core.model import ChangeState
from store import outbox
from sync.outgoing import drain_now
from sync.worker import Worker, run
from tests.sync.conftest import HEADER, NOW, Desk, person
from tests.sync.test_outgoing import by_id, change, enqueue, state_of

PATIENCE = 30.0  # seconds; far below the hour between the cycles of this test


def test_an_edit_between_cycles_is_a_read_and_a_write(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    assert not drain_now(link, NOW)
    desk.cycle(link)
    assert not drain_now(link, NOW)
    lead = desk.column("lead_id")[0]
    one = change(1, lead, city=("Pune", "Kochi"))
    enqueue(link, one)
    meter = link.sheets.meter
    before = (meter.read, meter.write)
    assert drain_now(link, NOW)
    assert (meter.read - before[0], meter.write - before[1]) == (1, 1)
    assert by_id(desk, "city")[lead] == "Kochi"
    assert state_of(link, one) is ChangeState.APPLIED


def test_the_worker_does_not_wait_for_its_next_cycle(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    lead = desk.column("lead_id")[0]
    worker = Worker(desk.link(), seconds=3600)
    thread = threading.Thread(target=run, args=(worker,), kwargs={"on_signals": False})
    thread.start()
    try:
        one = change(1, lead, city=("Pune", "Kochi"))
        enqueue(link, one)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and by_id(desk, "city")[lead] != "Kochi":
            time.sleep(0.2)
        assert by_id(desk, "city")[lead] == "Kochi"
    finally:
        worker.stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    with link.engine.begin() as conn:
        assert outbox.pending_count(conn) == 0


def test_no_more_flushes_a_minute_than_leave_the_cycles_their_calls(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    lead = (desk.cycle(link), desk.column("lead_id")[0])[1]
    worker, meter = Worker(link, seconds=2), link.sheets.meter
    before = meter.read + meter.write
    for number in range(20):
        enqueue(link, change(number, lead, notes=(None, f"note {number}")))
        worker.edits()
    assert meter.read + meter.write - before == 28  # beside thirty cycles: 58
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == 6
    worker.flushed.popleft()  # a minute later
    worker.edits()
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == 0


def test_what_waits_for_its_header_is_not_tried_again_and_again(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1), person(2)])
    link = desk.link()
    desk.cycle(link)
    first, second = desk.column("lead_id")
    master = desk.book.worksheet("Master")
    master.update([["Ort"]], "E1", raw=True)
    worker, reads = Worker(link, seconds=10), link.sheets.meter.read
    enqueue(link, change(1, first, city=("Pune", "Kochi")))
    for _ in range(5):
        worker.edits()
    assert link.sheets.meter.read - reads == 1
    desk.cycle(link)  # now it is known that the header is gone
    reads = link.sheets.meter.read
    for _ in range(5):
        worker.edits()
    assert link.sheets.meter.read == reads
    enqueue(link, change(2, second, notes=(None, "called")))
    for _ in range(5):
        worker.edits()
    assert by_id(desk, "notes")[second] == "called"
    assert link.sheets.meter.read - reads <= 3


def test_edits_wait_until_a_look_at_the_sheet_has_ended_well(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    desk.cycle(desk.link())
    link = desk.link()  # a process that has just begun: who knows how the last one ended
    worker = Worker(link, seconds=10)
    enqueue(link, change(1, desk.column("lead_id")[0], city=("Pune", "Kochi")))
    worker.edits()
    assert link.sheets.meter.read == 0
    desk.book.worksheet("Master").update([["nobody"]], "A1", raw=True)
    assert (worker.turn() >= 10, worker.failures, link.writing.ready) == (True, 1, False)
    worker.edits()
    desk.book.worksheet("Master").update([["lead_id"]], "A1", raw=True)
    worker.turn()
    assert link.writing.ready
    assert desk.column("city") == ["Kochi"]
