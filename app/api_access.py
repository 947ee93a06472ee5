"""Who calls the JSON API: `Authorization: Bearer <token>`, from `bumuk token create`. Sessions are for pages only."""

from __future__ import annotations

from datetime import timedelta

from flask import g, request
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import Forbidden, Unauthorized

from app.database import now, reading, writing
from store import users
from store.users import Token

_TOUCH_EVERY = timedelta(minutes=10)
_READS = frozenset(("GET", "HEAD", "OPTIONS"))


def bearer() -> Token | None:
    """The token that this request carries, if it is one of ours."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return users.token(reading(), secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None


def require_token() -> None:
    """Before every request to the API: 401 without a token, 403 where its role is too small (a viewer only reads)."""
    token = bearer()
    if token is None:
        raise Unauthorized
    if token.role == "viewer" and request.method not in _READS:
        raise Forbidden
    g.token = token
    if token.last_used_at is None or now() - token.last_used_at > _TOUCH_EVERY:
        with writing() as conn:
            users.touch_token(conn, token.token_id, now())


def caller() -> str:
    """Whose requests are counted together: a token's, or an address's while there is none."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return f"token {secret}" if scheme.lower() == "bearer" and secret else str(get_remote_address())
