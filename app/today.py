"""Today, the first page: whom to call, one card at a time, the next one after every outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast, get_args

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user

from app.asking import page_address
from app.call_card import REASONS, call_card
from app.database import config, now, reading, settings, today
from app.kept import kept_page
from app.shell import shell
from app.shown import LeadRow, Showing, showing
from app.signin import SignedIn, signed_in
from app.tour import tour_step
from core import picklists
from core.field_checks import Refusal
from core.followups import first_labels
from store import counters, mirror, queues
from store.queues import Queue, Which

blueprint = Blueprint("today", __name__)

_IN_SIGHT = 5  # leads of a queue
_LABELS = {"overdue": ("Overdue", "late"), "today": ("Due today", "warn"), "new": ("New", "new")}
_WHICH: tuple[Which, ...] = get_args(Which)


@dataclass(frozen=True, slots=True)
class Group:
    """A queue as the page shows it: the first of it, how many there are, its address, and where all of it is listed."""

    which: Which
    label: str
    tone: str
    about: str
    count: int
    rows: tuple[LeadRow, ...]
    chosen: bool
    address: str
    whole: str

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@blueprint.get("/")
@signed_in
@kept_page
def page() -> Response:
    return today_page(request.args.get("group", ""), request.args.get("with", ""), request.args.get("lead", ""))


def today_page(group: str, person: str, lead_id: str, problem: Refusal | None = None, status: int = 200) -> Response:
    """The page with a lead's card: the one that is asked for while it is in the queue, else the queue's first."""
    known = {one.name for one in config().team}
    asked = Queue("overdue", today(), first_labels(config()), person if person in known else None)
    shown = showing(config(), today())
    counts = {which: queues.count(reading(), replace(asked, which=which)) for which in _WHICH}
    chosen = next((which for which in _WHICH if which == group), None) or _first(counts)
    queue = replace(asked, which=chosen)
    groups = [_group(replace(asked, which=which), counts[which], which == chosen, shown) for which in _WHICH]
    place = queues.place(reading(), queue, lead_id) if lead_id else None
    if place is None:
        lead_id = next((row.lead_id for one in groups if one.chosen for row in one.rows), "")
        place = queues.place(reading(), queue, lead_id)
    lead = mirror.lead(reading(), lead_id) if lead_id else None
    me = cast(SignedIn, current_user).user
    page = render_template(
        "pages/today.html",
        shell=shell(),
        day=today(),
        groups=groups,
        group=next(one for one in groups if one.chosen),
        card=call_card(lead, shown, now(), me.name, settings().crm_name) if lead else None,
        position=place.position if place else 0,
        before=_address(queue, place.before) if place and place.before else "",
        after=_address(queue, place.after) if place and place.after else "",
        here=_address(queue, lead_id),
        follows=_address(queue, place.after if place else None),
        people=_people(queue, me.name),
        reasons=REASONS,
        may_write=me.role != "viewer",
        tour=tour_step(me.user_id, counters.total(reading())),
        problem=problem,
    )
    return make_response(page, status)


def _first(counts: dict[Which, int]) -> Which:
    """The first queue in which somebody stands."""
    return next((which for which in _WHICH if counts[which]), "overdue")


def _group(queue: Queue, count: int, chosen: bool, shown: Showing) -> Group:
    label, tone = _LABELS[queue.which]
    found = mirror.leads(reading(), queues.first(reading(), queue, _IN_SIGHT))
    rows = tuple(shown.row(lead) for lead in found)
    return Group(
        queue.which, label, tone, _about(queue, rows), count, rows, chosen, _address(queue, None), _whole(queue)
    )


def _whole(queue: Queue) -> str:
    """Where all of a queue stand in a list."""
    if queue.which == "new":
        new: dict[str, str | tuple[str, ...]] = {"status": queue.statuses, "contacted": "never"}
        return page_address("leads.listing", new | ({"assigned_to": queue.person} if queue.person else {}))
    asked = {"when": queue.which, "with": queue.person or ""}
    return page_address("follow_ups.page", {name: value for name, value in asked.items() if value})


def _about(queue: Queue, rows: tuple[LeadRow, ...]) -> str:
    if queue.which == "new":
        return "never called"
    oldest = rows[0].follow_up if rows else None
    if queue.which == "today" or oldest is None:
        return "by tonight" if queue.which == "today" else "nobody waits"
    late = (queue.day - oldest.day).days
    return f"oldest {late:,} day{'s' if late != 1 else ''}"


def _address(queue: Queue, lead_id: str | None) -> str:
    asked = {"group": queue.which, "with": queue.person or "", "lead": lead_id or ""}
    return page_address("today.page", {name: value for name, value in asked.items() if value})


def _people(queue: Queue, me: str) -> list[tuple[str, str, bool]]:
    """Whose leads can be shown: (words, address, chosen); nobody to choose from in a team of one."""
    carriers = [one.name for one in config().team if one.active and one.role != "viewer"]
    if len(carriers) < 2:
        return []
    mine = picklists.person(me, config())
    named = [(f"{name} (me)" if name == mine else name, name) for name in carriers]
    choices = [("Everyone", None), *named]
    return [(words, _address(replace(queue, person=who), None), queue.person == who) for words, who in choices]
