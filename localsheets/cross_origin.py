"""What lets a web page of another site use the APIs, as Google's front end does: the answer to its browser's question
(OPTIONS), and the headers by which it may read an answer.

Only Google's own paths; `/_local` and the page are for this machine's own pages alone. Nothing is given without a token
or a key that the asking page has.
"""

from __future__ import annotations

from .asked import Answer, Asked

_OPEN = ("/v4/", "/drive/", "/upload/drive/", "/token", "/oauth2/v4/token")
_METHODS = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"


def _is_open(asked: Asked) -> bool:
    return "Origin" in asked.headers and asked.path.startswith(_OPEN)


def preflight(asked: Asked) -> Answer | None:
    """The answer to an OPTIONS of a browser; None for any other request."""
    if asked.method != "OPTIONS" or not _is_open(asked) or "Access-Control-Request-Method" not in asked.headers:
        return None
    wanted = asked.headers.get("Access-Control-Request-Headers")
    headers = {
        "Access-Control-Allow-Origin": asked.headers["Origin"],
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Max-Age": "3600",
        **({"Access-Control-Allow-Headers": wanted} if wanted else {}),
    }
    return Answer(200, content_type="text/html", headers=headers)


def readable(asked: Asked) -> dict[str, str]:
    """The headers with which a page of another site may read an answer."""
    if not _is_open(asked):
        return {}
    return {
        "Access-Control-Allow-Origin": asked.headers["Origin"],
        "Access-Control-Expose-Headers": "vary,content-encoding,date,server,content-length,location",
    }
