"""The private addresses of calendars: made, shown again to whom they belong, taken back.

An address is the feed's random id, signed with SECRET_KEY: the database alone does not tell it, and one that is made up
opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from app.database import config, now, writing
from app.forms import to
from app.signin import SignedIn, signed_in
from app.toast import Toast, say
from core.assignment import carriers
from store import counters, feeds
from store.feeds import Feed

blueprint = Blueprint("calendar_links", __name__)


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """`address` is the whole address, for a calendar to subscribe to."""

    feed: Feed
    address: str


def of_user(conn: Connection, user_id: str) -> list[CalendarLink]:
    return [_link(one) for one in feeds.of_user(conn, user_id)]


def feed_id(secret: str) -> str:
    """The id in an address, "" where it is not one of ours."""
    try:
        told = _signer().loads(secret)
    except BadSignature:
        return ""
    return told if isinstance(told, str) else ""


@blueprint.post("/calendar")
@signed_in
def create() -> Answer:
    me = cast(SignedIn, current_user).user
    person = request.form.get("person", "")
    with writing() as conn:
        known = {one.name for one in carriers(config().team)} | set(counters.by(conn, "assigned_to")) | {""}
        made = feeds.create(conn, me.user_id, person, now()) if person in known else None
    if made is None:
        say(Toast("No address was made: choose a person, or take one of your addresses back first.", problem=True))
    else:
        say(Toast("The calendar address stands below. Whoever has it can read these follow-ups."))
    return to(url_for("follow_ups.page", _anchor="calendar"))


@blueprint.post("/calendar/<one>/revoke")
@signed_in
def revoke(one: str) -> Answer:
    me = cast(SignedIn, current_user).user
    with writing() as conn:
        gone = feeds.revoke(conn, one, me.user_id, now())
    say(Toast("The address is worthless now." if gone else "That address was taken back already."))
    return to(url_for("follow_ups.page", _anchor="calendar"))


def _link(feed: Feed) -> CalendarLink:
    secret = str(_signer().dumps(feed.feed_id))
    return CalendarLink(feed, url_for("calendar.feed", secret=secret, _external=True))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="bumuk calendar")
