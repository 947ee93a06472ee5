"""What was worked out at a revision of the book, for as long as the book stands still: in each web process, in memory.

The revision moves with every change of mirror, outbox, conflicts, issues, Settings, views and choices, in the same
transaction. So what was made of one picture of the book is true for the next request that sees the same revision: parts
of pages (`kept`), and whole pages (`kept_page`), in which only the form tokens are each request's own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Final, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.database import now, revision, sync_told, today
from app.signin import me

P = ParamSpec("P")
T = TypeVar("T")

_KEPT: Final = "bumuk_kept"
_MOST = 120
_SECONDS = 10  # that a page stands, for what it says of the clock
_MARK = secrets.token_hex(8)  # of this process; nobody else can write it into a page
_TOKEN, _NAME = f"{_MARK}-token", f"{_MARK}-name"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page without its tokens: what stands between them (`parts`), and which one follows each part (`tokens`)."""

    parts: tuple[str, ...]
    tokens: tuple[str, ...]
    status: int
    headers: tuple[tuple[str, str], ...]

    def body(self) -> str:
        """The page with this session's token and a name for its requests."""
        mine = {_TOKEN: generate_csrf(), _NAME: secrets.token_urlsafe(9)}
        told = [self.parts[0]]
        for token, part in zip(self.tokens, self.parts[1:], strict=True):
            told += (mine[token], part)
        return "".join(told)


def install(app: Flask) -> None:
    """After the CSRF protection and `app.forms`, whose two words for templates it wraps."""
    app.extensions[_KEPT] = (-1, {})
    for name, mark in (("csrf_token", _TOKEN), ("request_name", _NAME)):
        app.jinja_env.globals[name] = _marked(cast("Callable[[], str]", app.jinja_env.globals[name]), mark)


def _marked(word: Callable[[], str], mark: str) -> Callable[[], str]:
    """The word itself, or a mark in its place while a page is made that will be kept."""
    return lambda: mark if g.get("marking") else word()


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, or gave under this key at this revision. `key` names all that it depends on but the book: the
    question, the day, who asks. What it gives is shared: nobody may change it."""
    now_at = revision()
    at, found = cast("tuple[int, dict[Hashable, object]]", current_app.extensions[_KEPT])
    if at != now_at or len(found) > _MOST:
        found = {}
        current_app.extensions[_KEPT] = (now_at, found)
    if key not in found:
        found[key] = make()  # two threads may both make it; they make the same
    return cast(T, found[key])


def kept_page(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Serves a page that was made for the same person and question at the same revision, day and state of the sync, not
    longer than ten seconds ago. Stands below `signed_in`. A page that has something to say once is always made anew."""

    @wraps(view)
    def served(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if "toast" in session:
            return view(*args, **kwargs)
        parts = (request.full_path, request.headers.get("HX-Request"), request.headers.get("HX-Target"))
        around = (me(), today(), sync_told(), int(now().timestamp()) // _SECONDS)
        page = kept((*parts, *around), lambda: _made(make_response(_marking(view, *args, **kwargs))))
        response = Response(page.body(), page.status, mimetype="text/html")
        for name, value in page.headers:
            response.headers[name] = value
        return response

    return served


def _marking(view: Callable[P, ResponseReturnValue], *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
    """What the view answers, with marks where its tokens stand."""
    g.marking = True
    try:
        return view(*args, **kwargs)
    finally:
        g.marking = False


def _made(response: Response) -> KeptPage:
    html = response.get_data(as_text=True)
    parts, tokens = [""], []
    rest = html
    while _MARK in rest:
        before, _, rest = rest.partition(_MARK)
        token = _TOKEN if rest.startswith("-token") else _NAME
        rest = rest[len(token) - len(_MARK) :]
        parts[-1] += before
        parts.append("")
        tokens.append(token)
    parts[-1] += rest
    headers = tuple(
        (name, value) for name, value in response.headers if name in ("Vary", "HX-Replace-Url", "Cache-Control")
    )
    return KeptPage(tuple(parts), tuple(tokens), response.status_code, headers)
