"""Accounts and their key files: kept over restarts, replaced when they do not fit, never half written."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from localsheets import accounts


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    accounts.prepare(made)
    return made


def test_the_key_file_is_kept_and_its_address_follows(connection: sqlite3.Connection, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    email = accounts.default_account(connection, path, "http://127.0.0.1:1/token")
    first = json.loads(path.read_text())
    assert first["type"] == "service_account"
    assert first["client_email"] == email
    assert path.stat().st_mode & 0o777 == 0o600
    assert accounts.default_account(connection, path, "http://127.0.0.1:2/token") == email
    second = json.loads(path.read_text())
    assert second["token_uri"] == "http://127.0.0.1:2/token"
    assert second["private_key"] == first["private_key"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"client_email": "x@y", "private_key_id": "z"}', "\x00"])
def test_a_damaged_key_file_is_made_anew(connection: sqlite3.Connection, tmp_path: Path, content: str) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(content)
    email = accounts.default_account(connection, path, "http://127.0.0.1:1/token")
    made = json.loads(path.read_text())
    account = accounts.find(connection, email)
    assert account is not None
    assert account.key_id == made["private_key_id"]


def test_names_addresses_and_numbers(connection: sqlite3.Connection) -> None:
    assert accounts.email_for("asha") == "asha@bumuk-local.iam.gserviceaccount.com"
    assert accounts.email_for("a@example.org") == "a@example.org"
    assert accounts.permission_id("A@x.org") == accounts.permission_id("a@x.org") != accounts.permission_id("b@x.org")
    accounts.create(connection, "Asha@Example.org", "http://127.0.0.1:1/token")
    assert accounts.find(connection, "asha@example.org") is not None
    assert accounts.find(connection, "nobody@example.org") is None


def test_the_secret_is_made_once(connection: sqlite3.Connection) -> None:
    assert accounts.signing_secret(connection) == accounts.signing_secret(connection)
    assert len(accounts.signing_secret(connection)) == 32
