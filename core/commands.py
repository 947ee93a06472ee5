"""What people ask of a lead, decided: form or API -> command -> `decide` -> `Change` or `Refusal`.

The way out begins here. A change goes into the outbox, where it meets the sheet in `core.merge`. Values of commands are
canonical already (`core.fields`); the edges parse what is typed.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from core.assignment import assign
from core.config import Config
from core.field_checks import Refusal, check_all
from core.followups import library_day, status_of
from core.ids import change_id, lead_id
from core.leads import complete_event, complete_new, fields_of
from core.model import Change, ChangeKind, Lead, Value
from core.outcomes import Outcome, follow
from core.text import tidy_lines
from core.undo import reason_of, undo

__all__ = [
    "AddLead",
    "AddNote",
    "Assign",
    "Command",
    "DeleteLead",
    "LogOutcome",
    "Outcome",
    "Refusal",
    "Relabel",
    "SetDoNotContact",
    "SetFields",
    "SetStatus",
    "Snooze",
    "Undo",
    "decide",
]

_NONE: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SetFields:
    """New values by field. `base` is what the person saw, where the caller knows it (the API's `base`): the merge then
    finds out what changed since; a field missing there begins from the lead as it is. `note` is added to the notes."""

    fields: Mapping[str, Value]
    base: Mapping[str, Value] = field(default_factory=lambda: _NONE)
    note: str = ""


@dataclass(frozen=True, slots=True)
class SetStatus:
    """A status by its label or id, with a note where there is one to make."""

    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Relabel:
    """The lead's status under the name that it has in Settings by now. The status stays: nothing else follows."""


@dataclass(frozen=True, slots=True)
class AddNote:
    """A note, added below the others with day and name."""

    text: str


@dataclass(frozen=True, slots=True)
class LogOutcome:
    """How a call or visit went. `day`: the day agreed on (Call later, Visit booked); `reason`: why not (Not
    interested)."""

    outcome: Outcome
    note: str = ""
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not before this day."""

    day: date


@dataclass(frozen=True, slots=True)
class Assign:
    """The lead goes to this person of the team; None: to nobody."""

    person: str | None


@dataclass(frozen=True, slots=True)
class SetDoNotContact:
    """Whether the lead must not be contacted, and why."""

    on: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddLead:
    """A lead that a person types in. `taken` are the ids in use, deleted leads included; `household` that of the
    family with this number, if it is known; `loads` the open leads of each person, to assign by where no one is
    named."""

    fields: Mapping[str, Value]
    taken: Container[str] = frozenset()
    household: str | None = None
    loads: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class DeleteLead:
    """Take the lead out of Master; it can be restored by undoing."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back one change, where nothing newer stands."""

    change: Change


Command = (
    SetFields
    | SetStatus
    | Relabel
    | AddNote
    | LogOutcome
    | Snooze
    | Assign
    | SetDoNotContact
    | AddLead
    | DeleteLead
    | Undo
)


def decide(
    command: Command, lead: Lead | None, config: Config, now: datetime, actor: str, request: str = "", group: str = ""
) -> Change | Refusal:
    """The change that the command makes of the lead as it is now, or why not, in plain words.

    `lead` is the lead as the mirror has it, None where there is none (AddLead; undoing a deletion). `request` names the
    person's request: the same request again makes the same change id, so a double click is one change. `group`
    (`core.ids.group_id`) ties the changes of one bulk action."""
    made = _Decision(lead, config, now, actor, request, group)
    if isinstance(command, AddLead):
        return made.add(command)
    if isinstance(command, Undo):
        return made.take_back(command)
    if lead is None:
        return Refusal("no_such_lead", "This lead is no longer in Master.")
    return made.change(command, lead)


@dataclass(frozen=True, slots=True)
class _Decision:
    lead: Lead | None
    config: Config
    now: datetime
    actor: str
    request: str
    group: str

    def add(self, command: AddLead) -> Change | Refusal:
        fields = check_all(command.fields, None, self.config)
        if isinstance(fields, Refusal):
            return fields
        if not fields.get("phone_number"):
            return Refusal("phone_needed", "A lead needs a phone number.", "phone_number")
        new_id = lead_id(f"typed:{self._seed()}:{sorted(fields.items(), key=lambda item: item[0])!r}", command.taken)
        person = assign(1, self.config.team, command.loads)[0]
        fields = {"lead_date": library_day(self.now, self.config), "assigned_to": person, **fields}
        fields["household"] = command.household
        made = complete_new(new_id, fields, self.config, self.now)
        pairs = {name: (None, value) for name, value in made.items() if value is not None}
        return self._made(new_id, ChangeKind.CREATE, pairs, "added by hand")

    def take_back(self, command: Undo) -> Change | Refusal:
        taken = undo(command.change, self.lead, self.config, self.now)
        if isinstance(taken, Refusal):
            return taken
        kind, pairs = taken
        return self._made(command.change.lead_id, kind, pairs, reason_of(command.change.change_id))

    def change(self, command: Command, lead: Lead) -> Change | Refusal:
        match command:
            case SetFields():
                return self._set(lead, {**command.fields, **self._noted(lead, command.note)}, "", command.base)
            case SetStatus():
                return self._set(lead, {"status": command.status} | self._noted(lead, command.note), "status")
            case Relabel():
                return self._relabel(lead)
            case AddNote():
                if not tidy_lines(command.text):
                    return Refusal("bad_value", "The note is empty.", "notes")
                return self._set(lead, self._noted(lead, command.text), "note")
            case Snooze():
                return self._snooze(lead, command.day)
            case Assign():
                return self._set(lead, {"assigned_to": command.person}, "assigned")
            case SetDoNotContact():
                words = "Do not contact" if command.on else "May be contacted again"
                note = f"{words}: {command.reason}" if command.reason.strip() else ""
                return self._set(lead, {"do_not_contact": command.on} | self._noted(lead, note), words.lower())
            case LogOutcome():
                return self._outcome(lead, command)
            case DeleteLead():
                pairs: dict[str, tuple[Value, Value]] = {
                    name: (value, None) for name, value in fields_of(lead).items() if value is not None
                }
                return self._made(lead.lead_id, ChangeKind.DELETE, pairs, command.why or "deleted")
            case _:
                raise TypeError(f"not a command about a lead: {command!r}")

    def _relabel(self, lead: Lead) -> Change | Refusal:
        status = status_of(lead.status, self.config)
        if status is None or status.label == lead.status:
            return Refusal("unchanged", "Nothing to change: the lead says this already.")
        pairs: dict[str, tuple[Value, Value]] = {"status": (lead.status, status.label)}
        return self._made(lead.lead_id, ChangeKind.UPDATE, pairs, "the status was renamed in Settings")

    def _snooze(self, lead: Lead, day: date) -> Change | Refusal:
        if lead.do_not_contact:
            return Refusal("do_not_contact", "This lead must not be contacted.", "next_follow_up")
        if day <= library_day(self.now, self.config):
            return Refusal("bad_value", "Choose a day after today.", "next_follow_up")
        return self._set(lead, {"next_follow_up": day}, "snoozed")

    def _outcome(self, lead: Lead, command: LogOutcome) -> Change | Refusal:
        today = library_day(self.now, self.config)
        followed = follow(command.outcome, lead, command.reason, command.day, today, self.config)
        if isinstance(followed, Refusal):
            return followed
        words = ". ".join(part for part in (followed.words, command.note.strip()) if part)
        fields = dict(followed.fields) | {"last_contacted": self.now} | self._noted(lead, words)
        return self._set(lead, fields, command.outcome.value)

    def _noted(self, lead: Lead, text: str) -> dict[str, Value]:
        """The notes with one more line: day, who, what."""
        said = tidy_lines(text)
        if not said:
            return {}
        line = f"{library_day(self.now, self.config):%d-%m-%Y} {self.actor}: {said}"
        return {"notes": f"{lead.notes}\n{line}" if lead.notes else line}

    def _set(
        self, lead: Lead, wanted: Mapping[str, Value], why: str, base: Mapping[str, Value] = _NONE
    ) -> Change | Refusal:
        fields = check_all(wanted, lead, self.config)
        if isinstance(fields, Refusal):
            return fields
        day = fields.get("next_follow_up")
        asked_for = day is not None and (lead.do_not_contact or day != lead.next_follow_up)  # what stood may come along
        if asked_for and fields.get("do_not_contact", lead.do_not_contact):
            return Refusal("do_not_contact", "This lead must not be contacted, so no day is set.", "next_follow_up")
        changed = complete_event(lead, fields, self.config, self.now, chosen=fields)
        if not changed:
            return Refusal("unchanged", "Nothing to change: the lead says this already.")
        seen = {name: None if value == "" else value for name, value in base.items() if name in fields}
        pairs = {name: (seen.get(name, getattr(lead, name)), value) for name, value in changed.items()}
        return self._made(lead.lead_id, ChangeKind.UPDATE, pairs, why)

    def _seed(self) -> str:
        return self.request or f"{self.actor}:{self.now.isoformat()}"

    def _made(self, lead: str, kind: ChangeKind, pairs: Mapping[str, tuple[Value, Value]], why: str) -> Change:
        said = sorted((name, repr(new)) for name, (_, new) in pairs.items()) if not self.request else ""
        seed = f"{self._seed()}:{kind}:{lead}:{said}"
        made = change_id(seed, self.group)
        kept = {name: (old, _whole_second(new)) for name, (old, new) in pairs.items()}
        return Change(made, lead, kind, MappingProxyType(kept), self.actor, self.now, why, self.group)


def _whole_second(value: Value) -> Value:
    """A moment as the sheet will have it: what a later change begins from is then what stands there."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
