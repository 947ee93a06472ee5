"""What was held back with an edit that lost to the sheet: a change goes as a whole or not at all, so what nobody
disagreed about (a phone beside the city, the note of a call) waits with the field that somebody did. Used by
`app.deciding`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from core.config import Config
from core.fields import BY_NAME
from core.leads import complete_event, fields_of, lead_of
from core.merge import three_way
from core.model import Change, Lead, Value

Pairs = Mapping[str, tuple[Value, Value]]
_FOLLOWING = ("next_follow_up", "priority")  # what people may set, and what else follows from other fields
_CAUSES = frozenset({"status", "do_not_contact"})  # what a day follows from


def held_back(change: Change, disputed: Collection[str]) -> dict[str, tuple[Value, Value]]:
    """(base, new) of the fields that people may set and nobody disagreed about."""
    return {n: pair for n, pair in change.fields.items() if n not in disputed and BY_NAME[n].editable}


def rest_of(change: Change, disputed: Collection[str], lead: Lead, config: Config) -> dict[str, tuple[Value, Value]]:
    """Of what was held back that which goes where the sheet keeps the disputed fields: what the lead does not say yet.
    A day or priority that only followed from a field that lost goes with that."""
    follows = _followed(change, disputed, lead, config)
    held = held_back(change, disputed)
    return {n: pair for n, pair in held.items() if n not in follows and _is_new(n, pair, lead)}


def undisputed(name: str, pair: tuple[Value, Value], lead: Lead) -> bool:
    """Whether the lead says nothing newer of this field."""
    return three_way(pair[0], getattr(lead, name), pair[1], BY_NAME[name].kind).conflict is None


def _is_new(name: str, pair: tuple[Value, Value], lead: Lead) -> bool:
    """Whether the lead does not say it. Of two calls the later is the last one."""
    merged = three_way(pair[0], getattr(lead, name), pair[1], BY_NAME[name].kind)
    return merged.write or (merged.conflict is not None and name != "last_contacted")


def _followed(change: Change, disputed: Collection[str], lead: Lead, config: Config) -> set[str]:
    """The fields that were worked out from the others, and would be anew or belong to what lost."""
    before = lead_of(lead.lead_id, fields_of(lead) | {n: base for n, (base, _) in change.fields.items()})
    said = {n: new for n, (_, new) in held_back(change, ()).items() if n not in _FOLLOWING}
    made = complete_event(before, said, config, change.at)
    followed = {n for n in _FOLLOWING if n in change.fields and made.get(n, getattr(before, n)) == change.fields[n][1]}
    return followed if not _CAUSES.isdisjoint(disputed) else followed - {"next_follow_up"}
