"""The JSON API under /api/v1, writing half: parse, decide, enqueue, answer 202 with the change and the lead.

Every answer stands only after the edit is in the outbox. A request named by `Idempotency-Key` (or `request` in the
body) that comes again changes nothing and gets the same change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Response, request
from flask import jsonify as as_json
from werkzeug.exceptions import BadRequest

from app import typed
from app.acting import Doer, Done, act
from app.adding import KnownNumber, add
from app.api_access import bearer, caller, require_token
from app.api_words import Json, change_words, lead_words
from app.database import config, reading, settings
from app.deciding import Decided, decide_conflict
from app.errors import Fault, Refused
from app.limits import limiter
from app.undoing import take_back, unnamed
from core.commands import Command, DeleteLead, SetFields
from core.field_checks import Refusal
from core.model import Lead
from store import mirror, outbox

blueprint = Blueprint("api_writing", __name__, url_prefix="/api/v1")
limiter.limit(lambda: settings().api_limit, key_func=caller)(blueprint)
blueprint.before_request(require_token)

_LONGEST_KEY = 255
_OURSELVES = frozenset(("sheet", "sync", "ai"))  # actors that are no people
_STATUS = {
    **dict.fromkeys(("no_such_lead", "unknown_change", "unknown_conflict", "unknown_group", "unknown_matter"), 404),
    **dict.fromkeys(("newer", "unchanged", "in_conflict", "blocked", "told_as_a_whole", "decided", "nobody"), 409),
}


@blueprint.patch("/leads/<path:lead_id>")
def change_lead(lead_id: str) -> tuple[Response, int]:
    body = body_of()
    changes, base = object_of(body, "changes"), object_of(body, "base", needed=False)

    def ask(lead: Lead) -> Command | Refusal:
        wanted = typed.values(changes, lead, in_force)
        seen = typed.values(base, lead, in_force)
        if isinstance(wanted, Refusal):
            return wanted
        return seen if isinstance(seen, Refusal) else SetFields(wanted, seen)

    in_force = config()
    done = act(lead_id, ask, doer_of(body))
    if isinstance(done, Refusal) and done.code == "unchanged":
        return _nothing_to_do(lead_id, changes)
    return _answer(done)


@blueprint.delete("/leads/<path:lead_id>")
def delete_lead(lead_id: str) -> tuple[Response, int]:
    """Takes the lead out of Master; undoing the change brings it back."""
    body = body_of(needed=False)
    why = body.get("why") or ""
    if not isinstance(why, str):
        raise bad("why", "why is text.")
    return _answer(act(lead_id, lambda _: DeleteLead(why.strip()[:200]), doer_of(body)))


@blueprint.post("/leads")
def add_lead() -> tuple[Response, int]:
    body = body_of()
    made = add(object_of(body, "fields"), doer_of(body), force=body.get("force") is True)
    if isinstance(made, KnownNumber):
        told = {"code": "known_number", "message": "This number is in the book already.", "field": "phone_number"}
        family = [lead_words(lead, config()) for lead in made.family]
        return as_json({"error": told, "family": family}), 409
    return _answer(made, 201)


@blueprint.post("/changes/<change_id>/undo")
def undo(change_id: str) -> tuple[Response, int]:
    """Without a key of its own an undo is named by what it undoes, so that sent twice it is one; once it was taken back
    itself, the next is another."""
    body = body_of(needed=False)
    lead_id = body.get("lead_id", "")
    if not isinstance(lead_id, str):
        raise bad("lead_id", "lead_id is text.")
    return _answer(take_back(change_id, lead_id, doer_of(body, unnamed(change_id, lead_id))))


@blueprint.post("/conflicts/<conflict_id>")
def resolve(conflict_id: str) -> tuple[Response, int]:
    keep = body_of().get("keep")
    if keep == "ours":
        decided = decide_conflict(conflict_id, "ours", _name())
    elif keep == "theirs":
        decided = decide_conflict(conflict_id, "theirs", _name())
    else:
        raise bad("keep", "keep is “ours” or “theirs”.")
    if isinstance(decided, Refusal):
        raise refused(decided)
    return as_json(_decided_words(decided) | {"conflict_id": conflict_id, "keep": keep}), 202 if decided.done else 200


def refused(why: Refusal) -> Refused:
    """A refusal as the answer of a request."""
    return Refused(Fault(_STATUS.get(why.code, 422), why.code, why.message, why.field))


def _answer(done: Done | Refusal, status: int = 202) -> tuple[Response, int]:
    if isinstance(done, Refusal):
        raise refused(done)
    return as_json(_done_words(done)), status


def _done_words(done: Done) -> dict[str, Json]:
    return change_words(done.status) | {"lead": lead_words(done.lead, config()) if done.lead else None}


def _decided_words(decided: Decided) -> dict[str, Json]:
    lead: dict[str, Json] = {"lead": lead_words(decided.lead, config()) if decided.lead else None}
    return (change_words(decided.done.status) if decided.done else {"change_id": None, "state": "done"}) | lead


def _nothing_to_do(lead_id: str, changes: Mapping[str, object]) -> tuple[Response, int]:
    """The lead says all of it already: by a change that is still on its way (202), or since long."""
    lead = mirror.lead(reading(), lead_id)
    told: dict[str, Json] = {"lead": lead_words(lead, config()) if lead else None}
    for status in reversed(outbox.of_lead(reading(), lead_id)):
        if not status.change.fields.keys().isdisjoint(changes):
            return as_json(change_words(status) | told), 202
    return as_json({"change_id": None, "lead_id": lead_id, "state": "done"} | told), 200


def doer_of(body: Mapping[str, object], request_name: str = "") -> Doer:
    """The token that asks. A key is a caller's own: two tokens may use the same one."""
    token = bearer()
    assert token is not None  # require_token has seen to that
    key = request.headers.get("Idempotency-Key") or body.get("request") or ""
    if not isinstance(key, str) or len(key) > _LONGEST_KEY:
        raise bad("request", f"The name of a request is text of at most {_LONGEST_KEY} characters.")
    return Doer(_name(), f"{token.token_id}:{key}" if key else request_name)


def _name() -> str:
    token = bearer()
    assert token is not None
    name = token.name.strip() or "API"
    return f"{name} (API)" if name.casefold() in _OURSELVES else name


def body_of(*, needed: bool = True) -> dict[str, object]:
    if not needed and not request.get_data():
        return {}
    try:
        body = request.get_json(force=True)
    except RecursionError as error:
        raise BadRequest from error
    if not isinstance(body, dict):
        raise BadRequest
    return cast("dict[str, object]", body)


def object_of(body: Mapping[str, object], name: str, *, needed: bool = True) -> dict[str, object]:
    found = body.get(name)
    if found is None and not needed:
        return {}
    if not isinstance(found, dict) or (needed and not found):
        raise bad(name, f"{name} is an object of values by field name.")
    return cast("dict[str, object]", found)


def bad(name: str, message: str) -> Refused:
    return Refused(Fault(422, "bad_value", message, name))
