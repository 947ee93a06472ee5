"""What a request says of other pages may be anything, and is at most no page of ours."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.addresses import parted
from store import outbox
from tests.app.test_lead_actions import FARAH, send

NONE = ("//[", "http://[", "http://a℀b/")


@pytest.mark.parametrize("address", NONE)
def test_what_is_no_address_has_no_parts(address: str) -> None:
    assert parted(address) == ("", "", "", "", "")


def test_an_address_has_its_parts() -> None:
    assert (parted("/leads?q=[x").path, parted("/leads?q=[x").query) == ("/leads", "q=[x")


@pytest.mark.parametrize("address", NONE)
def test_what_is_no_address_leads_to_a_page_of_ours(client: FlaskClient, book: Engine, address: str) -> None:
    assert send(client, f"{FARAH}/note", {"text": "x", "back": address}).location == "/"
    refused = send(client, f"{FARAH}/note", {"text": " ", "undo_back": address, "request": "r2"})
    assert (refused.status_code, "The note is empty." in refused.text) == (422, True)
    assert 'href="/leads">' in client.get(FARAH, headers={"Referer": address.encode("utf-8").decode("latin-1")}).text


def test_what_is_no_address_is_no_list(client: FlaskClient, book: Engine) -> None:
    with book.connect() as conn:
        before = outbox.pending_count(conn)
    assert send(client, "/leads/views", {"asked": "//[", "name": "x"}).location == "/leads"
    answer = send(client, "/leads/bulk", {"asked": "//[", "all": "1", "status": "Member"})
    assert answer.location == "/leads"
    with book.connect() as conn:
        assert outbox.pending_count(conn) == before
