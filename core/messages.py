"""The first words of a message or letter, from the library's templates (Settings) and the lead's fields.

A template is a text with {fields}; `{child|your child}` names what stands there while the field is blank. A sentence
whose field is blank is left out. Used by the cards of pages; `core.settings_tab` checks with `unknown` what is typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.config import Config, StatusKind
from core.followups import first_status, status_of
from core.model import Lead
from core.outcomes import Outcome, last_outcome

FIELDS = ("name", "child", "age", "city", "source", "status", "day", "staff", "library")
"""What a template may name: of the lead, who writes ({staff}, {library}), and the day of the next follow-up ({day})."""

WHATSAPP = "whatsapp_"
SUBJECT, BODY = "email_subject", "email_body"
_SENTENCE = re.compile(r"((?<=[.!?।])\s+|\s*\n\s*)")
_BLANK = re.compile(r"\{(\w*)(?:\|([^{}|]*))?\}")
_OPTIONAL = re.compile(r",? ?\{name\}")
_LONGEST = 1_000  # characters; a longer address opens nowhere


@dataclass(frozen=True, slots=True)
class Text:
    """A filled template: its name in Settings, the words to choose it by, and what it says."""

    key: str
    label: str
    words: str


def texts(lead: Lead, config: Config, staff: str, library: str) -> tuple[Text, ...]:
    """The WhatsApp texts for this lead, the one that fits it as it stands first; those that come out blank are not
    offered."""
    fits, known = template_key(lead, config), _known(lead, staff, library)
    keys = sorted((key for key in config.names if key.startswith(WHATSAPP)), key=lambda key: key != fits)
    filled = (Text(key, _label(key), fill(config.names[key], known)[:_LONGEST]) for key in keys)
    return tuple(text for text in filled if text.words)


def letter(lead: Lead, config: Config, staff: str, library: str) -> tuple[str, str]:
    """Subject and body of an e-mail to this lead; "" where the library has no template for it."""
    known = _known(lead, staff, library)
    subject, body = (fill(config.names.get(key, ""), known) for key in (SUBJECT, BODY))
    return subject[:200], body[:_LONGEST]


def template_key(lead: Lead, config: Config) -> str:
    """Which template fits the lead as it stands."""
    status = status_of(lead.status, config)
    if status is not None and status.kind is StatusKind.WON:
        return "whatsapp_member"
    last = last_outcome(lead.notes)
    if last is Outcome.VISIT_BOOKED:
        return "whatsapp_visit"
    if last is Outcome.NO_ANSWER:
        return "whatsapp_no_answer"
    new = status is None or status == first_status(config)
    return "whatsapp_first" if new else "whatsapp_follow_up"


def fill(template: str, known: Mapping[str, str | None]) -> str:
    """The template with its {fields} filled in. A sentence whose field is blank, and has no words of its own for that,
    is left out; a blank name is not missed ("Hello, this is …"). Line breaks stay."""
    if not known.get("name"):
        template = _OPTIONAL.sub("", template)
    pieces = _SENTENCE.split(template)
    said = ""
    for sentence, gap in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if all(known.get(name) or instead for name, instead in _BLANK.findall(sentence)):
            said += f"{sentence}{gap}"
        elif "\n" in gap:  # what is left of the paragraph still ends here
            said = f"{said.rstrip()}{gap}"
    return _BLANK.sub(lambda found: known.get(found[1]) or found[2] or "", said).strip()


def unknown(template: str) -> str:
    """A {field} of the template that there is not, "" where all can be filled."""
    return next((f"{{{name}}}" for name, _ in _BLANK.findall(template) if name not in FIELDS), "")


def _known(lead: Lead, staff: str, library: str) -> dict[str, str | None]:
    age, day = lead.child_age, lead.next_follow_up
    return {
        "name": lead.full_name,
        "child": lead.child_name,
        "age": None if age is None else str(age),
        "city": lead.city,
        "source": lead.lead_source,
        "status": lead.status,
        "day": None if day is None else f"{day:%d-%m-%Y}",
        "staff": staff,
        "library": library,
    }


def _label(key: str) -> str:
    words = key.removeprefix(WHATSAPP).replace("_", " ").strip()
    return words[:1].upper() + words[1:60]
