"""The process that computes formulas: reads jobs from its input, writes what they come to, until its input ends.

formula_lanes -> formula_child -> (pipes) -> here. It reads the data file by itself, so that only the question and the
answer pass through the server. The operating system ends it when a job takes longer than it may: an evaluator at
work cannot be asked to stop.
"""

from __future__ import annotations

import contextlib
import pickle
import resource
import signal
import sqlite3
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import orjson

from . import display, entered
from .book import Book
from .evaluator import Sheets
from .formula_feed import Task, gather, home_of, named_sheets
from .formula_jobs import HEAD, Given, Job, Outcome, Stored
from .results import Done
from .storage import schema
from .storage.formats import Formats
from .worksheet import broken, evaluated, on_deep_stack

KEPT_BOOKS = 4
MOST_MEMORY = 3 << 30
SHARE = 10  # how many times longer than its processor time a job may take on a machine that is busy otherwise


@dataclass(slots=True)
class Worker:
    """The data file, and the spreadsheets that were asked for last, each with its version."""

    connection: sqlite3.Connection
    books: OrderedDict[str, tuple[int, Book]] = field(default_factory=OrderedDict)

    def answer(self, job: Job) -> Outcome:
        """What a job comes to."""
        if isinstance(job, Given):
            return on_deep_stack(lambda: _of_given(job), lambda: broken(job.feed.formulas))
        self.connection.execute("BEGIN")  # one moment for all that is read
        try:
            book = self._book(job)
            return None if book is None else self._of_stored(job, book)
        finally:
            self.connection.execute("ROLLBACK")

    def _book(self, job: Stored) -> Book | None:
        found = self.connection.execute("SELECT key, version, doc FROM spreadsheet WHERE id = ?", (job.sid,)).fetchone()
        if found is None or found[1] != job.version:
            return None
        version, book = self.books.pop(job.sid, (None, None))
        if book is None or version != job.version:
            formats = Formats(self.connection)
            doc = orjson.loads(found[2])
            book = Book(self.connection, found[0], job.sid, doc, formats, entered.parse, display.show)
        self.books[job.sid] = (job.version, book)
        if len(self.books) > KEPT_BOOKS:
            self.books.popitem(last=False)
        return book

    def _of_stored(self, job: Stored, book: Book) -> Done:
        book.now = lambda: job.now
        grids = {grid.key: grid for grid in book.sheets}
        tasks = {}
        for (key, row, column), text in job.formulas.items():
            own = key if key < 0 else None
            tasks[key, row, column] = Task(grids[home_of(key)], row, column, text, sheet=own)

        def work() -> Done:
            sheets = Sheets.of(named_sheets(book, tasks), str(book.properties.get("timeZone", "UTC")))
            return evaluated(sheets, gather(book, tasks, sheets.put))

        return on_deep_stack(work, lambda: broken(job.formulas))


def _of_given(job: Given) -> Done:
    sheets = Sheets.of(job.feed.names, job.feed.zone)
    for cell in job.cells:
        sheets.put(*cell)
    return evaluated(sheets, job.feed)


def _told(answer: Callable[[Job], Outcome], job: Job) -> Outcome:
    try:
        return answer(job)
    except Exception:  # noqa: BLE001 - the server logs it and shows an error; the next job is another
        return traceback.format_exc()


def serve(answer: Callable[[Job], Outcome], jobs: BinaryIO, outcomes: BinaryIO) -> None:
    """Answers jobs one after the other until the input ends."""
    while head := jobs.read(HEAD.size):
        job = pickle.loads(jobs.read(HEAD.unpack(head)[0]))  # noqa: S301 - from the server that started this process
        signal.setitimer(signal.ITIMER_PROF, job.seconds)
        signal.setitimer(signal.ITIMER_REAL, job.seconds * SHARE)
        packed = pickle.dumps(_told(answer, job), protocol=pickle.HIGHEST_PROTOCOL)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        outcomes.write(HEAD.pack(len(packed)) + packed)
        outcomes.flush()


def main() -> None:
    """`python -c "…main()" DATAFILE`."""
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    with contextlib.suppress(ValueError, OSError):  # not every system lets a process limit itself
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))  # what wants more ends this process alone
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it, by closing its input
    serve(Worker(schema.reading(Path(sys.argv[1]))).answer, sys.stdin.buffer, sys.stdout.buffer)
