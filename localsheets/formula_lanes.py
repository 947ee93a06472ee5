"""Who computes formulas, and who waits for it: nobody but the request that shows them, and that one not for ever.

evaluation -> Lanes.evaluate -> a process (formula_child). There are two: a quick one that no job holds for more than a
moment, and one for formulas that are known to take longer. A request that needs what is not there yet is put off
(`Computing`) and asked again when it is; after PATIENCE seconds it shows what was last known of a formula, else
`Loading...`, as Google's does. A formula that took longer than SLOW_SECONDS, or broke the evaluator, is `#ERROR!`.
All of this runs in the engine's thread but for the waiting itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .formula_child import Child, Died
from .formula_feed import Task, gather
from .formula_jobs import Given, Stored
from .formula_text import spills
from .results import LOADING, Done, Kinded, Place, Results, Spilled

if TYPE_CHECKING:
    from .book import Book

QUICK_SECONDS, SLOW_SECONDS = 1.0, 30.0  # of processor time
PATIENCE = 8.0
HOPELESS_FOR = 600.0  # seconds until a formula that was given up is tried again
MOST_GIVEN = 300_000  # cells that formulas may name in the midst of a write, where the write waits for them
KEPT, MOST_REMEMBERED = 64, 200_000
BROKEN: Kinded = ("error", "#ERROR!")


class Ask(Enum):
    """What a request does about results that are not there: it waits, is put off, or shows what there is."""

    WAITING = 1
    PUT_OFF = 2
    AS_IT_IS = 3


class Computing(Exception):
    """Results that a request needs are being computed: it is to be asked again when they are `ready`."""

    def __init__(self, waiting: list[Future[Done | None]]) -> None:
        super().__init__("formulas are being computed")
        self.waiting = waiting

    def ready(self) -> bool:
        """Whether there is something new; safe to ask from any thread."""
        return all(one.done() for one in self.waiting)


@dataclass(slots=True)
class Lane:
    """One process and the thread that talks to it."""

    seconds: float
    child: Child
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="formulas"))

    def close(self) -> None:
        """Ends both, whatever they are at."""
        self.child.kill()
        self.pool.shutdown(cancel_futures=True)
        self.child.close()


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """Formulas of a spreadsheet that are being computed."""

    future: Future[Done | None]
    moment: tuple[int, int]  # version, minute
    formulas: Mapping[Place, str]
    now: float
    slow: bool


@dataclass(slots=True)
class Known:
    """What is known of a spreadsheet's formulas: as it stands (`moment`), and as it stood before. `owed`: somebody was
    shown something older; `settled` counts how often that was put right."""

    sid: str
    moment: tuple[int, int] = (-1, -1)
    volatile: bool = False
    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)
    before: dict[Place, tuple[str, Kinded]] = field(default_factory=dict)
    spilled_before: dict[int, Spilled] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    slow: OrderedDict[str, None] = field(default_factory=OrderedDict)
    hopeless: dict[str, float] = field(default_factory=dict)
    owed: bool = False
    settled: int = 0

    def turn_to(self, version: int, minute: int) -> None:
        """Begins anew where the spreadsheet has changed, or the clock where it was looked at."""
        if (version, minute) == self.moment or (version == self.moment[0] and not self.volatile):
            return
        self.moment, self.volatile, self.values, self.spilled = (version, minute), False, {}, {}
        if len(self.before) > MOST_REMEMBERED:
            self.before.clear()
        for one in self.pending:
            one.future.cancel()  # one that runs goes on: what it finds is better than nothing

    def take(self, pending: Pending, done: Done) -> None:
        """What a computation has found."""
        self.before.update((place, (text, done.values[place])) for place, text in pending.formulas.items())
        for key, rows in done.spilled.items():
            self.spilled_before[key] = rows
        if pending.moment == self.moment:
            self.values.update(done.values)
            self.volatile = self.volatile or done.volatile
            for key, rows in done.spilled.items():
                mine = self.spilled.setdefault(key, {})
                for row, cells in rows.items():
                    mine.setdefault(row, {}).update(cells)

    def shown(self, tasks: Mapping[Place, Task]) -> Done:
        """What there is to show; where that is not as the spreadsheet stands it says so."""
        missing = [place for place in tasks if place not in self.values]
        if not missing:
            return Done({place: self.values[place] for place in tasks}, self.spilled, self.volatile)
        values = {place: self.values[place] for place in tasks if place in self.values}
        for place in missing:
            text, value = self.before.get(place, ("", LOADING))
            values[place] = value if text == tasks[place].formula else LOADING
        arrays = {place[0] for place in missing if spills(tasks[place].formula)}
        spilled = {**{key: rows for key, rows in self.spilled_before.items() if key in arrays}, **self.spilled}
        return Done(values, spilled, self.volatile, partial=True)


class Lanes:
    """Computes the formulas of a data file's spreadsheets in other processes."""

    def __init__(self, data_file: Path, quick: float = QUICK_SECONDS, slow: float = SLOW_SECONDS) -> None:
        self.quick, self.slow = Lane(quick, Child(data_file)), Lane(slow, Child(data_file))
        self.how = Ask.WAITING
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._partial: list[Book] = []

    def close(self) -> None:
        """Ends the processes."""
        self.quick.close()
        self.slow.close()

    @contextmanager
    def asking(self, how: Ask) -> Iterator[None]:
        """How the one request inside takes it that results are not there yet."""
        self.how, was = how, self.how
        try:
            yield
        finally:
            self.how = was
            for book in self._partial:
                book.results = Results()
            self._partial.clear()

    def settled(self, sid: str) -> int:
        """How often results have come that somebody had been shown older ones for: a reason to read again."""
        known = self._known.get(sid)
        if known is None:
            return 0
        self._collect(known)
        if known.owed and not known.pending:
            known.owed = False
            known.settled += 1
        return known.settled

    # -- the engine asks ----------------------------------------------------------------------------------------------

    def evaluate(self, book: Book, tasks: dict[Place, Task]) -> Done:
        """What formulas come to (see `Book.evaluate`); Computing where the request is to be put off."""
        if book.changed:
            return self._in_a_write(book, tasks)
        known = self._of(book)
        end = time.monotonic() + PATIENCE
        while self.how is not Ask.AS_IT_IS:
            self._collect(known)
            waiting = self._wanted(known, book, tasks)
            if not waiting:
                break
            if self.how is Ask.PUT_OFF:
                raise Computing(waiting)
            left = end - time.monotonic()
            if left <= 0:
                break
            wait(waiting, left)
        self._collect(known)
        done = known.shown(tasks)
        if done.partial:
            known.owed = True
            self._partial.append(book)
        return done

    def _of(self, book: Book) -> Known:
        known = self._known.pop(book.id, None) or Known(book.id)
        self._known[book.id] = known
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        known.turn_to(book.version, int(book.now() // 60))
        return known

    def _wanted(self, known: Known, book: Book, tasks: Mapping[Place, Task]) -> list[Future[Done | None]]:
        """What is to be waited for; begun here where nobody has. Slow array formulas that only might fill what is asked
        for are not."""
        now = time.monotonic()
        under_way: dict[Place, Pending] = {}
        for one in known.pending:
            if one.moment == known.moment:
                under_way.update(dict.fromkeys(one.formulas, one))
        fresh: dict[bool, dict[Place, str]] = {False: {}, True: {}}
        for place, task in tasks.items():
            if place in known.values or place in under_way:
                continue
            if known.hopeless.get(task.formula, 0) > now:
                known.values[place] = BROKEN
            else:
                fresh[task.formula in known.slow][place] = task.formula
        for slow, formulas in fresh.items():
            if formulas:
                begun = self._begin(known, formulas, book.now(), slow=slow)
                under_way.update(dict.fromkeys(formulas, begun))
        awaited = [
            under_way[place].future
            for place, task in tasks.items()
            if place in under_way and not (task.beside and task.formula in known.slow)
        ]
        return list(dict.fromkeys(awaited))

    def _begin(self, known: Known, formulas: Mapping[Place, str], now: float, *, slow: bool) -> Pending:
        lane = self.slow if slow else self.quick
        job = Stored(known.sid, known.moment[0], now, lane.seconds, dict(formulas))
        pending = Pending(lane.pool.submit(lane.child.ask, job), known.moment, formulas, now, slow)
        known.pending.append(pending)
        return pending

    def _collect(self, known: Known) -> None:
        """Takes what has been computed; what took too long in the quick lane is known as slow, what fails in the slow
        one is halved until the formula is found that it fails on."""
        done = [one for one in known.pending if one.future.done()]
        known.pending = [one for one in known.pending if one not in done]
        for one in done:
            if one.future.cancelled():
                continue
            failed = one.future.exception()
            if failed is None:
                if (outcome := one.future.result()) is not None:
                    known.take(one, outcome)
            elif not isinstance(failed, Died):
                raise failed
            elif not one.slow:
                known.slow.update(dict.fromkeys(one.formulas.values()))
            else:
                self._halve(known, one)

    def _halve(self, known: Known, failed: Pending) -> None:
        if failed.moment != known.moment:
            return
        places = list(failed.formulas)
        if len(places) == 1:
            known.values[places[0]] = BROKEN
            known.hopeless[failed.formulas[places[0]]] = time.monotonic() + HOPELESS_FOR
            return
        for half in (places[: len(places) // 2], places[len(places) // 2 :]):
            self._begin(known, {place: failed.formulas[place] for place in half}, failed.now, slow=True)

    def _in_a_write(self, book: Book, tasks: dict[Place, Task]) -> Done:
        """Formulas that a write at work needs to go on, after it has changed what they depend on: nobody else can see
        that, so the cells go along, and the write waits (and all others with it), but not for long."""
        cells: list[tuple[int, int, int, Any]] = []
        feed = gather(book, tasks, lambda *cell: cells.append(cell), MOST_GIVEN)
        future = self.quick.pool.submit(self.quick.child.ask, Given(feed, cells, self.quick.seconds))
        try:
            found = future.result(self.quick.seconds * 2)
        except (Died, TimeoutError):
            found = None
        return found if found is not None else Done(dict.fromkeys(tasks, BROKEN))
