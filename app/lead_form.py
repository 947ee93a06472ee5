"""The form over a lead's fields: each with its text as people type it, its choices, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.call_card import status_words
from app.words import value
from core import phones
from core.assignment import carriers
from core.book import split_phones
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME, MASTER, Kind
from core.model import Lead

STANDING = ("status", "next_follow_up", "priority", "assigned_to")
"""The fields that stand at the top of a lead's page, in a form of their own."""
_CONTROLS = {
    Kind.LONG_TEXT: "textarea",
    Kind.STATUS: "select",
    Kind.PRIORITY: "select",
    Kind.PERSON: "select",
    Kind.FLAG: "select",
    Kind.PHONE: "tel",
    Kind.EMAIL: "email",
}
_HINTS = {Kind.DAY: "dd-mm-yyyy", Kind.MOMENT: "dd-mm-yyyy hh:mm", Kind.PHONES: "numbers, commas between"}
_NUMBERS = frozenset((Kind.DAY, Kind.MOMENT, Kind.WHOLE))


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FormField:
    """`text` is what the field shows, `was` what the lead said when the form was first shown."""

    name: str
    label: str
    control: str
    text: str
    was: str
    hint: str = ""
    numeric: bool = False
    choices: tuple[Choice, ...] = field(default=())
    error: str = ""


def standing_fields(
    lead: Lead, config: Config, today: date, given: Mapping[str, str] | None = None, problem: Refusal | None = None
) -> list[FormField]:
    return [_field(name, lead, config, today, given or {}, problem) for name in STANDING]


def all_fields(
    lead: Lead, config: Config, today: date, given: Mapping[str, str] | None = None, problem: Refusal | None = None
) -> list[FormField]:
    """Every field that people may edit and that has no form of its own at the top."""
    names = [one.name for one in MASTER if one.editable and one.name not in STANDING]
    return [_field(name, lead, config, today, given or {}, problem) for name in names]


def form_text(name: str, lead: Lead, config: Config) -> str:
    """The lead's value of a field as a form shows it."""
    canonical = getattr(lead, name)
    if BY_NAME[name].kind in (Kind.PHONE, Kind.PHONES):
        return ", ".join(phones.display(phone, config) for phone in split_phones(canonical))
    return value(canonical, config.timezone)


def _field(
    name: str, lead: Lead, config: Config, today: date, given: Mapping[str, str], problem: Refusal | None
) -> FormField:
    known, was = BY_NAME[name], form_text(name, lead, config)
    text = given.get(name, was)
    return FormField(
        name,
        known.label,
        _CONTROLS.get(known.kind, "text"),
        text,
        given.get(f"was.{name}", was),
        _HINTS.get(known.kind, ""),
        known.kind in _NUMBERS,
        _choices(known.kind, text, config, today),
        problem.message if problem and problem.field == name else "",
    )


def _choices(kind: Kind, text: str, config: Config, today: date) -> tuple[Choice, ...]:
    match kind:
        case Kind.STATUS:
            words = status_words(config, today)
            found = [Choice(label, label if label == text else words[label]) for label in words]
        case Kind.PRIORITY:
            found = [Choice(label, label) for label in reversed(config.priorities)]
        case Kind.PERSON:
            found = [Choice("", "Nobody"), *(Choice(one.name, one.name) for one in carriers(config.team))]
        case Kind.FLAG:
            found = [Choice("", "Not said"), Choice("Yes", "Yes"), Choice("No", "No")]
        case _:
            return ()
    unknown = text not in {one.value for one in found}
    return (Choice(text, text or "None"), *found) if unknown else tuple(found)
