"""Leads whose names or phones stand against other ids in the sheet: put back, or accepted as the sheet has them.

Putting back is an ordinary change of each lead under one group; it waits in the outbox like any other and may go
although the leads are frozen. The pages' and the API's half of `store.mixups`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count
from types import MappingProxyType

from sqlalchemy import Connection

from app.acting import Doer
from app.database import now, writing
from core.along import WHOLE
from core.field_checks import Refusal
from core.ids import change_id, group_id
from core.model import Change, ChangeKind, ChangeState
from store import bulk, groups, mixups, outbox, tabs
from store.groups import Group
from store.mixups import MixUp

UNKNOWN = Refusal("unknown_mixup", "Nothing is mixed up under this name (any more).")
NEWER = "This lead was put back since, as it was before a sort; make the change again if it still holds"
UNDO = (
    "Undo the sort in the sheet instead (Edit, Undo; or File, Version history, See version history): then it settles "
    "by itself."
)
WHY = "put back: names or phones stood beside other lead ids"


def put_back(incident: str, by: Doer) -> Group | Refusal:
    """Gives each lead of the incident its name, phone and e-mail back, and what else of our fields went with those, as
    one group; the last word: edits of those that wait are set aside. Asked again it is the same group, unless that was
    taken back since. Refused where that would part them from the rest of their rows."""
    with writing() as conn:
        bulk.hold(conn)
        found = _open(conn, incident)
        if not found:
            return UNKNOWN
        parts = would_part(frozenset().union(*(one.along for one in found)))
        if parts:
            return parts
        named = _named(conn, incident, found)
        known = groups.group(conn, named)
        if known is not None:
            return known
        made = Group(named, now(), by.name, WHY, len(found))
        groups.begin(conn, made)
        mixups.mends(conn, named, incident)
        outbox.mark(conn, _outdated(conn, found), ChangeState.BLOCKED, NEWER)
        outbox.enqueue(conn, [_back(one, named, by) for one in found])
        return made


def would_part(along: Collection[str]) -> Refusal | None:
    """Why leads cannot be put back by their names, phones and e-mails: all the rest of their rows would stay."""
    if set(WHOLE).isdisjoint(along):
        return None
    why = "The lead ids were sorted here, not the names: each row is whole but for its id, and names that are put back"
    return Refusal("ids_moved", f"{why} would part from the rest of their rows. {UNDO}")


def _outdated(conn: Connection, found: Sequence[MixUp]) -> list[str]:
    """Edits of these very fields that wait because the leads are frozen: they would come after what is said now. What
    put them right before goes in its turn, and may have gone: nobody can set that aside any more."""
    fields = {one.lead_id: one.was.keys() for one in found}
    waiting = [one.change for one in outbox.of_leads(conn, fields) if one.change.kind is ChangeKind.UPDATE]
    going = mixups.go_in_turn(conn, waiting)
    these = [one for one in waiting if not one.fields.keys().isdisjoint(fields[one.lead_id])]
    return [one.change_id for one in these if one.change_id not in going]


def accept(incident: str) -> int | Refusal:
    """The sheet is right: the next cycle takes what it says. How many leads."""
    with writing() as conn:
        bulk.hold(conn)
        found = _open(conn, incident)
        if not found:
            return UNKNOWN
        mixups.accept(conn, found)
        for tab in tabs.all_tabs(conn):
            if tab.role == "master":
                tabs.put_tab(conn, replace(tab, digest=""))  # looked at again, though nothing changed in it
        return len(found)


def _open(conn: Connection, incident: str) -> Sequence[MixUp]:
    return [one for one in mixups.of_incident(conn, incident) if not one.accepted]


def _named(conn: Connection, incident: str, found: Sequence[MixUp]) -> str:
    """The id of the group: the next one where those before it were taken back."""
    says = f"put back {incident} {sorted((one.lead_id, repr(one.says)) for one in found)!r}"
    names = (group_id(f"{says} {again}" if again else says) for again in count())
    over = mixups.taken_back(conn, incident)
    return next(name for name in names if name not in over)


def _back(one: MixUp, group: str, by: Doer) -> Change:
    fields = {name: (one.says.get(name), was) for name, was in one.was.items()}
    made = change_id(f"{group}:{one.lead_id}", group)
    return Change(made, one.lead_id, ChangeKind.UPDATE, MappingProxyType(fields), by.name, now(), WHY, group)
