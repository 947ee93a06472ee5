"""What a library can set: statuses, priorities, synonyms, sources, scoring weights and the team.

Ships as `core/defaults.toml`; the Settings and Team tabs of the spreadsheet override it (`core.settings_tab`). Every
decision takes the `Config` in force as an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

_EMPTY: Mapping[str, str] = MappingProxyType({})


class StatusKind(StrEnum):
    """What a status means for the work: still to be won, won, or lost."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class PhoneFormat(StrEnum):
    """How a phone of the library's own region is shown and typed into Master."""

    GROUPED = "(XXX) XXX-XXXX"
    INTERNATIONAL = "international"
    E164 = "e164"


@dataclass(frozen=True, slots=True)
class Status:
    """A status of the picklist. `status_id` stays when people rename `label`; `follow_up_days` is how many days after
    the status was given the next follow-up falls."""

    status_id: str
    label: str
    kind: StatusKind
    follow_up_days: int
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the team. Roles: admin, staff, viewer. Only active ones are given leads."""

    name: str
    email: str = ""
    role: str = "staff"
    active: bool = True


@dataclass(frozen=True, slots=True)
class Scoring:
    """Points of the lead score, capped to 0..100, and the scores from which each priority applies. Each part that gives
    points is named in the reasons that a page shows."""

    base: int
    email: int
    child_known: int
    child_in_age: int
    child_age_from: int
    child_age_to: int
    city_local: int
    source_points: Mapping[str, int]
    type_points: Mapping[str, int]
    status_points: Mapping[str, int]  # by status_id
    fresh: int
    fresh_days: int
    stale: int  # negative
    stale_days: int
    urgent_from: int
    high_from: int
    medium_from: int


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration in force. Synonym tables map a folded word (`core.text.fold`) to its canonical form."""

    statuses: tuple[Status, ...]
    priorities: tuple[str, ...]  # lowest first: Low, Medium, High, Urgent
    column_synonyms: Mapping[str, str]  # folded header -> field name
    source_synonyms: Mapping[str, str]
    city_aliases: Mapping[str, str]
    local_cities: tuple[str, ...]
    email_domains: tuple[str, ...]  # common domains, for suggestions
    skipped_tabs: tuple[str, ...]  # titles that are never sources
    scoring: Scoring
    team: tuple[Person, ...] = ()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    phone_region: str = "IN"
    phone_format: PhoneFormat = PhoneFormat.GROUPED
    unanswered_limit: int = 5  # unanswered calls in a row after which a lead is lost
    clean_typed_cells: bool = False  # whether the worker may tidy a cell that a person typed into Master
    former: Mapping[str, str] = field(default_factory=lambda: _EMPTY)  # a status's name before -> its status_id
    names: Mapping[str, str] = field(default_factory=lambda: _EMPTY)  # free texts, e.g. message templates, by key
