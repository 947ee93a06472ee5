"""What a search looks through, and names, without joiners and other signs that nobody sees, and with letters that are
one sign in newer texts as older ones have them.

One pass over all texts, which writes only those that change.
"""

import re
import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_LETTERS = {
    0x0D7A: "\u0d23\u0d4d", 0x0D7B: "\u0d28\u0d4d", 0x0D7C: "\u0d30\u0d4d", 0x0D7D: "\u0d32\u0d4d",
    0x0D7E: "\u0d33\u0d4d", 0x0D7F: "\u0d15\u0d4d", 0x0D54: "\u0d2e\u0d4d", 0x0D55: "\u0d2f\u0d4d",
    0x0D56: "\u0d34\u0d4d", 0x09CE: "\u09a4\u09cd",
}  # fmt: skip
_GOES = re.compile(f"[{_UNSEEN}]")
_STALE = re.compile(f"[{_UNSEEN}{''.join(map(chr, _LETTERS))}]")
_PART = 5_000  # rows at once
_Row = tuple[int, str, str]  # pk, before, after


def upgrade() -> None:
    _each("texts", "haystack", _write_texts)
    _each("listed", "name", _write_names)


def _each(table: str, column: str, write: Callable[[sa.Connection, list[_Row]], None]) -> None:
    conn, last = op.get_bind(), -1
    part = sa.text(f"SELECT pk, {column} FROM {table} WHERE pk > :last ORDER BY pk LIMIT {_PART}")  # noqa: S608  # ours
    while rows := conn.execute(part, {"last": last}).all():
        last = rows[-1][0]
        if stale := [(pk, text, _fold(text)) for pk, text in rows if _STALE.search(text)]:
            write(conn, stale)


def _fold(text: str) -> str:
    lines = (" ".join(_GOES.sub("", line).translate(_LETTERS).split()) for line in text.split("\n"))
    return unicodedata.normalize("NFKC", "\n".join(line for line in lines if line))


def _write_texts(conn: sa.Connection, rows: list[_Row]) -> None:
    sqlite = conn.dialect.name == "sqlite"
    if sqlite:  # the index has to be told what it was given
        taken = "INSERT INTO text_index (text_index, rowid, haystack) VALUES ('delete', ?, ?)"
        conn.exec_driver_sql(taken, [(pk, before) for pk, before, _ in rows])
    conn.execute(sa.text("UPDATE texts SET haystack = :new WHERE pk = :pk"), _told(rows))
    if sqlite:
        put = "INSERT INTO text_index (rowid, haystack) VALUES (?, ?)"
        conn.exec_driver_sql(put, [(pk, after) for pk, _, after in rows])


def _write_names(conn: sa.Connection, rows: list[_Row]) -> None:
    conn.execute(sa.text("UPDATE listed SET name = :new WHERE pk = :pk"), _told(rows))


def _told(rows: list[_Row]) -> list[dict[str, int | str]]:
    return [{"pk": pk, "new": after} for pk, _, after in rows]
