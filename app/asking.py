"""What the list of leads is asked for: parsed once from an address, and written back into one. Pages and API share it.

A blank parameter filters nothing (forms send them all); `BLANK` asks for leads where the field is blank. Words are
matched as people write them: case does not matter for a status, a city or a name that the book knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import cast, get_args
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import Connection

from app.errors import bad_parameter
from store import counters
from store.search import LeadQuery, Sort

BLANK = "-"
PICKS: Mapping[str, str] = MappingProxyType(  # parameter -> kind of counter
    {"status": "status", "priority": "priority", "assigned_to": "assigned_to", "source": "lead_source", "city": "city"}
)
DEFAULT_SORT = "next_follow_up"
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LONGEST = 200  # characters of a value
_YES, _NO = frozenset(("1", "true", "yes", "on")), frozenset(("", "0", "false", "no", "off"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Parsed parameters. `picks` has only the filters that were given, as the book writes their values, "" for blank.
    `sort` is a field of `store.search.Sort`, with "-" before it for descending."""

    q: str = ""
    picks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    overdue: bool = False
    sort: str = DEFAULT_SORT

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.picks or self.overdue)

    def query(self, today: date) -> LeadQuery:
        return LeadQuery(
            q=self.q,
            overdue_on=today if self.overdue else None,
            sort=cast(Sort, self.sort.removeprefix("-")),
            descending=self.sort.startswith("-"),
            status=self.picks.get("status"),
            priority=self.picks.get("priority"),
            assigned_to=self.picks.get("assigned_to"),
            source=self.picks.get("source"),
            city=self.picks.get("city"),
        )

    def address(self, **more: str) -> str:
        """The list's address: only what is asked for, in one order, so that equal questions have equal addresses."""
        picks = {name: self.picks[name] or BLANK for name in PICKS if name in self.picks}
        asked = {"q": self.q} | picks | {"overdue": "1" if self.overdue else ""}
        asked["sort"] = "" if self.sort == DEFAULT_SORT else self.sort
        return page_address("leads.listing", {name: value for name, value in (asked | more).items() if value})

    def sorted_by(self, sort: str) -> Asked:
        return replace(self, sort=sort)

    def without(self, name: str) -> Asked:
        return replace(self, picks=MappingProxyType({k: v for k, v in self.picks.items() if k != name}))


def parse(conn: Connection, args: Mapping[str, str]) -> Asked:
    """Reads the parameters of a list. Raises `app.errors.Refused` (400, naming it) for what cannot be meant."""
    given = {name: _text(args, name) for name in ("q", "overdue", "sort", *PICKS)}
    picks = {name: _known(conn, PICKS[name], given[name]) for name in PICKS if given[name]}
    return Asked(given["q"], MappingProxyType(picks), _flag(given["overdue"]), _sort(given["sort"]))


def page_address(endpoint: str, parameters: Mapping[str, str]) -> str:
    """The address of a page with these parameters."""
    return f"{url_for(endpoint)}?{urlencode(parameters)}" if parameters else url_for(endpoint)


def page_limit(args: Mapping[str, str], usual: int, most: int) -> int:
    """The parameter `limit`, 1 to `most`."""
    text = _text(args, "limit")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise bad_parameter("limit", f"limit is a whole number from 1 to {most}.")
    return int(text)


def _text(args: Mapping[str, str], name: str) -> str:
    text = _CONTROL.sub(" ", args.get(name, "")).strip()
    if len(text) > _LONGEST:
        raise bad_parameter(name, f"{name} is longer than {_LONGEST} characters.")
    return text


def _known(conn: Connection, kind: str, word: str) -> str:
    """The value as the book has it: exactly, else but for case, else as it was given (which finds nothing)."""
    if word == BLANK:
        return ""
    if counters.one(conn, kind, word):
        return word
    folded = word.casefold()
    return next((value for value in counters.by(conn, kind) if value.casefold() == folded), word)


def _flag(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise bad_parameter("overdue", "overdue is true or false.")
    return text.lower() in _YES


def _sort(text: str) -> str:
    if text and text.removeprefix("-") not in get_args(Sort):
        raise bad_parameter("sort", f"The list cannot be sorted by “{text[:40]}”.")
    return text or DEFAULT_SORT
