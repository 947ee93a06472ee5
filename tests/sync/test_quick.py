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
