"""Days and scores that a list is asked for, from and to: as people write them, and relative ones that stay true.

A day is `31-12-2026` (or ISO), `today`, or so many days from today: `+7`, `-30`. Used by `app.asking`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from app.errors import bad_parameter
from app.words import day

RANGES = ("follow_up", "lead", "contacted")
BOUNDS = (
    *("follow_up", "follow_up_from", "follow_up_to", "lead_from", "lead_to"),
    *("contacted", "contacted_from", "contacted_to", "score_from", "score_to"),
)
PRESETS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(  # by parameter and its value: from, to
    {
        "follow_up": {"today": ("today", "today"), "week": ("today", "+6")},
        "contacted": {"week": ("-6", "today"), "not30": ("", "-30")},
    }
)
_ALONE = {"follow_up": "none", "contacted": "never"}
_RELATIVE = re.compile(r"[+-][0-9]{1,4}", re.ASCII)
_WRITTEN = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
_BEST = 100


def bounds(given: Mapping[str, str]) -> dict[str, str]:
    """The bounds among the parameters, each in its one spelling. Raises `app.errors.Refused` (400), naming it."""
    found: dict[str, str] = {}
    for name in RANGES:
        choice = given.get(name, "")
        if choice and choice == _ALONE.get(name):
            found[name] = choice
            continue
        read = not choice or (name, choice) == ("follow_up", "overdue")  # that one is `overdue`, which has no bounds
        first, last = ("", "") if read else _preset(name, choice)
        first, last = given.get(f"{name}_from") or first, given.get(f"{name}_to") or last
        found |= {f"{name}_from": _day(f"{name}_from", first)} if first else {}
        found |= {f"{name}_to": _day(f"{name}_to", last)} if last else {}
    for name in ("score_from", "score_to"):
        if given.get(name):
            found[name] = _score(name, given[name])
    return found


def on(text: str, today: date) -> date | None:
    """The day that a bound means today; None for what is no day ("none", "never")."""
    if text == "today":
        return today
    if _RELATIVE.fullmatch(text):
        return today + timedelta(days=int(text))
    return _written(text)


def _preset(name: str, choice: str) -> tuple[str, str]:
    try:
        return PRESETS[name][choice]
    except KeyError as error:
        raise bad_parameter(name, f"{name} cannot be “{choice[:40]}”.") from error


def _day(name: str, text: str) -> str:
    word = text.strip().casefold()
    if word == "today":
        return word
    if _RELATIVE.fullmatch(word):
        return f"{int(word):+d}"
    found = _written(word)
    if found is None:
        raise bad_parameter(name, f"“{text[:40]}” is not a date; write it as 31-12-2026.")
    return day(found)


def _written(text: str) -> date | None:
    try:
        parts = _WRITTEN.fullmatch(text)
        return date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(text)
    except ValueError:
        return None


def _score(name: str, text: str) -> str:
    if not (text.isascii() and text.isdecimal() and int(text) <= _BEST):
        raise bad_parameter(name, f"A score is a whole number from 0 to {_BEST}.")
    return str(int(text))
