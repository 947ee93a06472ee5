"""What is kept of a page is the book's; what is a session's or a moment's is never kept."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.factory import create_app
from store import users
from store.state import SyncStatus, write_status
from tests.app.book import NOW, lead, put
from tests.app.conftest import csrf, settings, sign_in

PAGES = ("/", "/leads", "/dashboard")


def requests(page: str) -> set[str]:
    return set(re.findall(r'name="request" value="([^"]+)"', page))


def test_tokens_are_each_requests_own_and_good(client: FlaskClient, book: Engine) -> None:
    for address in PAGES:
        first, second = client.get(address).text, client.get(address).text
        assert first != second or not requests(first)
        assert not requests(first) & requests(second)
        assert "-token" not in second
        assert not re.search(r"[0-9a-f]{16}-name", second)
    token = csrf(client.get("/leads").text)
    answer = client.post("/leads/bulk", data={"csrf_token": token, "lead": "LTEST00001", "status": "Member"})
    assert answer.status_code == 303


def test_two_people_never_see_each_others_page(app: Flask, client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        other = users.put_user(conn, "Vikram Rao", "vikram@example.com", "staff")
        link = "/login/" + users.create_link(conn, other.user_id, NOW, 15)
    theirs = app.test_client()
    theirs.post(link, data={"csrf_token": csrf(theirs.get(link).text)})
    for address in PAGES:
        mine, other_page = client.get(address).text, theirs.get(address).text
        assert "Vikram Rao" not in mine
        assert "Neha Arora" not in other_page
        assert csrf(mine) != csrf(other_page)


def test_what_was_done_is_said_once(client: FlaskClient, book: Engine) -> None:
    page = client.get("/leads").text
    client.post("/leads/bulk", data={"csrf_token": csrf(page), "lead": "LTEST00001", "status": "Member"})
    assert "on 1 lead" in client.get("/leads").text
    assert "on 1 lead" not in client.get("/leads").text


def test_day_sync_and_book_move_a_page(book: Engine) -> None:
    clock = [NOW]
    app = create_app(settings(clock=lambda: clock[0]), book)
    client = sign_in(app, book)
    assert "9 days late" in client.get("/leads").text
    clock[0] = NOW + timedelta(days=1)
    assert "10 days late" in client.get("/leads").text
    with book.begin() as conn:
        write_status(conn, SyncStatus(last_cycle_at=clock[0], last_good_at=clock[0]))
    assert 'data-state="ok"' in client.get("/leads").text
    clock[0] += timedelta(minutes=2)
    assert 'data-state="behind"' in client.get("/leads").text
    with book.begin() as conn:
        put(conn, [lead(2, full_name="Somebody Else")], first_row=4)
    assert "Somebody Else" in client.get("/leads?q=else").text


def test_a_role_that_changed_is_another_page(app: Flask, client: FlaskClient, book: Engine) -> None:
    assert "New lead" in client.get("/leads").text
    viewer = sign_in(app, book, "viewer")
    assert 'id="bulk"' not in viewer.get("/leads").text
