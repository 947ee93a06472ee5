"""The strip of saved views over the list of leads: all, those that ship, one's own, and those that others share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as Answer

from app import asking
from app.addresses import parted
from app.asking import Asked
from app.database import config, now, reading, today, writing
from app.errors import Refused
from app.forms import my_name, to
from app.kept import kept
from app.signin import me, signed_in
from app.toast import Toast, say
from store import search, views
from store.search import Total
from store.views import View

blueprint = Blueprint("saved_views", __name__)

_LONGEST_NAME = 60
_SHIPPED = (
    ("My overdue", {"assigned_to": "me", "overdue": "1"}),
    ("Due this week", {"follow_up": "week"}),
    ("No contact in 30 days", {"contacted": "not30", "sort": "last_contacted"}),
)


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view in the strip: its name, its list's address, how many leads it has now, and whether it is the one that is
    shown. `view_id` "" is one that ships; `by_me` may be dropped by who looks."""

    name: str
    address: str
    count: str
    chosen: bool
    view_id: str = ""
    shared: bool = False
    by_me: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """`shown` is the view that is shown, None for a list that no view asks for; `savable` says there is one to save."""

    tabs: tuple[ViewTab, ...]
    shown: ViewTab | None
    savable: bool


def strip(asked: Asked) -> Strip:
    """The strip over a list, with the counts of each view; counted once a revision."""
    tabs = kept(("views", me().user_id, my_name(), today(), asked.address()), lambda: tuple(_tabs(asked)))
    shown = next((tab for tab in tabs if tab.chosen), None)
    return Strip(tabs, shown, asked.narrowed and shown is None)


@blueprint.post("/leads/views")
@signed_in
def save() -> Answer:
    """Keeps what is asked for under a name, for oneself or for everyone."""
    asked = _asked(request.form.get("asked", ""))
    name = " ".join(request.form.get("name", "").split())[:_LONGEST_NAME]
    here = asked.address() if asked else url_for("leads.listing")
    if asked is None or not asked.narrowed or not name:
        say(Toast("Not saved: a view needs a name and at least one filter.", problem=True))
        return to(here)
    shared = request.form.get("shared") == "1" and me().role != "viewer"
    view = View("", name, me().user_id, urlencode(asked.parameters(), doseq=True), shared)
    with writing() as conn:
        made = views.keep(conn, view, now())
    words = f"View “{name}” saved" if made else f"Not saved: you have {views.MOST} views. Delete one first."
    say(Toast(words, problem=made is None))
    return to(here)


@blueprint.post("/leads/views/<view_id>/delete")
@signed_in
def drop(view_id: str) -> Answer:
    found = views.view(reading(), view_id)
    if found is None:
        raise NotFound
    if found.user_id != me().user_id and me().role != "admin":
        raise Forbidden
    with writing() as conn:
        views.drop(conn, view_id)
    say(Toast(f"View “{found.name}” deleted. The leads stay."))
    return to(url_for("leads.listing"))


def _tabs(asked: Asked) -> Iterator[ViewTab]:
    here, everything = asked.address(), Asked(sort=asked.sort)
    yield ViewTab("All", Asked().address(), _count(everything), here == everything.address())
    for name, parameters in _SHIPPED:
        ships = asking.parse(reading(), parameters)
        if "me" not in parameters.values() or my_name():
            yield ViewTab(name, ships.address(), _count(ships), here == ships.address())
    for view in views.seen_by(reading(), me().user_id):
        kept_as = _asked(view.asked)
        if kept_as is not None:
            mine = view.user_id == me().user_id or me().role == "admin"
            address = kept_as.address()
            yield ViewTab(view.name, address, _count(kept_as), here == address, view.view_id, view.shared, mine)


def _asked(text: str) -> Asked | None:
    """What a kept address asks for; None where this version cannot read it any more."""
    try:
        return asking.parse(reading(), MultiDict(parse_qsl(parted(text).query or text)))
    except Refused:
        return None


def _count(asked: Asked) -> str:
    found: Total = search.total(reading(), asked.query(today(), config().timezone, my_name()))
    return f"{found.leads:,}{'+' if found.more else ''}"
