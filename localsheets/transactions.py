"""Transactions on the data file: the spreadsheets in hand, and one durable commit for each write.

What is kept in memory of a spreadsheet (its record and the order of its rows) is dropped when a write fails, and
read anew.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import orjson

from .book import Book, Display, Evaluate, Parse, evaluate_here
from .entering import Write
from .errors import not_found
from .storage.formats import Formats
from .storage.history import Journal

Answer = TypeVar("Answer")
KEPT_BOOKS = 64
FOLLOWS_SORT = "metadata_follows_sort"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: account (e-mail), the request's id and the server's clock in unix seconds."""

    account: str
    request_id: str
    at: float


class Transactions:
    """The connection and the spreadsheets in hand; to be used by one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, parse: Parse, show: Display) -> None:
        self.connection = connection
        self.parse = parse
        self.show = show
        self.formats = Formats(connection)
        self._books: dict[str, Book] = {}
        self._depth = 0
        self.now: Callable[[], float] = time.time  # what TODAY() and NOW() look at; the server sets its own clock
        self.evaluate: Evaluate = evaluate_here  # what formulas come to; the server has processes for that
        self.forgiving: frozenset[str] = frozenset()  # see Book.forgiving
        self.keeps_covered = True  # see Grid.keeps_covered
        self._settings = dict(connection.execute("SELECT name, value FROM engine_setting").fetchall())

    # -- transactions -------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction for everything inside; inside another one it is part of that. Rolled back on any error."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self.connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            self.connection.execute("COMMIT")
            for book in self._books.values():
                book.changed = False
        except BaseException:
            self._books.clear()
            self.formats.forget()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0

    def _book(self, sid: str) -> Book:
        found = self._books.pop(sid, None)
        if found is None:
            row = self.connection.execute("SELECT key, doc FROM spreadsheet WHERE id = ?", (sid,)).fetchone()
            if row is None:
                raise not_found()
            found = Book(self.connection, row[0], sid, orjson.loads(row[1]), self.formats, self.parse, self.show)
        found.metadata_follows_sort = self.metadata_follows_sort
        found.forgiving = self.forgiving
        for grid in found.sheets:
            grid.keeps_covered = self.keeps_covered
        found.now = self.now
        found.evaluate = self.evaluate
        self._books[sid] = found  # the one asked for last stands last
        if len(self._books) > KEPT_BOOKS and not self._depth:
            self._books.pop(next(iter(self._books)))
        return found

    # -- switches -----------------------------------------------------------------------------------------------------

    @property
    def metadata_follows_sort(self) -> bool:
        """Whether developer metadata of rows goes with them when whole rows are sorted. Google does not document what
        it does, so both can be had; kept in the data file, for all its spreadsheets; by default it stays in its
        place, as a row's height does."""
        return self._settings.get(FOLLOWS_SORT) == "1"

    @metadata_follows_sort.setter
    def metadata_follows_sort(self, follows: bool) -> None:
        value = "1" if follows else "0"
        self.connection.execute("INSERT OR REPLACE INTO engine_setting VALUES (?, ?)", (FOLLOWS_SORT, value))
        self._settings[FOLLOWS_SORT] = value

    def _change(self, caller: Caller, sid: str, work: Callable[[Book, Write], Answer]) -> Answer:
        """Runs one write in a transaction: history, records, version."""
        self._book(sid)  # what is not there is refused before a transaction begins
        with self.transaction():
            book = self._book(sid)
            write = Write(caller.account, caller.at, self._journal(caller, book))
            answer = work(book, write)
            write.journal.flush()
            book.flush(caller.at)
            return answer

    def _journal(self, caller: Caller, book: Book) -> Journal:
        return Journal(self.connection, book.key, caller.request_id, caller.account, caller.at)
