from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.factory import create_app
from app.settings import AppSettings
from store import users
from store.database import database_url, open_database
from tests.app.book import NOW, fill

SHEET = "http://127.0.0.1:9/spreadsheets/d/made-up/edit"


def settings(**changed: object) -> AppSettings:
    usual: dict[str, object] = {"secret_key": "only for tests", "sheet_url": SHEET, "clock": lambda: NOW}
    return AppSettings(**(usual | changed))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at head with nothing in it; copying it is ten times faster than making one."""
    folder = tmp_path_factory.mktemp("migrated")
    open_database(database_url(None, folder)).dispose()
    return folder / "bumuk.db"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a database with a working day's book in it; filling it takes longer than most tests do."""
    url = database_url(None, tmp_path_factory.mktemp("filled"))
    opened = open_database(url)
    fill(opened)
    opened.dispose()  # the last to leave puts all of it into the one file
    return Path(str(opened.url.database))


@pytest.fixture
def engine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database of the test's own: an empty one, or a full one for a test that asks for `book`."""
    shutil.copy(request.getfixturevalue("filled" if "book" in request.fixturenames else "migrated"), tmp_path)
    opened = open_database(database_url(None, tmp_path))
    yield opened
    opened.dispose()


@pytest.fixture
def app(engine: Engine) -> Flask:
    return create_app(settings(), engine)


@pytest.fixture
def book(engine: Engine) -> Engine:
    """The database with a working day's book in it (it began as a copy of `filled`)."""
    return engine


def login_link(engine: Engine, role: users.Role = "admin", minutes: float = 15, now: datetime = NOW) -> str:
    with engine.begin() as conn:
        user = users.put_user(conn, "Neha Arora", "neha@example.com", role)
        return "/login/" + users.create_link(conn, user.user_id, now, minutes)


def csrf(page: str) -> str:
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def sign_in(app: Flask, engine: Engine, role: users.Role = "admin", now: datetime = NOW) -> FlaskClient:
    client = app.test_client()
    link = login_link(engine, role, now=now)
    token = csrf(client.get(link).text)
    answer = client.post(link, data={"csrf_token": token})
    assert answer.status_code == 302, answer.text
    return client


@pytest.fixture
def client(app: Flask, engine: Engine) -> FlaskClient:
    return sign_in(app, engine)


@pytest.fixture
def api(app: Flask, engine: Engine) -> FlaskClient:
    return api_client(app, engine, "staff")


def api_client(app: Flask, engine: Engine, role: users.Role) -> FlaskClient:
    with engine.begin() as conn:
        _, secret = users.create_token(conn, "a test", role, NOW)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client
