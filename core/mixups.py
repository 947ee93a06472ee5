"""Names, phones and e-mails that stand against other ids than before: the mark of a sort of some columns only.

The API shows values, not what a person did. But when several leads have each other's names after a look at the sheet,
nobody has renamed them: their columns were sorted apart from `lead_id`, or cells were inserted in one column. A sort
takes rows without an id along, so what a lead said may stand in one of these now. Pure; `sync.freezing` asks before
anything is believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.model import Lead

IDENTIFYING = ("full_name", "phone_number", "email")
"""What says who a lead is."""

_TOGETHER = 2  # values that changed places within one look
_FROM_ELSEWHERE = 5  # values that came from leads that this look did not show, moved or not

Owners = Mapping[str, frozenset[str]]


def mixed_up(
    before: Mapping[str, Lead],
    after: Mapping[str, Lead],
    elsewhere: Mapping[str, Owners] | None = None,
    unnamed: Sequence[Lead] = (),
) -> Mapping[str, tuple[str, ...]]:
    """The leads whose identity cannot be believed, and which fields say so. `before` and `after` are the leads that a
    look found changed, by id; `elsewhere` by field and value the leads that had this value and were not looked at;
    `unnamed` the rows that this look found without an id of their own, each with that of the lead whose row it repeats
    ("" none).

    A value has changed places when a lead got it that did not have it, or a row without an id has it, and one lost it
    that did. One such value may be a correction; `_TOGETHER` of a field are none, and neither is a crowd of values that
    belong to others; one and half a crowd count as either. Whoever else's value of that field changed in the same look
    is not believed either: it may have come from a row without an id."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in IDENTIFYING:
        for lead_id in _of_field(name, before, after, (elsewhere or {}).get(name, {}), unnamed):
            found[lead_id].append(name)
    return {lead_id: tuple(names) for lead_id, names in found.items()}


def _of_field(
    name: str, before: Mapping[str, Lead], after: Mapping[str, Lead], elsewhere: Owners, unnamed: Sequence[Lead]
) -> set[str]:
    both = [lead_id for lead_id in before if lead_id in after]
    was, now = _by_value(name, before, both), _by_value(name, after, both)
    loose: dict[str, list[str]] = defaultdict(list)
    for row in unnamed:
        loose[str(getattr(row, name))].append(row.lead_id)
    moves = 0
    strangers: set[str] = set()
    for value in now | was:
        owners = now.get(value, set())
        gained = owners - was.get(value, set())
        lost = was.get(value, set()) - owners
        astray = sum(repeats not in lost for repeats in loose[value])  # a copy of its own row takes nothing from a lead
        if lost and (gained or astray):
            moves += min(len(gained) + astray, len(lost))
        elif gained and elsewhere.get(value, frozenset()) - owners:
            strangers |= gained
    if moves / _TOGETHER + len(strangers) / _FROM_ELSEWHERE < 1:
        return set()
    return {lead_id for lead_id in both if getattr(before[lead_id], name) != getattr(after[lead_id], name)}


def _by_value(name: str, leads: Mapping[str, Lead], ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for lead_id in ids:
        value = getattr(leads[lead_id], name)
        if value is not None:
            found[str(value)].add(lead_id)
    return found
