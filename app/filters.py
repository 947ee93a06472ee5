"""The filters over the list of leads, as its form shows them: what can be picked, how many each has, what is picked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.asking import BLANK, ME, PICKS, Asked
from app.asking_days import PRESETS
from app.shown import clipped
from core.config import Config
from store import counters

SORTS: tuple[tuple[str, str], ...] = (
    ("next_follow_up", "next follow-up"),
    ("full_name", "name"),
    ("-lead_score", "score, highest first"),
    ("-lead_date", "newest leads"),
    ("-updated_at", "last changed"),
    ("last_contacted", "longest not contacted"),
)
_LABELS = {"status": "Status", "priority": "Priority", "assigned_to": "With", "source": "Source", "city": "City"}
_DAYS = {"follow_up": "Follow-up", "lead": "Lead since", "contacted": "Last contacted", "score": "Score"}
_CHOICES = {
    "follow_up": (("", "Any day"), ("overdue", "Overdue"), ("today", "Due today"), ("week", "In the next 7 days"),
                  ("none", "No follow-up set")),
    "contacted": (("", "Whenever"), ("never", "Never"), ("week", "In the last 7 days"),
                  ("not30", "30 days ago or more")),
}  # fmt: skip
_TUCKED = frozenset(("city", "lead", "contacted", "score"))
_MOST_OPTIONS = 40
_LONGEST = 40  # characters of a value in a label


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: the parameter, its label, what stands in it."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Pick:
    """One filter: its parameter, its name, the words on its button (the values while it is on), what can be picked:
    several values, or one choice (`single`), or what lies between two bounds."""

    name: str
    label: str
    words: str
    chosen: bool
    options: tuple[Option, ...] = ()
    single: bool = False
    bounds: tuple[Bound, ...] = ()

    @property
    def tucked(self) -> bool:
        """Whether it stands behind “More filters”."""
        return self.name in _TUCKED


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the list's address without it."""

    label: str
    without: str


def pick_words(asked: Asked) -> list[Pick]:
    """The filters without their options: what changes on the page when the list does."""
    picked = [Pick(name, label, _words(asked, name), name in asked.picks) for name, label in _LABELS.items()]
    return [*picked, *(_range(asked, name) for name in _DAYS)]


def picks(conn: Connection, config: Config, asked: Asked) -> list[Pick]:
    """The filters with their options, each with how many leads of the whole book it has."""
    return [
        replace(pick, options=_options(conn, config, asked, pick.name)) if pick.name in PICKS else pick
        for pick in pick_words(asked)
    ]


def _options(conn: Connection, config: Config, asked: Asked, name: str) -> tuple[Option, ...]:
    counted = counters.by(conn, PICKS[name])
    now = asked.picks.get(name, ())
    known = [value for value in now if value and value != ME]
    values = list(dict.fromkeys((*_in_order(config, name), *_most(counted), *known)))
    named = [Option(value, clipped(value, _LONGEST), value in now, counted.get(value, 0)) for value in values]
    mine = [Option(ME, "Me, whoever looks", ME in now)] if name == "assigned_to" else []
    blanks = [Option(BLANK, "None", "" in now, counted[""])] if counted.get("") else []
    return (*mine, *named, *blanks)


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
    first, *rest = (_value(name, value) for value in asked.picks[name])
    if len(rest) == 1 and len(first) + len(rest[0]) <= 20:
        return f"{first}, {rest[0]}"
    return f"{first} +{len(rest)}" if rest else first


def _value(name: str, value: str) -> str:
    if name == "assigned_to" and value == ME:
        return "Me"
    return clipped(value, _LONGEST) or f"{_LABELS[name]}: none"


def _range(asked: Asked, name: str) -> Pick:
    chosen = _choice(asked, name)
    options = tuple(Option(value, label, value == chosen) for value, label in _CHOICES.get(name, ()))
    first, last = (asked.bounds.get(f"{name}_{end}", "") for end in ("from", "to"))
    ends = Bound(f"{name}_from", "From", "" if chosen else first), Bound(f"{name}_to", "To", "" if chosen else last)
    words = _between(name, first, last) if chosen is None else dict(_CHOICES.get(name, ())).get(chosen, "")
    on = bool(first or last or chosen)
    return Pick(name, _DAYS[name], words if on else _DAYS[name], on, options, single=True, bounds=ends)


def _choice(asked: Asked, name: str) -> str | None:
    """The choice that says what is asked; None where only the bounds do."""
    if name in asked.bounds:
        return asked.bounds[name]
    if name == "follow_up" and asked.overdue:
        return "overdue"
    ends = (asked.bounds.get(f"{name}_from", ""), asked.bounds.get(f"{name}_to", ""))
    if ends == ("", ""):
        return ""
    return next((value for value, preset in PRESETS.get(name, {}).items() if preset == ends), None)


def _between(name: str, first: str, last: str) -> str:
    what = f"{_DAYS[name]} "
    if first and last:
        return what + (first if first == last else f"{first} to {last}")
    return f"{what}from {first}" if first else f"{what}to {last}"


def sorts(asked: Asked) -> list[Option]:
    known = [Option(value, label[0].upper() + label[1:], value == asked.sort) for value, label in SORTS]
    if any(option.chosen for option in known):
        return known
    return [*known, Option(asked.sort, "As chosen in the table", chosen=True)]


def chips(asked: Asked) -> list[Chip]:
    return [Chip(pick.words, asked.without(pick.name).address()) for pick in pick_words(asked) if pick.chosen]
