"""One action on many leads: decided for each, put into the outbox under one group, followed and undone as one.

Pages and API both come through here. It goes in portions, each a transaction of its own, decided before it takes the
database's write lock: the worker and other people get in between. The same request again changes nothing and answers
with the group that it began; where it was cut short, it goes on (docs/decisions/0024-many-leads-in-portions.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from types import MappingProxyType

from sqlalchemy import Connection

from app.acting import GONE, UNDONE, Doer, numbered
from app.database import config, now, reading, writing
from app.undoing import changes_of, decide_undo, withdraw
from core.commands import Command, decide
from core.field_checks import Refusal
from core.ids import group_id
from core.model import Change, Lead
from store import bulk, covered, groups, mirror, mixups, outbox, search, undone
from store.groups import Group
from store.search import LeadQuery

Ask = Callable[[Lead], Command | Refusal]
Decided = Mapping[str, Change | Refusal]
Deciding = Callable[[Connection, Mapping[str, Lead | None]], Decided]
"""What becomes of each of these leads, as they stand in this transaction."""
Taken = Callable[[Connection, Sequence[Change]], None]
"""What follows in the transaction that takes these changes."""

NOBODY = Refusal("nobody", "No lead is chosen.")
UNKNOWN = Refusal("unknown_group", "There is no bulk action or import with this id.")
STILL_GOING = Refusal("still_going", "This is still being put down. Undo it when it is complete, in a moment.")
_MEANWHILE = Refusal("changed_meanwhile", "Somebody changed it meanwhile: it no longer matches.")
_EXAMPLES = 20
_PORTION = 200  # leads a transaction: the write lock is held for some tenths of a second
_CUT_SHORT = timedelta(minutes=1)  # without a portion, after which an action is taken for cut short


@dataclass(frozen=True, slots=True)
class Together:
    """A group that is safe in the outbox. `refused` counts the leads that were left as they are, by why; `examples`
    names some of them (lead id -> why). `fresh`: it was not known before."""

    group: Group
    refused: Mapping[str, int]
    examples: Mapping[str, str]
    fresh: bool = True


@dataclass(slots=True)
class _Refused:
    """Who was left as they are, while the portions go by."""

    first: Refusal = NOBODY
    counted: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def take(self, lead_id: str, why: Refusal) -> None:
        if not self.counted:
            self.first = why
        self.counted[why.message] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples[lead_id] = why.message


def act_on_all(whom: LeadQuery | Sequence[str], ask: Ask, why: str, by: Doer) -> Together | Refusal:
    """Carries out what `ask` makes of each lead that the query finds, or of these leads. `why` says in a few words what
    is done ("Status: Interested"). A lead that refuses stays as it is and stops nobody else; where all do, nothing is
    begun and the first reason is the answer."""
    named = _named(by.request or f"{by.name}:{now().isoformat()}", why)
    in_force = config()
    known = _done_before(named, by)
    if known is not None:
        return known
    ids = search.ids(reading(), whom) if isinstance(whom, LeadQuery) else list(dict.fromkeys(whom))

    def decided(conn: Connection, leads: Mapping[str, Lead | None]) -> Decided:
        matching = search.matching(conn, whom, list(leads)) if isinstance(whom, LeadQuery) else leads.keys()

        def one(lead_id: str, lead: Lead | None) -> Change | Refusal:
            command = GONE if lead is None else ask(lead) if lead_id in matching else _MEANWHILE
            if isinstance(command, Refusal):
                return command
            return decide(command, lead, in_force, now(), by.name, by.request or named, named)

        return {lead_id: one(lead_id, lead) for lead_id, lead in leads.items()}

    return _carry_out(named, ids, decided, why, by)


def take_back_all(group: str, by: Doer) -> Together | Refusal:
    """Undoes every change of a group, newest first, where nothing newer stands; what stays is told with its reason."""
    named = _undo_of(group, by.request)
    in_force = config()
    known = _done_before(named, by)
    if known is not None:
        return known
    begun = groups.group(reading(), group)
    if begun is None:
        return UNKNOWN
    going = groups.going(reading(), group)
    if going is not None and not cut_short(group):
        return STILL_GOING
    pairs = {lead_id: change_id for change_id, lead_id in groups.changes(reading(), group)}

    def decided(conn: Connection, leads: Mapping[str, Lead | None]) -> Decided:
        changes = changes_of(conn, {lead_id: pairs[lead_id] for lead_id in leads})
        waiting = frozenset(covered.waiting(conn))

        def one(change: Change | Refusal, lead: Lead | None) -> Change | Refusal:
            if isinstance(change, Refusal):
                return change
            return decide_undo(waiting, change, lead, in_force, by, named)

        return {lead_id: one(changes[lead_id], lead) for lead_id, lead in leads.items()}

    def taken(conn: Connection, made: Sequence[Change]) -> None:
        withdraw(conn, {one.change_id: pairs[one.lead_id] for one in made})

    with writing() as conn:
        mixups.takes_back(conn, named, group)
        if going is not None:
            groups.ended(conn, group)  # what was cut short does not go on after its undo
    return _carry_out(named, list(reversed(pairs)), decided, f"Undo of: {begun.why}", by, taken)


def unnamed(group: str) -> str:
    """The name of the undo of a group to which its caller gives none: sent twice it is one, until that was itself taken
    back."""
    for n in count():
        named = _undo_of(group, name := numbered(f"undo:{group}", n))
        if _complete(named) is None or not undone.group(reading(), named):
            break
    return name


def not_complete(request: str, why: str) -> str:
    """The name of a request that is made anew once what it began is complete."""
    names = (numbered(request, n) for n in count())
    return next(name for name in names if _complete(_named(name, why)) is None)


def _named(request: str, why: str) -> str:
    return group_id(f"{request}:{why}")


def _undo_of(group: str, request: str) -> str:
    return group_id(f"undo:{group}:{request}")


def cut_short(group_id: str) -> bool:
    """Whether the group was begun and not completed, and nothing has come of it for a while: what began it was
    stopped."""
    going = groups.going(reading(), group_id)
    return going is not None and now() - going >= _CUT_SHORT


def _done_before(named: str, by: Doer) -> Together | Refusal | None:
    """The group of a request that was answered already, or that it was undone since, for a person who reads the
    answer."""
    known = _complete(named)
    return UNDONE if known is not None and by.presses and undone.group(reading(), named) else known


def _complete(named: str) -> Together | None:
    """The group of a request that was answered already."""
    known = groups.group(reading(), named)
    if known is None or groups.going(reading(), named) is not None:
        return None
    return Together(known, MappingProxyType({}), MappingProxyType({}), fresh=False)


def _carry_out(
    named: str, ids: Sequence[str], deciding: Deciding, why: str, by: Doer, taken: Taken = lambda _, __: None
) -> Together | Refusal:
    """The changes into the outbox, a portion at a time, and the group beside them from the first one on."""
    refused = _Refused()
    for part in bulk.parts(ids, _PORTION):
        _portion(Group(named, now(), by.name, why, 0), part, deciding, refused, taken)
    with writing() as conn:
        groups.ended(conn, named)
        begun = groups.group(conn, named)
    if begun is None:
        return refused.first
    return Together(begun, MappingProxyType(dict(refused.counted)), MappingProxyType(refused.examples))


def _portion(group: Group, part: Sequence[str], deciding: Deciding, refused: _Refused, taken: Taken) -> None:
    """Decides before the lock, and again within it for those leads that changed in between."""
    before = _standing(reading(), part)
    made = dict(deciding(reading(), before))
    with writing() as conn:
        bulk.hold(conn)
        there = groups.has(conn, group.group_id, part)
        leads = _standing(conn, part)
        made |= deciding(conn, {i: lead for i, lead in leads.items() if lead != before[i]})
        fresh = {i: one for i, one in made.items() if i not in there}
        changes = [one for one in fresh.values() if isinstance(one, Change)]
        if new := outbox.enqueue(conn, changes):
            groups.grow(conn, group, new, now())
        taken(conn, changes)
    for lead_id, one in fresh.items():
        if isinstance(one, Refusal):
            refused.take(lead_id, one)


def _standing(conn: Connection, ids: Sequence[str]) -> Mapping[str, Lead | None]:
    leads = {lead.lead_id: lead for lead in mirror.leads(conn, ids)}
    return {lead_id: leads.get(lead_id) for lead_id in ids}
