"""Leads that changed identities in the sheet are not believed: frozen until a person has put it right or has decided.

Between `sync.people`, which reads the rows, and the mirror: whom `sift` gives back may be taken in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.ids import group_id
from core.mixups import IDENTIFYING, mixed_up
from core.model import Lead, Value
from store import kept, mirror, mixups
from store.mirror import SheetLead
from store.mixups import MixUp
from sync.people import Unnamed


def sift(conn: Connection, seen: Sequence[SheetLead], unnamed: Sequence[Unnamed], now: datetime) -> list[SheetLead]:
    """Those of the changed rows that may be taken in. Freezes what is mixed up, and thaws what says again what it said,
    or what a person has accepted and is not mixed up anew since. Call it before these rows become the base."""
    by_id = {one.lead.lead_id: one for one in seen}
    known = mixups.of_leads(conn, by_id)
    before = _before(conn, by_id, known)
    moved = _moved(conn, before, by_id, [one.lead for one in unnamed])
    frozen = {i: _wider(one, moved[i], before[i]) if i in moved else one for i, one in known.items()}
    thawed = [i for i, one in frozen.items() if _is_over(one, by_id[i].lead, moved)]
    mixups.thaw(conn, thawed)
    still = {i: one for i, one in frozen.items() if i not in thawed}
    incident = group_id(f"mixed up {now.isoformat()} {sorted(moved)[:1]}")
    fresh = [_mix_up(incident, before[i], by_id[i].lead, now) for i in moved if i not in frozen]
    again = [replace(one, says=_says(by_id[i].lead, one.was), accepted=False) for i, one in still.items()]
    mixups.freeze(conn, [*fresh, *(one for one in again if one != known[one.lead_id])])
    stuck = still.keys() | {one.lead_id for one in fresh}
    mirror.move_rows(conn, [(i, by_id[i].row) for i in stuck])
    return [one for one in seen if one.lead.lead_id not in stuck]


def _wider(one: MixUp, moved: Collection[str], before: Lead) -> MixUp:
    """With what of a frozen lead has changed places since it was frozen, as its e-mail by another sort."""
    return replace(one, was={**_says(before, [name for name in moved if name not in one.was]), **one.was})


def _is_over(one: MixUp, lead: Lead, moved: Collection[str]) -> bool:
    """Whether a frozen lead may be believed again. What a person accepted is what the sheet said then."""
    return _says(lead, one.was) == dict(one.was) or (one.accepted and one.lead_id not in moved)


def as_before(conn: Connection, ids: Collection[str]) -> None:
    """Rows that are, to the last cell, what they were: who was frozen among them says again what it said."""
    if kept.count(conn, "frozen"):
        mixups.thaw(conn, mixups.of_leads(conn, ids))


def _before(conn: Connection, seen: Collection[str], frozen: Mapping[str, MixUp]) -> dict[str, Lead]:
    """What the last look showed of them: of frozen leads that has shown something else than their base."""
    bases = mirror.bases_of(conn, list(seen))
    return {i: replace(was, **frozen[i].says) if i in frozen else was for i, was in bases.items()}  # type: ignore[arg-type]  # values have their fields' types


def _moved(
    conn: Connection, before: Mapping[str, Lead], seen: Mapping[str, SheetLead], unnamed: Sequence[Lead]
) -> Mapping[str, tuple[str, ...]]:
    """Whose identity has changed places since the last look, and which fields say so."""
    after = {i: one.lead for i, one in seen.items()}
    changed = {i for i, was in before.items() if any(_get(was, n) != _get(after[i], n) for n in IDENTIFYING)}
    if len(changed) < 2:  # nobody has changed places with anybody
        return {}
    elsewhere = {"phone_number": _owners(conn, [after[i] for i in changed], changed)}
    return mixed_up({i: before[i] for i in changed}, {i: after[i] for i in changed}, elsewhere, unnamed)


def _mix_up(incident: str, before: Lead, after: Lead, now: datetime) -> MixUp:
    names = [name for name in IDENTIFYING if _get(before, name) != _get(after, name)]
    return MixUp(before.lead_id, incident, now, _says(before, names), _says(after, names))


def _owners(conn: Connection, leads: Sequence[Lead], changed: Collection[str]) -> dict[str, frozenset[str]]:
    """Whose these phones are, among leads that did not change."""
    phones = {lead.phone_number for lead in leads if lead.phone_number}
    found: dict[str, set[str]] = {}
    for lead in mirror.leads_sharing(conn, phones, ()):
        if lead.lead_id not in changed and lead.phone_number in phones:
            found.setdefault(str(lead.phone_number), set()).add(lead.lead_id)
    return {phone: frozenset(ids) for phone, ids in found.items()}


def _says(lead: Lead, fields: Collection[str]) -> dict[str, Value]:
    return {name: _get(lead, name) for name in fields}


def _get(lead: Lead, name: str) -> Value:
    found: Value = getattr(lead, name)
    return found
