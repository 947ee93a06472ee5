"""The SQL that finds a query's words in the leads' texts: by index where one can help, else by reading through.

What is found never depends on the way: every word is checked against the text itself, FTS5 only says where to look.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, text
from sqlalchemy.sql.elements import TextClause

from store.schema import texts
from store.texts import Needle

GRAM = 3
"""Characters that an index entry has; shorter words cannot be looked up."""


def contains(dialect: str, needles: tuple[Needle, ...]) -> ColumnElement[bool]:
    """That a row of `texts` holds all of these words."""
    return and_(*(or_(*(_holds(dialect, form) for form in needle.forms)) for needle in needles))


def indexed(needles: tuple[Needle, ...]) -> TextClause | None:
    """On SQLite, the rowids of the texts that may hold these words; None where no word is long enough to look up."""
    asked = [needle for needle in needles if all(len(form) >= GRAM for form in needle.forms)]
    if not asked:
        return None
    match = " AND ".join("(" + " OR ".join(_phrase(form) for form in needle.forms) + ")" for needle in asked)
    return text("SELECT rowid FROM text_index WHERE text_index MATCH :fts").bindparams(fts=match)


def _holds(dialect: str, form: str) -> ColumnElement[bool]:
    if dialect == "sqlite":
        return func.instr(texts.c.haystack, form) > 0
    return texts.c.haystack.contains(form, autoescape=True)  # LIKE: what pg_trgm's index answers


def _phrase(form: str) -> str:
    return '"' + form.replace('"', '""') + '"'
