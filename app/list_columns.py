"""The columns that the list of leads can show, and which of them a person has chosen. The export has the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS_CHOSEN = "leads.columns"
"""The name of the choice (`store.views.choose`)."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: the field of Master that it shows, its head, the field it sorts by ("" for none); `css` places it;
    `usual` ones are shown to who has not chosen. `plain` ones show the field's value as a word."""

    name: str
    label: str
    sort: str = ""
    css: str = ""
    usual: bool = False
    plain: bool = False


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("phone_number", "Phone", usual=True),
    ListColumn("status", "Status", "status", usual=True),
    ListColumn("priority", "Priority", "priority", usual=True),
    ListColumn("lead_score", "Score", "lead_score", "num", usual=True),
    ListColumn("next_follow_up", "Next follow-up", "next_follow_up", usual=True),
    ListColumn("assigned_to", "With", "assigned_to", usual=True),
    ListColumn("lead_source", "Source", "lead_source", "wide", usual=True, plain=True),
    ListColumn("city", "City", "city", "wide", plain=True),
    ListColumn("email", "E-mail", "", "more", plain=True),
    ListColumn("last_contacted", "Last contacted", "last_contacted", "more", plain=True),
    ListColumn("lead_date", "Lead since", "lead_date", "more", plain=True),
    ListColumn("lead_type", "Type", "", "more", plain=True),
    ListColumn("notes", "Last note", "", "more", plain=True),
    ListColumn("other_phones", "Other phones", "", "more", plain=True),
    ListColumn("created_at", "Created", "created_at", "more", plain=True),
    ListColumn("updated_at", "Changed", "updated_at", "more", plain=True),
    ListColumn("lead_id", "Lead id", "", "more", plain=True),
)
_KNOWN = {column.name: column for column in COLUMNS}
USUAL: tuple[ListColumn, ...] = tuple(column for column in COLUMNS if column.usual)


def columns_of(chosen: str) -> tuple[ListColumn, ...]:
    """The columns of a kept choice (names with commas between), in the list's order; the usual ones without one."""
    return named(chosen.split(",")) if chosen else USUAL


def named(names: Iterable[str]) -> tuple[ListColumn, ...]:
    """These columns in the list's order; names that there are not are passed over."""
    wanted = set(names)
    return tuple(column for column in COLUMNS if column.name in wanted)
