"""The short update: in the table, on a page of its own, found by id, name or phone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store import mirror, outbox
from store.mirror import SheetLead
from tests.app.book import lead, put
from tests.app.conftest import csrf, sign_in

AT = "/leads/LTEST00002/quick"
HTMX = {"HX-Request": "true"}


def form(client: FlaskClient) -> dict[str, str]:
    """The fields of the form as a browser sends them."""
    page = client.get(AT).text.split("<main")[1]
    fields = dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r' name="(\w+)" type="text" value="([^"]*)"', page))
    for name in ("status", "priority", "assigned_to"):
        fields[name] = fields[f"was.{name}"]
    return fields | {"csrf_token": csrf(page)}


def pending(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as conn:
        return [
            {n: new for n, (_, new) in one.fields.items()} for one in outbox.pending(conn, 9) if one.change_id != "C9"
        ]


def test_fields_and_a_note_are_one_change(client: FlaskClient, book: Engine) -> None:
    answer = client.post(AT, data=form(client) | {"priority": "Low", "note": "Will bring Zoya"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/update")
    (made,) = pending(book)
    assert made["priority"] == "Low"
    assert str(made["notes"]).endswith("22-11-2026 Neha Arora: Will bring Zoya")
    assert "Saved" in client.get("/update").text


def test_in_the_table_the_row_comes_back_new(client: FlaskClient, book: Engine) -> None:
    row = client.get(AT, headers=HTMX).text
    assert row.lstrip().startswith("<tr")
    assert "<html" not in row
    told = client.post(AT, data=form(client) | {"status": "Member"}, headers=HTMX)
    assert told.status_code == 200
    assert 'id="row-LTEST00002" hx-swap-oob="true"' in told.text
    assert 'data-tone="member"' in told.text
    assert "saving…" in told.text
    assert "Undo" in told.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"next_follow_up": "31-02-2026"}, "is not a date"),
        ({"status": "Nonsense"}, "There is no status"),
        ({"assigned_to": "Stranger"}, "is nobody of the team"),
        ({"note": "x" * 50_001}, "shorten it"),
    ],
)
def test_what_cannot_be_saved_keeps_what_was_typed(
    client: FlaskClient, book: Engine, said: dict[str, str], told: str
) -> None:
    given = form(client) | {"note": "keep <me>"} | said
    for headers in (HTMX, {}):
        answer = client.post(AT, data=given, headers=headers)
        assert answer.status_code == 422
        assert told in answer.text
        assert said.get("note", "keep &lt;me&gt;") in answer.text
    assert pending(book) == []


def test_a_stale_form_overwrites_nobody(client: FlaskClient, book: Engine) -> None:
    """What others changed meanwhile stays, where this form did not touch it."""
    given = form(client) | {"priority": "Urgent"}
    with book.begin() as conn:
        put(conn, [lead(2, status="Member")], first_row=4)
    client.post(AT, data=given)
    (made,) = pending(book)
    assert made["priority"] == "Urgent"
    assert "status" not in made


def test_sent_twice_it_is_one_change_and_unchanged_it_is_none(client: FlaskClient, book: Engine) -> None:
    given = form(client) | {"note": "once"}
    for _ in range(2):
        client.post(AT, data=given)
    assert len(pending(book)) == 1
    client.post(AT, data=form(client))
    assert len(pending(book)) == 1
    assert "the lead says this already" in client.get("/update").text


def test_sent_again_after_the_lead_went_it_says_so(client: FlaskClient, book: Engine) -> None:
    given = form(client) | {"note": "once"}
    assert client.post(AT, data=given, headers=HTMX).status_code == 200
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00002"], "deleted")
    again = client.post(AT, data=given, headers=HTMX)
    assert (again.status_code, "There is no lead LTEST00002" in again.text) == (404, True)


def test_an_id_with_small_letters_leads_to_the_form_too(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        mirror.put_synced(conn, [SheetLead(replace(lead(2), lead_id="bl-7"), 700, "x")])
    assert client.get("/update?q=bl-7").headers["Location"] == "/leads/bl-7/quick"


def test_an_id_leads_to_the_form_and_a_name_to_a_choice(client: FlaskClient, book: Engine) -> None:
    assert client.get("/update?q= ltest00002 ").headers["Location"] == AT
    page = client.get("/update?q=farah").text
    assert page.count('/quick"') == 4
    assert "No lead matches" in client.get("/update?q=zzz").text
    assert client.get("/update?q=555-0102").text.count('/quick"') == 1


def test_unknown_leads_and_viewers(app: Flask, client: FlaskClient, book: Engine) -> None:
    assert client.get("/leads/LNOWHERE/quick").status_code == 404
    assert client.post("/leads/LNOWHERE/quick", data=form(client)).status_code == 404
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00002"], "deleted")
    assert client.get(AT).status_code == 404
    viewer = sign_in(app, book, "viewer")
    assert viewer.get("/leads/LTEST00001/quick").status_code == 403
    assert viewer.get("/update").status_code == 403
