"""What Drive knows of a file beside its cells: owner, times, folder, bin, and who may read or write it.

Tables of its own in the engine's SQLite file, so one file holds all. A spreadsheet's name is the engine's; folders are
named here. Every function runs in the engine's thread and, where it writes, inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from .accounts import permission_id

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
RANKS = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}
SCHEMA = """
CREATE TABLE IF NOT EXISTS edge_files (
  id TEXT PRIMARY KEY, mime TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL, created REAL NOT NULL,
  modified REAL NOT NULL, changes INTEGER NOT NULL DEFAULT 0, trashed INTEGER NOT NULL DEFAULT 0,
  starred INTEGER NOT NULL DEFAULT 0, parent TEXT NOT NULL, description TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edge_permissions (
  file_id TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL,
  domain TEXT NOT NULL, discoverable INTEGER NOT NULL, pending INTEGER NOT NULL, PRIMARY KEY (file_id, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edge_properties (
  file_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (file_id, kind, key)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class File:
    """One file or folder. Times are unix seconds; `changes` counts edits of these facts, not of cells."""

    id: str
    mime: str
    name: str
    owner: str
    created: float
    modified: float
    changes: int
    trashed: bool
    starred: bool
    parent: str
    description: str


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of a file's sharing. `type`: user, group, domain or anyone; `role` is a key of RANKS.

    `pending`: the owner has offered this user the ownership.
    """

    id: str
    type: str
    role: str
    email: str = ""
    domain: str = ""
    discoverable: bool = False
    pending: bool = False


def root_of(account: str) -> str:
    """The id of an account's My Drive."""
    return f"0A{permission_id(account)[:15]}PVA"


def prepare(connection: sqlite3.Connection) -> None:
    """Makes Drive's tables where they are missing."""
    connection.executescript(SCHEMA)


def _file(row: tuple[object, ...]) -> File:
    made = File(*row)  # type: ignore[arg-type]  # the columns are the fields, in order
    return File(
        made.id, made.mime, made.name, made.owner, made.created, made.modified, made.changes, bool(made.trashed),
        bool(made.starred), made.parent, made.description,
    )  # fmt: skip


def find(connection: sqlite3.Connection, file_id: str) -> File | None:
    """The file with this id."""
    row = connection.execute("SELECT * FROM edge_files WHERE id = ?", (file_id,)).fetchone()
    return _file(row) if row else None


def add(connection: sqlite3.Connection, file: File) -> None:
    """A new file with its owner's permission."""
    connection.execute(
        "INSERT INTO edge_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (file.id, file.mime, file.name, file.owner, file.created, file.modified, file.changes, file.trashed,
         file.starred, file.parent, file.description),
    )  # fmt: skip
    _put(connection, file.id, Permission(permission_id(file.owner), "user", "owner", file.owner))


def new_file(file_id: str, mime: str, name: str, owner: str, at: float, parent: str | None = None) -> File:
    """The facts of a file that is being made now; without a parent it lies in the owner's My Drive."""
    return File(file_id, mime, name, owner, at, at, 0, False, False, parent or root_of(owner), "")


def save(connection: sqlite3.Connection, file: File) -> None:
    """Writes changed facts; `changes` goes up by one."""
    connection.execute(
        "UPDATE edge_files SET name = ?, owner = ?, modified = ?, changes = changes + 1, trashed = ?, starred = ?,"
        " parent = ?, description = ? WHERE id = ?",
        (file.name, file.owner, file.modified, file.trashed, file.starred, file.parent, file.description, file.id),
    )


def remove(connection: sqlite3.Connection, file_id: str) -> None:
    """Forgets a file and its sharing."""
    connection.execute("DELETE FROM edge_files WHERE id = ?", (file_id,))
    connection.execute("DELETE FROM edge_permissions WHERE file_id = ?", (file_id,))
    connection.execute("DELETE FROM edge_properties WHERE file_id = ?", (file_id,))


def properties(connection: sqlite3.Connection, file_id: str) -> dict[str, dict[str, str]]:
    """What clients have written beside a file: by `properties` and `appProperties`, by key."""
    found: dict[str, dict[str, str]] = {}
    query = "SELECT kind, key, value FROM edge_properties WHERE file_id = ?"
    for kind, key, value in connection.execute(query, (file_id,)):
        found.setdefault(kind, {})[key] = value
    return found


def put_properties(connection: sqlite3.Connection, file_id: str, kind: str, given: Mapping[str, str | None]) -> None:
    """Adds and replaces some of one kind; None takes a key away."""
    for key, value in given.items():
        connection.execute("DELETE FROM edge_properties WHERE (file_id, kind, key) = (?, ?, ?)", (file_id, kind, key))
        if value is not None:
            connection.execute("INSERT INTO edge_properties VALUES (?, ?, ?, ?)", (file_id, kind, key, value))
    connection.execute("UPDATE edge_files SET changes = changes + 1 WHERE id = ?", (file_id,))


def permissions(connection: sqlite3.Connection, file_id: str) -> list[Permission]:
    """A file's sharing, the owner first."""
    rows = connection.execute(
        "SELECT id, type, role, email, domain, discoverable, pending FROM edge_permissions WHERE file_id = ?",
        (file_id,),
    )
    found = [Permission(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6])) for row in rows]
    return sorted(found, key=lambda one: (-RANKS[one.role], one.email))


def _put(connection: sqlite3.Connection, file_id: str, one: Permission) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO edge_permissions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (file_id, one.id, one.type, one.role, one.email.lower(), one.domain, one.discoverable, one.pending),
    )


