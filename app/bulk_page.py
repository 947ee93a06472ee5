"""Many leads changed at once from the list: those that are ticked, or all that match; followed and undone as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qsl

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from app import asking, typed
from app.addresses import parted
from app.asking import page_address
from app.database import config, reading, today
from app.errors import Fault, Refused, bad_parameter
from app.forms import back, doer, my_name, status_of, to
from app.shell import shell
from app.shown import clipped
from app.signin import may_write, signed_in
from app.toast import Toast, say
from app.together import NOBODY, UNKNOWN, Together, act_on_all, cut_short, take_back_all
from app.words import day
from core.commands import Command, SetFields, Snooze
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.model import Lead, Value
from store import groups, search
from store.groups import Group, Progress
from store.paging import BadCursor
from store.search import LeadQuery

blueprint = Blueprint("bulk_page", __name__)

MOST = 10_000
"""Leads that one bulk change takes; more are asked for in parts, so that nobody changes a whole book by a slip."""
_FIELDS = ("status", "next_follow_up", "assigned_to", "priority")
_AT_ONCE = 500  # leads up to which one goes on in the list; more have their progress shown
_A_PAGE = 20
TOO_MANY = Refusal("too_many", f"That is more than {MOST:,} leads. Narrow the list, and do it in parts.")


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as its page shows it: `title` is what was done, `who` by whom; `width`, for an SVG attribute, is how much
    of it the sheet has. `cut_short`: it was stopped before all of its leads were done."""

    group: Group
    title: str
    who: str
    progress: Progress
    arrived: int
    width: str
    cut_short: bool


@blueprint.post("/leads/bulk")
@signed_in
@may_write
def change() -> Answer:
    here = back(url_for("leads.listing"))
    wanted = _wanted()
    whom = wanted if isinstance(wanted, Refusal) else _whom()
    if isinstance(wanted, Refusal) or isinstance(whom, Refusal):
        refusal = wanted if isinstance(wanted, Refusal) else whom
        assert isinstance(refusal, Refusal)
        say(Toast(f"Nothing was changed. {refusal.message}", problem=True))
        return to(here)
    field, value = wanted

    def ask(_: Lead) -> Command | Refusal:
        if field == "next_follow_up" and isinstance(value, date):
            return Snooze(value)
        return SetFields({field: value})

    made = act_on_all(whom, ask, _why(field, value), doer())
    return _told(made, here)


@blueprint.get("/changes")
@signed_in
def listing() -> Response:
    """Bulk changes and imports, newest first."""
    try:
        page = groups.recent(reading(), _A_PAGE, request.args.get("cursor"))
    except BadCursor as error:
        raise bad_parameter("cursor", "This place in the list is no longer known. Start from the top.") from error
    address = page_address("bulk_page.listing", {"cursor": page.next_cursor}) if page.next_cursor else ""
    shown = [_view(one) for one in page.items]
    return make_response(render_template("pages/changes.html", shell=shell(), shown=shown, next_address=address))


@blueprint.get("/changes/<group_id>")
@signed_in
def one(group_id: str) -> Response:
    """How far a bulk change has come, and its undo."""
    found = groups.group(reading(), group_id)
    if found is None:
        raise Refused(Fault(404, UNKNOWN.code, UNKNOWN.message))
    return make_response(render_template("pages/change.html", shell=shell(), one=_view(found)))


@blueprint.post("/changes/<group_id>/undo")
@signed_in
@may_write
def undo(group_id: str) -> Answer:
    made = take_back_all(group_id, doer())
    if isinstance(made, Refusal):
        if made.code == UNKNOWN.code:
            raise Refused(Fault(404, made.code, made.message))
        say(Toast(made.message, problem=True))
        return to(back(url_for("bulk_page.one", group_id=group_id)))
    say(Toast(f"Undone on {made.group.size:,} leads{_left(made)}"))
    return to(back(url_for("bulk_page.one", group_id=made.group.group_id)))


def _wanted() -> tuple[str, Value] | Refusal:
    """The field that the pressed button sets, and its value."""
    field = next((name for name in _FIELDS if name in request.form), "next_follow_up" if "set" in request.form else "")
    if not field:
        return Refusal("bad_value", "Choose what to change.")
    given = request.form.get("day", "") if "set" in request.form else request.form[field]
    if field == "next_follow_up" and not given:
        return Refusal("bad_value", "Choose a day.")
    value = typed.value(field, given, None, config())
    return value if isinstance(value, Refusal) else (field, value)


def _whom() -> LeadQuery | list[str] | Refusal:
    if request.form.get("all") != "1":
        ids = request.form.getlist("lead")
        return ids if ids else NOBODY
    asked = parted(request.form.get("asked", ""))
    if asked.path != url_for("leads.listing"):  # else what is no list would mean everyone
        return NOBODY
    query = asking.parse(reading(), MultiDict(parse_qsl(asked.query))).query(today(), config().timezone, my_name())
    return TOO_MANY if search.count(reading(), query) > MOST else query


def _why(field: str, value: Value) -> str:
    words = day(value) if isinstance(value, date) and not isinstance(value, datetime) else str(value or "nobody")
    return f"{BY_NAME[field].label}: {words}"[:200]


def _told(made: Together | Refusal, here: str) -> Answer:
    if isinstance(made, Refusal):
        say(Toast(f"Nothing was changed. {made.message}", problem=status_of(made) != 409))
        return to(here)
    size = made.group.size
    words = f"{made.group.why} on {size:,} lead{'s' if size != 1 else ''}{_left(made)}"
    undo_at = url_for("bulk_page.undo", group_id=made.group.group_id)
    page = here if size <= _AT_ONCE else url_for("bulk_page.one", group_id=made.group.group_id)
    say(Toast(words, undo_at, back=here))
    return to(page)


def _left(made: Together) -> str:
    """Who was left as they are, and why."""
    if not made.refused:
        return ""
    reasons = sorted(made.refused.items(), key=lambda reason: -reason[1])[:2]
    told = " ".join(f"{clipped(why, 60)} ({count:,})" for why, count in reasons)
    return f" · {sum(made.refused.values()):,} left as they are: {told}"


def _view(found: Group) -> GroupView:
    stands = groups.progress(reading(), found)
    arrived = stands.applied + stands.done
    width = f"{100 * arrived / found.size:.1f}%" if found.size else "100%"
    taken_in = found.actor == "sync"  # what it says is why of its first lead
    title = "Taken in from the sheet" if taken_in else clipped(found.why, 200) or "Import"
    who = "by itself" if taken_in else clipped(found.actor, 60)
    return GroupView(found, title, who, stands, arrived, width, cut_short(found.group_id))
