"""The filters over the list of leads, as its form shows them: what can be picked, how many each has, what is picked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.asking import BLANK, PICKS, Asked
from app.shown import clipped
from core.config import Config
from store import counters

SORTS: tuple[tuple[str, str], ...] = (
    ("next_follow_up", "next follow-up"),
    ("full_name", "name"),
    ("-lead_score", "score, highest first"),
    ("-lead_date", "newest leads"),
    ("-updated_at", "last changed"),
)
_LABELS = {"status": "Status", "priority": "Priority", "assigned_to": "With", "source": "Source", "city": "City"}
_MOST_OPTIONS = 40
_LONGEST = 40  # characters of a value in a label


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """One filter: its parameter, its name, the words on its button (the value while it is on), what can be picked."""

    name: str
    label: str
    words: str
    chosen: bool
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the list's address without it."""

    label: str
    without: str


def pick_words(asked: Asked) -> list[Pick]:
    """The filters without their options: what changes on the page when the list does."""
    picked = [Pick(name, label, _words(asked, name), name in asked.picks) for name, label in _LABELS.items()]
    overdue = Pick("overdue", "Follow-up", "Overdue" if asked.overdue else "Follow-up", asked.overdue)
    return [*picked, overdue]


def picks(conn: Connection, config: Config, asked: Asked) -> list[Pick]:
    """The filters with their options, each with how many leads of the whole book it has."""
    return [replace(pick, options=_options(conn, config, asked, pick.name)) for pick in pick_words(asked)]


def _options(conn: Connection, config: Config, asked: Asked, name: str) -> tuple[Option, ...]:
    if name == "overdue":
        return (Option("", "Any day", not asked.overdue), Option("1", "Overdue", asked.overdue))
    counted = counters.by(conn, PICKS[name])
    now = asked.picks.get(name)
    values = list(dict.fromkeys((*_in_order(config, name), *_most(counted), *([now] if now else []))))
    named = [Option(value, clipped(value, _LONGEST), value == now, counted.get(value, 0)) for value in values]
    blanks = [Option(BLANK, "None", now == "", counted[""])] if counted.get("") else []
    return (Option("", "Any", now is None), *named, *blanks)


def _in_order(config: Config, name: str) -> Iterable[str]:
    """The values of a picklist stand in its order, used or not; others by how many leads they have."""
    match name:
        case "status":
            return [status.label for status in config.statuses]
        case "priority":
            return reversed(config.priorities)
        case "assigned_to":
            return [person.name for person in config.team if person.active]
        case _:
            return ()


def _most(counted: Mapping[str, int]) -> list[str]:
    return [value for value in counted if value][:_MOST_OPTIONS]


def _words(asked: Asked, name: str) -> str:
    if name not in asked.picks:
        return _LABELS[name]
    return clipped(asked.picks[name], _LONGEST) or f"{_LABELS[name]}: none"


def sorts(asked: Asked) -> list[Option]:
    known = [Option(value, label[0].upper() + label[1:], value == asked.sort) for value, label in SORTS]
    if any(option.chosen for option in known):
        return known
    return [*known, Option(asked.sort, "As chosen in the table", chosen=True)]


def chips(asked: Asked) -> list[Chip]:
    on = [Chip(_words(asked, name), asked.without(name).address()) for name in PICKS if name in asked.picks]
    return [*on, Chip("Overdue", replace(asked, overdue=False).address())] if asked.overdue else on
