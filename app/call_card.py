"""The card of one lead to be called: who, how to reach them, and what each outcome will do before it is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from app.shown import LeadRow, Showing, clipped, email_address
from app.words import day
from core.commands import LogOutcome, decide
from core.config import Config, StatusKind
from core.field_checks import Refusal
from core.followups import next_follow_up, status_of
from core.messages import Text, letter, texts
from core.model import Change, Lead, Value
from core.outcomes import Outcome, tried

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
class Message:
    """A text and the address that opens it in WhatsApp."""

    label: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class CallCard:
    """`messages` has the fitting one first; `tried` is how often in a row nobody answered, "" for never."""

    lead: Lead
    row: LeadRow
    messages: tuple[Message, ...]
    mailto: str
    note: str
    tried: str
    outcomes: tuple[OutcomeButton, ...]
    days: tuple[DayChoice, ...]


def call_card(lead: Lead, shown: Showing, now: datetime, staff: str, library: str) -> CallCard:
    """`staff` is who writes: messages are signed with the first name."""
    row = shown.row(lead)
    first_name = staff.partition(" ")[0]
    offered = texts(lead, shown.config, first_name, library)
    return CallCard(
        lead,
        row,
        _messages(row.phone.whatsapp, offered) if row.phone and row.phone.whatsapp else (),
        _mailto(lead, letter(lead, shown.config, first_name, library)),
        clipped((lead.notes or "").strip().rpartition("\n")[2], 240),
        _tried(lead, shown.config),
        tuple(_button(outcome, number, lead, shown.config, now) for number, outcome in enumerate(Outcome, 1)),
        days(shown.today),
    )


def _messages(address: str, offered: tuple[Text, ...]) -> tuple[Message, ...]:
    """At least one: a chat without words where the library has no text."""
    made = tuple(Message(text.label, text.words, f"{address}?text={quote(text.words)}") for text in offered)
    return made or (Message("No text", "", address),)


def _mailto(lead: Lead, told: tuple[str, str]) -> str:
    address = email_address(lead.email)
    parts = [f"{name}={quote(words)}" for name, words in zip(("subject", "body"), told, strict=True) if words]
    return f"{address}?{'&'.join(parts)}".replace("%0A", "%0D%0A") if address and parts else address


def _tried(lead: Lead, config: Config) -> str:
    count = tried(lead, config)
    open_now = status_of(lead.status, config)
    if not count or (open_now is not None and open_now.kind is not StatusKind.OPEN):
        return ""
    return f"{count} of {config.unanswered_limit} calls unanswered"


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
