"""The family of a lead: who has its household, and who shares a phone or an e-mail with it. Read by a lead's page.

A household is named after its first lead (`core.ids.household_id`), and its leads came to it by sharing phones: so it
is found by contacts, from the lead and from that first one on, and needs no index of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import Connection, select

from core.book import split_phones
from core.model import Lead
from store import bulk, mirror, mirror_rows
from store.schema import contacts, leads

_ROUNDS = 3  # from one lead's phones to the next one's


@dataclass(frozen=True, slots=True)
class Relative:
    """A lead of the family; `shares` says what it has in common with the lead: "phone", "e-mail", or "" for no more
    than the household."""

    lead: Lead
    shares: str


def family(conn: Connection, lead: Lead, most: int) -> list[Relative]:
    """The others of the lead's family, in id order, `most` of them."""
    mine = _contacts(lead)
    fresh = [lead, *_first_of(conn, lead)]
    found = {one.lead_id: one for one in fresh}
    for _ in range(_ROUNDS):
        keys = set(chain.from_iterable(map(_contacts, fresh)))
        near = [one for one in _having(conn, keys, most + len(found)) if one.lead_id not in found]
        fresh = [one for one in near if _same_household(one, lead)]
        found |= {one.lead_id: one for one in near if one in fresh or _contacts(one) & mine}
        if not fresh or len(found) > most:
            break
    found.pop(lead.lead_id)
    return [Relative(found[i], _shares(found[i], lead)) for i in sorted(found)][:most]


def _first_of(conn: Connection, lead: Lead) -> list[Lead]:
    """The lead that the household is named after."""
    named = f"L{lead.household[1:]}" if lead.household and lead.household.startswith("H") else ""
    first = mirror.lead(conn, named) if named and named != lead.lead_id else None
    return [first] if first and _same_household(first, lead) else []


def _having(conn: Connection, values: Iterable[str], most: int) -> list[Lead]:
    """Leads that have one of these contacts, not more than `most`: a front desk's phone may stand on thousands."""
    found: list[Lead] = []
    for part in bulk.parts(sorted(values)):
        pks = select(contacts.c.pk).where(contacts.c.value.in_(part)).distinct().limit(most)
        query = mirror_rows.selection().where(leads.c.pk.in_(pks))
        found += [mirror_rows.from_database(row).lead for row in conn.execute(query)]
    return found


def _contacts(lead: Lead) -> frozenset[str]:
    given = (*_phones(lead), *([lead.email] if lead.email else ()))
    return frozenset(filter(None, map(mirror_rows.contact_key, given)))


def _phones(lead: Lead) -> tuple[str, ...]:
    return (*([lead.phone_number] if lead.phone_number else ()), *split_phones(lead.other_phones))


def _same_household(one: Lead, other: Lead) -> bool:
    return bool(one.household) and one.household == other.household


def _shares(one: Lead, other: Lead) -> str:
    if {*_phones(one)} & {*_phones(other)}:
        return "phone"
    return "e-mail" if _contacts(one) & _contacts(other) else ""
