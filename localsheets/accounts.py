"""Who may sign in: accounts with an RSA key each, and the key file that Google's client libraries read.

Kept in the server's SQLite file; private keys are only in the key files. The first account owns what the page makes and
is the one whose file is `credentials.json`.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROJECT = "bumuk-local"
DEFAULT_NAME = "sheets"
KEY_BITS = 2048
SCHEMA = """
CREATE TABLE IF NOT EXISTS edge_accounts (
  email TEXT PRIMARY KEY, key_id TEXT NOT NULL, public_key BLOB NOT NULL, client_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edge_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its address, the id of its key, the public key (PEM) and its numeric client id."""

    email: str
    key_id: str
    public_key: bytes
    client_id: str


def email_for(name: str) -> str:
    """The service-account address for a short name; an address stays as it is."""
    return name if "@" in name else f"{name}@{PROJECT}.iam.gserviceaccount.com"


def permission_id(email: str) -> str:
    """The number by which Drive knows an account in permission lists; the same for the same address."""
    return f"{int.from_bytes(hashlib.blake2b(email.lower().encode(), digest_size=8).digest()):020d}"


def prepare(connection: sqlite3.Connection) -> None:
    """Makes the account tables where they are missing."""
    connection.executescript(SCHEMA)


def signing_secret(connection: sqlite3.Connection) -> bytes:
    """The secret under access tokens; made once, so tokens outlive a restart."""
    connection.execute("INSERT OR IGNORE INTO edge_settings VALUES ('secret', ?)", (secrets.token_hex(32),))
    row = connection.execute("SELECT value FROM edge_settings WHERE name = 'secret'").fetchone()
    return bytes.fromhex(row[0])


def find(connection: sqlite3.Connection, email: str) -> Account | None:
    """The account with this address."""
    row = connection.execute("SELECT * FROM edge_accounts WHERE email = ?", (email.lower(),)).fetchone()
    return Account(*row) if row else None


def emails(connection: sqlite3.Connection) -> list[str]:
    """The addresses of all accounts that have a key, in order."""
    return [str(row[0]) for row in connection.execute("SELECT email FROM edge_accounts ORDER BY email")]


def create(connection: sqlite3.Connection, name: str, token_uri: str) -> dict[str, str]:
    """A new key for the account `name`, made if needed; returns the key file's content (the only copy of the key)."""
    email = email_for(name).lower()
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    account = Account(email, secrets.token_hex(20), public, str(secrets.randbelow(10**20) + 10**20))
    connection.execute(
        "INSERT OR REPLACE INTO edge_accounts VALUES (?, ?, ?, ?)",
        (account.email, account.key_id, account.public_key, account.client_id),
    )
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": account.key_id,
        "private_key": private,
        "client_email": email,
        "client_id": account.client_id,
        "auth_uri": token_uri.removesuffix("/token") + "/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }


def _kept_key(connection: sqlite3.Connection, path: Path) -> dict[str, str] | None:
    """The key file of an earlier start, if it still is that of a known account."""
    try:
        kept = json.loads(path.read_text())
        account = find(connection, str(kept["client_email"]))
        return kept if account and account.key_id == kept["private_key_id"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_key_file(path: Path, content: dict[str, str]) -> None:
    """Replaces the file in one step, readable by its owner alone."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    part.replace(path)


def default_account(connection: sqlite3.Connection, path: Path, token_uri: str) -> str:
    """The first account's address; its key file is kept from the last start, with the present token_uri in it."""
    content = _kept_key(connection, path)
    if content is None:
        content = create(connection, DEFAULT_NAME, token_uri)
    write_key_file(
        path, {**content, "token_uri": token_uri, "auth_uri": token_uri.removesuffix("/token") + "/o/oauth2/auth"}
    )
    return content["client_email"]
