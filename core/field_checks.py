"""Whether a value may stand in a field, and if not, why, in the words that a form shows beside it. Used by
`core.commands`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.assignment import carriers
from core.book import join_phones, split_phones
from core.cells import Doubt, decode, encode, worded
from core.config import Config
from core.fields import BY_NAME, Field, Kind
from core.followups import status_of
from core.merge import NOTES_LIMIT, size
from core.model import Lead, Value

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SHORT = 500  # characters of a field that is one line
_OLDEST_CHILD = 120


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command changes nothing. `code` for programs, `message` for people, `field` where one is to blame."""

    code: str
    message: str
    field: str = ""


def check_all(fields: Mapping[str, Value], lead: Lead | None, config: Config) -> dict[str, Value] | Refusal:
    """All values as they shall stand, or the first refusal. `lead` None: of a new lead."""
    made: dict[str, Value] = {}
    for name, value in fields.items():
        checked = check(name, None if value == "" else value, lead, config)
        if isinstance(checked, Refusal):
            return checked
        made[name] = checked
    return made


def check(name: str, value: Value, lead: Lead | None, config: Config) -> Value | Refusal:
    """One value as it shall stand in its field (a status by its label), or why it may not."""
    known = BY_NAME.get(name)
    if known is None:
        return Refusal("unknown_field", f"There is no field “{name}”.", name)
    if not known.editable:
        return Refusal("not_editable", f"{known.label} is kept by the CRM and cannot be edited.", name)
    if value is None:
        return _blank(known)
    if lead is not None and value == getattr(lead, name) and type(value) is type(getattr(lead, name)):
        return value  # what stands there may stay, whatever the rules say today
    listed = _LISTED.get(known.kind)
    checked = listed(known, value, config) if listed else _CHECKS.get(known.kind, _text)(known, value)
    return checked if listed or isinstance(checked, Refusal) else _as_read_back(known, checked, config)


def _as_read_back(known: Field, value: Value, config: Config) -> Value | Refusal:
    """The value as its cell will say it: read back as another, it would pass for a person's edit."""
    read = decode(known.kind, encode(known.kind, value, config), config)
    return _bad(known, f"written otherwise: {read.reason}") if isinstance(read, Doubt) else read


def _blank(known: Field) -> Value | Refusal:
    if known.name == "phone_number":
        return Refusal("phone_needed", "A lead needs a phone number.", known.name)
    if known.kind in (Kind.STATUS, Kind.PRIORITY):
        return Refusal("bad_value", f"{known.label} cannot be empty.", known.name)
    return None


def _bad(known: Field, must: str) -> Refusal:
    return Refusal("bad_value", f"{known.label} must be {must}.", known.name)


def _text(known: Field, value: Value) -> Value | Refusal:
    if not isinstance(value, str):
        return _bad(known, "text")
    limit = NOTES_LIMIT if known.kind is Kind.LONG_TEXT else _SHORT
    text = worded(known.kind, value)
    if isinstance(text, str) and size(text) > limit:
        return Refusal("too_long", f"{known.label} may have {limit:,} characters at most: shorten it.", known.name)
    if known.kind is not Kind.LONG_TEXT and ("\n" in value or "\r" in value):
        return _bad(known, "a single line")
    return text or _blank(known)


def _phone(known: Field, value: Value) -> Value | Refusal:
    if not isinstance(value, str) or not _E164.fullmatch(value):
        return _bad(known, "a phone number with its country code")
    return value


def _phones(known: Field, value: Value) -> Value | Refusal:
    phones = split_phones(value)
    if not isinstance(value, str) or not all(_E164.fullmatch(phone) for phone in phones):
        return _bad(known, "phone numbers with commas between")
    return join_phones(phones)


def _email(known: Field, value: Value) -> Value | Refusal:
    if not isinstance(value, str) or not _EMAIL.fullmatch(value) or len(value) > 254:
        return _bad(known, "an e-mail address like name@example.com")
    return value


def _day(known: Field, value: Value) -> Value | Refusal:
    if not isinstance(value, date) or isinstance(value, datetime) or not 1900 <= value.year <= 2200:
        return _bad(known, "a day, as 31-12-2026")
    return value


def _moment(known: Field, value: Value) -> Value | Refusal:
    if not isinstance(value, datetime) or value.tzinfo is None or not 1900 <= value.year <= 2200:
        return _bad(known, "a day and time, as 31-12-2026 16:30")
    return value.replace(microsecond=0)  # a cell rounds: not into what is still to come


def _whole(known: Field, value: Value) -> Value | Refusal:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _OLDEST_CHILD:
        return _bad(known, f"a whole number from 0 to {_OLDEST_CHILD}")
    return value


def _flag(known: Field, value: Value) -> Value | Refusal:
    return value if isinstance(value, bool) else _bad(known, "yes or no")


def _status(known: Field, value: Value, config: Config) -> Value | Refusal:
    found = status_of(value, config) if isinstance(value, str) else None
    if found is None:
        return Refusal("unknown_status", f"There is no status “{value}”.", known.name)
    return found.label


def _priority(known: Field, value: Value, config: Config) -> Value | Refusal:
    found = next((label for label in config.priorities if label.casefold() == str(value).strip().casefold()), None)
    return found or Refusal("unknown_priority", f"There is no priority “{value}”.", known.name)


def _person(known: Field, value: Value, config: Config) -> Value | Refusal:
    found = next((p.name for p in carriers(config.team) if p.name.casefold() == str(value).strip().casefold()), None)
    return found or Refusal("unknown_person", f"“{value}” is nobody of the team who is given leads.", known.name)


_CHECKS: Mapping[Kind, Callable[[Field, Value], Value | Refusal]] = {
    Kind.PHONE: _phone,
    Kind.PHONES: _phones,
    Kind.EMAIL: _email,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.WHOLE: _whole,
    Kind.FLAG: _flag,
}
_LISTED: Mapping[Kind, Callable[[Field, Value, Config], Value | Refusal]] = {
    Kind.STATUS: _status,
    Kind.PRIORITY: _priority,
    Kind.PERSON: _person,
}
