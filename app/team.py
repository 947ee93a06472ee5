"""The team: what each person carries and how they keep up, and leads handed over, by hand or evenly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from app.asking import page_address
from app.database import config, now, reading, today
from app.forms import doer, to
from app.shell import shell
from app.signin import SignedIn, may_write, signed_in
from app.toast import Toast, say
from app.together import Together, act_on_all, take_back_all
from core.assignment import assign, carriers, even_out
from core.commands import Assign, Command
from core.config import Config
from core.field_checks import Refusal
from core.followups import closed_labels, first_labels
from core.model import Lead
from store import counters, mirror, queues, search
from store.queues import Queue
from store.search import LeadQuery

blueprint = Blueprint("team", __name__)

EVENLY = "(evenly)"  # a name in the sheet has no brackets around it
NOBODY = "(nobody)"
WHICH = (("open", "All open leads"), ("overdue", "Only the overdue"), ("new", "Only the new, never called"))
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Member:
    """A person's line. `carries`: is given leads; `late` is the share of overdue among open leads, in percent."""

    name: str
    role: str
    carries: bool
    open: int
    overdue: int
    due_today: int
    contacted: int
    late: int
    address: str
    overdue_address: str
    width: str


@blueprint.get("/team")
@signed_in
def page() -> Response:
    return _page()


@blueprint.post("/team/assign")
@signed_in
@may_write
def hand_over() -> Answer:
    """Gives the leads of one person (or of nobody) to another, or evenly to the others."""
    form, in_force = request.form, config()
    giver, taker, which = form.get("giver", ""), form.get("taker", ""), form.get("which", "open")
    takers = [one for one in carriers(in_force.team) if taker == one.name or (taker == EVENLY and one.name != giver)]
    if not takers or not giver or which not in dict(WHICH):
        return _page(Refusal("bad_value", "Choose whose leads, and who takes them.", "taker"), 422)
    if giver == taker:
        return _page(Refusal("bad_value", f"{giver} has these leads already.", "taker"), 422)
    ids = _whom(giver, which, in_force)
    names = assign(len(ids), takers, mirror.person_loads(reading(), in_force))
    to_whom = "the team, evenly" if taker == EVENLY else taker
    told = f"{giver.strip('()').capitalize() if giver == NOBODY else giver}’s leads to {to_whom}"
    return _carry_out(dict(zip(ids, names, strict=True)), told, lambda n: f"{_leads(n)} given to {to_whom}")


@blueprint.post("/team/even-out")
@signed_in
@may_write
def even() -> Answer:
    """Moves as few leads as it takes for equal loads; the calls that are furthest away move."""
    in_force = config()
    moves = even_out(in_force.team, mirror.person_loads(reading(), in_force))
    given: dict[str, str | None] = {}
    for giver, taker, n in moves:
        query = replace(_open(giver, in_force), descending=True)
        left = (one for part in search.found_ids(reading(), query) for one in part if one not in given)
        given |= {one: taker for one, _ in zip(left, range(n), strict=False)}
    if not given:
        say(Toast("Nothing to even out: everyone has as many open leads."))
        return to(url_for("team.page"))
    return _carry_out(given, "loads evened out", lambda n: f"Evened out: {_leads(n)} moved")


@blueprint.post("/team/undo")
@signed_in
@may_write
def undo() -> Answer:
    done = take_back_all(request.form.get("change_id", ""), doer())
    if isinstance(done, Refusal):
        say(Toast(done.message, problem=True))
    else:
        say(Toast(f"Undone for {_leads(done.group.size)}{_left(done)}"))
    return to(url_for("team.page"))


def _carry_out(given: Mapping[str, str | None], why: str, told: Callable[[int], str]) -> Answer:
    def ask(lead: Lead) -> Command | Refusal:
        return Assign(given[lead.lead_id])

    done = act_on_all(list(given), ask, f"Assigned: {why}", doer())
    if isinstance(done, Refusal):
        say(Toast("Nobody to move: no lead fits." if done.code == "nobody" else done.message))
        return to(url_for("team.page"))
    say(Toast(f"{told(done.group.size)}{_left(done)}", url_for("team.undo"), done.group.group_id, url_for("team.page")))
    return to(url_for("team.page"))


def _left(done: Together) -> str:
    left = sum(done.refused.values())
    return f"; {_leads(left)} stayed" if left else ""


def _leads(n: int) -> str:
    return f"{n:,} lead{'s' if n != 1 else ''}"


def _whom(giver: str, which: str, config: Config) -> list[str]:
    name = "" if giver == NOBODY else giver
    match which:
        case "overdue":
            return search.ids(reading(), replace(_open(name, config), due_to=today() - timedelta(days=1)))
        case "new":
            return queues.first(reading(), Queue("new", today(), first_labels(config), name))
        case _:
            return search.ids(reading(), _open(name, config))


def _open(person: str, config: Config) -> LeadQuery:
    """The leads of a person that are still to be won; a blank or unknown status counts as open."""
    closed = {label[:100] for label in closed_labels(config)}
    known = {status for _, status in counters.by_person_and_status(reading())}
    return LeadQuery(status=tuple(sorted(known - closed)), assigned_to=person)


def _page(problem: Refusal | None = None, status: int = 200) -> Response:
    members = list(_members(config()))
    people = [one.name for one in carriers(config().team)]
    nobody = _unassigned(config())
    me = cast(SignedIn, current_user).user
    page = render_template(
        "pages/team.html",
        shell=shell(),
        members=members,
        givers=[(one.name, f"{one.name} ({one.open:,} open)") for one in members if one.open]
        + ([(NOBODY, f"Nobody yet ({nobody:,} open)")] if nobody else []),
        takers=[(EVENLY, "Evenly over the others"), *((name, name) for name in people)],
        which=WHICH,
        nobody=nobody,
        moves=sum(n for *_, n in even_out(config().team, mirror.person_loads(reading(), config()))),
        may_write=me.role != "viewer",
        given=request.form,
        problem=problem,
    )
    return make_response(page, status)


def _members(config: Config) -> Iterator[Member]:
    """The team in its order, then whoever else has leads."""
    loads = mirror.person_loads(reading(), config)
    talked = queues.contacted_since(reading(), now() - _WEEK)
    known = {one.name: one for one in config.team}
    carrying = {one.name for one in carriers(config.team)}
    most = max(loads.values(), default=0)
    for name in [*known, *sorted(set(loads) - set(known))][:100]:
        has = loads.get(name, 0)
        overdue = counters.due(reading(), None, today() - timedelta(days=1), name)
        yield Member(
            name,
            known[name].role if name in known else "not in Team",
            name in carrying,
            has,
            overdue,
            counters.due(reading(), today(), today(), name),
            talked.get(name, 0),
            round(100 * overdue / max(has, overdue)) if overdue else 0,
            page_address("leads.listing", {"assigned_to": name}),
            page_address("follow_ups.page", {"when": "overdue", "with": name}),
            f"{100 * has / most:.1f}%" if most else "0%",
        )


def _unassigned(config: Config) -> int:
    closed = {label[:100] for label in closed_labels(config)}
    pairs = counters.by_person_and_status(reading())
    return sum(n for (person, status), n in pairs.items() if not person and status not in closed)
