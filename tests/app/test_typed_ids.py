"""Leads whose ids people typed: a register's number has slashes, others small letters."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store import mirror
from tests.app.book import lead, put
from tests.app.conftest import csrf

REGISTER = "BL/2024/017"


@pytest.fixture
def registered(book: Engine) -> Engine:
    with book.begin() as conn:
        put(conn, [lead(40, lead_id=REGISTER)], 700)
    return book


@pytest.mark.parametrize("address", ["BL/2024/017", "BL%2F2024%2F017"])
def test_a_lead_with_the_number_of_a_register_has_its_pages(
    client: FlaskClient, registered: Engine, address: str
) -> None:
    for page in ("", "/edit", "/quick"):
        assert client.get(f"/leads/{address}{page}").status_code == 200


def test_what_is_pressed_on_its_card_is_done_and_undone(client: FlaskClient, registered: Engine) -> None:
    page = client.get(f"/leads/{REGISTER}").text
    assert f'action="/leads/{REGISTER}/note"' in page
    sent = {"csrf_token": csrf(page), "text": "came by"}
    assert client.post(f"/leads/{REGISTER}/note", data=sent).status_code == 303
    assert "came by" in notes(registered)
    page = client.get(f"/leads/{REGISTER}").text
    change_id = page.split('name="change_id" value="', 1)[1].split('"', 1)[0]
    client.post(f"/leads/{REGISTER}/undo", data={"csrf_token": csrf(page), "change_id": change_id})
    assert "came by" not in notes(registered)


def test_the_api_knows_it_too(api: FlaskClient, registered: Engine) -> None:
    at = "/api/v1/leads/BL%2F2024%2F017"
    assert api.get(at).get_json()["lead"]["lead_id"] == REGISTER
    assert api.get(f"{at}/activity").status_code == 200
    assert api.patch(at, json={"changes": {"city": "Pune"}}).status_code == 202
    assert api.delete(at).status_code == 202


@pytest.mark.parametrize("address", ["/leads/new", "/leads/known?phone_number=1", "/leads/export.csv"])
def test_other_pages_below_leads_stay_themselves(client: FlaskClient, registered: Engine, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/leads/no/such", "/leads/no/such/edit", "/api/v1/leads/no/such"])
def test_an_id_that_there_is_not_is_not_found(client: FlaskClient, api: FlaskClient, address: str) -> None:
    assert (api if address.startswith("/api") else client).get(address).status_code == 404


def notes(engine: Engine) -> str:
    with engine.connect() as conn:
        found = mirror.lead(conn, REGISTER)
    assert found is not None
    return found.notes or ""
