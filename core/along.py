"""What went along with names, phones and e-mails that stand against other ids: other columns, or all of the row.

Where somebody sorts `lead_id` alone each row is whole but for its id. To put the names back there would part people
from the rest of their rows. Pure; `sync.freezing` asks of leads that it freezes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from core.leads import fields_of
from core.mixups import IDENTIFYING
from core.model import Cell, Lead, Value

WHOLE = ("lead_id",)
"""Of a lead under whose id a whole row of another one stands: it is the id that went."""

_NAMESAKES = 20  # whose row it may be, where a name or a phone was that of many
_TOGETHER = 2  # leads that got another's word in one column; one may have been typed

Row = Mapping[str, Value | Cell]


def went_along(
    before: Mapping[str, Lead], after: Mapping[str, Lead], others: Iterable[Lead] = ()
) -> Mapping[str, tuple[str, ...]]:
    """What else came to the leads of `after` from those whose names they have now: `WHOLE`, or which of our fields and
    of people's own columns; nothing is left out. `before` is what they and others of this look said before they were
    mixed up, `others` are leads that it did not show.

    What people type meanwhile may be another's word here and there. What went along came to most of the leads that it
    tells apart, or with most of the row."""
    owners = _owners([*before.values(), *others])
    telling: dict[str, set[str]] = {}
    came: dict[str, set[str]] = {}
    for lead_id, lead in after.items():
        theirs, now = _theirs(before[lead_id], lead, owners), _rest(lead)
        telling[lead_id] = _apart(_rest(before[lead_id]), theirs) if theirs is not None else set()
        came[lead_id] = telling[lead_id] - _apart(now, theirs or {})
    times, tells = Counter(chain(*came.values())), Counter(chain(*telling.values()))
    most = {column for column, often in times.items() if often >= _TOGETHER and 2 * often > tells[column]}
    found = {i: WHOLE if 2 * len(got) > len(telling[i]) else tuple(sorted(got & most)) for i, got in came.items()}
    return {i: columns for i, columns in found.items() if columns}


def _owners(leads: Iterable[Lead]) -> Mapping[tuple[str, Value], dict[str, Lead]]:
    """Who had a name, a phone or an e-mail."""
    found: dict[tuple[str, Value], dict[str, Lead]] = defaultdict(dict)
    for lead in leads:
        for name in IDENTIFYING:
            if (value := getattr(lead, name)) is not None:
                found[name, value].setdefault(lead.lead_id, lead)
    return found


def _theirs(was: Lead, now: Lead, owners: Mapping[tuple[str, Value], Mapping[str, Lead]]) -> Row | None:
    """The rest of the row of the lead that has now changed places with this one, as far as it can be told."""
    got = [(name, getattr(now, name)) for name in IDENTIFYING if getattr(now, name) != getattr(was, name)]
    whose = [[one for i, one in owners.get(key, {}).items() if i != was.lead_id] for key in got]
    fewest = min((ones for ones in whose if ones), key=len, default=[])[:_NAMESAKES]
    rest = _rest(now)
    return max(map(_rest, fewest), key=lambda row: len(row) - len(_apart(row, rest)), default=None)


def _apart(one: Row, other: Row) -> set[str]:
    return {column for column in one.keys() | other.keys() if one.get(column) != other.get(column)}


def _rest(lead: Lead) -> Row:
    """What a lead says besides who it is; blank cells are left out."""
    said: dict[str, Value | Cell] = {**lead.extra, **fields_of(lead)}
    return {column: value for column, value in said.items() if value is not None and column not in IDENTIFYING}
