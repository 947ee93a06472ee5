from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from app.dashboard import _age
from store import digests
from tests.app.book import NOW, TODAY, fill, lead, put


def test_the_dashboard_counts(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = client.get("/dashboard").text
    found = dict(re.findall(r"(?:</svg>|<span>)([^<]+)(?:</a>|</span></a><svg.*?</svg>)<b>([\d,]+)</b>", page))
    assert found["Overdue"] == "2"
    assert found["Due today"] == "3"
    assert found["In the next seven days"] == "3"
    assert found["New, never called"] == "1"
    assert found["Interested"] == "3"
    assert found["Member"] == "1"
    assert found["Urgent"] == "1"
    assert "1 change, oldest 0 s" in page
    assert "1 to decide" in page
    assert "2 to look at" in page
    assert 'style="' not in page


def test_statuses_that_people_typed_stand_there_too(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, status="<b>Maybe</b>"), lead(1, status=None)])
    page = client.get("/dashboard").text
    assert "&lt;b&gt;Maybe&lt;/b&gt;" in page
    assert "<span>None</span>" in page


def test_an_empty_book_has_a_dashboard(client: FlaskClient) -> None:
    assert client.get("/dashboard").status_code == 200


@pytest.mark.parametrize("address", ["/dashboard", "/"])
def test_the_page_asks_as_much_of_a_large_book_as_of_a_small_one(
    client: FlaskClient, engine: Engine, address: str
) -> None:
    """The same statements, none of which walks the leads."""
    asked: list[list[str]] = []
    for count in (100, 400):
        fill(engine, count)
        client.get(address)
        said: list[str] = []

        def note(conn: object, cursor: object, statement: str, *_: object, said: list[str] = said) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        client.get(address)
        event.remove(engine, "before_cursor_execute", note)
        asked.append(said)
    assert asked[0] == asked[1]
    assert not [one for one in asked[1] if "count(" in one and "FROM leads" in one]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7_300, "2 h"), (86_400, "1 day"), (200_000, "2 days"), (-5, "0 s")],
)
def test_how_old(seconds: int, words: str) -> None:
    assert _age(NOW, NOW - timedelta(seconds=seconds)) == words


def test_a_morning_email_that_was_not_sent_is_told(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        for email, state in (("a@example.org", "failed"), ("b@example.org", "sent")):
            assert digests.claim(conn, TODAY, email, "w", NOW)
            assert digests.move(conn, TODAY, email, state, "w", NOW, "the server said no" if state == "failed" else "")  # type: ignore[arg-type]
    page = client.get("/dashboard").text
    assert "a@example.org" in page
    assert "the server said no" in page
    assert "b@example.org" not in page


def test_a_morning_email_whose_sender_was_killed_is_told(client: FlaskClient, engine: Engine) -> None:
    """Nobody is left to say why; while it is being handed over nothing is said."""
    with engine.begin() as conn:
        for email, ago in (
            ("a@example.org", digests.AGAIN_AFTER + timedelta(seconds=1)),
            ("b@example.org", timedelta()),
        ):
            assert digests.claim(conn, TODAY, email, "w", NOW - ago)
            assert digests.move(conn, TODAY, email, "handing", "w", NOW - ago)
    page = client.get("/dashboard").text
    assert "The sending broke off" in page
    assert "a@example.org" in page
    assert "b@example.org" not in page


def test_leads_with_nobody_are_told(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, assigned_to=None)])
    assert "With nobody" in client.get("/dashboard").text


def test_what_is_coming_up_day_by_day(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = client.get("/dashboard").text
    found = re.findall(r'#due-([\d-]+)"><time.*?</a><b>(\d+)</b>', page)
    assert found == [("2026-11-24", "1"), ("2026-11-27", "1"), ("2026-11-28", "1")]
