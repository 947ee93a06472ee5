"""What the list of leads is asked for: parsed once from an address, and written back into one. Pages and API share it.

A blank parameter filters nothing (forms send them all); `BLANK` asks for leads where the field is blank. A filter given
more than once finds any of its values. Words are matched as people write them: case does not matter for a status, a
city or a name that the book knows. Days may be relative (`app.asking_days`), so that a saved view stays true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import cast, get_args
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from app.asking_days import BOUNDS, bounds, on
from app.errors import bad_parameter
from store import counters
from store.search import LeadQuery, Sort

BLANK = "-"
ME = "me"
"""As a value of `assigned_to`: whoever looks, so that a view can be shared."""
PICKS: Mapping[str, str] = MappingProxyType(  # parameter -> kind of counter
    {"status": "status", "priority": "priority", "assigned_to": "assigned_to", "source": "lead_source", "city": "city"}
)
DEFAULT_SORT = "next_follow_up"
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LONGEST = 200  # characters of a value
_MOST_VALUES = 60  # of one filter
_YES, _NO = frozenset(("1", "true", "yes", "on")), frozenset(("", "0", "false", "no", "off"))
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Asked:
    """Parsed parameters. `picks` has only the filters that were given, as the book writes their values, "" for blank.
    `bounds` are days and scores by their parameter (`app.asking_days.BOUNDS`). `sort` is a field of
    `store.search.Sort`, with "-" before it for descending."""

    q: str = ""
    picks: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    overdue: bool = False
    bounds: Mapping[str, str] = field(default_factory=lambda: _NONE)
    sort: str = DEFAULT_SORT

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.picks or self.overdue or self.bounds)

    def query(self, today: date, zone: tzinfo = UTC, me: str = "") -> LeadQuery:
        """The store's query on the library's day and clock; `me` is who looks, as leads name people."""
        day = {name: on(text, today) for name, text in self.bounds.items() if not name.startswith("score")}
        score = {name: int(text) for name, text in self.bounds.items() if name.startswith("score")}
        until = day.get("contacted_to")
        people = self.picks.get("assigned_to")
        return LeadQuery(
            q=self.q,
            status=self.picks.get("status"),
            priority=self.picks.get("priority"),
            assigned_to=tuple(me if name == ME and me else name for name in people) if people else None,
            source=self.picks.get("source"),
            city=self.picks.get("city"),
            score_from=score.get("score_from"),
            score_to=score.get("score_to"),
            overdue_on=today if self.overdue else None,
            due_from=day.get("follow_up_from"),
            due_to=day.get("follow_up_to"),
            no_due=self.bounds.get("follow_up") == "none",
            lead_from=day.get("lead_from"),
            lead_to=day.get("lead_to"),
            contacted_from=_midnight(day.get("contacted_from"), zone),
            contacted_before=_midnight(_next(until), zone),
            never_contacted=self.bounds.get("contacted") == "never",
            sort=cast(Sort, self.sort.removeprefix("-")),
            descending=self.sort.startswith("-"),
        )

    def parameters(self) -> dict[str, str | tuple[str, ...]]:
        """What is asked for, and nothing else, in one order, so that equal questions have equal addresses."""
        picks = {name: tuple(one or BLANK for one in self.picks[name]) for name in PICKS if name in self.picks}
        given: dict[str, str | tuple[str, ...]] = {"q": self.q, **picks, "overdue": "1" if self.overdue else ""}
        given |= {name: self.bounds[name] for name in BOUNDS if name in self.bounds}
        given["sort"] = "" if self.sort == DEFAULT_SORT else self.sort
        return {name: value for name, value in given.items() if value}

    def address(self, **more: str) -> str:
        """The list's address."""
        return page_address("leads.listing", self.parameters() | {name: text for name, text in more.items() if text})

    def export_address(self, kind: str) -> str:
        """Where this list is to be had as a file, "xlsx" or "csv"."""
        return page_address("exporting.listing", self.parameters(), kind=kind)

    def sorted_by(self, sort: str) -> Asked:
        return replace(self, sort=sort)

    def without(self, name: str) -> Asked:
        """Without a filter (`PICKS`), or without the bounds whose names begin so ("follow_up", "score", …)."""
        return replace(
            self,
            picks=MappingProxyType({k: v for k, v in self.picks.items() if k != name}),
            bounds=MappingProxyType({k: v for k, v in self.bounds.items() if not k.startswith(name)}),
            overdue=self.overdue and name != "follow_up",
        )


def parse(conn: Connection, args: Mapping[str, str]) -> Asked:
    """Reads the parameters of a list. Raises `app.errors.Refused` (400, naming it) for what cannot be meant."""
    several = MultiDict(args)
    given = {name: _text(args, name) for name in ("q", "overdue", "sort", "follow_up", "contacted", *BOUNDS)}
    picks = {name: values for name in PICKS if (values := _picked(conn, name, several.getlist(name)))}
    overdue = _flag(given["overdue"]) or given["follow_up"] == "overdue"
    found = MappingProxyType(bounds(given))
    return Asked(given["q"], MappingProxyType(picks), overdue, found, _sort(given["sort"]))


def page_address(endpoint: str, parameters: Mapping[str, str | tuple[str, ...]], **parts: str) -> str:
    """The address of a page with these parameters; `parts` are those of its path."""
    page = url_for(endpoint, **parts)  # type: ignore[arg-type]  # parts of the path, no options of url_for
    return f"{page}?{urlencode(parameters, doseq=True)}" if parameters else page


def page_limit(args: Mapping[str, str], usual: int, most: int) -> int:
    """The parameter `limit`, 1 to `most`."""
    text = _text(args, "limit")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise bad_parameter("limit", f"limit is a whole number from 1 to {most}.")
    return int(text)


def _next(day: date | None) -> date | None:
    """The day after; the last one of the calendar has none."""
    return day + timedelta(days=1) if day and day < date.max else day


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    """When a day of the library begins; at the ends of the calendar its clock may stand beyond them."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def _text(args: Mapping[str, str], name: str) -> str:
    return _clean(name, args.get(name, ""))


def _clean(name: str, given: str) -> str:
    text = _CONTROL.sub(" ", given).strip()
    if len(text) > _LONGEST:
        raise bad_parameter(name, f"{name} is longer than {_LONGEST} characters.")
    return text


def _picked(conn: Connection, name: str, given: list[str]) -> tuple[str, ...]:
    words = [text for one in given if (text := _clean(name, one))]
    if len(words) > _MOST_VALUES:
        raise bad_parameter(name, f"At most {_MOST_VALUES} values of {name} at once.")
    return tuple(dict.fromkeys(_known(conn, PICKS[name], word) for word in words))


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
