"""Values as the JSON API writes them: days and moments ISO 8601 (moments in UTC), phones E.164, blanks null."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias

from core import phones
from core.config import Config
from core.fields import NAMES
from core.model import ChangeKind, ChangeState, Lead, Value
from store.activity import ActivityEntry
from store.conflicts import StandingConflict
from store.outbox import ChangeStatus

Json: TypeAlias = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


def moment_words(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def value_words(value: Value) -> Json:
    match value:
        case datetime():
            return moment_words(value)
        case date():
            return value.isoformat()
        case _:
            return value


def lead_words(lead: Lead, config: Config) -> dict[str, Json]:
    """Every field of Master by its name; `display`: the phones as people read them; `extra`: the users' own columns."""
    told: dict[str, Json] = {name: value_words(getattr(lead, name)) for name in NAMES}
    others = [part.strip() for part in (lead.other_phones or "").split(",") if part.strip()]
    told["display"] = {
        "phone_number": phones.display(lead.phone_number, config) if lead.phone_number else None,
        "other_phones": ", ".join(phones.display(other, config) for other in others) or None,
    }
    told["extra"] = dict(lead.extra)
    return told


def activity_words(entry: ActivityEntry) -> dict[str, Json]:
    return {
        "at": moment_words(entry.at),
        "change_id": entry.change_id,
        "lead_id": entry.lead_id,
        "actor": entry.actor,
        "field": entry.field,
        "old": value_words(entry.old),
        "new": value_words(entry.new),
        "why": entry.why,
    }


def change_words(status: ChangeStatus) -> dict[str, Json]:
    change = status.change
    return {
        "change_id": change.change_id,
        "lead_id": change.lead_id,
        "state": status.state.value,
        "why": status.why,
        "kind": change.kind.value,
        "actor": change.actor,
        "at": moment_words(change.at),
        "changes": {name: value_words(new) for name, (_base, new) in change.fields.items()},
    }


def told_words(entries: Sequence[ActivityEntry]) -> dict[str, Json]:
    """A change that Activity alone tells of: typed in the sheet, made elsewhere, or long ago. At least one entry."""
    first = entries[0]
    whole = next((entry for entry in entries if entry.field == "lead"), None)
    kind = ChangeKind.UPDATE if whole is None else ChangeKind.DELETE if whole.new is None else ChangeKind.CREATE
    return {
        "change_id": first.change_id,
        "lead_id": first.lead_id,
        "state": ChangeState.DONE.value,
        "why": first.why,
        "kind": kind.value,
        "actor": first.actor,
        "at": moment_words(first.at),
        "changes": {entry.field: value_words(entry.new) for entry in entries if entry.field != "lead"},
    }


def conflict_words(found: StandingConflict) -> dict[str, Json]:
    conflict = found.conflict
    return {
        "conflict_id": found.conflict_id,
        "change_id": found.change_id,
        "lead_id": conflict.lead_id,
        "field": conflict.field,
        "base": value_words(conflict.base),
        "ours": value_words(conflict.ours),
        "theirs": value_words(conflict.theirs),
        "at": moment_words(found.at),
    }
