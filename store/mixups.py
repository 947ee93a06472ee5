"""Leads whose names, phones or e-mails stand against other ids in the sheet: frozen until a person has decided.

The mirror keeps who they were; here stands what the sheet says instead, by the incident in which they were found.
Written by `sync.freezing`, decided in `app.mixups`; kept in `_crm` too (`store.kept`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from core.ids import group_of
from core.model import Change, Value
from store import bulk, counters, kept, mirror
from store.mirror_rows import FROZEN, LIVE
from store.values import moment, moment_text, value_from_json, value_json

WHY = "Names or phones in the sheet stand beside other lead ids: a sort of some columns only, it seems"
_ACCEPTED = "accepted"
_MOST = 1_000  # puttings right of incidents that stand


@dataclass(frozen=True, slots=True)
class MixUp:
    """One lead of an incident: what its fields said, and what the sheet says there now. `accepted`: a person says that
    the sheet is right. `along`: which other columns came to it with that, as `core.along` says."""

    lead_id: str
    incident: str
    at: datetime
    was: Mapping[str, Value]
    says: Mapping[str, Value]
    accepted: bool = False
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """Leads that were found mixed up together; `examples` are the first of them, `along` what came to any of them with
    names and phones."""

    incident: str
    at: datetime
    size: int
    examples: tuple[MixUp, ...]
    along: frozenset[str] = frozenset()


def freeze(conn: Connection, found: Iterable[MixUp]) -> None:
    """These leads are shown as they were, and not written."""
    mixed = {one.lead_id: one for one in found}
    if not mixed:
        return
    kept.put(conn, "frozen", {lead_id: _text(one) for lead_id, one in mixed.items()})
    mirror.set_state(conn, mixed, FROZEN, WHY)
    counters.bump(conn)


def thaw(conn: Connection, ids: Iterable[str]) -> None:
    """These leads say again what they said, or a person has decided."""
    ids = list(ids)
    if not ids:
        return
    kept.drop(conn, "frozen", ids)
    mirror.set_state(conn, ids, LIVE)
    standing = {one.incident for one in every(conn)} if kept.count(conn, "mending") else set()
    over = [key for key, text in kept.page(conn, "mending", _MOST) if _incident(text) not in standing]
    kept.drop(conn, "mending", over)
    counters.bump(conn)


def mends(conn: Connection, group: str, incident: str) -> None:
    """The changes of this group put an incident right: they go although its leads are frozen."""
    kept.put(conn, "mending", {group: incident})


def takes_back(conn: Connection, by: str, undone: str) -> None:
    """`by`, a group or a change, takes back another one. Where that puts an incident right, this goes in its turn with
    it: left until the leads are thawed it would come after what somebody has put right again since."""
    group = group_of(undone) or undone
    mending = kept.of_keys(conn, "mending", {undone, group})
    if mending:
        kept.put(conn, "mending", {by: f"{_incident(next(iter(mending.values())))} {group}"})


def go_in_turn(conn: Connection, changes: Iterable[Change]) -> frozenset[str]:
    """The ids of those of these changes that put an incident right, or take that back: they wait for no thaw, and may
    be on their way to the sheet at any moment."""
    keys = {change.change_id: {change.change_id, change.group} - {""} for change in changes}
    mending = kept.of_keys(conn, "mending", sorted(set().union(*keys.values()))).keys()
    return frozenset(change_id for change_id, of in keys.items() if of & mending)


def taken_back(conn: Connection, incident: str) -> frozenset[str]:
    """The groups that were to put this incident right and were taken back, all of it or some."""
    told = (text.partition(" ") for _, text in kept.page(conn, "mending", _MOST))
    return frozenset(undone for of, _, undone in told if of == incident and undone)


def _incident(text: str) -> str:
    """Of what is kept of a group or change that puts right: the incident, and behind it what it takes back, if so."""
    return text.partition(" ")[0]


def of_leads(conn: Connection, ids: Iterable[str]) -> dict[str, MixUp]:
    """Those of these leads that are mixed up."""
    return {lead_id: _read(lead_id, text) for lead_id, text in kept.of_keys(conn, "frozen", ids).items()}


def of_incident(conn: Connection, incident: str, limit: int = 2**31) -> list[MixUp]:
    """The leads of an incident, in id order."""
    return [one for one in every(conn) if one.incident == incident][:limit]


def every(conn: Connection) -> list[MixUp]:
    """All leads that are mixed up, in id order."""
    found: list[MixUp] = []
    after = ""
    while part := kept.page(conn, "frozen", bulk.AT_ONCE, after):
        found += [_read(lead_id, text) for lead_id, text in part]
        after = part[-1][0]
    return found


def incidents(conn: Connection, examples: int) -> list[Incident]:
    """What is mixed up, oldest first, with a few leads of each."""
    found = [one for one in every(conn) if not one.accepted]
    sizes = Counter(one.incident for one in found)
    first: dict[str, list[MixUp]] = {}
    for one in found:
        first.setdefault(one.incident, []).append(one)
    along = {name: frozenset().union(*(one.along for one in ones)) for name, ones in first.items()}
    made = [
        Incident(name, ones[0].at, sizes[name], tuple(ones[:examples]), along[name]) for name, ones in first.items()
    ]
    return sorted(made, key=lambda one: (one.at, one.incident))


def accept(conn: Connection, found: Iterable[MixUp]) -> None:
    """A person says that the sheet is right: the next look takes it as typed."""
    kept.put(conn, "frozen", {one.lead_id: _text(replace(one, accepted=True)) for one in found})
    counters.bump(conn)


def _text(one: MixUp) -> str:
    sides = [{name: value_json(value) for name, value in side.items()} for side in (one.was, one.says)]
    return json.dumps([one.incident, moment_text(one.at), *sides, _ACCEPTED if one.accepted else one.along or ""])


def _read(lead_id: str, text: str) -> MixUp:
    incident, at, was, says, state = json.loads(text)
    before, now = ({name: value_from_json(value) for name, value in side.items()} for side in (was, says))
    along = tuple(state) if isinstance(state, list) else ()
    sides = MappingProxyType(before), MappingProxyType(now)
    return MixUp(lead_id, incident, moment(at), *sides, state == _ACCEPTED, along)
