"""Users, login links and tokens (`store.users`)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from store import users
from store.database import reading
from store.schema import login_links, tokens
from tests.store.leads import NOW


def test_a_user_is_one_whatever_the_case_of_the_email(engine: Engine) -> None:
    with engine.begin() as conn:
        made = users.put_user(conn, "Asha", "Asha@Example.com ", "staff")
        again = users.put_user(conn, "Asha Rao", "asha@example.COM", "staff")
        assert (again.user_id, again.session_key) == (made.user_id, made.session_key)
        assert users.all_users(conn) == [again] == [users.user(conn, made.user_id)]
        assert users.user_by_email(conn, "nobody@example.com") is None
        assert users.user(conn, "\x00") is None


def test_sessions_end_with_role_standing_or_on_request(engine: Engine) -> None:
    with engine.begin() as conn:
        keys = [
            users.put_user(conn, "Asha", "a@b.in", "staff").session_key,
            users.put_user(conn, "Asha", "a@b.in", "viewer").session_key,
            users.put_user(conn, "Asha", "a@b.in", "viewer", active=False).session_key,
        ]
        user = users.put_user(conn, "Asha", "a@b.in", "viewer", active=True)
        users.sign_out_everywhere(conn, user.user_id)
        now = users.user(conn, user.user_id)
        assert now is not None
        assert len({*keys, user.session_key, now.session_key}) == 5


def test_a_role_that_there_is_not_is_refused(engine: Engine) -> None:
    with engine.begin() as conn, pytest.raises(ValueError, match="owner"):
        users.put_user(conn, "Asha", "a@b.in", "owner")  # type: ignore[arg-type]


def test_a_link_signs_in_once_in_time(engine: Engine) -> None:
    with engine.begin() as conn:
        asha = users.put_user(conn, "Asha", "a@b.in", "admin")
        link, late = (users.create_link(conn, asha.user_id, NOW, 10) for _ in range(2))
        assert users.use_link(conn, link + "x", NOW) is None
        assert users.use_link(conn, link, NOW + timedelta(minutes=9)) == asha
        assert users.use_link(conn, link, NOW + timedelta(minutes=9)) is None
        assert users.use_link(conn, late, NOW + timedelta(minutes=10)) is None
        unused = users.create_link(conn, asha.user_id, NOW, 10)
        users.put_user(conn, "Asha", "a@b.in", "admin", active=False)
        assert users.use_link(conn, unused, NOW) is None
        assert users.use_link(conn, "\x00\ud800", NOW) is None


def test_a_link_used_by_two_at_once_signs_in_one(engine: Engine) -> None:
    with engine.begin() as conn:
        asha = users.put_user(conn, "Asha", "a@b.in", "admin")
        link = users.create_link(conn, asha.user_id, NOW, 10)

    def uses(_: int) -> users.User | None:
        with engine.begin() as conn:
            return users.use_link(conn, link, NOW)

    with ThreadPoolExecutor(5) as pool:
        assert sum(used is not None for used in pool.map(uses, range(5))) == 1


def test_tokens_are_known_by_their_secret_until_revoked(engine: Engine) -> None:
    with engine.begin() as conn:
        made, secret = users.create_token(conn, "till", "viewer", NOW)
        with_time = users.Token(made.token_id, "till", "viewer", NOW, NOW)
        users.touch_token(conn, made.token_id, NOW)
        assert users.token(conn, secret) == with_time == users.all_tokens(conn)[0]
        assert users.token(conn, secret[:-1]) is None
        assert [users.revoke_token(conn, made.token_id, NOW) for _ in range(2)] == [True, False]
        assert (users.token(conn, secret), users.all_tokens(conn)) == (None, [])


def test_no_secret_stands_in_the_database(engine: Engine) -> None:
    with engine.begin() as conn:
        asha = users.put_user(conn, "Asha", "a@b.in", "admin")
        link = users.create_link(conn, asha.user_id, NOW, 10)
        _, secret = users.create_token(conn, "till", "viewer", NOW)
    with reading(engine) as conn:
        kept = repr([*conn.execute(select(login_links)), *conn.execute(select(tokens))])
    assert link not in kept
    assert secret.removeprefix("bumuk_") not in kept
