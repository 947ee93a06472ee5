"""The app's worker as the simulation runs it: the real link, store and cycle, on a client that trouble can come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from chaos.trouble import Phases, Trouble, TroubledClient
from chaos.world import Book
from core.config import Config
from store.config import default_config
from store.database import open_database
from sync.cycle import run_cycle
from sync.link import Link, installation_of
from sync.outgoing import drain_now
from sync.report import CycleReport
from sync.sheets import Sheets


def _quiet(moment: str) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Worker:
    """A link, and where trouble enters."""

    link: Link
    client: TroubledClient
    phases: Phases

    def cycle(self, now: datetime, troubles: Sequence[Trouble] = ()) -> CycleReport:
        """One cycle with these troubles; those whose phase does not come are forgotten."""
        self.client.troubles = list(troubles)
        self.phases.polled = False
        try:
            return run_cycle(self.link, now)
        finally:
            self.client.troubles = []

    def flush(self, now: datetime, troubles: Sequence[Trouble] = ()) -> bool:
        """What waits in the outbox goes at once, as the worker lets it between and beside cycles; whether it did."""
        troubled, phases = self.client.troubles, self.phases
        self.client.troubles, self.phases = list(troubles), phases.aside()
        self._heed(self.phases)
        try:
            return self.link.writing.ready and drain_now(self.link, now)
        finally:
            self.client.troubles, self.phases = troubled, phases
            self._heed(phases)

    def _heed(self, phases: Phases) -> None:
        self.link.step, self.client.phases = phases.step, phases

    def watch(self, at: Callable[[str], None] = _quiet, answered: Callable[[str], None] = _quiet) -> None:
        """Calls `at` with every step and `answered` with the phase of every answer; without them, nobody."""
        self.phases.at, self.client.answered = at, answered


@lru_cache(maxsize=1)
def shipped() -> Config:
    """What ships, read once."""
    return default_config()


def open_worker(
    book: Book, database: str, owner: str, hit: Callable[[Trouble], None], beside: Worker | None = None
) -> Worker:
    """A worker of this house on a database of its own, or on that of the one that works `beside` it."""
    client, phases = book.world.client(TroubledClient), Phases()
    client.book, client.phases, client.troubles, client.hit = book, phases, [], hit
    client.answered = _quiet
    sheets = Sheets(client, book.sid, attempts=1)
    installation = installation_of("house of chaos")
    link = Link(
        sheets, beside.link.engine if beside else open_database(database), shipped(), installation, owner, phases.step
    )
    return Worker(link, client, phases)
