"""A new lead that a person or a program sends, and the family that has its number already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app import typed
from app.acting import Doer, Done, done_before, put
from app.database import config, now, writing
from core.book import phones_of
from core.commands import AddLead, decide
from core.config import Config
from core.field_checks import Refusal
from core.model import Lead, Value
from store import bulk, mirror

_MOST = 20  # of a family


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """These leads have the number already; nothing was added."""

    family: tuple[Lead, ...]


@dataclass(frozen=True, slots=True)
class _Taken:
    """The lead ids in use, deleted leads included."""

    conn: Connection

    def __contains__(self, lead_id: object) -> bool:
        return mirror.lead(self.conn, str(lead_id), deleted=True) is not None


def add(given: Mapping[str, object], by: Doer, *, force: bool) -> Done | KnownNumber | Refusal:
    """Adds the lead, unless its number is known; `force` adds it all the same, to the family's household."""
    in_force = config()
    fields = typed.values(given, None, in_force)
    if isinstance(fields, Refusal):
        return fields
    fields = {name: value for name, value in fields.items() if value is not None}
    with writing() as conn:
        bulk.hold(conn)
        again = _again(conn, fields, by, in_force)
        if again is not None:
            return again
        family = family_of(conn, fields)
        if family and not force:
            return KnownNumber(tuple(family))
        household = next((lead.household for lead in family if lead.household), None)
        command = AddLead(fields, _Taken(conn), household, mirror.person_loads(conn, in_force))
        return put(conn, decide(command, None, in_force, now(), by.name, by.request))


def family_of(conn: Connection, fields: Mapping[str, Value]) -> list[Lead]:
    """The leads that have one of these phones: of thousands, as a front desk's number may have, a few."""
    return mirror.leads_sharing(conn, phones_of(fields), (), _MOST)


def _again(conn: Connection, fields: Mapping[str, Value], by: Doer, in_force: Config) -> Done | Refusal | None:
    """What the same request made before; a Refusal where the fields cannot be a lead."""
    first = decide(AddLead(fields), None, in_force, now(), by.name, by.request)
    return first if isinstance(first, Refusal) else done_before(conn, by, first.lead_id)