def share(connection: sqlite3.Connection, file_id: str, one: Permission) -> None:
    """Adds or replaces one permission; a new owner makes the old one a writer."""
    if one.role == "owner":
        connection.execute(
            "UPDATE edge_permissions SET role = 'writer' WHERE file_id = ? AND role = 'owner'", (file_id,)
        )
        connection.execute("UPDATE edge_files SET owner = ? WHERE id = ?", (one.email.lower(), file_id))
    _put(connection, file_id, one)
    connection.execute("UPDATE edge_files SET changes = changes + 1 WHERE id = ?", (file_id,))


def unshare(connection: sqlite3.Connection, file_id: str, permission: str) -> None:
    """Takes one permission away."""
    connection.execute("DELETE FROM edge_permissions WHERE file_id = ? AND id = ?", (file_id, permission))
    connection.execute("UPDATE edge_files SET changes = changes + 1 WHERE id = ?", (file_id,))


def role_of(connection: sqlite3.Connection, file_id: str, account: str) -> str | None:
    """The best role that an account has on a file ("" is someone without an account), or None."""
    domain = account.partition("@")[2]
    rows = connection.execute(
        "SELECT role FROM edge_permissions WHERE file_id = ? AND (type = 'anyone' OR (? != '' AND email = ?)"
        " OR (? != '' AND type = 'domain' AND domain = ?))",
        (file_id, account, account.lower(), domain, domain),
    )
    return max((row[0] for row in rows), key=RANKS.__getitem__, default=None)


def seen_by(connection: sqlite3.Connection, account: str) -> list[File]:
    """The files that an account owns or that are shared with it by address or domain, newest first."""
    rows = connection.execute(
        "SELECT f.* FROM edge_files f WHERE EXISTS (SELECT 1 FROM edge_permissions p WHERE p.file_id = f.id AND"
        " (p.email = ? OR (p.type = 'domain' AND p.domain = ? AND p.discoverable) OR (p.type = 'anyone' AND"
        " p.discoverable))) ORDER BY f.modified DESC",
        (account.lower(), account.partition("@")[2]),
    )
    return [_file(row) for row in rows]


def count(connection: sqlite3.Connection) -> int:
    """How many files and folders there are."""
    return int(connection.execute("SELECT count(*) FROM edge_files").fetchone()[0])


def inside(connection: sqlite3.Connection, folder: str) -> list[File]:
    """All files below a folder, at any depth."""
    rows = connection.execute(
        "WITH RECURSIVE below(id) AS (SELECT id FROM edge_files WHERE parent = ? UNION"
        " SELECT f.id FROM edge_files f JOIN below ON f.parent = below.id)"
        " SELECT f.* FROM edge_files f JOIN below ON f.id = below.id",
        (folder,),
    )
    return [_file(row) for row in rows]
