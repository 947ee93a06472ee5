"""The worker goes on through whatever passes, waits as it should, and finishes its flush when it is told to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from store import lease, mirror, state
from sync import local
from sync.access import open_client, read_key
from sync.link import LEASE_SECONDS, Link
from sync.restore import FENCE
from sync.sheets import Sheets
from sync.worker import LONGEST_WAIT, Worker, pause, run
from tests.conftest import start_server
from tests.sync.conftest import HEADER, Desk, person

PATIENCE = 60


@pytest.mark.parametrize(
    ("seconds", "failures", "quota", "least"),
    [
        (10, 1, False, 10), (10, 2, False, 20), (10, 3, False, 40), (10, 6, False, 300), (10, 10_000, False, 300),
        (10, 1, True, 30), (10, 2, True, 30), (10, 3, True, 40), (10, 9, True, 300), (1, 1, True, 30),
        (3600, 1, False, 300),
    ],
)  # fmt: skip
def test_how_long_to_wait(seconds: float, failures: int, quota: bool, least: float) -> None:
    waits = [pause(seconds, failures, quota=quota, chance=lambda c=chance: c) for chance in (0.0, 0.5, 0.999)]
    assert waits[0] == least
    assert waits == sorted(waits)
    assert waits[-1] < least * 4 / 3


def test_two_workers_do_not_come_back_together() -> None:
    assert len({pause(10, 3, quota=True) for _ in range(50)}) > 40


def test_it_never_waits_for_long() -> None:
    assert all(pause(10, n, quota=True) <= LONGEST_WAIT * 4 / 3 for n in range(1, 2000, 37))


def test_a_good_turn_waits_as_usual(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    worker = Worker(desk.link(), 7, failures=4)
    assert (worker.turn(), worker.failures) == (7, 0)
    assert len(desk.master()) == 1


def test_what_fails_is_remembered_waited_for_and_heals(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    lost, found = Sheets(desk.http, "nosuch", attempts=1), link.sheets
    link.sheets = lost
    worker = Worker(link, 10)
    first, second, third = worker.turn(), worker.turn(), worker.turn()
    assert 10 <= first < 20 <= second < 40 <= third
    with link.engine.begin() as conn:
        assert state.read_status(conn).problem.startswith("There is no spreadsheet with this id. Check SPREADSHEET_ID")
    link.sheets = found
    assert (worker.turn(), worker.failures) == (10, 0)
    with link.engine.begin() as conn:
        assert state.read_status(conn).problem == ""


def test_a_server_that_is_away(desk: Desk) -> None:
    link = desk.link()
    link.sheets.http = open_client(read_key(desk.server.key, None), "http://127.0.0.1:1")
    worker = Worker(link, 10)
    assert (worker.turn() >= 10, worker.failures) == (True, 1)


def test_somebody_elses_flush_is_no_failure(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    with link.engine.begin() as conn:
        assert lease.take(conn, "writer", "somebody else", datetime.now(UTC), LEASE_SECONDS)
    worker = Worker(link, 10)
    assert (worker.turn(), worker.failures, desk.master()) == (10, 0, [])
    with link.engine.begin() as conn:
        lease.give_back(conn, "writer", "somebody else")
    worker.turn()
    assert len(desk.master()) == 1


def test_a_database_that_fails_is_no_end(desk: Desk) -> None:
    link = desk.link()
    with link.engine.begin() as conn:
        conn.execute(text("ALTER TABLE tabs RENAME TO elsewhere"))
    worker = Worker(link, 10)
    assert (worker.turn() >= 10, worker.failures) == (True, 1)
    with link.engine.begin() as conn:
        conn.execute(text("ALTER TABLE elsewhere RENAME TO tabs"))
    assert (worker.turn(), worker.failures) == (10, 0)


def test_a_quota_that_is_used_up_is_waited_for(tmp_path: Path, desk: Desk) -> None:
    """Against a server that counts as Google does."""
    server, process = start_server(tmp_path / "counting")
    try:
        http = open_client(read_key(server.key, None), server.base)
        link = desk.link()
        link.sheets = Sheets(http, local.create(http, "Library", "Asia/Kolkata", None), attempts=1)
        worker = Worker(link, 1)
        waits = [worker.turn() for _ in range(80)]
        assert waits[:10] == [1] * 10
        assert waits[-1] >= 30
        with link.engine.begin() as conn:
            assert "limit of calls per minute" in state.read_status(conn).problem
    finally:
        process.terminate()
        process.wait(20)


def test_it_turns_until_it_is_stopped(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1)])
    worker = Worker(desk.link(), 0.05)
    thread = threading.Thread(target=run, args=(worker,), kwargs={"on_signals": False})
    thread.start()
    try:
        wait_until(lambda: "Master" in [t.title for t in desk.book.worksheets()] and len(desk.master()) == 1)
        tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
        wait_until(lambda: len(desk.master()) == 2)
    finally:
        worker.stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def wait_until(ready: object) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if ready():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.fixture
def dawdling(desk: Desk, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that stands at the step of this test, with rows to take in."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(700))])
    arguments = [desk.server.base, str(desk.server.key), desk.book.id, f"sqlite:///{desk.folder}/a.db"]
    command = [sys.executable, "-m", "tests.sync.stopping", *arguments, request.param, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield process
    process.kill()
    process.wait()


def whole(desk: Desk, link: Link) -> None:
    """What is in the sheet is in the store, and the lease is free."""
    with link.engine.begin() as conn:
        assert mirror.count(conn) == len(desk.master()) == 700
        assert state.get(conn, FENCE) == str(desk.book.worksheet("_crm").acell("B1").value)
        assert lease.take(conn, "writer", "the next", datetime.now(UTC), LEASE_SECONDS)


@pytest.mark.parametrize("dawdling", ["planned", "send", "sent", "recorded"], indirect=True)
@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_what_it_began(
    desk: Desk, tmp_path: Path, dawdling: subprocess.Popen[bytes], name: signal.Signals
) -> None:
    wait_until((tmp_path / "reached").exists)
    dawdling.send_signal(name)
    dawdling.send_signal(name)
    time.sleep(0.1)  # it has the signal and stands at its step all the same
    assert dawdling.poll() is None
    (tmp_path / "go").touch()
    assert dawdling.wait(PATIENCE) == 0
    whole(desk, desk.link())


def test_the_morning_post_is_asked_while_the_worker_runs(desk: Desk) -> None:
    asked = threading.Event()
    worker = Worker(desk.link(), 3600, post=asked.set)
    running = threading.Thread(target=run, args=(worker,), kwargs={"on_signals": False})
    running.start()
    assert asked.wait(60)
    worker.stop.set()
    running.join()
