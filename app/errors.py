"""The one mapping of exceptions to answers: which status, which code, which plain words.

Views raise `Refused`, libraries raise their own; both become a `Fault` here, and a `Fault` becomes the API's error
object, or a page, by where it was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from traceback import format_exception

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.sansio.response import Response as Answer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request was not served: HTTP status, a stable code for programs, a sentence for people and, where one is to
    blame, the field or parameter."""

    status: int
    code: str
    message: str
    field: str = ""


class Refused(Exception):
    """Raised by a view or a parser that cannot serve the request."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def bad_parameter(name: str, message: str) -> Refused:
    return Refused(Fault(400, "bad_parameter", message, name))


def unknown_lead(lead_id: str) -> Refused:
    return Refused(
        Fault(404, "unknown_lead", f"There is no lead {lead_id[:40]}. It may have been deleted in the sheet.")
    )


_BY_STATUS = {
    400: Fault(400, "bad_request", "The request could not be read. Go back, reload the page and try again."),
    401: Fault(401, "not_signed_in", "Sign in first."),
    403: Fault(403, "not_allowed", "Your role does not allow this. Ask an admin of the library."),
    404: Fault(404, "not_found", "There is no page at this address."),
    405: Fault(405, "wrong_method", "This address does not take such a request."),
    413: Fault(413, "too_large", "That is more than the CRM takes at once. Send it in smaller parts."),
    429: Fault(429, "too_many_requests", "Too many requests in a short time. Wait a minute, then try again."),
    503: Fault(
        503, "database_away", "The CRM cannot reach its database just now. Nothing was changed; try again soon."
    ),
}
_BROKEN = Fault(500, "failed", "Something went wrong here. Nothing was changed; the reason is in the log.")
_STALE_FORM = Fault(400, "stale_form", "This page was open for too long to be sent. Reload it and try again.")


def fault_of(error: Exception) -> Fault:
    """What an exception means to who asked. Never carries the exception's own text: that is for the log."""
    match error:
        case Refused():
            return error.fault
        case CSRFError():
            return _STALE_FORM
        case RateLimitExceeded():
            return _BY_STATUS[429]
        case HTTPException():
            status = error.code or 500
            return _BY_STATUS.get(status, _BROKEN if status >= 500 else _other(status))
        case OperationalError():
            return _BY_STATUS[503]
        case _:
            return _BROKEN


def _other(status: int) -> Fault:
    return Fault(status, "refused", _BY_STATUS[400].message)


def answer(fault: Fault) -> Response:
    """The fault as the caller can use it: JSON under /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        detail = {"code": fault.code, "message": fault.message} | ({"field": fault.field} if fault.field else {})
        response = jsonify({"error": detail})
    else:
        response = make_response(render_template("pages/error.html", fault=fault))
    response.status_code = fault.status
    if fault.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if fault.status in (429, 503):
        response.headers["Retry-After"] = "60" if fault.status == 429 else "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    @app.errorhandler(Exception)
    def _handle(error: Exception) -> Answer:
        if isinstance(error, RequestRedirect):  # to the address with its slash
            return error.get_response(request.environ)
        fault = fault_of(error)
        if fault.status >= 500:
            # As text: a formatter that shows local variables would log people's data, and touch the database again.
            trace = "".join(format_exception(error))
            log.error("request failed", path=request.path, method=request.method, status=fault.status, trace=trace)
        return answer(fault)
