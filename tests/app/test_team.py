from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store import mirror
from tests.app.book import NOW, TODAY, fill, lead, put
from tests.app.conftest import sign_in
from tests.app.test_lead_actions import send
from tests.app.test_matters import rename


def holders(engine: Engine) -> dict[str, str]:
    with engine.connect() as conn:
        return {one.lead_id: one.assigned_to or "" for one in mirror.every_lead(conn)}


def loads(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        return mirror.person_loads(conn)


def take_back(client: FlaskClient, request: str) -> None:
    page = client.get("/team").text
    change = re.search(r'name="change_id" value="(.*?)"', page)
    assert change is not None
    assert send(client, "/team/undo", {"change_id": change[1], "request": request}, "/team").status_code == 303


def test_each_persons_load_and_discipline(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/team").text))
    assert "Neha admin 4 open leads Overdue 1 25 % Due today 2 Contacted in 7 days 6" in page
    assert "Vikram staff 4 open leads Overdue 1 25 % Due today 1 Contacted in 7 days 3" in page
    assert "Farah staff 0 open leads Overdue None" in page


def test_by_hand_and_back(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    before = holders(engine)
    answer = send(client, "/team/assign", {"giver": "Neha", "which": "open", "taker": "Vikram"}, "/team")
    assert answer.status_code == 303
    assert loads(engine) == {"Vikram": 8}
    assert "4 leads given to Vikram" in client.get("/team").text
    send(client, "/team/assign", {"giver": "Vikram", "which": "overdue", "taker": "Neha"}, "/team")
    assert loads(engine) == {"Vikram": 6, "Neha": 2}
    take_back(client, "r2")
    assert loads(engine) == {"Vikram": 8}
    assert holders(engine) != before


def test_evenly_over_the_others(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    send(client, "/team/assign", {"giver": "Neha", "which": "open", "taker": "(evenly)"}, "/team")
    assert loads(engine) == {"Vikram": 4, "Farah": 4}  # Farah had none


def test_who_is_with_nobody_is_given_away(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, assigned_to=None, status="New Lead", last_contacted=None) for n in range(9)])
    assert "9 open leads are with nobody" in client.get("/team").text
    send(client, "/team/assign", {"giver": "(nobody)", "which": "new", "taker": "(evenly)"}, "/team")
    assert loads(engine) == {"Neha": 3, "Vikram": 3, "Farah": 3}


def test_evening_out_moves_few_and_leaves_todays_calls(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        days = [TODAY + timedelta(days=n) for n in range(6)]
        put(conn, [lead(n, assigned_to="Neha", status="Interested", next_follow_up=day) for n, day in enumerate(days)])
    assert "Even out, move 4" in client.get("/team").text
    send(client, "/team/even-out", {}, "/team")
    assert loads(engine) == {"Neha": 2, "Vikram": 2, "Farah": 2}
    assert [holders(engine)[f"LTEST0000{n}"] for n in (0, 1)] == ["Neha", "Neha"]
    take_back(client, "r3")
    assert loads(engine) == {"Neha": 6}
    send(client, "/team/even-out", {"request": "other"}, "/team")
    send(client, "/team/even-out", {"request": "more"}, "/team")
    assert "Nothing to even out" in client.get("/team").text


def test_the_same_form_twice_moves_once(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    fields = {"giver": "Neha", "which": "open", "taker": "(evenly)", "request": "same"}
    for _ in range(2):
        send(client, "/team/assign", fields, "/team")
    assert loads(engine) == {"Vikram": 4, "Farah": 4}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"giver": "Neha", "taker": "Neha", "which": "open"},
        {"giver": "Neha", "taker": "Nobody", "which": "open"},
        {"giver": "Neha", "taker": "Vikram", "which": "nonsense"},
        {"giver": "", "taker": "Vikram", "which": "open"},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    client: FlaskClient, engine: Engine, fields: dict[str, str]
) -> None:
    fill(engine, 10)
    before = holders(engine)
    answer = send(client, "/team/assign", fields, "/team")
    assert answer.status_code == 422
    assert "Nothing was moved." in answer.text
    assert holders(engine) == before


def test_a_viewer_looks_only(app: Flask, engine: Engine) -> None:
    fill(engine, 10)
    viewer = sign_in(app, engine, "viewer")
    assert "Hand over" not in viewer.get("/team").text
    assert send(viewer, "/team/even-out", {}, "/dashboard").status_code == 403


def test_members_stay_members_when_their_status_is_renamed(client: FlaskClient, engine: Engine) -> None:
    """Their leads say the old word until somebody lets them follow: nobody calls them as open leads meanwhile."""
    with engine.begin() as conn:
        put(conn, [lead(n, status="Member", assigned_to="Neha" if n else "") for n in range(3)])
        put(conn, [lead(3, assigned_to="")], 9)
    rename(engine, "Member", "With us")
    assert loads(engine) == {}
    assert "Nobody yet (1 open)" in client.get("/team").text
    send(client, "/team/assign", {"giver": "(nobody)", "taker": "Vikram", "which": "open"}, "/team")
    assert list(holders(engine).values()) == ["", "Neha", "Neha", "Vikram"]


def test_contacts_older_than_a_week_do_not_count(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, last_contacted=NOW - timedelta(days=8))])
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/team").text))
    assert "Neha admin 1 open leads Overdue 1 100 % Due today 0 Contacted in 7 days 0" in page


def test_hostile_names(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, assigned_to='"><script>alert(1)</script>')])
    assert "<script>alert" not in client.get("/team").text
