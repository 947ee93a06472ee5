from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app.factory import create_app
from store import users
from tests.app.book import NOW
from tests.app.conftest import csrf, login_link, settings, sign_in

EXAMPLES = {
    "<path:lead_id>": "LTEST00002",
    "<int(max=2147483647):sheet_id>": "7",
    "<fingerprint>": "f1",
    "<change_id>": "C9",
    "<conflict_id>": "C1",
    "<group_id>": "G1",
    "<path:key>": "header/phone_number",
    "<one>": "1",
    "<slug>": "call",
    "<name>": "today-phone.png",
    "<kind>": "csv",
    "<view_id>": "1",
}
OPEN = {
    *("/healthz", "/readyz", "/login", "/login/<secret>", "/static/<path:filename>"),
    *("/manifest.webmanifest", "/offline", "/sw.js"),  # what a device keeps; nothing of the book is in them
    "/calendar/<secret>.ics",  # the address is the key: tests/app/test_calendar.py
}


def test_nothing_is_served_without_sign_in(app: Flask, book: Engine) -> None:
    """Every address of the app, also those that later issues add."""
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN:
            continue
        address = rule.rule
        for name, example in EXAMPLES.items():
            address = address.replace(name, example)
        assert "<" not in address, f"teach this test an example of {rule.rule}"
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = client.open(address, method=method)
            assert answer.status_code in (302, 400, 401), f"{method} {address} gave {answer.status_code}"
            assert answer.status_code != 302 or answer.location == "/login"
            assert "Farah" not in answer.text
            assert "981" not in answer.text


def test_looking_at_a_link_does_not_use_it_up(app: Flask, engine: Engine) -> None:
    link = login_link(engine)
    for _ in range(3):  # a messenger's preview, a mail scanner, the person
        assert app.test_client().get(link).status_code == 200
    assert sign_in_with(app, link).status_code == 302


def sign_in_with(app: Flask, link: str) -> TestResponse:
    client = app.test_client()
    return client.post(link, data={"csrf_token": csrf(client.get(link).text)})


def test_a_link_signs_in_once(app: Flask, engine: Engine) -> None:
    link = login_link(engine)
    assert sign_in_with(app, link).status_code == 302
    again = sign_in_with(app, link)
    assert again.status_code == 410
    assert "bumuk login-link" in again.text


def test_of_two_at_once_one_is_signed_in(app: Flask, engine: Engine) -> None:
    link = login_link(engine)
    with ThreadPoolExecutor(4) as pool:
        answers = sorted(answer.status_code for answer in pool.map(lambda _: sign_in_with(app, link), range(4)))
    assert answers == [302, 410, 410, 410]


@pytest.mark.parametrize("minutes", [0, -5])
def test_an_old_link_says_what_to_do(app: Flask, engine: Engine, minutes: float) -> None:
    answer = sign_in_with(app, login_link(engine, minutes=minutes))
    assert answer.status_code == 410
    assert "bumuk login-link" in answer.text


def test_a_post_from_elsewhere_does_not_use_the_link(app: Flask, engine: Engine) -> None:
    link = login_link(engine)
    assert app.test_client().post(link).status_code == 400
    assert sign_in_with(app, link).status_code == 302


def test_one_comes_back_to_the_page_that_one_wanted(app: Flask, book: Engine) -> None:
    client = app.test_client()
    assert client.get("/leads?q=kaur").location == "/login"
    link = login_link(book)
    answer = client.post(link, data={"csrf_token": csrf(client.get(link).text)})
    assert answer.location == "/leads?q=kaur"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "login", "/login/x"])
def test_never_sent_to_another_host(app: Flask, engine: Engine, wanted: str) -> None:
    client = app.test_client()
    link = login_link(engine)
    token = csrf(client.get(link).text)
    with client.session_transaction() as session:
        session["next"] = wanted
    assert client.post(link, data={"csrf_token": token}).location == "/"


def test_sign_out(client: FlaskClient) -> None:
    page = client.get("/leads").text
    assert client.post("/logout").status_code == 400  # without the form's token
    assert client.get("/leads").status_code == 200
    assert client.post("/logout", data={"csrf_token": csrf(page)}).status_code == 302
    assert client.get("/leads").location == "/login"


def test_an_answer_that_was_on_its_way_brings_no_older_session_back(app: Flask, book: Engine) -> None:
    """Only what changes the session sends its cookie: the toast of what was just done stays, and who has signed out is
    out. It is renewed with the day."""
    client = sign_in(app, book)
    client.get("/leads")
    for address in ("/leads", "/live", "/leads/known?phone_number=98155", "/follow-ups"):
        assert "Set-Cookie" not in client.get(address).headers, address
    tomorrow = create_app(settings(clock=lambda: NOW + timedelta(days=1)), book).test_client()
    cookie = client.get_cookie("bumuk_session")
    assert cookie is not None
    tomorrow.set_cookie("bumuk_session", cookie.value)
    assert ["Set-Cookie" in tomorrow.get("/leads").headers for _ in range(2)] == [True, False]


def test_signed_out_everywhere(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        users.sign_out_everywhere(conn, users.all_users(conn)[0].user_id)
    assert client.get("/leads").location == "/login"


def test_a_user_who_left_is_out_at_once(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        users.put_user(conn, "Neha Arora", "neha@example.com", "admin", active=False)
    assert client.get("/leads").location == "/login"


def test_a_forged_cookie_is_nobody(app: Flask, book: Engine) -> None:
    stranger = create_app(settings(secret_key="another key"), book)
    mine = sign_in(stranger, book)
    cookie = mine.get_cookie("bumuk_session")
    assert cookie is not None
    client = app.test_client()
    client.set_cookie("bumuk_session", cookie.value)
    assert client.get("/leads").location == "/login"


def test_guessing_links_is_slowed_down(engine: Engine) -> None:
    client = create_app(settings(sign_in_limit="3 per minute"), engine).test_client()
    answers = [client.get(f"/login/guess{n}").status_code for n in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(engine: Engine) -> None:
    app = create_app(settings(secure_cookies=True), engine)
    cookie = app.test_client().get(login_link(engine), base_url="https://crm.example").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Secure" in cookie
    assert "SameSite=Lax" in cookie


def test_no_secret_key_no_app(engine: Engine) -> None:
    with pytest.raises(ValueError, match="SECRET_KEY"):
        create_app(settings(secret_key=""), engine)
