"""Who calls the JSON API: `Authorization: Bearer <token>`, from `bumuk token create`. Sessions are for pages only."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import structlog
from flask import g, request
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden, Unauthorized

from app.database import now, reading, writing
from store import users
from store.users import Token

log = structlog.get_logger(__name__)

_TOUCH_EVERY = timedelta(minutes=10)
_READS = frozenset(("GET", "HEAD", "OPTIONS"))


def bearer() -> Token | None:
    """The token that this request carries, if it is one of ours; looked up once a request."""
    if "bearer" not in g:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        given = secret.strip() if scheme.lower() == "bearer" else ""
        g.bearer = users.token(reading(), given) if given else None
    return cast("Token | None", g.bearer)


def require_token() -> None:
    """Before every request to the API: 401 without a token, 403 where its role is too small (a viewer only reads)."""
    token = bearer()
    if token is None:
        raise Unauthorized
    if token.role == "viewer" and request.method not in _READS:
        raise Forbidden
    if token.last_used_at is None or now() - token.last_used_at > _TOUCH_EVERY:
        _touch(token)


def _touch(token: Token) -> None:
    """Remembers the use; a database that is busy writing does not keep the caller from reading."""
    try:
        with writing() as conn:
            users.touch_token(conn, token.token_id, now())
    except OperationalError as error:
        log.warning("the use of a token was not remembered", token_id=token.token_id, why=str(error.orig))


def caller() -> str:
    """Whose requests are counted together: a token's; without a good one, those of an address."""
    token = bearer()
    return f"token {token.token_id}" if token else str(get_remote_address())
