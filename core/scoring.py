"""How promising a lead is, 0 to 100 with its reasons, and how urgent.

Pure of the lead, the configuration and `now`. Callers compute both on a lead's events only (made, merged, edited, an
outcome), never because time passed: so no score changes overnight under nobody's hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.config import Config, StatusKind
from core.followups import library_day, status_of
from core.model import Lead


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, and what gave or took them, each as "+10 has an e-mail"."""

    points: int
    reasons: tuple[str, ...]


def _points_of(table: Mapping[str, int], name: str | None) -> int:
    if not name:
        return 0
    if name in table:
        return table[name]
    wanted = name.strip().casefold()
    return next((points for key, points in table.items() if key.casefold() == wanted), 0)


def age_in_days(lead: Lead, config: Config, now: datetime) -> int | None:
    """Days since the lead came (its lead date, else the day it was made). None where neither is known; never
    negative."""
    begun: date | None = lead.lead_date
    if begun is None and lead.created_at is not None:
        begun = library_day(lead.created_at, config)
    return None if begun is None else max((library_day(now, config) - begun).days, 0)


def _parts(lead: Lead, config: Config, now: datetime) -> Iterator[tuple[int, str]]:
    rules = config.scoring
    yield rules.base, "every lead"
    if lead.email:
        yield rules.email, "has an e-mail"
    if lead.child_name or lead.child_age is not None:
        yield rules.child_known, "the child is known"
    if lead.child_age is not None and rules.child_age_from <= lead.child_age <= rules.child_age_to:
        yield rules.child_in_age, f"a child of {lead.child_age}, an age for the library"
    if lead.city and lead.city.casefold() in {city.casefold() for city in config.local_cities}:
        yield rules.city_local, f"lives in {lead.city}"
    yield _points_of(rules.source_points, lead.lead_source), f"came by {lead.lead_source}"
    yield _points_of(rules.type_points, lead.lead_type), f"type {lead.lead_type}"
    status = status_of(lead.status, config)
    if status is not None:
        yield rules.status_points.get(status.status_id, 0), f"status {status.label}"
    age = age_in_days(lead, config, now)
    if age is not None and age <= rules.fresh_days:
        yield rules.fresh, f"came {_days(age)}"
    elif age is not None and age >= rules.stale_days:
        yield rules.stale, f"came {_days(age)}"


def _days(age: int) -> str:
    return {0: "today", 1: "yesterday"}.get(age, f"{age} days ago")


def score(lead: Lead, config: Config, now: datetime) -> Score:
    """The lead's score by the weights of `config.scoring`, capped to 0..100. Parts that give nothing are not named."""
    parts = [(points, reason) for points, reason in _parts(lead, config, now) if points]
    total = sum(points for points, _ in parts)
    return Score(min(max(total, 0), 100), tuple(f"{points:+d} {reason}" for points, reason in parts))


def priority(points: Score, lead: Lead, config: Config, now: datetime) -> tuple[str, str]:
    """The priority's label and its reason, from score and age.

    The rule: the score chooses among the four steps of `config.scoring`; an open lead older than `stale_days` falls one
    step; a member, a lost lead and one that must not be contacted have the lowest. Fewer than four priorities in
    the configuration: the upper steps share the highest."""
    rules, labels = config.scoring, config.priorities
    status = status_of(lead.status, config)
    if lead.do_not_contact:
        return labels[0], "must not be contacted"
    if status is not None and status.kind is not StatusKind.OPEN:
        return labels[0], f"status {status.label}"
    steps = (rules.medium_from, rules.high_from, rules.urgent_from)
    step = sum(points.points >= start for start in steps)
    reason = f"score {points.points}"
    age = age_in_days(lead, config, now)
    if age is not None and age >= rules.stale_days and step > 0:
        step -= 1
        reason += f", one step lower: came {_days(age)}"
    elif age is not None:
        reason += f", came {_days(age)}"
    return labels[min(step, len(labels) - 1)], reason


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a lead shows the score and the priority that it does. `at` is the day of its last event where only that
    explains the score (None: the rules say the same today); `points` is what the rules give then. `ruled` is the
    priority of the rules, with its reason: another than the lead's was chosen by a person."""

    reasons: tuple[str, ...]
    points: int
    at: date | None
    ruled: str
    why: str


def explained(lead: Lead, config: Config, now: datetime) -> Explained:
    """The reasons of what stands: as of today if today's rules give it, else as of the lead's last event."""
    moments = [now, *([lead.updated_at] if lead.updated_at else [])]
    at = next((moment for moment in moments if score(lead, config, moment).points == lead.lead_score), now)
    points = score(lead, config, at)
    ruled, why = priority(points, lead, config, at)
    return Explained(points.reasons, points.points, None if at == now else library_day(at, config), ruled, why)
