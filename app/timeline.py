"""What happened to a lead, told in sentences: the entries of one change are one event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.shown import Showing, clipped
from app.words import value
from core.fields import BY_NAME, NAMES, Kind
from core.model import Change, Value
from core.undo import TAKES_BACK
from store.activity import ActivityEntry

_LONGEST = 300  # characters of a value; the whole stands on the lead itself
_IN_SIGHT = 3  # changes of a long list
_ROWS = 10
_WHOLE = frozenset(("", "lead"))  # an entry about the lead as a whole
_HIDDEN = frozenset(("", "lead", "lead_id", "source_key", "updated_at", "created_at", "source_tab", "household"))


@dataclass(frozen=True, slots=True)
class ShownChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Event:
    """`title` says who did what, `about` why, `rows` which rows of the sheet it came from and why each; `icon` and
    `tone` tell the app, the sheet, the sync and AI apart. `undo` is the change that can be taken back, "" for none;
    `saving`: the sheet does not have it yet; `restores`: taking it back brings the lead back."""

    at: datetime
    title: str
    about: str
    icon: str
    tone: str
    changes: tuple[ShownChange, ...]
    rows: tuple[str, ...] = ()
    undo: str = ""
    saving: bool = False
    restores: bool = False

    @property
    def at_once(self) -> int:
        """How many changes stand in sight; the others of a long list are folded away."""
        return len(self.changes) if len(self.changes) <= _IN_SIGHT + 1 else _IN_SIGHT


def events(entries: Iterable[ActivityEntry], showing: Showing, saving: frozenset[str] = frozenset()) -> list[Event]:
    """Entries as the store gives them (newest first) as events in that order. `saving` are the ids of changes that the
    sheet does not have yet."""
    return [
        _event(list(group), showing, saving)
        for _, group in groupby(entries, key=lambda entry: (entry.change_id, entry.at))
    ]


def waiting(changes: Iterable[Change]) -> list[ActivityEntry]:
    """Changes on their way as Activity will tell of them, newest first."""
    return [
        ActivityEntry(one.at, one.change_id, one.lead_id, one.actor, name, old, new, one.why)
        for one in reversed(list(changes))
        for name, (old, new) in one.fields.items()
    ]


def _event(entries: list[ActivityEntry], showing: Showing, saving: frozenset[str]) -> Event:
    first = entries[0]
    made = any(entry.field in _WHOLE for entry in entries)
    gone = made and first.new is None and first.old is not None
    title, icon, tone = _who_deleted(first.actor) if gone else _who(first.actor, made)
    told = [entry for entry in entries if entry.field not in _HIDDEN]
    changes = [_change(entry, showing) for entry in sorted(told, key=_place)]
    why = next((entry.why for entry in entries if entry.why), "")
    rows = tuple(_row(part) for part in why.split("; ")[:_ROWS]) if " · " in why else ()
    about = "" if rows or why == "deleted" else _rule(why)  # said by the title
    known = gone or not (made or any(entry.field not in BY_NAME for entry in entries))
    undo = first.change_id if known else ""
    return Event(first.at, title, about, icon, tone, tuple(changes), rows, undo, first.change_id in saving, gone)


def _row(part: str) -> str:
    """ "new · Contact form, row 27" as "Contact form, row 27: matched with no other lead"."""
    rule, _, place = part.partition(" · ")
    return f"{clipped(place, _LONGEST)}: {_rule(rule)}" if place else _rule(rule)


def _rule(rule: str) -> str:
    if rule.startswith(TAKES_BACK):
        return "took a change back"
    return "matched with no other lead" if rule == "new" else clipped(rule, _LONGEST)


def _who(actor: str, made: bool) -> tuple[str, str, str]:
    match actor:
        case "sync":
            return ("Taken in from the sheet" if made else "Brought up to date from the sheet"), "sync", ""
        case "sheet":
            return "Typed into the sheet", "sheet", "new"
        case "ai":
            return "AI proposed", "spark", "ai"
        case _:
            return f"{clipped(actor, 60)}{' added the lead' if made else ''}", "note", ""


def _who_deleted(actor: str) -> tuple[str, str, str]:
    if actor == "sheet":
        return "Deleted in the sheet", "sheet", "new"
    return f"{clipped(actor, 60)} deleted the lead", "note", ""


def _place(entry: ActivityEntry) -> int:
    """Where a field stands in Master; others come last."""
    return NAMES.index(entry.field) if entry.field in BY_NAME else len(NAMES)


def _change(entry: ActivityEntry, showing: Showing) -> ShownChange:
    field = BY_NAME.get(entry.field)
    label = field.label if field else clipped(entry.field, 60)
    kind = field.kind if field else Kind.TEXT
    return ShownChange(label, _word(entry.old, kind, showing), _word(entry.new, kind, showing))


def _word(canonical: Value, kind: Kind, showing: Showing) -> str:
    if kind in (Kind.PHONE, Kind.PHONES) and isinstance(canonical, str):
        return ", ".join(phone.number for phone in showing.phones(canonical))
    return clipped(value(canonical, showing.config.timezone), _LONGEST)
