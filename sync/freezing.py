"""Leads that changed identities in the sheet are not believed: frozen until a person has put it right or has decided.

Between `sync.people`, which reads the rows, and the mirror: whom `sift` gives back may be taken in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from core.along import WHOLE, went_along
from core.fields import NAMES
from core.ids import group_id
from core.mixups import IDENTIFYING, mixed_up
from core.model import Lead, Value
from store import kept, mirror, mixups
from store.mirror import SheetLead
from store.mixups import MixUp
from store.namesakes import namesakes
from sync.people import Unnamed

_NAMESAKES = 20  # of one name; a sort of some columns took it from one of those that stand near, or from a frozen lead
_MOST = 100  # rows to read besides those that a look shows


def sift(conn: Connection, seen: Sequence[SheetLead], unnamed: Sequence[Unnamed], now: datetime) -> list[SheetLead]:
    """Those of the changed rows that may be taken in. Freezes what is mixed up, and thaws what says again what it said,
    or what a person has accepted and is not mixed up anew since. Call it before these rows become the base."""
    by_id = {one.lead.lead_id: one for one in seen}
    known = mixups.of_leads(conn, by_id)
    bases = mirror.bases_of(conn, list(by_id))
    before = _before(bases, known)
    moved = _moved(conn, before, by_id, [one.lead for one in unnamed])
    frozen = {i: _wider(one, moved[i], before[i]) if i in moved else one for i, one in known.items()}
    thawed = [i for i, one in frozen.items() if _is_over(one, by_id[i].lead, moved)]
    mixups.thaw(conn, thawed)
    still = {i: one for i, one in frozen.items() if i not in thawed}
    incident = group_id(f"mixed up {now.isoformat()} {sorted(moved)[:1]}")
    fresh = [_mix_up(incident, before[i], by_id[i].lead, now) for i in moved if i not in frozen]
    again = [_again(one, by_id[i].lead) for i, one in still.items()]
    told = _with_what_came(conn, [*fresh, *again], bases, by_id)
    mixups.freeze(conn, [one for one in told if one != known.get(one.lead_id)])
    stuck = still.keys() | {one.lead_id for one in fresh}
    mirror.move_rows(conn, [(i, by_id[i].row) for i in stuck])
    return [one for one in seen if one.lead.lead_id not in stuck]


def whose(conn: Connection, seen: Sequence[SheetLead], unnamed: Sequence[Unnamed], shown: Collection[str]) -> set[int]:
    """The rows (1-based) where those stood last who had a name, a phone or an e-mail that a lead in this look has now,
    and who are not `shown` by it. If they have lost that, nobody has corrected anything: their places were changed."""
    by_id = {one.lead.lead_id: one for one in seen}
    before = _before(mirror.bases_of(conn, list(by_id)), mixups.of_leads(conn, by_id))
    moved = _moved(conn, before, by_id, [one.lead for one in unnamed])
    alone = ((was, by_id[i]) for i, was in before.items() if i not in moved)
    had = (i for was, one in alone for name in _new(was, one.lead) for i in _had(conn, name, one) if i not in shown)
    return set(mirror.rows_of(conn, islice(had, _MOST)).values())


def _again(one: MixUp, lead: Lead) -> MixUp:
    """With what the sheet says there by now: nobody has accepted that, nor seen what came along with it."""
    says = _says(lead, one.was)
    return replace(one, says=says, accepted=False, along=one.along if says == dict(one.says) else ())


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


def _before(bases: Mapping[str, Lead], frozen: Mapping[str, MixUp]) -> dict[str, Lead]:
    """What the last look showed of them: of frozen leads that has shown something else than their base."""
    return {i: replace(was, **frozen[i].says) if i in frozen else was for i, was in bases.items()}  # type: ignore[arg-type]  # values have their fields' types


def _moved(
    conn: Connection, before: Mapping[str, Lead], seen: Mapping[str, SheetLead], unnamed: Sequence[Lead]
) -> Mapping[str, tuple[str, ...]]:
    """Whose identity has changed places since the last look, and which fields say so."""
    after = {i: one.lead for i, one in seen.items()}
    changed = {i for i, was in before.items() if any(_get(was, n) != _get(after[i], n) for n in IDENTIFYING)}
    if not changed:
        return {}
    elsewhere = {"phone_number": _owners(conn, [after[i] for i in changed], changed)}
    found = mixed_up({i: before[i] for i in changed}, {i: after[i] for i in changed}, elsewhere, unnamed)
    return {**_late(conn, before, seen, changed - found.keys()), **found}


def _late(
    conn: Connection, before: Mapping[str, Lead], seen: Mapping[str, SheetLead], alone: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """Those who have now what a frozen lead has lost, and which fields say so: they changed places with it, but another
    look has shown that."""
    if not alone or not kept.count(conn, "frozen"):
        return {}
    found = {i: _taken(conn, before[i], seen[i]) for i in alone}
    return {i: names for i, names in found.items() if names}


def _taken(conn: Connection, before: Lead, seen: SheetLead) -> tuple[str, ...]:
    """The fields in which it says now what a frozen lead said."""

    def lost(one: MixUp, name: str) -> bool:
        return one.lead_id != before.lead_id and one.was.get(name) == _get(seen.lead, name) != one.says.get(name)

    frozen = ((name, mixups.of_leads(conn, _had(conn, name, seen))) for name in _new(before, seen.lead))
    return tuple(name for name, ones in frozen if any(lost(one, name) for one in ones.values()))


def _mix_up(incident: str, before: Lead, after: Lead, now: datetime) -> MixUp:
    names = [name for name in IDENTIFYING if _get(before, name) != _get(after, name)]
    return MixUp(before.lead_id, incident, now, _says(before, names), _says(after, names))


def _with_what_came(
    conn: Connection, stuck: Sequence[MixUp], bases: Mapping[str, Lead], seen: Mapping[str, SheetLead]
) -> list[MixUp]:
    """What else came to them with the names, of all rows that this look shows. What it cannot tell stands as another
    look has found it, until they say something else."""
    now = {one.lead_id: seen[one.lead_id].lead for one in stuck if one.lead_id in bases}
    others = _others(conn, now.values(), bases) if now else []
    found = went_along(bases, now, others)
    return [
        _with_those(one, found[one.lead_id], bases[one.lead_id], now[one.lead_id]) if one.lead_id in found else one
        for one in stuck
    ]


def _with_those(one: MixUp, came: Sequence[str], base: Lead, lead: Lead) -> MixUp:
    """With fields of ours that came along: they are put back with the names."""
    ours = [name for name in came if name in NAMES and name not in (*WHOLE, *one.was)]
    was, says = {**one.was, **_says(base, ours)}, {**one.says, **_says(lead, ours)}
    return replace(one, was=was, says=says, along=tuple(column for column in came if column not in was))


def _others(conn: Connection, now: Iterable[Lead], shown: Mapping[str, Lead]) -> list[Lead]:
    """Leads that this look does not show, whose phones or e-mails these have."""
    phones, emails = (
        {str(_get(one, name)) for one in now} - {str(_get(one, name)) for one in shown.values()}
        for name in ("phone_number", "email")
    )
    found = {one.lead_id for one in mirror.leads_sharing(conn, phones, emails)}
    return list(mirror.bases_of(conn, sorted(found - shown.keys())).values())


def _owners(conn: Connection, leads: Sequence[Lead], changed: Collection[str]) -> dict[str, frozenset[str]]:
    """Whose these phones are, among leads that did not change."""
    phones = {lead.phone_number for lead in leads if lead.phone_number}
    found: dict[str, set[str]] = {}
    for lead in mirror.leads_sharing(conn, phones, ()):
        if lead.lead_id not in changed and lead.phone_number in phones:
            found.setdefault(str(lead.phone_number), set()).add(lead.lead_id)
    return {phone: frozenset(ids) for phone, ids in found.items()}


def _new(before: Lead, after: Lead) -> list[str]:
    """The fields of its identity that say something else than before."""
    return [name for name in IDENTIFYING if _get(after, name) not in (None, _get(before, name))]


def _had(conn: Connection, name: str, seen: SheetLead) -> list[str]:
    """Leads that said last what this one says now."""
    return namesakes(conn, name, str(_get(seen.lead, name)), seen.row, _NAMESAKES)


def _says(lead: Lead, fields: Collection[str]) -> dict[str, Value]:
    return {name: _get(lead, name) for name in fields}


def _get(lead: Lead, name: str) -> Value:
    found: Value = getattr(lead, name)
    return found
