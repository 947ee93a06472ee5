"""`/_local/…`: what only this server has, for tests and for the curious: health, clock, history, accounts, switches,
misbehaving on request.

    GET /_local/health     GET, POST /_local/clock     GET, POST /_local/accounts     GET, POST /_local/switches
    GET /_local/history    GET /_local/rows            (see `local_history`)
    GET, POST, DELETE /_local/faults                   POST /_local/people            (see `faults` and `people`)
    PUT /_local/spreadsheets/<id>                      (see `local_spreadsheets`)

Open to this machine without a token; a web page of another site cannot use it (see `same_machine`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from . import accounts, drive_store, faults_api, local_history, local_spreadsheets, oauth
from .asked import Answer, Asked, json_answer, json_object
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
    if (
        asked.far
        or host not in allowed
        or (origin is not None and urlsplit(origin).netloc != asked.headers.get("Host"))
    ):
        raise forbidden("This address is for this machine only.")


def _number(body: Json, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f"{name!r} must be a number of seconds.")
    return float(value)


def _clock(service: Service, asked: Asked) -> Answer:
    """GET says the time; POST drives it: {"set": unix}, {"advance": seconds} (or both), {"stopped": true or false}
    makes it stand or go on from there, {"reset": true} is real time again. Quotas, tokens and late requests follow."""
    if asked.method == "POST":
        body, clock = json_object(asked), service.clock
        if not body or body.keys() - {"set", "advance", "stopped", "reset"}:
            raise bad_request("Give 'set', 'advance', 'stopped' or 'reset'.")
        if not isinstance(body.get("stopped", False), bool):
            raise bad_request("'stopped' must be true or false.")
        if body.get("reset") is True:
            clock.reset()
        if "set" in body:
            clock.set(_number(body, "set"), stopped=bool(body.get("stopped", False)))
        if "advance" in body:
            clock.advance(_number(body, "advance"))
        if "stopped" in body:
            clock.set(clock.now(), stopped=body["stopped"])
    return json_answer({"now": service.clock.now(), "stopped": service.clock.stopped})


def _switches(service: Service, asked: Asked) -> Answer:
    """See `switches`."""
    if asked.method == "POST":
        service.set_switches(service.switches.changed(json_object(asked)))
    return json_answer(service.switches.listed())


def _accounts(service: Service, asked: Asked) -> Answer:
    """POST {"name": "asha"}: a new account, or a new key for it; the answer holds both kinds of credentials file."""
    name = json_object(asked).get("name")
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


def _known_accounts(service: Service, _: Asked) -> Answer:
    """GET: the addresses that have a key here; the first one is the server's own."""
    others = [email for email in accounts.emails(service.engine.connection) if email != service.account]
    return json_answer({"accounts": [service.account, *others]})


def _health(service: Service, _: Asked) -> Answer:
    files = drive_store.count(service.engine.connection)
    return json_answer({"status": "ok", "now": service.clock.now(), "account": service.account, "files": files})


_PATHS = {
    ("GET", "/_local/health"): _health,
    ("GET", "/_local/clock"): _clock,
    ("POST", "/_local/clock"): _clock,
    ("GET", "/_local/history"): local_history.history,
    ("GET", "/_local/rows"): local_history.rows,
    ("GET", "/_local/accounts"): _known_accounts,
    ("POST", "/_local/accounts"): _accounts,
    ("GET", "/_local/switches"): _switches,
    ("POST", "/_local/switches"): _switches,
    ("GET", "/_local/faults"): faults_api.listed,
    ("POST", "/_local/faults"): faults_api.add,
    ("DELETE", "/_local/faults"): faults_api.clear,
    ("POST", "/_local/people"): faults_api.act,
    ("PUT", local_spreadsheets.PATH): local_spreadsheets.put,
}


def answer_local(service: Service, asked: Asked) -> Answer:
    """Answers the paths above; ApiError 405 for a wrong method."""
    same_machine(service, asked)
    path = local_spreadsheets.PATH if asked.path.startswith(local_spreadsheets.PATH) else asked.path
    handler = _PATHS.get((asked.method, path))
    if handler is None:
        if any(known == path for _, known in _PATHS):
            raise ApiError(405, f"{asked.method} is not allowed here.", "METHOD_NOT_ALLOWED")
        return page_not_found(asked.path)
    return handler(service, asked)
