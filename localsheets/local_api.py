"""`/_local/…`: what only this server has, for tests and for the curious: health, the clock, history, more accounts.

Open to this machine without a token; a web page of another site cannot use it (see `same_machine`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson

from . import accounts, drive_store, local_history, oauth
from .asked import Answer, Asked, json_answer
from .errors import ApiError, bad_request, forbidden
from .page_not_found import page_not_found
from .service import Service
from .token_api import token_uri

Json = dict[str, Any]
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def same_machine(service: Service, asked: Asked) -> None:
    """ApiError 403 for a request that another web site made a browser send, by Origin or by a name that it rebound."""
    allowed = _LOOPBACK | {urlsplit(service.base).hostname or ""}
    host = urlsplit(f"//{asked.headers.get('Host', '')}").hostname
    origin = asked.headers.get("Origin")
    if host not in allowed or (origin is not None and urlsplit(origin).netloc != asked.headers.get("Host")):
        raise forbidden("This address is for this machine only.")


def _object(asked: Asked) -> Json:
    try:
        read = orjson.loads(asked.body or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("The body is not JSON.") from None
    if not isinstance(read, dict):
        raise bad_request("The body must be a JSON object.")
    return read


def _number(body: Json, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f"{name!r} must be a number of seconds.")
    return float(value)


def _clock(service: Service, asked: Asked) -> Answer:
    """GET says the time; POST {"advance": s}, {"set": unix, "stopped": true} or {"reset": true} drives it."""
    if asked.method == "POST":
        body = _object(asked)
        if "advance" in body:
            service.clock.advance(_number(body, "advance"))
        elif "set" in body:
            service.clock.set(_number(body, "set"), stopped=bool(body.get("stopped")))
        elif body.get("reset") is True:
            service.clock.reset()
        else:
            raise bad_request("Give one of 'advance', 'set' or 'reset'.")
    return json_answer({"now": service.clock.now(), "stopped": service.clock.stopped})


def _accounts(service: Service, asked: Asked) -> Answer:
    """POST {"name": "asha"}: a new account, or a new key for it; the answer holds both kinds of credentials file."""
    name = _object(asked).get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 200:
        raise bad_request("'name' must be a short name or an address.")
    key = accounts.create(service.engine.connection, name.strip(), token_uri(service.base))
    user = {
        "type": "authorized_user",
        "client_id": key["client_id"],
        "client_secret": "local",
        "refresh_token": oauth.issue_refresh(service.secret, key["client_email"], key["client_id"]),
        "token_uri": key["token_uri"],
        "universe_domain": "googleapis.com",
    }
    return json_answer({"email": key["client_email"], "service_account": key, "authorized_user": user})


def _health(service: Service, _: Asked) -> Answer:
    files = drive_store.count(service.engine.connection)
    return json_answer({"status": "ok", "now": service.clock.now(), "account": service.account, "files": files})


_PATHS = {
    ("GET", "/_local/health"): _health,
    ("GET", "/_local/clock"): _clock,
    ("POST", "/_local/clock"): _clock,
    ("GET", "/_local/history"): local_history.history,
    ("GET", "/_local/rows"): local_history.rows,
    ("POST", "/_local/accounts"): _accounts,
}


def answer_local(service: Service, asked: Asked) -> Answer:
    """Answers the paths above; ApiError 405 for a wrong method."""
    same_machine(service, asked)
    handler = _PATHS.get((asked.method, asked.path))
    if handler is None:
        if any(path == asked.path for _, path in _PATHS):
            raise ApiError(405, f"{asked.method} is not allowed here.", "METHOD_NOT_ALLOWED")
        return page_not_found(asked.path)
    return handler(service, asked)
