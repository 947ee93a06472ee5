"""The dashboard: where the leads stand, what is due, and how the sheet is. From kept counters only, so that it costs
the same at any number of leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template
from sqlalchemy import Connection

from app.asking import BLANK, page_address
from app.database import config, now, reading, settings, today
from app.kept import kept_page
from app.marks import priority_marks, status_marks
from app.shell import shell
from app.shown import clipped
from app.signin import signed_in
from core.config import Config
from core.followups import first_labels
from store import counters, digests, outbox, queues, state
from store.queues import Queue

blueprint = Blueprint("dashboard", __name__)


@dataclass(frozen=True, slots=True)
class Bar:
    """A line with its count; `width`, for an SVG attribute, is the share of the longest; `dots` are beside the icon."""

    label: str
    icon: str
    tone: str
    count: int
    width: str
    address: str
    dots: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    label: str
    icon: str
    tone: str
    count: int
    address: str


@blueprint.get("/dashboard")
@signed_in
@kept_page
def page() -> str:
    conn, status = reading(), state.read_status(reading())
    oldest = next(iter(outbox.pending(conn, 1)), None)
    return render_template(
        "pages/dashboard.html",
        shell=shell(),
        total=counters.total(conn),
        alerts=_alerts(conn, config(), today()),
        statuses=_statuses(conn, config()),
        priorities=_priorities(conn, config()),
        status=status,
        oldest=_age(now(), oldest.at) if oldest else "",
        every=settings().sync_seconds,
        coming=counters.due_by_day(conn, today() + timedelta(days=1), today() + timedelta(days=7)),
        unsent=[one for one in digests.of_day(conn, today()) if one.doubtful(now())],
        nobody=counters.one(conn, "assigned_to", ""),
    )


def _alerts(conn: Connection, config: Config, day: date) -> list[Alert]:
    new = queues.count(conn, Queue("new", day, first_labels(config)))
    tomorrow, week = day + timedelta(days=1), day + timedelta(days=7)
    return [
        Alert("Overdue", "alert", "late", counters.due(conn, None, day - timedelta(days=1)), _today("overdue")),
        Alert("Due today", "clock", "warn", counters.due(conn, day, day), _today("today")),
        Alert(
            "In the next seven days",
            "sun",
            "",
            counters.due(conn, tomorrow, week),
            page_address("follow_ups.page", {"when": "week"}),
        ),
        Alert("New, never called", "s-new", "new", new, _today("new")),
    ]


def _today(group: str) -> str:
    return page_address("today.page", {"group": group})


def _statuses(conn: Connection, config: Config) -> list[Bar]:
    """The statuses of Settings in their order, then what else people have typed."""
    counted = counters.by(conn, "status")
    marks = status_marks(config)
    labels = [*marks, *(label for label in counted if label not in marks)]
    most = max(counted.values(), default=0)
    bars = []
    for label in labels[: len(marks) + 5]:
        mark = marks.get(label)
        icon, tone = (mark.icon, mark.tone) if mark else ("s-new", "plain")
        bar = _bar("status", label, icon, tone, counted, most)
        bars.append(replace(bar, dots=mark.dots) if mark else bar)
    return bars


def _priorities(conn: Connection, config: Config) -> list[Bar]:
    counted = counters.by(conn, "priority")
    marks = priority_marks(config)
    most = max(counted.values(), default=0)
    return [_bar("priority", label, marks[label].icon, "", counted, most) for label in reversed(config.priorities)]


def _bar(kind: str, label: str, icon: str, tone: str, counted: Mapping[str, int], most: int) -> Bar:
    count = counted.get(label, 0)
    width = f"{100 * count / most:.1f}%" if most else "0%"
    address = page_address("leads.listing", {kind: label or BLANK})
    return Bar(clipped(label, 40) or "None", icon, tone, count, width, address)


def _age(present: datetime, since: datetime) -> str:
    """ "20 s", "3 min", "2 h", "4 days" """
    seconds = max(0, round((present - since).total_seconds()))
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {'day' if seconds // size == 1 and unit == 'days' else unit}"
    return f"{seconds} s"
