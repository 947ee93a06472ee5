"""Who is there: one-time links, sessions, sign-out. Nothing but health checks and static files is served without.

A link is opened by GET and used by POST, so that the preview of a messenger or a mail scanner does not use it up. The
session cookie holds the user's id and session key; a key that changed in the store ends the session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from app.addresses import parted
from app.database import now, reading, settings, today, writing
from app.limits import limiter
from store import users

P = ParamSpec("P")
R = TypeVar("R")

blueprint = Blueprint("signin", __name__)

_DAY = "day"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The user of a session, in the words that Flask-Login asks for."""

    user: users.User
    is_authenticated: bool = True
    is_anonymous: bool = False

    @property
    def is_active(self) -> bool:
        return self.user.active

    @property
    def name(self) -> str:
        return self.user.name

    def get_id(self) -> str:
        return f"{self.user.user_id}:{self.user.session_key}"


def install(app: Flask) -> None:
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # that would load the user for the error page of a lost database
    app.jinja_env.globals["current_user"] = current_user
    manager.session_protection = None  # a phone changes its network all day; the session key is what ends a session
    manager.user_loader(_load)
    app.register_blueprint(blueprint)


def _load(session_id: str) -> SignedIn | None:
    user_id, _, key = session_id.partition(":")
    found = users.user(reading(), user_id)
    return SignedIn(found) if found and found.active and found.session_key == key else None


def me() -> users.User:
    """The person of this session."""
    return cast(SignedIn, current_user).user


def signed_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Serves a page only to who is signed in; others are sent to the sign-in page and come back afterwards."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if current_user.is_authenticated:
            _stay()
            return view(*args, **kwargs)
        if request.headers.get("HX-Request") or request.endpoint == "shell.live":
            raise Unauthorized
        if request.method == "GET":
            session["next"] = request.full_path.rstrip("?")[:1000]
        return redirect(url_for("signin.sign_in"))

    return guarded


def _stay() -> None:
    """The session lasts two weeks from its last day of use. Its cookie is renewed once a day, not with each answer: one
    that was on its way meanwhile would bring the session back as it was before, without what was just done, or after
    sign-out."""
    day = today().isoformat()
    if session.get(_DAY) != day:
        session[_DAY] = day


def may_write(view: Callable[P, R]) -> Callable[P, R]:
    """Refuses (403) who may only look. Stands below `signed_in`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if cast(SignedIn, current_user).user.role == "viewer":
            raise Forbidden
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/login")
def sign_in() -> str | Response:
    if current_user.is_authenticated:
        return redirect("/")
    return render_template("pages/sign_in.html", used=False)


@blueprint.get("/login/<secret>")
@limiter.limit(lambda: settings().sign_in_limit)
def open_link(secret: str) -> str | Response:
    """Looks at the link without using it; whether it still works is told when it is used."""
    del secret
    return redirect("/") if current_user.is_authenticated else render_template("pages/sign_in_link.html")


@blueprint.post("/login/<secret>")
@limiter.limit(lambda: settings().sign_in_limit)
def use_link(secret: str) -> Response | tuple[str, int]:
    with writing() as conn:
        user = users.use_link(conn, secret, now())
    if user is None:
        return render_template("pages/sign_in.html", used=True), 410
    wanted = own_page(cast(str, session.get("next", "/")))
    session.clear()
    session.permanent = True
    login_user(SignedIn(user))
    _stay()
    return redirect(wanted)


def own_page(address: str) -> str:
    """The address if it is a page of ours, else "/": never another host's."""
    parts = parted(address)
    own = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if own and not address.startswith("/login") else "/"


@blueprint.post("/logout")
def sign_out() -> Response:
    logout_user()
    session.clear()
    return redirect(url_for("signin.sign_in"))
