"""Who may come in: users, one-time login links, and API tokens. Secrets are stored as digests, never as themselves.

A secret here is 256 random bits, so a plain digest is enough: there is nothing to guess that a slow hash would protect.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, get_args

from sqlalchemy import Connection, Row, bindparam, select, update

from store import bulk
from store.schema import login_links, tokens, users
from store.values import askable, moment, moment_text, storable

Role: TypeAlias = Literal["admin", "staff", "viewer"]


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in. `session_key` changes when all of their sessions shall end."""

    user_id: str
    name: str
    email: str
    role: Role
    active: bool = True
    session_key: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """An API token, without its secret."""

    token_id: str
    name: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None


def put_user(conn: Connection, name: str, email: str, role: Role, *, active: bool = True) -> User:
    """The user of this e-mail (case does not matter) with this name, role and standing; made if there is none. A user
    who is no longer active, or whose role changed, is signed out everywhere."""
    bulk.hold(conn)
    before = user_by_email(conn, email)
    same = before is not None and (before.role, before.active) == (_role(role), active)
    key = before.session_key if before and same else secrets.token_hex(16)
    user_id = before.user_id if before else "U" + secrets.token_hex(8)
    made = User(user_id, storable(name), _email(email), _role(role), active, key)
    bulk.upsert(conn, users, [(made.user_id, made.name, made.email, made.role, made.session_key, made.active)])
    return made


_BY_ID = select(users).where(users.c.user_id == bindparam("user_id"))  # made once: every page asks it


def user(conn: Connection, user_id: str) -> User | None:
    row = conn.execute(_BY_ID, {"user_id": askable(user_id)}).first()
    return _user(row) if row else None


def user_by_email(conn: Connection, email: str) -> User | None:
    row = conn.execute(select(users).where(users.c.email == _email(email))).first()
    return _user(row) if row else None


def all_users(conn: Connection) -> list[User]:
    """Every user, by name."""
    return [_user(row) for row in conn.execute(select(users).order_by(users.c.name, users.c.user_id))]


def sign_out_everywhere(conn: Connection, user_id: str) -> None:
    """Ends all sessions of a user: their session_key is another from now on."""
    conn.execute(update(users).where(users.c.user_id == user_id).values(session_key=secrets.token_hex(16)))


def create_link(conn: Connection, user_id: str, now: datetime, minutes: float) -> str:
    """The secret of a link that signs this user in once, within so many minutes."""
    secret = secrets.token_urlsafe(32)
    expires = moment_text(now + timedelta(minutes=minutes))
    bulk.upsert(conn, login_links, [(_digest(secret), user_id, expires, "")])
    return secret


def use_link(conn: Connection, secret: str, now: datetime) -> User | None:
    """Whom a link signs in; None if it is unknown, used, too old, or its user is not active. Of two, one is first."""
    unused = (login_links.c.hash == _digest(secret)) & (login_links.c.used_at == "")
    spent = (
        update(login_links).where(unused, login_links.c.expires_at > moment_text(now)).values(used_at=moment_text(now))
    )
    user_id = conn.scalar(spent.returning(login_links.c.user_id))
    found = user(conn, user_id) if user_id else None
    return found if found and found.active else None


def create_token(conn: Connection, name: str, role: Role, now: datetime) -> tuple[Token, str]:
    """A new API token and its secret, which is shown once and not kept."""
    secret = "bumuk_" + secrets.token_urlsafe(32)
    made = Token("T" + secrets.token_hex(8), storable(name), _role(role), now, None)
    row = (made.token_id, _digest(secret), made.name, made.role, moment_text(now), "", "")
    bulk.upsert(conn, tokens, [row])
    return made, secret


def token(conn: Connection, secret: str) -> Token | None:
    """The token of this secret, unless it was revoked. Only reads."""
    row = conn.execute(select(tokens).where(tokens.c.hash == _digest(secret), tokens.c.revoked_at == "")).first()
    return _token(row) if row else None


def all_tokens(conn: Connection) -> list[Token]:
    """Every token that was not revoked, oldest first."""
    query = select(tokens).where(tokens.c.revoked_at == "").order_by(tokens.c.created_at, tokens.c.token_id)
    return [_token(row) for row in conn.execute(query)]


def touch_token(conn: Connection, token_id: str, now: datetime) -> None:
    """Says that the token was used now (callers do this now and then, not on every request)."""
    conn.execute(update(tokens).where(tokens.c.token_id == token_id).values(last_used_at=moment_text(now)))


def revoke_token(conn: Connection, token_id: str, now: datetime) -> bool:
    """Makes a token worthless; False if there is none that was not already."""
    standing = update(tokens).where(tokens.c.token_id == token_id, tokens.c.revoked_at == "")
    return bool(conn.execute(standing.values(revoked_at=moment_text(now))).rowcount)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _email(email: str) -> str:
    return storable(email.strip().casefold())


def _role(role: str) -> Role:
    if role not in get_args(Role):
        raise ValueError(f"a role is one of {', '.join(get_args(Role))}, not {role!r}")
    return role  # type: ignore[return-value]  # checked above


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(row.user_id, row.name, row.email, _role(row.role), bool(row.active), row.session_key)


def _token(row: Row[tuple[object, ...]]) -> Token:
    used = moment(row.last_used_at) if row.last_used_at else None
    return Token(row.token_id, row.name, _role(row.role), moment(row.created_at), used)
