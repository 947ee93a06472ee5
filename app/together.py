"""One action on many leads: decided for each, put into the outbox in one transaction, under one group, undone as one.

Pages and API both come through here. The same request again changes nothing and answers with the group that it began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from app.acting import GONE, Doer
from app.database import config, now, writing
from app.undoing import change_of
from core.commands import Command, Undo, decide
from core.field_checks import Refusal
from core.ids import group_id
from core.model import Change, Lead
from store import bulk, groups, mirror, outbox, search
from store.groups import Group
from store.search import LeadQuery

Ask = Callable[[Lead], Command | Refusal]

NOBODY = Refusal("nobody", "No lead is chosen.")
UNKNOWN = Refusal("unknown_group", "There is no bulk action or import with this id.")
_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Together:
    """A group that is safe in the outbox. `refused` counts the leads that were left as they are, by why; `examples`
    names some of them (lead id -> why). `fresh`: it was not known before."""

    group: Group
    refused: Mapping[str, int]
    examples: Mapping[str, str]
    fresh: bool = True


def act_on_all(whom: LeadQuery | Sequence[str], ask: Ask, why: str, by: Doer) -> Together | Refusal:
    """Carries out what `ask` makes of each lead that the query finds, or of these leads. `why` says in a few words what
    is done ("Status: Interested"). A lead that refuses stays as it is and stops nobody else; where all do, nothing is
    begun and the first reason is the answer."""
    named = group_id(f"{by.request or f'{by.name}:{now().isoformat()}'}:{why}")
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        known = groups.group(conn, named)
        if known is not None:
            return Together(known, MappingProxyType({}), MappingProxyType({}), fresh=False)
        ids = search.ids(conn, whom) if isinstance(whom, LeadQuery) else list(dict.fromkeys(whom))

        def decided(_: str, lead: Lead | None) -> Change | Refusal:
            command = ask(lead) if lead else GONE
            if isinstance(command, Refusal):
                return command
            return decide(command, lead, in_force, now(), by.name, by.request or named, named)

        return _carry_out(conn, named, ids, decided, why, by)


def take_back_all(group: str, by: Doer) -> Together | Refusal:
    """Undoes every change of a group, newest first, where nothing newer stands; what stays is told with its reason."""
    named = group_id(f"undo:{group}:{by.request}")
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        known = groups.group(conn, named)
        if known is not None:
            return Together(known, MappingProxyType({}), MappingProxyType({}), fresh=False)
        begun = groups.group(conn, group)
        if begun is None:
            return UNKNOWN
        pairs = {lead_id: change_id for change_id, lead_id in groups.changes(conn, group)}

        def decided(lead_id: str, lead: Lead | None) -> Change | Refusal:
            change = change_of(conn, pairs[lead_id], lead_id)
            if isinstance(change, Refusal):
                return change
            return decide(Undo(change), lead, in_force, now(), by.name, by.request or named, named)

        return _carry_out(conn, named, reversed(list(pairs)), decided, f"Undo of: {begun.why}", by)


def _carry_out(
    conn: Connection,
    group: str,
    ids: Iterable[str],
    decided: Callable[[str, Lead | None], Change | Refusal],
    why: str,
    by: Doer,
) -> Together | Refusal:
    """The changes into the outbox, a part at a time, and the group beside them."""
    refused: dict[str, Refusal] = {}
    taken = 0
    for part in bulk.parts(ids):
        found = list(_decisions(conn, part, decided))
        refused |= {lead_id: made for lead_id, made in found if isinstance(made, Refusal)}
        taken += outbox.enqueue(conn, [made for _, made in found if isinstance(made, Change)])
    if not taken:
        return next(iter(refused.values()), NOBODY)
    begun = Group(group, now(), by.name, why, taken)
    groups.begin(conn, begun)
    reasons = [one.message for one in refused.values()]
    counted = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
    examples = {lead_id: one.message for lead_id, one in list(refused.items())[:_EXAMPLES]}
    return Together(begun, MappingProxyType(counted), MappingProxyType(examples))


def _decisions(
    conn: Connection, ids: Sequence[str], decided: Callable[[str, Lead | None], Change | Refusal]
) -> Iterator[tuple[str, Change | Refusal]]:
    leads = {lead.lead_id: lead for lead in mirror.leads(conn, ids)}
    return ((lead_id, decided(lead_id, leads.get(lead_id))) for lead_id in ids)
