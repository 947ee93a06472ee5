"""The tables of the data file and how it is opened: WAL, and a commit returns only when the disk has it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS spreadsheet (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc BLOB NOT NULL,
    version INTEGER NOT NULL, modified REAL NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sheet (
    key INTEGER PRIMARY KEY AUTOINCREMENT, spreadsheet INTEGER NOT NULL, doc BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS sheet_of ON sheet (spreadsheet);
CREATE TABLE IF NOT EXISTS block (
    sheet INTEGER NOT NULL, ord INTEGER NOT NULL, ids BLOB NOT NULL, every TEXT, some TEXT, PRIMARY KEY (sheet, ord));
CREATE TABLE IF NOT EXISTS cells (
    id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, cells BLOB NOT NULL, extra BLOB);
CREATE INDEX IF NOT EXISTS row_with_formula ON cells (id) WHERE kind = 2;
CREATE INDEX IF NOT EXISTS row_with_extra ON cells (id) WHERE extra IS NOT NULL;
CREATE TABLE IF NOT EXISTS format (id INTEGER PRIMARY KEY, doc TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, spreadsheet INTEGER NOT NULL, request_id TEXT NOT NULL, account TEXT NOT NULL,
    at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS request_of ON request (spreadsheet, at);
CREATE TABLE IF NOT EXISTS history (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL, sheet_id INTEGER NOT NULL, row INTEGER NOT NULL,
    record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS history_of ON history (request);
CREATE TABLE IF NOT EXISTS engine_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
SCHEMA_VERSION = 1


def connect(path: Path) -> sqlite3.Connection:
    """The one connection to the data file, in autocommit: transactions are begun by name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = WAL")
    # An answered request survives the machine, not only the process.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -32768")
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA_VERSION:
        raise RuntimeError(f"{path} was written by a newer version (schema {found}, known {SCHEMA_VERSION})")
    connection.executescript(TABLES)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return connection


def reading(path: Path) -> sqlite3.Connection:
    """A connection that can only read, beside the one that writes: it sees what is committed."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cache_size = -16384")
    connection.execute("PRAGMA busy_timeout = 10000")
    return connection
