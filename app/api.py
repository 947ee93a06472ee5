"""The JSON API under /api/v1, reading half; `app.api_writing` is the other.

Dates are ISO 8601, phones E.164 with what pages show beside (`display`).

Errors are `{"error": {"code", "message", "field"?}}` (`app.errors`); `app.api_access` decides what a token may do.
"""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, Response, request
from flask import jsonify as as_json

from app import asking
from app.api_access import caller, require_token
from app.api_words import Json, activity_words, change_words, conflict_words, lead_words, moment_words, told_words
from app.database import config, reading, settings, today
from app.errors import Fault, Refused, bad_parameter, unknown_lead
from app.limits import limiter
from store import activity, conflicts, latency, mirror, outbox, search, state
from store.paging import BadCursor

T = TypeVar("T")

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
limiter.limit(lambda: settings().api_limit, key_func=caller)(blueprint)
blueprint.before_request(require_token)

A_PAGE = 50
MOST = 500


@blueprint.get("/leads")
def list_leads() -> Response:
    asked = asking.parse(reading(), request.args)
    try:
        page = search.page(reading(), asked.query(today(), config().timezone), _limit(), _cursor())
    except BadCursor as error:
        raise _bad_cursor() from error
    told = [lead_words(lead, config()) for lead in page.leads]
    return as_json({"leads": told, "next_cursor": page.next_cursor, "total": page.total})


@blueprint.get("/leads/<path:lead_id>")
def one_lead(lead_id: str) -> Response:
    lead = mirror.lead(reading(), lead_id)
    if lead is None:
        raise unknown_lead(lead_id)
    return as_json({"lead": lead_words(lead, config())})


@blueprint.get("/leads/<path:lead_id>/activity")
def lead_activity(lead_id: str) -> Response:
    if mirror.lead(reading(), lead_id, deleted=True) is None:
        raise unknown_lead(lead_id)
    try:
        page = activity.of_lead(reading(), lead_id, _limit(), _cursor())
    except BadCursor as error:
        raise _bad_cursor() from error
    return as_json({"activity": [activity_words(entry) for entry in page.items], "next_cursor": page.next_cursor})


@blueprint.get("/changes/<change_id>")
def one_change(change_id: str) -> Response:
    """As the outbox knows it, else as Activity tells of it."""
    status = outbox.change(reading(), change_id)
    told = [] if status else activity.of_change_id(reading(), change_id)
    if not (status or told):
        raise Refused(Fault(404, "unknown_change", "There is no change with this id."))
    lead = mirror.lead(reading(), status.change.lead_id if status else told[0].lead_id)
    words = change_words(status) if status else told_words(told)
    return as_json(words | {"lead": lead_words(lead, config()) if lead else None})


@blueprint.get("/conflicts")
def list_conflicts() -> Response:
    try:
        page = conflicts.open_conflicts(reading(), _limit(), _cursor())
    except BadCursor as error:
        raise _bad_cursor() from error
    return as_json({"conflicts": [conflict_words(found) for found in page.items], "next_cursor": page.next_cursor})


@blueprint.get("/sync")
def sync() -> Response:
    status = state.read_status(reading())
    return as_json(
        {
            "last_cycle_at": moment_words(status.last_cycle_at),
            "lag_seconds": status.lag_seconds,
            "pending": status.pending,
            "conflicts": status.conflicts,
            "attention": status.attention,
            "calls_last_minute": status.calls_last_minute,
            "latency": {"to_sheet": _latency("to_sheet"), "to_app": _latency("to_app")},
        }
    )


def _latency(way: latency.Way) -> dict[str, Json] | None:
    """Seconds that edits took lately."""
    found = latency.of(reading(), way)
    return {"p50": found.p50, "p95": found.p95, "count": found.count} if found else None


def _limit() -> int:
    return asking.page_limit(request.args, A_PAGE, MOST)


def _cursor() -> str | None:
    return request.args.get("cursor") or None


def _bad_cursor() -> Refused:
    return bad_parameter("cursor", "The cursor cannot be read, or belongs to another list. Start without one.")
