from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, create_engine

from app.factory import create_app
from store import state
from tests.app.book import NOW
from tests.app.conftest import settings


def numbers(page: str) -> dict[str, float]:
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_alive_without_sign_in(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_ready_after_a_good_sync(app: Flask, book: Engine) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["last_good_sync"] == NOW.isoformat()


def test_not_ready_before_the_first_sync(app: Flask) -> None:
    assert app.test_client().get("/readyz").status_code == 503


def test_not_ready_when_the_sync_stands_still(app: Flask, engine: Engine) -> None:
    with engine.begin() as conn:
        state.write_status(conn, state.SyncStatus(last_good_at=NOW - timedelta(minutes=6)))
    assert app.test_client().get("/readyz").status_code == 503


def test_alive_but_not_ready_without_a_database(tmp_path: Path) -> None:
    away = create_engine(f"sqlite:///{tmp_path}/no/such/folder/bumuk.db")
    client = create_app(settings(), away).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "away"


def test_metrics_are_the_books(api: FlaskClient, book: Engine) -> None:
    told = numbers(api.get("/metrics").text)
    assert told["bumuk_leads"] == 38
    assert told["bumuk_pending_changes"] == 1
    assert told["bumuk_conflicts"] == 1
    assert told["bumuk_attention"] == 2
    assert told["bumuk_leads_by_statusMember"] == 4
    assert told["bumuk_last_good_sync_timestamp_seconds"] == NOW.timestamp()


def test_two_processes_tell_the_same(app: Flask, api: FlaskClient, book: Engine) -> None:
    other = create_app(settings(), book).test_client()
    other.environ_base["HTTP_AUTHORIZATION"] = api.environ_base["HTTP_AUTHORIZATION"]
    assert numbers(api.get("/metrics").text) == numbers(other.get("/metrics").text)


def test_metrics_need_a_token_or_a_session(app: Flask, client: FlaskClient, book: Engine) -> None:
    assert app.test_client().get("/metrics").status_code == 401
    assert client.get("/metrics").status_code == 200
