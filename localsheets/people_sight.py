"""A deed of a person and what that person sees: tabs, columns by their headers, rows as people count them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from . import a1
from .errors import bad_request

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """Who (a short name or an address) does what; `given` is the deed's JSON, checked as far as that goes unseen."""

    account: str
    name: str
    given: Json
    spreadsheet: str | None


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab as a deed finds it: its id, title and size."""

    sheet_id: int
    title: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Typed:
    """Values typed or pasted in at a range, in A1 notation."""

    where: str
    values: list[list[Any]]


Step = Json | Typed  # one request of a batchUpdate, or typing


class Look(Protocol):
    """What a person sees before acting: the live sheet, or one made up by a test."""

    def tab(self, named: object) -> Tab:
        """A tab by title, by sheetId, or (None) the first; ApiError 400."""

    def header(self, tab: Tab) -> list[str]:
        """The texts of row 1."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A deed at work on a tab."""

    deed: Deed
    look: Look

    @property
    def tab(self) -> Tab:
        return self.look.tab(self.deed.given.get("tab"))

    def _value(self, name: str, kind: type, words: str) -> Any:
        value = self.deed.given.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise bad_request(f"The deed {self.deed.name!r} needs {name!r}: {words}.")
        return value

    def text(self, name: str) -> str:
        found: str = self._value(name, str, "a text")
        return found

    def row(self, name: str = "row") -> int:
        """A row as people count it, zero-based."""
        found = int(self._value(name, int, "the number of a row"))
        if found < 1:
            raise bad_request(f"{name!r}: rows count from 1.")
        return found - 1

    def column(self, name: str = "column") -> int:
        """A column by header or letters, zero-based."""
        return self.column_of(self._value(name, str, "a header or a column's letters"))

    def column_of(self, text: object) -> int:
        header = self.look.header(self.tab)
        if isinstance(text, str) and text in header:
            return header.index(text)
        if isinstance(text, str) and 0 < len(text) <= 3 and text.isascii() and text.isalpha():
            return a1.column_number(text)
        raise bad_request(f"There is no column {text!r} in {self.tab.title}.")

    def count(self) -> int:
        found = self.deed.given.get("count", 1)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            raise bad_request("'count' must be 1 or more.")
        return found

    def span(self, dimension: str, start: int) -> Json:
        return {
            "sheetId": self.tab.sheet_id, "dimension": dimension, "startIndex": start,
            "endIndex": start + self.count(),
        }  # fmt: skip

    def place(self, row: int, column: int) -> str:
        return f"{a1.quoted(self.tab.title)}!{a1.letters(column)}{row + 1}"

    def grid_range(self, name: str = "range") -> Json:
        """A GridRange from A1 notation; the whole tab where there is none."""
        text = self.deed.given.get(name)
        parsed = a1.parse_cells(text) if isinstance(text, str) else (a1.Box(), False)
        if parsed is None or (text is not None and not isinstance(text, str)):
            raise bad_request(f"{name!r} is no range: {text!r}.")
        return ranged(self.tab, parsed[0])


def ranged(tab: Tab, box: a1.Box) -> Json:
    """A box of a tab as a GridRange."""
    ends = {"endRowIndex": box.bottom, "endColumnIndex": box.right}
    return {
        "sheetId": tab.sheet_id, "startRowIndex": box.top, "startColumnIndex": box.left,
        **{name: end for name, end in ends.items() if end is not None},
    }  # fmt: skip
