"""A lead as pages show it: names, children, phones to tap, follow-ups in words. Templates only place what stands here.

Cells come from people: anything may be blank, enormous or hostile. Jinja escapes; this module clips and checks what
goes into a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from app.marks import PriorityMark, StatusMark, priority_marks, status_marks, unknown_status
from app.words import value
from core import phones
from core.config import Config
from core.fields import BY_NAME, Kind
from core.followups import Due, group
from core.model import Lead, Value

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,255}", re.ASCII)
_IN_A_ROW = 120  # characters of one value that a list shows
_LONGEST_WORD = 300


@dataclass(frozen=True, slots=True)
class FollowUp:
    """When the next call is due, and how far that is: "3 days late", "today", "in 5 days"."""

    day: date
    words: str
    late: bool


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` as the library writes it; `tel` and `whatsapp` are addresses, "" where it is no number to be dialled."""

    number: str
    tel: str = ""
    whatsapp: str = ""


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One line of the list."""

    lead_id: str
    name: str
    child: str
    phone: Phone | None
    do_not_contact: bool
    status: StatusMark | None
    priority: PriorityMark | None
    score: int | None
    follow_up: FollowUp | None
    assigned_to: str
    source: str
    city: str
    saving: bool = False
    conflict: bool = False
    more: tuple[tuple[str, str], ...] = ()
    """Other values that a list shows beside: (field, word)."""

    @property
    def address(self) -> str:
        """The lead's own page. Built by hand: a list has fifty of them, and Flask's url_for is slow."""
        return f"/leads/{quote(self.lead_id, safe='')}"


@dataclass(frozen=True, slots=True)
class Showing:
    """What turns leads into rows, made once a request: the marks and the library's day."""

    config: Config
    today: date
    statuses: dict[str, StatusMark]
    priorities: dict[str, PriorityMark]

    def row(self, lead: Lead, *, saving: bool = False, conflict: bool = False, more: tuple[str, ...] = ()) -> LeadRow:
        return LeadRow(
            lead_id=lead.lead_id,
            name=clipped(lead.full_name, _IN_A_ROW) or "No name",
            child=child(lead),
            phone=self.phone(lead.phone_number),
            do_not_contact=bool(lead.do_not_contact),
            status=self.status(lead.status),
            priority=self.priority(lead.priority),
            score=lead.lead_score,
            follow_up=self.follow_up(lead),
            assigned_to=clipped(lead.assigned_to, 40),
            source=clipped(lead.lead_source, 60),
            city=clipped(lead.city, 60),
            saving=saving,
            conflict=conflict,
            more=tuple((name, self.in_a_row(name, lead)) for name in more),
        )

    def in_a_row(self, name: str, lead: Lead) -> str:
        """A field's value as a list shows it: of the notes the last line."""
        canonical = getattr(lead, name)
        if name == "notes":
            canonical = (canonical or "").rstrip().rpartition("\n")[2]
        return clipped(self.word(name, canonical), _IN_A_ROW)

    def status(self, label: str | None) -> StatusMark | None:
        return (self.statuses.get(label) or unknown_status(clipped(label, 40))) if label else None

    def priority(self, label: str | None) -> PriorityMark | None:
        return (self.priorities.get(label) or PriorityMark(clipped(label, 40), "flag-mid")) if label else None

    def phone(self, e164: str | None) -> Phone | None:
        if not e164:
            return None
        if not _E164.fullmatch(e164):
            return Phone(clipped(e164, 40))
        return Phone(phones.display(e164, self.config), f"tel:{e164}", f"https://wa.me/{e164[1:]}")

    def phones(self, several: str | None) -> tuple[Phone, ...]:
        """The phones of `other_phones`: E.164, comma and blank between."""
        shown = (self.phone(part.strip()) for part in (several or "")[:400].split(","))
        return tuple(phone for phone in shown if phone)

    def word(self, name: str, canonical: Value) -> str:
        """A value of the field as a word, clipped; "" for a blank."""
        field = BY_NAME.get(name)
        if field and field.kind in (Kind.PHONE, Kind.PHONES) and isinstance(canonical, str):
            return ", ".join(phone.number for phone in self.phones(canonical))
        return clipped(value(canonical, self.config.timezone), _LONGEST_WORD)

    def follow_up(self, lead: Lead) -> FollowUp | None:
        day = lead.next_follow_up
        if day is None:
            return None
        due = group(lead, self.today)
        return FollowUp(day, "" if due is Due.NONE else _distance((day - self.today).days), due is Due.OVERDUE)


def showing(config: Config, today: date) -> Showing:
    return Showing(config, today, status_marks(config), priority_marks(config))


def _distance(days: int) -> str:
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "1 day late"
        case _:
            return f"in {days:,} days" if days > 0 else f"{-days:,} days late"


def child(lead: Lead) -> str:
    """ "Zoya, 4", "Zoya", "age 4" or "" """
    name = clipped(lead.child_name, 80)
    if lead.child_age is None:
        return name
    return f"{name}, {lead.child_age}" if name else f"age {lead.child_age}"


def email_address(email: str | None) -> str:
    """The mailto: address of an e-mail, "" where the cell holds something else."""
    return f"mailto:{quote(email, safe='@+')}" if email and _EMAIL.fullmatch(email) else ""


def clipped(text: str | None, most: int) -> str:
    """`text` cut to `most` characters, with an ellipsis where something is missing."""
    if not text:
        return ""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
