"""What every form of the app sends beside its fields: who acts, which request this is, and which page follows.

The name of a request is made with the page, so a double click, a reload and a repeat after a lost answer are the same
request and change nothing twice.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from flask import Flask, redirect, request
from werkzeug.wrappers import Response as Answer

from app.acting import Doer
from app.database import config
from app.signin import me, own_page
from core import picklists
from core.field_checks import Refusal

_LONGEST_NAME = 64
_AROUND = frozenset(("csrf_token", "request", "back", "undo_back"))
_CONFLICTS = frozenset(("newer", "unchanged", "in_conflict", "blocked", "told_as_a_whole", "decided", "undone"))


def install(app: Flask) -> None:
    app.add_template_global(lambda: secrets.token_urlsafe(9), "request_name")


def doer() -> Doer:
    """The person of the session, and this request: the form's name with all that it says and where it goes. Another
    button of the same form is another request; another person's never is the same."""
    user = me()
    name = request.form.get("request", "")[:_LONGEST_NAME]
    said = sorted(pair for pair in request.form.items(multi=True) if pair[0] not in _AROUND)
    told = blake2b(repr((request.path, said)).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
    return Doer(user.name, f"{user.user_id}:{name}:{told}" if name else "", presses=True)


def my_name() -> str:
    """The person of this session as leads name people ("" for nobody of the team)."""
    return picklists.person(me().name, config()) or ""


def back(usual: str) -> str:
    """The page that the form wants next: one of ours, or the usual one."""
    wanted = request.form.get("back", "")
    return own_page(wanted) if wanted else usual


def to(address: str) -> Answer:
    """The page that follows a form: asked for by GET, so that a reload sends nothing."""
    return redirect(address, 303)


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a form that was refused."""
    return 409 if refusal.code in _CONFLICTS else 404 if refusal.code == "no_such_lead" else 422
