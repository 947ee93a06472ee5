from __future__ import annotations

import html
import re
from datetime import timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from store import users
from tests.app.book import TODAY, fill, lead, put
from tests.app.conftest import sign_in
from tests.app.test_lead_actions import send


def make(client: FlaskClient, person: str = "") -> str:
    """The path of a calendar's address, as its page shows it."""
    assert send(client, "/calendar", {"person": person}, "/follow-ups").status_code == 303
    found = re.findall(r'value="http://localhost(/calendar/[^"]*\.ics)"', html.unescape(client.get("/follow-ups").text))
    assert found
    return str(found[-1])


def events(answer: TestResponse) -> list[icalendar.Event]:
    assert answer.mimetype == "text/calendar"
    return list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))


def test_a_calendar_without_signing_in_shows_what_is_due(app: Flask, client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    answer = app.test_client().get(make(client))
    told = events(answer)
    assert [str(one["summary"]) for one in told[:3]] == [
        "9 days late: call Deepak Chauhan (Myra, 10)",
        "3 days late: call Imran Khan (Ayaan, 3)",
        "call Farah Siddiqui (Zoya, 4)",
    ]
    assert [one["dtstart"].dt for one in told[:3]] == [TODAY, TODAY, TODAY]  # overdue ones stand on today
    assert told[5]["dtstart"].dt == TODAY + timedelta(days=2)
    assert len(told) == 9  # that of day 61 is beyond what is shown
    assert "(981) 555-0100" in str(told[0]["description"])
    assert str(told[0]["url"]).endswith("/leads/LTEST00000")


def test_a_calendar_of_one_person(app: Flask, client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    told = events(app.test_client().get(make(client, "Vikram")))
    assert {str(one["summary"]).split("call ")[1].split(" (")[0] for one in told} == {
        "Imran Khan", "Arjun Menon", "Nandini Krishnamurthy-Raghavan", "Harpreet Kaur",
    }  # fmt: skip


def test_who_must_not_be_contacted_is_in_no_calendar(app: Flask, client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, do_not_contact=True), lead(1)])
    assert len(events(app.test_client().get(make(client)))) == 1


def test_hostile_cells_stay_text(app: Flask, client: FlaskClient, engine: Engine) -> None:
    bad = "Asha\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged;,\\"
    with engine.begin() as conn:
        put(conn, [lead(0, full_name=bad, status=bad, phone_number=bad)])
    told = events(app.test_client().get(make(client)))
    assert len(told) == 1
    assert "END:VEVENT" in str(told[0]["summary"])


def test_nothing_new_is_304(app: Flask, client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    address, other = make(client), app.test_client()
    tag = other.get(address).headers["ETag"]
    assert other.get(address, headers={"If-None-Match": tag}).status_code == 304
    with engine.begin() as conn:
        put(conn, [lead(0, full_name="Somebody Else")])
    assert other.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_taken_back_it_is_worthless(app: Flask, client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    address = make(client)
    again = make(client)
    assert again == address  # the same wish twice is one address
    one = re.search(r'action="(/calendar/[^"]*/revoke)"', client.get("/follow-ups").text)
    assert one is not None
    stranger = sign_in(app, engine, "staff")
    with engine.begin() as conn:
        other = users.put_user(conn, "Vikram", "vikram@example.com", "staff")
        link = users.create_link(conn, other.user_id, app.extensions["bumuk_settings"].clock(), 15)
    del stranger
    theirs = app.test_client()
    page = theirs.get(f"/login/{link}").text
    theirs.post(f"/login/{link}", data={"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]})
    send(theirs, one[1], {}, "/follow-ups")
    assert app.test_client().get(address).status_code == 200  # another person cannot take it back
    client = sign_in(app, engine)
    send(client, one[1], {}, "/follow-ups")
    assert app.test_client().get(address).status_code == 404
    assert make(client) != address


def test_a_person_who_left_has_no_calendar(app: Flask, client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    address = make(client)
    with engine.begin() as conn:
        users.put_user(conn, "Neha Arora", "neha@example.com", "admin", active=False)
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("secret", ["x", "Ingi.AAAA", "%00", "IkYxIg.forged", "../../etc/passwd", "a" * 3000])
def test_a_made_up_address_opens_nothing(client: FlaskClient, book: Engine, secret: str) -> None:
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_an_address_needs_a_person_that_there_is(client: FlaskClient, book: Engine) -> None:
    send(client, "/calendar", {"person": "Nobody at all"}, "/follow-ups")
    page = client.get("/follow-ups").text
    assert "No address was made" in page
    assert "/revoke" not in page
