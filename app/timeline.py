"""What happened to a lead, told in sentences: the entries of one change are one event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.shown import Showing, clipped
from app.words import value
from core.fields import BY_NAME, Kind
from core.model import Value
from store.activity import ActivityEntry

_LONGEST = 300  # characters of a value; the whole stands on the lead itself
_HIDDEN = frozenset(("lead_id", "source_key", "updated_at", "created_at", "source_tab", "household"))


@dataclass(frozen=True, slots=True)
class ShownChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Event:
    """`title` says who did what, `about` why; `icon` and `tone` tell the app, the sheet, the sync and AI apart."""

    at: datetime
    title: str
    about: str
    icon: str
    tone: str
    changes: tuple[ShownChange, ...]


def events(entries: Iterable[ActivityEntry], showing: Showing) -> list[Event]:
    """Entries as the store gives them (newest first) as events in that order."""
    return [
        _event(list(group), showing) for _, group in groupby(entries, key=lambda entry: (entry.change_id, entry.at))
    ]


def _event(entries: list[ActivityEntry], showing: Showing) -> Event:
    first = entries[0]
    made = first.field == "" or (all(entry.old is None for entry in entries) and len(entries) > 2)
    title, icon, tone = _who(first.actor, made)
    changes = [_change(entry, showing) for entry in entries if entry.field and entry.field not in _HIDDEN]
    about = clipped(next((entry.why for entry in entries if entry.why), ""), _LONGEST)
    return Event(first.at, title, about, icon, tone, tuple(changes))


def _who(actor: str, made: bool) -> tuple[str, str, str]:
    match actor:
        case "sync":
            return ("Taken in from the sheet" if made else "Brought up to date from the sheet"), "sync", ""
        case "sheet":
            return "Typed into the sheet", "sheet", "new"
        case "ai":
            return "AI proposed", "spark", "ai"
        case _:
            return f"{clipped(actor, 60)} {'added the lead' if made else 'changed'}", "note", ""


def _change(entry: ActivityEntry, showing: Showing) -> ShownChange:
    field = BY_NAME.get(entry.field)
    label = field.label if field else clipped(entry.field, 60)
    kind = field.kind if field else Kind.TEXT
    return ShownChange(label, _word(entry.old, kind, showing), _word(entry.new, kind, showing))


def _word(canonical: Value, kind: Kind, showing: Showing) -> str:
    if kind in (Kind.PHONE, Kind.PHONES) and isinstance(canonical, str):
        return ", ".join(phone.number for phone in showing.phones(canonical))
    return clipped(value(canonical), _LONGEST)
