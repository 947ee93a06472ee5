"""An old page, pressed again: what it did stands once, and what was undone since is not told as done."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store import mirror, outbox
from tests.app.conftest import csrf

FARAH = "/leads/LTEST00002"
TICKED = ["LTEST00001", "LTEST00006"]
NEW = {"full_name": "Meera Nair", "phone_number": "98765 43210"}


def waiting(engine: Engine) -> int:
    with engine.connect() as conn:
        return outbox.pending_count(conn)


def undo_from_the_toast(client: FlaskClient, page: str) -> None:
    toast = client.get(page).text.split('id="toast"')[1]
    address = re.search(r'action="([^"]+/undo)"', toast)
    change = re.search(r'name="change_id" value="([^"]*)"', toast)
    assert address
    assert change
    client.post(address[1], data={"csrf_token": csrf(toast), "request": "u", "change_id": change[1]})
    assert "Undone" in client.get("/leads").text


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (f"{FARAH}/outcome", {"outcome": "Joined"}),
        (f"{FARAH}/note", {"text": "rang twice"}),
        (f"{FARAH}/quick", {"status": "Member", "was.status": "Interested"}),
        ("/leads/new", NEW),
    ],
)
def test_what_was_undone_since_is_not_told_as_done(
    client: FlaskClient, book: Engine, address: str, fields: dict[str, str]
) -> None:
    kept = {"csrf_token": csrf(client.get(FARAH).text), "request": "r1", "back": "/leads"} | fields
    first = client.post(address, data=kept)
    assert first.status_code == 303
    undo_from_the_toast(client, str(first.location))
    before = waiting(book)
    again = client.post(address, data=kept)
    assert again.status_code == 409
    assert "This was undone since. Press it once more to do it again." in again.text
    assert waiting(book) == before
    assert client.post(address, data=kept | {"request": "of the page that says so"}).status_code == 303
    assert waiting(book) == before + 1


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/leads/bulk", {"lead": TICKED, "status": "Member"}),
        ("/team/assign", {"giver": "Neha", "taker": "(evenly)", "which": "open"}),
    ],
)
def test_what_was_undone_on_many_since_is_not_told_as_done(
    client: FlaskClient, book: Engine, address: str, fields: dict[str, object]
) -> None:
    kept = {"csrf_token": csrf(client.get("/leads").text), "request": "r1", "back": "/leads"} | fields
    client.post(address, data=kept)
    undo_from_the_toast(client, "/leads")
    before = waiting(book)
    client.post(address, data=kept)
    assert "This was undone since." in client.get("/leads").text
    assert waiting(book) == before
    client.post(address, data=kept | {"request": "of the page that says so"})
    assert waiting(book) > before


def test_what_was_undone_and_done_again_is_told_as_done(client: FlaskClient, book: Engine) -> None:
    kept = {"csrf_token": csrf(client.get(FARAH).text), "request": "r1", "outcome": "Joined"}
    client.post(f"{FARAH}/outcome", data=kept)
    undo_from_the_toast(client, FARAH)
    with book.connect() as conn:
        undone = outbox.pending(conn, 100)[-1]
    token = kept["csrf_token"]
    client.post(f"{FARAH}/undo", data={"csrf_token": token, "request": "r2", "change_id": undone.change_id})
    before = waiting(book)
    assert client.post(f"{FARAH}/outcome", data=kept).status_code == 303
    assert "Marked Joined" in client.get(FARAH).text
    assert waiting(book) == before
    with book.connect() as conn:
        lead = mirror.lead(conn, "LTEST00002")
        assert lead
        assert lead.status == "Member"


def test_a_key_of_the_api_is_answered_with_the_same_change_also_when_it_was_undone(
    api: FlaskClient, book: Engine
) -> None:
    body = {"changes": {"city": "Noida"}, "request": "k"}
    first = api.patch(f"/api/v1{FARAH}", json=body).get_json()
    api.post(f"/api/v1/changes/{first['change_id']}/undo")
    again = api.patch(f"/api/v1{FARAH}", json=body)
    assert (again.status_code, again.get_json()["change_id"]) == (202, first["change_id"])
    assert again.get_json()["lead"]["city"] == "Delhi"
