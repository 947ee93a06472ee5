"""The morning e-mail: whom a person should call today, in plain text. Decided here, sent by `sync.mailing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core import phones
from core.assignment import carriers
from core.config import Config, Person
from core.model import Lead

IN_SIGHT = 40
"""Leads that one e-mail names; the app shows all."""

_TOO_LATE = timedelta(hours=4)  # after its hour a list of today's calls helps nobody


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due of one person on a day: how many, and the first of them in the order in which they are called."""

    overdue: int
    today: int
    leads: Sequence[Lead]

    @property
    def empty(self) -> bool:
        return not (self.overdue or self.today)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def readers(config: Config) -> tuple[Person, ...]:
    """Who gets the e-mail: those who are given leads and have an address; an address that stands twice counts once."""
    people = {one.email.casefold(): one for one in reversed(carriers(config.team)) if one.email}
    return tuple(reversed(people.values()))


def is_time(now: datetime, at: time, config: Config) -> bool:
    """Whether the e-mails of this day should go out now: from the hour on the library's clock, for four hours."""
    here = now.astimezone(config.timezone)
    begins = datetime.combine(here.date(), at, config.timezone)
    return begins <= here < begins + _TOO_LATE


def letter(person: Person, day: date, due: DueList, config: Config, library: str, address: str) -> Letter:
    """The e-mail of one person. `address` is where the app stands ("" where nobody has said)."""
    counts = ", ".join(part for part in (_count(due.today, "due today"), _count(due.overdue, "overdue")) if part)
    lines = [f"Good morning {person.name.partition(' ')[0]},", "", f"on {day:%d-%m-%Y} you have {counts}.", ""]
    for lead in due.leads:
        lines += _lines(lead, day, config, address)
    more = due.overdue + due.today - len(due.leads)
    if more > 0:
        lines += [f"… and {more:,} more in the app.", ""]
    if address:
        lines += [f"Begin here: {address}/", ""]
    lines.append(f"{library} sends this once a day to those who have leads with a follow-up that is due.")
    return Letter(f"{library}: {counts}", "\n".join(lines) + "\n")


def _count(n: int, words: str) -> str:
    return f"{n:,} {words}" if n else ""


def _lines(lead: Lead, day: date, config: Config, address: str) -> list[str]:
    age = "" if lead.child_age is None else str(lead.child_age)
    child = ", ".join(part for part in (_one_line(lead.child_name), age) if part)
    late = (day - lead.next_follow_up).days if lead.next_follow_up else 0
    phone = phones.display(lead.phone_number, config) if lead.phone_number else "no phone"
    told = [phone, _one_line(lead.status), f"{late} day{'s' if late != 1 else ''} late" if late > 0 else "today"]
    who = f"{_one_line(lead.full_name) or 'No name'}{f' ({child})' if child else ''}"
    lines = [who, "  " + " · ".join(part for part in told if part)]
    return [*lines, *([f"  {address}/leads/{lead.lead_id}"] if address else []), ""]


def _one_line(text: str | None) -> str:
    """A cell's text as part of a line; whatever people typed into it."""
    return " ".join((text or "").split())[:80]
