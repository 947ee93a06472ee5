"""How two sayings about one lead become one: the rule of each field. Between `core.match` and the change that
`core.intake` makes of it.

| fields                    | rule                                                                              |
|---------------------------|-----------------------------------------------------------------------------------|
| phone_number, other_phones| the main phone stays; every other number stands in other_phones                    |
| do_not_contact            | sticks: once set, no source takes it back                                          |
| notes                     | lines of both, each once                                                           |
| lead_date, last_contacted | the earliest day; the latest moment                                                |
| child_age, lead_type      | the newest non-blank by the day of the rows (a standing lead's: of its last update) |
| status                    | the newest non-blank among rows that make a lead; a standing lead keeps its own     |
| full_name                 | fills a blank, or a name that is only the child's; of `Asha` and `Asha Rao` the fuller |
| child_name                | fills a blank; of `Emma` and `Emma Rao` the fuller, but a standing lead keeps its own |
| all others                | fills a blank                                                                      |

What lost is a line of the notes ("Form Responses: City Pune"), so no value is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.book import join_phones, phones_of
from core.fields import BY_NAME
from core.merge import NOTES_LIMIT, lines_of_both, size
from core.model import Value
from core.names_alike import begins, fold_name

_NEWEST = frozenset({"child_age", "lead_type"})
_NAMES = frozenset({"full_name", "child_name"})
_OWN_RULE = frozenset({"phone_number", "other_phones", "do_not_contact", "notes", "last_contacted"})
_TECHNICAL = frozenset(
    {
        "lead_id",
        "lead_score",
        "status_updated_date",
        "household",
        "source_tab",
        "source_key",
        "created_at",
        "updated_at",
    }
)


@dataclass(slots=True)
class Saying:
    """The fields of a lead while rows are being combined into it. `day` is how new what it says is: the newest row's
    day, for a standing lead the day of its last update. `fields` is written to."""

    fields: dict[str, Value]
    day: date | None
    standing: bool
    lost: list[str] = field(default_factory=list)  # lines that no longer fitted into the notes


def told(name: str, value: Value) -> str:
    """A value in words, as a line of the notes or a message has it: "City Pune", "Lead since 03-08-2025"."""
    if isinstance(value, datetime):
        text = f"{value:%d-%m-%Y %H:%M} UTC"
    elif isinstance(value, date):
        text = f"{value:%d-%m-%Y}"
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    else:
        text = str(value)
    return f"{BY_NAME[name].label if name in BY_NAME else name} {text}"


def same(one: Value, other: Value) -> bool:
    """Whether two values say the same; words are compared folded."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (fold_name(one) != "" and fold_name(one) == fold_name(other))
    return one == other


def combine(saying: Saying, draft: Mapping[str, Value], source: str) -> None:
    """Take one row's fields into the lead, by the table above. `source` names the row in the notes (its tab's
    title)."""
    fields = saying.fields
    day = draft.get("lead_date")
    day = day if isinstance(day, date) and not isinstance(day, datetime) else None
    newer = day is not None and (saying.day is None or day > saying.day)
    lost: list[tuple[str, Value]] = []
    child = fold_name(fields.get("child_name") or draft.get("child_name"))
    for name, value in draft.items():
        if value is None or name in _OWN_RULE or name in _TECHNICAL or name not in BY_NAME:
            continue
        mine = fields.get(name)
        is_childs = name == "full_name" and child != ""
        if mine is None or (is_childs and fold_name(mine) == child):
            fields[name] = value
        elif name in _NAMES and (fuller := _fuller(mine, value)) and not (saying.standing and fuller != mine):
            fields[name] = fuller
        elif not same(mine, value) and not (is_childs and fold_name(value) == child):
            wins = _wins(name, mine, value, newer, saying.standing)
            lost.append((name, mine if wins else value))
            fields[name] = value if wins else mine
    _take_phones(fields, draft)
    if draft.get("do_not_contact") is True:
        fields["do_not_contact"] = True
    contacted, known = draft.get("last_contacted"), fields.get("last_contacted")
    if isinstance(contacted, datetime) and not (isinstance(known, datetime) and known >= contacted):
        fields["last_contacted"] = contacted
    if newer:
        saying.day = day
    _take_notes(saying, draft.get("notes"), lost, source)


def _fuller(one: Value, other: Value) -> Value:
    """Of two names the one that begins with the other, which says all that both do; None where neither does."""
    if begins(fold_name(one), fold_name(other)):
        return other
    return one if begins(fold_name(other), fold_name(one)) else None


def _wins(name: str, mine: Value, value: Value, newer: bool, standing: bool) -> bool:
    if name == "lead_date":
        return isinstance(mine, date) and isinstance(value, date) and value < mine
    if name == "status":
        return newer and not standing
    return name in _NEWEST and newer


def _take_phones(fields: dict[str, Value], draft: Mapping[str, Value]) -> None:
    phones = dict.fromkeys((*phones_of(fields), *phones_of(draft)))
    if not phones:
        return
    main = fields.get("phone_number") or next(iter(phones))
    fields["phone_number"] = main
    fields["other_phones"] = join_phones(phone for phone in phones if phone != main)


def _take_notes(saying: Saying, notes: Value, lost: list[tuple[str, Value]], source: str) -> None:
    mine = saying.fields.get("notes")
    merged = mine if isinstance(mine, str) else None
    if isinstance(notes, str):
        merged = keep(saying, merged, notes)
    pieces = [piece for piece in (told(name, value) for name, value in lost) if not _tells(merged or "", piece)]
    if pieces:
        merged = keep(saying, merged, f"{source}: {'; '.join(pieces)}")
    saying.fields["notes"] = merged


def _tells(notes: str, piece: str) -> bool:
    """Whether the notes tell of this already, for whichever row; `City Pune` is not told by `City Pune Cantonment`."""
    return piece in notes and re.search(rf"(?m)(?:^|: |; ){re.escape(piece)}(?:$|; )", notes) is not None


def keep(saying: Saying, notes: str | None, more: str) -> str | None:
    """The notes with these lines too; unchanged where they no longer fit into a cell, which `saying.lost` then
    tells."""
    both = lines_of_both(notes, more)
    if both is not None and size(both) > NOTES_LIMIT:
        saying.lost.append(more)
        return notes
    return both
