"""Cell formats, each distinct one kept once: cells hold its number."""

from __future__ import annotations

import sqlite3
from typing import Any

import orjson

Json = dict[str, Any]


class Formats:
    """The formats of the data file by number and by content."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._docs: dict[int, Json] = {}
        self._ids: dict[str, int] = {}

    def forget(self) -> None:
        """After a rollback: numbers given in it are void."""
        self._docs, self._ids = {}, {}

    def number(self, doc: Json) -> int:
        """The number of a format, given now if it is new."""
        text = orjson.dumps(doc, option=orjson.OPT_SORT_KEYS).decode()
        known = self._ids.get(text)
        if known is None:
            found = self.connection.execute("SELECT id FROM format WHERE doc = ?", (text,)).fetchone()
            if found is None:
                known = self.connection.execute("INSERT INTO format (doc) VALUES (?)", (text,)).lastrowid
            else:
                known = found[0]
            assert known is not None
            self._ids[text] = known
            self._docs[known] = doc
        return known

    def doc(self, number: int) -> Json:
        """A format by number; not to be changed by the caller."""
        if number not in self._docs:
            found = self.connection.execute("SELECT doc FROM format WHERE id = ?", (number,)).fetchone()
            self._docs[number] = orjson.loads(found[0])
        return self._docs[number]
