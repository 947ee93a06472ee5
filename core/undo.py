"""Taking back a change: the lead as it was before it, where nothing newer stands in its way. Used by
`core.commands`, and where edits wait by `sync.sorting`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.combine import told
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.leads import fields_of, lead_of, rescored
from core.merge import three_way
from core.model import Change, ChangeKind, Lead, Value

Pairs = Mapping[str, tuple[Value, Value]]
TAKES_BACK = "undo of "  # begins the reason of an undo, before the id of what it takes back
_AGAIN = frozenset({"lead_score", "updated_at"})  # weighed and stamped again, not taken back


def undo(change: Change, lead: Lead | None, config: Config, now: datetime) -> tuple[ChangeKind, Pairs] | Refusal:
    """The kind and fields of the change that takes `change` back. `lead` as it is now, None where it is not in Master.

    Refused where a field says something newer than the change made of it (the refusal names it); of notes and lists of
    phones only what the change did is taken back, and what was added since stays."""
    if change.kind is ChangeKind.DELETE:
        if lead is not None:
            return Refusal("newer", "This lead is in Master again already.")
        fields: dict[str, Value] = {name: old for name, (old, _) in change.fields.items()} | {"updated_at": now}
        return ChangeKind.RESTORE, {name: (None, value) for name, value in fields.items() if value is not None}
    if lead is None:
        return Refusal("no_such_lead", "This lead is no longer in Master: restore it first.")
    if change.kind is ChangeKind.UPDATE:
        return _undo_update(change, lead, config, now)
    newer = _newer(change, lead)
    if newer is not None:
        return newer
    return ChangeKind.DELETE, {name: (value, None) for name, value in fields_of(lead).items() if value is not None}


def reason_of(change_id: str) -> str:
    """Why an undo is made: it says what it takes back."""
    return f"{TAKES_BACK}{change_id}"


def cancels(back: Change, change: Change) -> bool:
    """Whether the one edit takes back exactly what the other did, so that both together do nothing."""
    if not back.kind is change.kind is ChangeKind.UPDATE:
        return False
    did = {name: pair for name, pair in change.fields.items() if name not in _AGAIN}
    return did == {name: (old, new) for name, (new, old) in back.fields.items() if name not in _AGAIN}


def _newer(change: Change, lead: Lead) -> Refusal | None:
    """Why a lead that this change made or restored cannot go: someone has written in it since."""
    for name, value in fields_of(lead).items():
        made = change.fields[name][1] if name in change.fields else None
        if value != made and name not in _AGAIN:
            return _refuse(name, value)
    return None


def _refuse(name: str, value: Value) -> Refusal:
    says = told(name, value) if value is not None else f"{BY_NAME[name].label} is empty"
    return Refusal("newer", f"This was changed again since ({says}): undo that first.", name)


def _undo_update(change: Change, lead: Lead, config: Config, now: datetime) -> tuple[ChangeKind, Pairs] | Refusal:
    back: dict[str, Value] = {}
    for name, (old, new) in change.fields.items():
        if name in _AGAIN:
            continue
        stands: Value = getattr(lead, name)
        merged = three_way(new, stands, old, BY_NAME[name].kind)
        if merged.conflict is not None:
            return _refuse(name, stands)
        back[name] = merged.value
    back = {name: value for name, value in back.items() if value != getattr(lead, name)}
    if not back:
        return Refusal("unchanged", "There is nothing left of this change to undo.")
    after = lead_of(lead.lead_id, fields_of(lead) | back)
    points = rescored(after, lead, config, now)["lead_score"]
    back |= {"updated_at": now} | ({"lead_score": points} if points != lead.lead_score else {})
    return ChangeKind.UPDATE, {name: (getattr(lead, name), value) for name, value in back.items()}
