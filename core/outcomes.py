"""What the outcome of a call or visit makes of a lead: status and next follow-up. Used by `core.commands`.

| outcome        | status                                                  | next follow-up                    |
|----------------|---------------------------------------------------------|-----------------------------------|
| No answer      | one step up the ladder; lost after the last step         | the new status's days             |
| Call later     | a new lead: contacted; others as they are                | the day agreed on, else its days  |
| Interested     | Interested                                               | its days                          |
| Visit booked   | Interested                                               | the day of the visit, else its days |
| Joined         | won                                                      | its days                          |
| Not interested | lost, with the reason                                    | its days                          |

The ladder is New Lead, Initial Contact, Follow Up 1 to 3: with the fifth unanswered call a lead is lost. A lead that
stands beside the ladder (Interested, Re-engage Later, …) keeps its status, and is lost after five unanswered calls in
a row, which its notes count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.config import Config, Status, StatusKind
from core.field_checks import Refusal
from core.followups import next_follow_up, status_of
from core.model import Lead, Value

UNANSWERED_LIMIT = 5
_LADDER = ("new", "contact", "follow_up_1", "follow_up_2", "follow_up_3")


class Outcome(StrEnum):
    """How a call or visit went, in the words of the buttons."""

    NO_ANSWER = "No answer"
    CALL_LATER = "Call later"
    INTERESTED = "Interested"
    VISIT_BOOKED = "Visit booked"
    JOINED = "Joined"
    NOT_INTERESTED = "Not interested"


_CALLS_AGAIN = frozenset({Outcome.NO_ANSWER, Outcome.CALL_LATER})


@dataclass(frozen=True, slots=True)
class Followed:
    """The fields that an outcome sets, and the words for the notes."""

    fields: Mapping[str, Value]
    words: str


def follow(
    outcome: Outcome, lead: Lead, reason: str, day: date | None, today: date, config: Config
) -> Followed | Refusal:
    """What the outcome makes of the lead, by the table above. Refused: a call to a lead that must not be contacted, a
    day that is over, Not interested without a reason."""
    if lead.do_not_contact and outcome in _CALLS_AGAIN:
        return Refusal("do_not_contact", "This lead must not be contacted.")
    if day is not None and day < today:
        return Refusal("bad_value", "That day is over.", "next_follow_up")
    if outcome is Outcome.NOT_INTERESTED and not reason.strip():
        return Refusal("reason_needed", "Say why the family is not interested.", "reason")
    status = _status_after(outcome, lead, config)
    agreed = day if outcome in (Outcome.CALL_LATER, Outcome.VISIT_BOOKED) else None
    fields: dict[str, Value] = {}
    if status is not None and status.label != lead.status:
        fields["status"] = status.label
    if not lead.do_not_contact:
        fields["next_follow_up"] = agreed or next_follow_up(status.label if status else lead.status, today, config)
    return Followed(fields, _words(outcome, reason, agreed, lead))


def _status_after(outcome: Outcome, lead: Lead, config: Config) -> Status | None:
    now = status_of(lead.status, config)
    if outcome is Outcome.NO_ANSWER:
        return _one_step(now, lead, config)
    if outcome is Outcome.CALL_LATER:
        ladder = _ladder(config)
        return ladder[1] if now is not None and ladder[1:] and now == ladder[0] else now
    if outcome is Outcome.JOINED:
        return _first_of(StatusKind.WON, config) or now
    if outcome is Outcome.NOT_INTERESTED:
        return _first_of(StatusKind.LOST, config) or now
    return status_of("interested", config) or now


def _one_step(now: Status | None, lead: Lead, config: Config) -> Status | None:
    ladder = _ladder(config)
    lost = _first_of(StatusKind.LOST, config)
    if now in ladder:
        step = ladder.index(now) + 1
        return ladder[step] if step < len(ladder) else lost or now
    over = now is not None and now.kind is not StatusKind.OPEN
    return now if over or unanswered(lead.notes) + 1 < UNANSWERED_LIMIT else lost or now


def _ladder(config: Config) -> list[Status]:
    by_id = {status.status_id: status for status in config.statuses}
    return [by_id[name] for name in _LADDER if name in by_id]


def _first_of(kind: StatusKind, config: Config) -> Status | None:
    return next((status for status in config.statuses if status.kind is kind), None)


def unanswered(notes: str | None) -> int:
    """The unanswered calls in a row at the end of the notes. Lines that are no outcome do not interrupt them."""
    count = 0
    for line in reversed((notes or "").split("\n")):
        said = line.partition(": ")[2]
        if said.startswith(Outcome.NO_ANSWER):
            count += 1
        elif any(said.startswith(outcome) for outcome in Outcome):
            break
    return count


def _words(outcome: Outcome, reason: str, agreed: date | None, lead: Lead) -> str:
    if outcome is Outcome.NO_ANSWER:
        return f"{outcome} ({unanswered(lead.notes) + 1})"
    if outcome is Outcome.NOT_INTERESTED:
        return f"{outcome}: {reason.strip()}"
    return f"{outcome} for {agreed:%d-%m-%Y}" if agreed else str(outcome)
