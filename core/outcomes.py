"""What the outcome of a call or visit makes of a lead: status and next follow-up. Used by `core.commands`.

| outcome        | status                                                  | next follow-up                    |
|----------------|---------------------------------------------------------|-----------------------------------|
| No answer      | one step up the ladder; lost at the limit                | the new status's days             |
| Call later     | a new lead: contacted; others as they are                | the day agreed on, else its days  |
| Interested     | Interested                                               | its days                          |
| Visit booked   | Interested                                               | the day of the visit, else its days |
| Joined         | won                                                      | its days                          |
| Not interested | lost, with the reason                                    | its days                          |

The ladder is New Lead, Initial Contact, Follow Up 1 to 3. A lead that stands beside it (Interested, Re-engage Later, …)
keeps its status. The limit of unanswered calls in a row is the library's (Settings, `unanswered_limit`; five ships):
with that call a lead that is still to be won is lost, and comes back after the days of that status. The notes count the
calls; of a lead whose notes tell of none its step on the ladder does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.config import Config, Status, StatusKind
from core.field_checks import Refusal
from core.followups import next_follow_up, status_of
from core.model import Lead, Value

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
    if now is not None and now.kind is not StatusKind.OPEN:
        return now
    if tried(lead, config) + 1 >= config.unanswered_limit:
        return _first_of(StatusKind.LOST, config) or now
    return ladder[min(ladder.index(now) + 1, len(ladder) - 1)] if now in ladder else now


def _ladder(config: Config) -> list[Status]:
    by_id = {status.status_id: status for status in config.statuses}
    return [by_id[name] for name in _LADDER if name in by_id]


def _first_of(kind: StatusKind, config: Config) -> Status | None:
    return next((status for status in config.statuses if status.kind is kind), None)


def tried(lead: Lead, config: Config) -> int:
    """How often in a row the lead did not answer: by its notes, or, where they tell of no call, by its step on the
    ladder."""
    if last_outcome(lead.notes) is not None:
        return unanswered(lead.notes)
    ladder, now = _ladder(config), status_of(lead.status, config)
    return ladder.index(now) if now in ladder else 0


def unanswered(notes: str | None) -> int:
    """The unanswered calls in a row at the end of the notes. Lines that are no outcome do not interrupt them."""
    count = 0
    for outcome in _outcomes(notes):
        if outcome is not Outcome.NO_ANSWER:
            break
        count += 1
    return count


def last_outcome(notes: str | None) -> Outcome | None:
    """How the last call or visit went, by the notes; None where they tell of none."""
    return next(_outcomes(notes), None)


def _outcomes(notes: str | None) -> Iterator[Outcome]:
    """The outcomes that the notes tell of, last first."""
    for line in reversed((notes or "").split("\n")):
        said = line.partition(": ")[2]
        found = next((outcome for outcome in Outcome if said.startswith(outcome)), None)
        if found is not None:
            yield found


def _words(outcome: Outcome, reason: str, agreed: date | None, lead: Lead) -> str:
    if outcome is Outcome.NO_ANSWER:
        return f"{outcome} ({unanswered(lead.notes) + 1})"
    if outcome is Outcome.NOT_INTERESTED:
        return f"{outcome}: {reason.strip()}"
    return f"{outcome} for {agreed:%d-%m-%Y}" if agreed else str(outcome)
