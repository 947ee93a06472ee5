"""One HTTP request and its answer as plain values, so that all behind `server` runs without HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from .errors import ApiError, bad_request

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `path` is still percent-encoded and without query; `query` keeps order and repetition.

    `account` and `request_id` are set only by the server itself, for what it does in somebody's name (see `faults`);
    nothing that comes over the wire can set them. `far`: it came from another machine, whatever its Host header says.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    content_type: str = ""
    authorization: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    far: bool = False
    account: str | None = None
    request_id: str = ""

    def first(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), None)

    @property
    def api_key(self) -> str | None:
        """The API key, from the query or from the header in which google-auth sends it."""
        return self.first("key") or self.headers.get("X-Goog-Api-Key")

    def flag(self, name: str) -> bool:
        """Whether a Drive query parameter says true."""
        return (self.first(name) or "").lower() in ("true", "1")


@dataclass(frozen=True, slots=True)
class Wire:
    """How an answer goes out: sent whole, its connection cut before any byte, or only the share `keep` of its body."""

    how: Literal["send", "cut", "truncate"] = "send"
    keep: float = 1.0


SENT = Wire()


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, body, its type and headers beside Google's usual ones."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    wire: Wire = SENT


@dataclass(frozen=True, slots=True)
class Postponed:
    """An answer that is not to be had yet: once `ready` says so (in any thread), `then` gives it (in the engine's)."""

    ready: Callable[[], bool]
    then: Callable[[], Answer | Postponed]


Respond = Callable[[Asked], Answer | Postponed]


def json_object(asked: Asked) -> dict[str, Any]:
    """The body as a JSON object, {} without one; ApiError 400 otherwise."""
    try:
        read = orjson.loads(asked.body or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("The body is not JSON.") from None
    if not isinstance(read, dict):
        raise bad_request("The body must be a JSON object.")
    return read


def json_answer(value: Any, status: int = 200, pretty: bool = False) -> Answer:
    """A JSON answer; bytes are taken as JSON that is ready, `pretty` indents as `prettyPrint=true` asks."""
    if isinstance(value, bytes):
        if not pretty:
            return Answer(status, value)
        value = orjson.loads(value)
    return Answer(status, orjson.dumps(value, option=orjson.OPT_INDENT_2 if pretty else None))


def error_answer(error: ApiError) -> Answer:
    """A refusal in its own shape; 401 also says so in the header that HTTP wants."""
    headers = {}
    if error.code == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return Answer(error.code, orjson.dumps(error.body(), option=orjson.OPT_INDENT_2), headers=headers)
