"""Follow-ups: who is due when and with whom, day by day; and the private addresses for a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias, cast, get_args

from flask import Blueprint, render_template, request
from flask_login import current_user

from app import calendar_links
from app.asking import page_address
from app.database import config, reading, today
from app.errors import bad_parameter
from app.shell import shell
from app.shown import LeadRow, showing
from app.signin import SignedIn, signed_in
from core.assignment import carriers
from store import counters, search
from store.paging import BadCursor
from store.search import LeadPage, LeadQuery

blueprint = Blueprint("follow_ups", __name__)

When: TypeAlias = Literal["overdue", "today", "week"]
A_PAGE = 50
_DAYS = 7  # that "this week" looks ahead, beginning tomorrow
_LABELS: dict[When, tuple[str, str]] = {
    "overdue": ("Overdue", "late"),
    "today": ("Today", "warn"),
    "week": ("Next 7 days", ""),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Follow-ups of some days of one person, or of all (None). None is open-ended."""

    first: date | None
    last: date
    person: str | None = None

    def query(self) -> LeadQuery:
        return LeadQuery(due_from=self.first, due_to=self.last, assigned_to=self.person)


@dataclass(frozen=True, slots=True)
class Choice:
    """A span by its name: how many stand in it and where they are shown."""

    label: str
    tone: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    counts: tuple[Choice, ...]


@blueprint.get("/follow-ups")
@signed_in
def page() -> str:
    person = request.args.get("with") or None
    known = _people()
    person = person if person in known else None
    when = next((one for one in get_args(When) if one == request.args.get("when")), None) or _first(person)
    found = _found(span(when, today(), person))
    shown = showing(config(), today())
    me = cast(SignedIn, current_user).user
    return render_template(
        "pages/follow_ups.html",
        shell=shell(),
        day=today(),
        when=when,
        person=person or "",
        choices=[_choice(one, person, one == when) for one in get_args(When)],
        lines=[PersonLine(name, tuple(_choice(one, name, False) for one in get_args(When))) for name in known],
        days=_by_day([shown.row(lead) for lead in found.leads]),
        total=found.total,
        next_address=_address(when, person, found.next_cursor) if found.next_cursor else "",
        links=calendar_links.of_user(reading(), me.user_id),
        whose=[*((name, name) for name in known), ("", "Everyone")],
    )


def span(when: When, day: date, person: str | None) -> Span:
    match when:
        case "overdue":
            return Span(None, day - timedelta(days=1), person)
        case "today":
            return Span(day, day, person)
        case _:
            return Span(day + timedelta(days=1), day + timedelta(days=_DAYS), person)


def _people() -> list[str]:
    """Who is given leads, and whoever else has leads that are due."""
    team = [one.name for one in carriers(config().team)]
    others = [name for name in counters.by(reading(), "assigned_to") if name and name not in team]
    return [*team, *others[:20]]


def _found(asked: Span) -> LeadPage:
    try:
        return search.page(reading(), asked.query(), A_PAGE, request.args.get("cursor") or None)
    except BadCursor as error:
        raise bad_parameter("cursor", "This place in the list is no longer known. Start from the top.") from error


def _first(person: str | None) -> When:
    """The first span in which somebody stands."""
    return next((one for one in get_args(When) if _count(one, person)), "overdue")


def _count(when: When, person: str | None) -> int:
    asked = span(when, today(), person)
    return counters.due(reading(), asked.first, asked.last, person)


def _choice(when: When, person: str | None, chosen: bool) -> Choice:
    label, tone = _LABELS[when]
    return Choice(label, tone, _count(when, person), _address(when, person), chosen)


def _address(when: When, person: str | None, cursor: str = "") -> str:
    asked = {"when": when, "with": person or "", "cursor": cursor}
    return page_address("follow_ups.page", {name: value for name, value in asked.items() if value})


def _by_day(rows: list[LeadRow]) -> list[tuple[date, list[LeadRow]]]:
    days: dict[date, list[LeadRow]] = {}
    for row in rows:
        if row.follow_up:
            days.setdefault(row.follow_up.day, []).append(row)
    return list(days.items())
