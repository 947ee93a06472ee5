"""A lead while a plan or a command is being decided about it, and what its events make of score and priority.

Used by `core.intake` and `core.commands`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.cells import worded
from core.combine import Saying, combine
from core.config import Config
from core.fields import BY_NAME, NAMES
from core.followups import first_status, library_day, next_follow_up
from core.ids import household_id
from core.merge import OURS
from core.model import Change, Lead, LeadDraft, SourceRow, Value
from core.scoring import priority, score

FOLLOWS = "follows from an edit in the sheet"
"""Why a change is made of which nobody has chosen anything."""
_OWN = tuple(name for name in NAMES if name != "lead_id")


def fields_of(lead: Lead) -> dict[str, Value]:
    """The fields of a lead by name, without its id and the users' own columns."""
    return {name: getattr(lead, name) for name in _OWN}


def lead_of(lead_id: str, fields: Mapping[str, Value]) -> Lead:
    """A lead of these fields, which are in canonical types (`core.fields`)."""
    known: dict[str, Any] = {name: fields.get(name) for name in _OWN}
    return Lead(lead_id, **known)


def changed_fields(before: Lead | None, after: Lead) -> dict[str, Value]:
    """The fields in which two states of a lead differ, with the new value; of a new lead those that are not blank."""
    was = fields_of(before) if before is not None else dict.fromkeys(_OWN)
    return {name: value for name, value in fields_of(after).items() if value != was[name]}


def rescored(after: Lead, before: Lead | None, config: Config, now: datetime) -> dict[str, Value]:
    """Score and priority for an event of a lead. A priority that a person has chosen (another than the rules gave
    before the event) stays."""
    points = score(after, config, now)
    label, _ = priority(points, after, config, now)
    if after.priority is None:
        return {"lead_score": points.points, "priority": label}
    if before is not None and before.priority is not None:
        at = dict.fromkeys((now, before.updated_at or now))
        given = (priority(score(before, config, moment), before, config, moment)[0] for moment in at)
        if before.priority not in given:
            label = after.priority
    return {"lead_score": points.points, "priority": label}


def _worded(fields: Mapping[str, Value]) -> dict[str, Value]:
    """The fields with their words as the sheet will say them: what is read back otherwise passes for a person's."""
    return {name: worded(BY_NAME[name].kind, value) for name, value in fields.items()}


def complete_new(lead_id: str, fields: Mapping[str, Value], config: Config, now: datetime) -> dict[str, Value]:
    """The fields of a new lead, with all that it has from its first day: status, the next follow-up (none for one that
    must not be contacted), score, priority, household and moments. What `fields` says stands."""
    made, today = _worded(fields), library_day(now, config)
    made["status"] = made.get("status") or first_status(config).label
    made["status_updated_date"] = today
    if made.get("do_not_contact"):
        made["next_follow_up"] = None
    elif made.get("next_follow_up") is None:
        made["next_follow_up"] = next_follow_up(str(made["status"]), today, config)
    made["household"] = made.get("household") or household_id(lead_id)
    made["created_at"] = made["updated_at"] = now
    weighed = rescored(lead_of(lead_id, made), None, config, now)
    return made | weighed | {"priority": made.get("priority") or weighed["priority"]}


def complete_event(
    before: Lead, fields: Mapping[str, Value], config: Config, now: datetime, chosen: Collection[str] = ()
) -> dict[str, Value]:
    """The fields that differ after an event of a standing lead, with what follows from it: a new status begins today
    and sets the next follow-up; who must not be contacted is not due; score and priority are weighed again. Fields
    that are `chosen` by a person stand as they are. Empty where the event changes nothing."""
    made, today = fields_of(before) | _worded(fields), library_day(now, config)
    if made["status"] != before.status:
        made["status_updated_date"] = today
        if "next_follow_up" not in chosen and made["next_follow_up"] == before.next_follow_up:
            made["next_follow_up"] = next_follow_up(str(made["status"]), today, config)
    if made["do_not_contact"]:
        made["next_follow_up"] = None
    elif before.do_not_contact and made["next_follow_up"] is None and "next_follow_up" not in chosen:
        made["next_follow_up"] = next_follow_up(before.status, today, config)  # else nobody would think of it again
    if not changed_fields(before, lead_of(before.lead_id, made)):
        return {}
    made["updated_at"] = now
    again = rescored(lead_of(before.lead_id, made), before, config, now)
    made |= {name: value for name, value in again.items() if name not in chosen}
    return changed_fields(before, lead_of(before.lead_id, made))


def ruled(change: Change, stands: Mapping[str, Value], config: Config) -> frozenset[str]:
    """The fields of a change that nobody needs to have chosen: those of the house, and a priority or next follow-up as
    the rules give it for a lead that stands so. A change does not say what was chosen; what differs from the rules
    was."""
    after = lead_of(change.lead_id, {**stands, **{name: new for name, (_, new) in change.fields.items()}})
    weighed = rescored(replace(after, priority=None), None, config, change.at)
    day = next_follow_up(after.status, library_day(change.at, config), config)
    given = {"priority": weighed["priority"], "next_follow_up": None if after.do_not_contact else day}
    return OURS | {name for name, value in given.items() if name in change.fields and change.fields[name][1] == value}


@dataclass(slots=True)
class Draft:
    """A lead as it shall be, while rows are taken into it. `before` is the standing lead, None for a new one."""

    lead_id: str
    saying: Saying
    before: Lead | None
    first_row: tuple[int, str] | None = None  # the tab and fingerprint of the row that makes a new lead
    rules: list[str] = field(default_factory=list)
    rows: list[SourceRow] = field(default_factory=list)

    @classmethod
    def of(cls, lead: Lead, config: Config) -> Draft:
        day = library_day(lead.updated_at, config) if lead.updated_at else None
        return cls(lead.lead_id, Saying(fields_of(lead), day, standing=True), lead)

    @classmethod
    def new(cls, lead_id: str, first: LeadDraft) -> Draft:
        row = first.origin
        source: dict[str, Value] = {
            "source_tab": row.tab.title,
            "source_key": f"{row.tab.sheet_id}:{row.fingerprint}",
        }
        return cls(lead_id, Saying(source, None, standing=False), None, (row.tab.sheet_id, row.fingerprint))

    def take(self, draft: LeadDraft, rule: str) -> None:
        """Combine a row into the lead, and remember why."""
        combine(self.saying, draft.fields, draft.origin.tab.title)
        self.because(rule, draft.origin)

    def because(self, rule: str, row: SourceRow) -> None:
        self.rules.append(rule)
        self.rows.append(row)

    def lead(self) -> Lead:
        """The lead as it shall be, with the users' own columns of the standing one."""
        made = lead_of(self.lead_id, self.saying.fields)
        return made if self.before is None else _with_extra(made, self.before)

    def why(self) -> str:
        """The rules and rows in words, as Activity shows them."""
        because = zip(self.rules, self.rows, strict=True)
        reasons = dict.fromkeys(f"{rule} · {row.tab.title}, row {row.row}" for rule, row in because)
        shown = list(reasons)[:5]
        return "; ".join(shown) + (f"; and {len(reasons) - 5} more" if len(reasons) > 5 else "")

    def unkept(self) -> list[tuple[SourceRow, str]]:
        """Lines that no longer fitted into the notes, with a row to name."""
        return [(self.rows[-1], line) for line in self.saying.lost] if self.rows else []


def _with_extra(made: Lead, before: Lead) -> Lead:
    return replace(made, extra=before.extra)
