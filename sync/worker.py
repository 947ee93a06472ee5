"""The worker: a cycle every SYNC_SECONDS, and between and beside cycles the app's edits, until told to stop.

APScheduler runs one cycle at a time, and one look at the outbox; SIGTERM lets both finish their flush. What waiting may
cure makes the next cycles rarer, with jitter; what a person must cure is tried again all the same, so that it heals by
itself.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from store import outbox
from store.database import reading
from sync.access import CALLS_A_MINUTE
from sync.cycle import run_cycle
from sync.errors import OverQuota, SheetsProblem
from sync.flush import Busy
from sync.link import FLUSH_LEADS, Link
from sync.outgoing import drain_now, waits

OUTBOX_SECONDS = 0.1  # between looks at the outbox
FLUSHES_A_MINUTE = 20  # of edits, a read and a write each; the others wait for room, or go with a cycle
FEWEST_FLUSHES = 3  # however often the cycles come
REST = 0.1  # of SYNC_SECONDS at least between the end of a cycle and the next
LONGEST_WAIT = 300.0  # seconds between cycles while the sheet cannot be reached
MAIL_SECONDS = 60  # between looks at the clock for the morning e-mails
log = structlog.get_logger("worker")


@dataclass(slots=True)
class Worker:
    """`stop` may be set by anyone but a signal, which has `asked`; `failures` counts cycles in a row that did not end
    well; `hurry` asks for the next cycle at once. `flushes_a_minute` of edits, None for any number; `flushed`: when
    they went, in the last minute; `stuck`: changes that wait for something else than a flush (a header that is gone).
    """

    link: Link
    seconds: float
    stop: threading.Event = field(default_factory=threading.Event)
    failures: int = 0
    hurry: threading.Event = field(default_factory=threading.Event)
    post: Callable[[], object] | None = None  # sends what is due by e-mail; None where no mail server is named
    flushes_a_minute: int | None = FLUSHES_A_MINUTE
    flushed: deque[float] = field(default_factory=deque)
    stuck: frozenset[str] = frozenset()
    asked: bool = False

    def ask(self, *_: object) -> None:
        """To stop, as the handler of a signal: takes no lock, for what it interrupts may hold it."""
        self.asked = True

    def turn(self) -> float:
        """One cycle; how many seconds to wait for the next. A failure is told and remembered, never raised: the next
        cycle is the remedy."""
        try:
            report = run_cycle(self.link, datetime.now(UTC))
        except Busy:
            return self.seconds
        except SheetsProblem as problem:
            self.failures += 1
            log.warning("cycle failed", problem=str(problem), remedy=problem.remedy, failures=self.failures)
            return pause(self.seconds, self.failures, quota=isinstance(problem, OverQuota))
        except SQLAlchemyError as problem:
            self.failures += 1
            log.error("database failed", problem=str(problem), failures=self.failures)
            return pause(self.seconds, self.failures, quota=False)
        self.failures = 0
        if report.created or report.merged or report.attention or report.updated:
            log.info(
                "cycle",
                created=report.created,
                merged=report.merged,
                attention=report.attention,
                updated=report.updated,
            )
        return self.seconds

    def mail(self) -> None:
        """The morning e-mails, where it is time. What goes wrong with the database is the next minute's to cure."""
        try:
            if self.post is not None:
                self.post()
        except SQLAlchemyError as problem:
            log.error("morning e-mails failed", problem=str(problem))

    def edits(self) -> None:
        """Flush what the app has put into the outbox since, where the minute's budget allows it. What goes wrong is the
        next cycle's to settle."""
        if not (self.link.writing.ready and self._room(time.monotonic())):
            return
        try:
            with reading(self.link.engine) as conn:
                if not waits(conn, self.stuck):
                    return
                before = _waiting(conn)
            self.flushed.append(time.monotonic())
            drain_now(self.link, datetime.now(UTC))
            with reading(self.link.engine) as conn:
                self.stuck = before if before <= _waiting(conn) else frozenset()
        except (Busy, SheetsProblem, SQLAlchemyError) as problem:
            log.info("edits wait for the next cycle", problem=str(problem))
            self.link.writing.ready = False
            self.hurry.set()

    def _room(self, now: float) -> bool:
        """Whether a flush leaves the cycles of this minute their calls."""
        if self.flushes_a_minute is None:
            return True
        while self.flushed and self.flushed[0] < now - 60:
            self.flushed.popleft()
        most = max(FEWEST_FLUSHES, int(CALLS_A_MINUTE - 60 / self.seconds) // 2)
        return len(self.flushed) < min(self.flushes_a_minute, most)


def _waiting(conn: Connection) -> frozenset[str]:
    return frozenset(change.change_id for change in outbox.ready(conn, FLUSH_LEADS))


def pause(seconds: float, failures: int, *, quota: bool, chance: Callable[[], float] = random.random) -> float:
    """How long to wait after `failures` in a row: doubling from the usual, at least a half minute where the quota is
    used up, at most five minutes, and up to a third more at random so that workers do not come back together."""
    wait = min(LONGEST_WAIT, seconds * 2.0 ** min(failures - 1, 10))
    return max(wait, 30.0 if quota else 0.0) * (1 + chance() / 3)


def run(worker: Worker, *, on_signals: bool = True) -> None:
    """Turn until stopped. A cycle that is at work when the stop comes is finished first."""
    if on_signals:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, worker.ask)
    scheduler = BackgroundScheduler(timezone=UTC)

    def turn() -> None:
        began = time.monotonic()
        wait = LONGEST_WAIT  # after a mistake of ours, which the scheduler logs, the next cycle still comes
        try:
            wait = worker.turn()
            rest = wait if worker.failures else max(wait - (time.monotonic() - began), REST * wait)
            until = time.monotonic() + rest
            while time.monotonic() < until and not worker.stop.wait(OUTBOX_SECONDS) and not worker.hurry.is_set():
                pass
            wait = 0.0
        finally:
            worker.hurry.clear()
            later(turn, wait)

    def edits() -> None:
        try:
            while not worker.stop.wait(OUTBOX_SECONDS):
                worker.edits()
        finally:
            later(edits, worker.seconds)

    def later(job: Callable[[], None], wait: float) -> None:
        if not worker.stop.is_set():
            again = datetime.now(UTC) + timedelta(seconds=wait)
            scheduler.add_job(job, DateTrigger(again), misfire_grace_time=None)

    later(turn, 0.0)
    later(edits, 0.0)
    if worker.post is not None:
        scheduler.add_job(worker.mail, IntervalTrigger(seconds=MAIL_SECONDS), next_run_time=datetime.now(UTC))
    scheduler.start()
    log.info("worker started", every_seconds=worker.seconds, installation=worker.link.installation)
    while not (worker.asked or worker.stop.is_set()):
        time.sleep(OUTBOX_SECONDS)
    worker.stop.set()
    scheduler.shutdown(wait=True)
    log.info("worker stopped")
