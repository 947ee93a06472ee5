"""A small library to test decisions in: its configuration, and drafts, leads and rows by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from core.config import Config, Person, Scoring, Status, StatusKind
from core.identity import fingerprints
from core.model import Cell, Change, ChangeKind, Issue, Lead, LeadDraft, Plan, SourceRow, Tab, Value

NOW = datetime(2026, 8, 3, 20, 0, tzinfo=UTC)  # 4 August, 01:30, in the library
FORM = Tab(7, "Form Responses 1")
EVENT = Tab(8, "Summer Event")

_OPEN, _WON, _LOST = StatusKind.OPEN, StatusKind.WON, StatusKind.LOST
STATUSES = (
    Status("new", "New Lead", _OPEN, 2),
    Status("contact", "Initial Contact", _OPEN, 3),
    Status("follow_up_1", "Follow Up 1", _OPEN, 5),
    Status("follow_up_2", "Follow Up 2", _OPEN, 7),
    Status("follow_up_3", "Follow Up 3", _OPEN, 14),
    Status("interested", "Interested", _OPEN, 7),
    Status("member", "Member", _WON, 30),
    Status("lost", "Lost - No Response", _LOST, 90),
    Status("later", "Re-engage Later", _OPEN, 60),
)
CONFIG = Config(
    statuses=STATUSES,
    priorities=("Low", "Medium", "High", "Urgent"),
    column_synonyms={},
    source_synonyms={},
    city_aliases={},
    local_cities=("Delhi",),
    email_domains=(),
    skipped_tabs=(),
    scoring=Scoring(
        base=20,
        email=10,
        child_known=15,
        child_in_age=10,
        child_age_from=2,
        child_age_to=14,
        city_local=10,
        source_points={"Referral": 15},
        type_points={"Hot": 20},
        status_points={"interested": 20, "lost": -30},
        fresh=10,
        fresh_days=7,
        stale=-15,
        stale_days=90,
        urgent_from=80,
        high_from=60,
        medium_from=35,
    ),
    team=(Person("Asha"), Person("Ravi"), Person("Meera", active=False), Person("Guest", role="viewer")),
)


def row(cells: Sequence[Cell], number: int = 2, tab: Tab = FORM) -> SourceRow:
    return SourceRow(tab, number, tuple(cells), fingerprints([cells])[0])


def rows(table: Sequence[Sequence[Cell]], tab: Tab = FORM) -> tuple[SourceRow, ...]:
    """The rows of a tab below its header, as a shell would read them."""
    names = fingerprints(table)
    return tuple(
        SourceRow(tab, number, tuple(cells), name)
        for number, (cells, name) in enumerate(zip(table, names, strict=True), 2)
    )


def draft(number: int = 2, tab: Tab = FORM, **fields: Value) -> LeadDraft:
    """A draft of a row of its own, whose cells are the fields' values (days as text)."""
    cells = tuple(str(value) for value in (number, *fields.values()))
    known = {name: value for name, value in fields.items() if value is not None}
    return LeadDraft(MappingProxyType(known), row(cells, number, tab))


def blocked(number: int = 2) -> LeadDraft:
    made = draft(number)
    return replace(made, issues=(Issue(made.origin.tab.title, number, "no valid phone", "phone_number", True),))


def lead(lead_id: str, phone: str | None = None, **fields: Value) -> Lead:
    made: dict[str, Any] = {"created_at": NOW, "updated_at": NOW, "status": "New Lead", **fields}
    return Lead(lead_id, phone_number=phone, **made)


def applied(plan: Plan, leads: Mapping[str, Lead]) -> dict[str, Lead]:
    """The leads after the plan; fails where a change did not begin from what stands there."""
    after = dict(leads)
    for change in plan.changes:
        apply(change, after)
    return after


def apply(change: Change, leads: dict[str, Lead]) -> None:
    if change.kind is ChangeKind.DELETE:
        del leads[change.lead_id]
        return
    if change.kind is not ChangeKind.UPDATE:
        assert change.lead_id not in leads
        leads[change.lead_id] = Lead(change.lead_id)
    before = leads[change.lead_id]
    for name, (old, _) in change.fields.items():
        assert getattr(before, name) == old, name
    new: dict[str, Any] = {name: value for name, (_, value) in change.fields.items()}
    leads[change.lead_id] = replace(before, **new)
