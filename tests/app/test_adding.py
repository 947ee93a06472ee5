from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.model import ChangeKind
from tests.app.book import lead, put
from tests.app.conftest import sign_in
from tests.app.test_lead_actions import pending, send
from tests.store.test_cycle_plans import noted

NEW = {"full_name": "Meera Nair", "phone_number": "98765 43210", "child_age": "", "notes": ""}


def test_name_and_phone_are_enough(client: FlaskClient, book: Engine) -> None:
    answer = send(client, "/leads/new", NEW, "/leads/new")
    assert answer.status_code == 303
    (change,) = pending(book)
    assert change.kind is ChangeKind.CREATE
    assert answer.location == f"/leads/{change.lead_id}"
    page = client.get(answer.location).text
    assert "Meera Nair" in page
    assert "Added · next follow-up 24-11-2026" in page
    assert "(987) 654-3210" in page


def test_sent_twice_it_is_there_once(client: FlaskClient, book: Engine) -> None:
    assert {send(client, "/leads/new", NEW, "/leads/new").status_code for _ in range(2)} == {303}
    assert len(pending(book)) == 1


def test_a_known_number_shows_the_family_before_anything_is_saved(client: FlaskClient, book: Engine) -> None:
    family = client.get("/leads/known?phone_number=981+555+0102").text
    assert "Farah Siddiqui" in family
    assert "Farah" not in client.get("/leads/known?phone_number=981").text
    assert client.get("/leads/known?phone_number=%00%F0").status_code == 200
    fields = NEW | {"phone_number": "+91 98155 50102"}
    answer = send(client, "/leads/new", fields, "/leads/new")
    assert answer.status_code == 409
    assert "Not added." in answer.text
    assert "in the book already: open the family, or tick the box" in answer.text
    assert " required" not in answer.text.split('id="family"')[1].split("</div>")[0], "a browser would not send it"
    assert "Farah Siddiqui" in answer.text
    assert 'value="Meera Nair"' in answer.text
    assert pending(book) == []
    assert send(client, "/leads/new", fields | {"force": "1"}, "/leads/new").status_code == 303
    assert len(pending(book)) == 1


def test_of_a_number_that_many_have_a_few_are_shown(api: FlaskClient, client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, phone_number="+911140001234") for n in range(60)])
    with noted(engine) as asked:
        assert client.get("/leads/known?phone_number=011+4000+1234").text.count("<li") == 20
    assert all("LIMIT" in sql for sql, _ in asked if "FROM contacts" in sql)
    answer = api.post("/api/v1/leads", json={"fields": {"full_name": "Asha", "phone_number": "011 4000 1234"}})
    assert answer.status_code == 409
    assert len(answer.get_json()["family"]) == 20


def test_what_cannot_be_is_said_beside_the_field(client: FlaskClient, book: Engine) -> None:
    answer = send(client, "/leads/new", NEW | {"child_age": "four"}, "/leads/new")
    assert answer.status_code == 422
    assert "f-child_age-error" in answer.text
    assert 'value="four"' in answer.text
    answer = send(client, "/leads/new", {"full_name": "Meera"}, "/leads/new")
    assert "f-phone_number-error" in answer.text
    assert pending(book) == []


def test_adding_is_undone_from_the_toast(client: FlaskClient, book: Engine) -> None:
    send(client, "/leads/new", NEW, "/leads/new")
    (change,) = pending(book)
    page = f"/leads/{change.lead_id}"
    answer = send(client, f"{page}/undo", {"change_id": change.change_id}, page)
    assert answer.location == "/leads"
    assert client.get(page).status_code == 404


def test_who_may_only_look_adds_nothing(app: Flask, book: Engine) -> None:
    viewer = sign_in(app, book, "viewer")
    assert viewer.get("/leads/new").status_code == 403
    assert send(viewer, "/leads/new", NEW, "/").status_code == 403
