"""The first words of a message, from the library's templates (Settings) and the lead's fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.config import Config, StatusKind
from core.followups import first_status, status_of
from core.model import Lead
from core.outcomes import unanswered

_SENTENCE = re.compile(r"(?<=[.!?।])\s+")
_BLANK = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r",? ?\{name\}")
_LONGEST = 1_000  # characters; a longer address opens nowhere


def template_key(lead: Lead, config: Config) -> str:
    """Which template fits the lead as it stands."""
    status = status_of(lead.status, config)
    if status is not None and status.kind is StatusKind.WON:
        return "whatsapp_member"
    if (lead.notes or "").rpartition("\n")[2].partition(": ")[2].startswith("Visit booked"):
        return "whatsapp_visit"
    if unanswered(lead.notes):
        return "whatsapp_no_answer"
    new = status is None or status == first_status(config)
    return "whatsapp_first" if new else "whatsapp_follow_up"


def message(lead: Lead, config: Config, staff: str, library: str) -> str:
    """The text for this lead; "" where the library has no template for it."""
    known = {"name": lead.full_name, "child": lead.child_name, "staff": staff, "library": library, "city": lead.city}
    return fill(config.names.get(template_key(lead, config), ""), known)[:_LONGEST]


def fill(template: str, known: Mapping[str, str | None]) -> str:
    """The template with its {fields} filled in. A sentence whose field is blank is left out; a blank name is not
    missed ("Hello, this is …")."""
    if not known.get("name"):
        template = _OPTIONAL.sub("", template)
    kept = [part for part in _SENTENCE.split(template) if all(known.get(name) for name in _BLANK.findall(part))]
    return " ".join(_BLANK.sub(lambda found: known.get(found[1]) or "", part) for part in kept).strip()
