"""When a lead is to be called next, and how it stands today. "Today" is the library's day, not UTC's.

Rules by `core.config`; used by `core.intake`, `core.commands` and the pages.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from core.config import Config, Status, StatusKind
from core.model import Lead


class Due(StrEnum):
    """How the next follow-up of a lead stands on a day."""

    OVERDUE = "overdue"
    TODAY = "today"
    UPCOMING = "upcoming"
    NONE = "none"


def library_day(now: datetime, config: Config) -> date:
    """The library's day at this instant (`now` is aware)."""
    return now.astimezone(config.timezone).date()


def status_of(label: str | None, config: Config) -> Status | None:
    """The status with this label, else this id, else this former label; case and blanks around do not matter. None
    where there is none."""
    if not label:
        return None
    wanted = label.strip().casefold()
    named = next((s for s in config.statuses if s.label.casefold() == wanted), None)
    found = named or next((s for s in config.statuses if s.status_id.casefold() == wanted), None)
    if found or not config.former:
        return found
    kept = next((status_id for former, status_id in config.former.items() if former.casefold() == wanted), None)
    return next((s for s in config.statuses if s.status_id == kept), None)


def first_status(config: Config) -> Status:
    """The status of a new lead: the first of the picklist."""
    return config.statuses[0]


def first_labels(config: Config) -> tuple[str, ...]:
    """What leads say that have the first status: its label, and what it was called before."""
    first = first_status(config)
    return (first.label, *(label for label, status_id in config.former.items() if status_id == first.status_id))


def closed_labels(config: Config) -> frozenset[str]:
    """What leads say that are won or lost: those statuses' labels, and what they were called before."""
    closed = {status.status_id: status.label for status in config.statuses if status.kind is not StatusKind.OPEN}
    return frozenset(closed.values()) | {label for label, status_id in config.former.items() if status_id in closed}


def next_follow_up(status: str | None, day: date, config: Config) -> date:
    """`day` plus the follow-up days of the status (issue B: 2, 3, 5, 7, 14, 7, 30, 90, 60). A status that is not in the
    picklist counts as the first one, so that no lead is forgotten."""
    found = status_of(status, config) or first_status(config)
    return day + timedelta(days=found.follow_up_days)


def group(lead: Lead, today: date) -> Due:
    """How the lead's follow-up stands on the library's day. A lead that must not be contacted is never due."""
    if lead.next_follow_up is None or lead.do_not_contact:
        return Due.NONE
    if lead.next_follow_up == today:
        return Due.TODAY
    return Due.OVERDUE if lead.next_follow_up < today else Due.UPCOMING
