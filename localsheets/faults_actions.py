"""What a fault rule does to a request, read from the rule's JSON (see `faults` for examples)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from . import people
from .asked import JSON_TYPE, Answer, Wire
from .errors import STATUS_OF_CODE, ApiError, bad_request
from .people_sight import Deed

Json = dict[str, Any]
CUT = Answer(500, wire=Wire("cut"))
_WORDS = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    409: "The operation was aborted.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}
_STATUS = {**STATUS_OF_CODE, 504: "DEADLINE_EXCEEDED"}
_PAGE_502 = (
    b"<!DOCTYPE html>\n<html lang=en>\n  <title>Error 502 (Server Error)!!1</title>\n"
    b"  <p><b>502.</b> <ins>That's an error.</ins>\n  <p>The server encountered a temporary error and could not "
    b"complete your request.<p>Please try again in 30 seconds.  <ins>That's all we know.</ins>\n"
)


@dataclass(frozen=True, slots=True)
class Refuse:
    """The client gets this answer. `quota`: Google's 429, whose words depend on the request."""

    answer: Answer
    quota: bool = False


@dataclass(frozen=True, slots=True)
class Truncate:
    """The client gets this share of the body (0..1)."""

    keep: float


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing happens for so many seconds of the server's clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Late:
    """The client gets `answer`; the request is applied so many seconds of the server's clock later."""

    seconds: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class LoseAppend:
    """Appends that meet overwrite each other; answers are held for so many real seconds so that they can meet."""

    wait: float


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody does something."""

    deed: Deed


Action = Refuse | Truncate | Hang | Late | LoseAppend | Person


def failing(status: int, message: str | None = None, body: Any = None) -> Answer:
    """Google's answer for a status, with another message or another body where these are given."""
    if body is not None:
        if isinstance(body, str):
            return Answer(status, body.encode(), "text/html; charset=UTF-8")
        return Answer(status, orjson.dumps(body))
    if status == 502 and message is None:
        return Answer(502, _PAGE_502, "text/html; charset=UTF-8")
    error = ApiError(status, message or _WORDS.get(status, "Refused on request."), _STATUS.get(status))
    return Answer(status, orjson.dumps(error.body(), option=orjson.OPT_INDENT_2), JSON_TYPE)


def _seconds(given: Json, name: str, default: float | None = None) -> float:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10**7:
        raise bad_request(f"{name!r} must be a number of seconds.")
    return float(value)


def _status(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 400 <= value <= 599:
        raise bad_request("'status' must be a number from 400 to 599.")
    return value


def _keep(given: Json) -> float:
    value = given.get("keep", 0.5)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        raise bad_request("'keep' must be at least 0 and less than 1.")
    return float(value)


def _late_answer(value: Any) -> Answer:
    return CUT if value == "cut" else failing(_status(value))


def _refusal(given: Json, status: int) -> Refuse:
    message = given.get("message")
    if message is not None and not isinstance(message, str):
        raise bad_request("'message' must be a text.")
    own_words = "message" in given or "body" in given
    return Refuse(failing(status, message, given.get("body")), quota=status == 429 and not own_words)


def read_action(given: Json) -> tuple[Action, set[str]]:
    """The action of a rule and the names that belong to it; ApiError 400."""
    name = given.get("action")
    if isinstance(name, str) and name.isdigit():
        name = int(name)
    if isinstance(name, int) and not isinstance(name, bool):
        return _refusal(given, _status(name)), {"message", "body"}
    match name:
        case "refuse":
            return _refusal(given, _status(given.get("status"))), {"status", "message", "body"}
        case "cut":
            return Refuse(CUT), set()
        case "truncate":
            return Truncate(_keep(given)), {"keep"}
        case "hang":
            return Hang(_seconds(given, "seconds")), {"seconds"}
        case "late":
            return Late(_seconds(given, "seconds"), _late_answer(given.get("answer", "cut"))), {"seconds", "answer"}
        case "lose_append":
            return LoseAppend(_seconds(given, "wait", 0.2)), {"wait"}
        case "person":
            return Person(people.read(given)), set()
    known = "refuse, a status such as 429 or 503, cut, truncate, hang, late, lose_append, person"
    raise bad_request(f"'action' must be one of: {known}.")
