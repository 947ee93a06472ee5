from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine

from app.errors import Refused, fault_of
from app.factory import create_app
from store import counters
from tests.app.conftest import settings, sign_in
from tests.app.test_lead_actions import send


@pytest.fixture
def faulty(engine: Engine) -> Flask:
    app = create_app(settings(), engine)

    @app.get("/status/<int:status>")
    @app.get("/api/v1/status/<int:status>")
    def fail(status: int) -> str:
        abort(status)

    @app.get("/crash")
    @app.get("/api/v1/crash")
    def crash() -> str:
        raise RuntimeError("password hunter2 of +919815550100")

    return app


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 503])
def test_each_error_has_its_page_in_plain_words(faulty: Flask, status: int) -> None:
    answer = faulty.test_client().get(f"/status/{status}")
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert f"Error {status}" in answer.text
    assert "Traceback" not in answer.text


def test_the_api_says_it_in_json(faulty: Flask) -> None:
    for status in (400, 403, 404, 413, 429, 503):
        answer = faulty.test_client().get(f"/api/v1/status/{status}")
        assert answer.status_code == status
        assert set(answer.get_json()["error"]) == {"code", "message"}


@pytest.mark.parametrize("address", ["/crash", "/api/v1/crash"])
def test_a_crash_tells_nothing_away(faulty: Flask, address: str) -> None:
    answer = faulty.test_client().get(address)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "9815550100" not in answer.text


def test_a_database_that_is_away_is_said_so(tmp_path: Path) -> None:
    app = create_app(settings(), create_engine(f"sqlite:///{tmp_path}/no/such/folder/bumuk.db"))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "U1:key"
    answer = client.get("/leads")
    assert answer.status_code == 503
    assert "cannot reach its database" in answer.text


def test_a_large_request_is_refused(client: FlaskClient, engine: Engine) -> None:
    answer = client.post("/logout", data={"csrf_token": "x" * 3_000_000})
    assert answer.status_code == 413


def test_a_stale_form_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/logout", data={"csrf_token": "old"})
    assert answer.status_code == 400
    assert "Reload it" in answer.text


def test_an_unknown_exception_is_500() -> None:
    assert fault_of(KeyError("x")).status == 500


def test_a_lead_id_of_any_length(app: Flask, book: Engine) -> None:
    answer = sign_in(app, book).get("/leads/" + "L" * 5000 + "<script>")
    assert answer.status_code == 404
    assert len(answer.data) < 20_000
    assert "<script>" not in answer.text


def test_refused_carries_its_fault() -> None:
    from app.errors import bad_parameter

    with pytest.raises(Refused) as caught:
        raise bad_parameter("limit", "limit is a number")
    assert fault_of(caught.value).field == "limit"


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("/leads/LNOBODY/outcome", {"outcome": "Interested"}, 404),
        ("/leads/LTEST00002/outcome", {"outcome": "Nonsense"}, 400),
        ("/leads/LTEST00002/outcome", {"outcome": "Call later", "day": "31-02-2026"}, 422),
        ("/leads/LTEST00002/snooze", {"day": "1999-01-01"}, 422),
        ("/leads/LTEST00002/edit", {"status": "No such status", "was.status": "Interested"}, 422),
        ("/leads/LTEST00002/edit", {"next_follow_up": "soon", "was.next_follow_up": ""}, 422),
        ("/leads/LTEST00002/note", {"text": "x" * 60_000}, 422),
        ("/leads/LTEST00002/note", {"text": "x" * 3_000_000}, 413),
        ("/leads/LTEST00002/note", {"text": "kept", "csrf_token": "old"}, 400),
        ("/leads/new", {"full_name": "Asha", "phone_number": "98"}, 422),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    client: FlaskClient, book: Engine, address: str, fields: dict[str, str], status: int
) -> None:
    with book.connect() as conn:
        before = counters.revision(conn)
    answer = send(client, address, fields, "/leads/new")
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    with book.connect() as conn:
        assert counters.revision(conn) == before
