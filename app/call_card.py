"""The card of one lead to be called: who, how to reach them, and what each outcome will do before it is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from app.messages import message
from app.shown import LeadRow, Showing, clipped, email_address
from app.words import day
from core.commands import LogOutcome, decide
from core.config import Config
from core.field_checks import Refusal
from core.followups import next_follow_up, status_of
from core.model import Change, Lead, Value
from core.outcomes import Outcome

REASONS = ("Too far", "Too expensive", "Child too old or too young", "Goes elsewhere", "Wrong number")
_DRAWN = {
    Outcome.NO_ANSWER: ("phone-off", ""),
    Outcome.CALL_LATER: ("later", ""),
    Outcome.INTERESTED: ("s-interested", "interested"),
    Outcome.VISIT_BOOKED: ("s-visit", "visit"),
    Outcome.JOINED: ("s-member", "member"),
    Outcome.NOT_INTERESTED: ("s-closed", ""),
}
_ASKS = {Outcome.CALL_LATER: "day", Outcome.VISIT_BOOKED: "day", Outcome.NOT_INTERESTED: "reason"}


@dataclass(frozen=True, slots=True)
class OutcomeButton:
    """`will` says what it does; `asks` what it needs first: "day", "reason" or ""; `refused` why it cannot be."""

    outcome: str
    key: int
    icon: str
    tone: str
    will: str
    asks: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class DayChoice:
    label: str
    day: date


@dataclass(frozen=True, slots=True)
class CallCard:
    lead: Lead
    row: LeadRow
    whatsapp: str
    mailto: str
    note: str
    outcomes: tuple[OutcomeButton, ...]
    days: tuple[DayChoice, ...]


def call_card(lead: Lead, shown: Showing, now: datetime, staff: str, library: str) -> CallCard:
    """`staff` is who writes: messages are signed with the first name."""
    row = shown.row(lead)
    text = message(lead, shown.config, staff.partition(" ")[0], library)
    address = row.phone.whatsapp if row.phone else ""
    return CallCard(
        lead,
        row,
        f"{address}?text={quote(text)}" if address and text else address,
        email_address(lead.email),
        clipped((lead.notes or "").strip().rpartition("\n")[2], 240),
        tuple(_button(outcome, number, lead, shown.config, now) for number, outcome in enumerate(Outcome, 1)),
        days(shown.today),
    )


def days(today: date) -> tuple[DayChoice, ...]:
    """The days that are picked most."""
    return tuple(
        DayChoice(label, today + timedelta(days=n)) for label, n in (("Tomorrow", 1), ("3 days", 3), ("Next week", 7))
    )


def _button(outcome: Outcome, number: int, lead: Lead, config: Config, now: datetime) -> OutcomeButton:
    icon, tone = _DRAWN[outcome]
    reason = "-" if outcome is Outcome.NOT_INTERESTED else ""
    made = decide(LogOutcome(outcome, reason=reason), lead, config, now, "preview")
    if isinstance(made, Refusal):
        return OutcomeButton(outcome, number, icon, tone, made.message, "", refused=True)
    return OutcomeButton(outcome, number, icon, tone, _will(outcome, made, lead, config), _ASKS.get(outcome, ""))


def _will(outcome: Outcome, made: Change, lead: Lead, config: Config) -> str:
    status = _after(made, "status", lead.status)
    new = str(status) if status != lead.status else ""
    if outcome is Outcome.CALL_LATER:
        return "choose when"
    if outcome is Outcome.VISIT_BOOKED:
        return "choose the day"
    if outcome is Outcome.NOT_INTERESTED:
        return "choose why"
    found = status_of(str(status), config)
    if outcome is Outcome.JOINED or (new and found and found.kind.value != "open"):
        return f"now {new}" if new else "noted"
    due = _after(made, "next_follow_up", lead.next_follow_up)
    verb = "try" if outcome is Outcome.NO_ANSWER else "next"
    return f"{verb} {day(due)}" if isinstance(due, date) else "noted"


def _after(made: Change, field: str, before: Value) -> Value:
    return made.fields[field][1] if field in made.fields else before


def status_words(config: Config, today: date) -> dict[str, str]:
    """Every status by label, with the next follow-up that choosing it sets."""
    return {one.label: f"{one.label}, next {day(next_follow_up(one.label, today, config))}" for one in config.statuses}
