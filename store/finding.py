"""The SQL that finds a query's words in the leads' texts: by index where one can help, else by reading through.

What is found never depends on the way. On SQLite a word of three characters or more is a phrase of trigrams, which is
exactly that word as a substring; shorter ones are looked for in the text itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.sql.elements import TextClause

from store.schema import texts
from store.texts import Needle

GRAM = 3
"""Characters that an index entry has; shorter words cannot be looked up."""


def contains(dialect: str, needles: tuple[Needle, ...]) -> ColumnElement[bool]:
    """That a row of `texts` holds all of these words."""
    return and_(*(or_(*(_holds(dialect, form) for form in needle.forms)) for needle in needles))


def pks(dialect: str, needles: tuple[Needle, ...]) -> Select[Any] | TextClause:
    """The numbers of the texts that hold all of these words, those that an index can tell first."""
    known = tuple(needle for needle in needles if _long(needle)) if dialect == "sqlite" else ()
    rest = tuple(needle for needle in needles if needle not in known)
    if known and not rest:
        return _matching(known)
    return _matching(known, rest) if known else select(texts.c.pk).where(contains(dialect, rest))


def _long(needle: Needle) -> bool:
    return all(len(form) >= GRAM for form in needle.forms)


def _matching(needles: tuple[Needle, ...], rest: tuple[Needle, ...] = ()) -> TextClause:
    """The texts that the index has for all these words, one after the other; each is looked into for the `rest`, so
    that who wants only the first few does not wait for all."""
    match = " AND ".join("(" + " OR ".join(_phrase(form) for form in needle.forms) + ")" for needle in needles)
    if not rest:
        return text("SELECT rowid AS pk FROM text_index WHERE text_index MATCH :fts").bindparams(fts=match)
    names = iter(range(sum(len(needle.forms) for needle in rest)))
    looks = (" OR ".join(f"instr(texts.haystack, :look{next(names)}) > 0" for _ in needle.forms) for needle in rest)
    both = "text_index CROSS JOIN texts ON texts.pk = text_index.rowid"
    sql = f"SELECT texts.pk AS pk FROM {both} WHERE text_index MATCH :fts AND ({') AND ('.join(looks)})"  # noqa: S608  # names of parameters only
    told = {f"look{n}": form for n, form in enumerate(form for needle in rest for form in needle.forms)}
    return text(sql).bindparams(fts=match, **told)


def _holds(dialect: str, form: str) -> ColumnElement[bool]:
    if dialect == "sqlite":
        return func.instr(texts.c.haystack, form) > 0
    return texts.c.haystack.contains(form, autoescape=True)  # LIKE: what pg_trgm's index answers


def _phrase(form: str) -> str:
    return '"' + form.replace('"', '""') + '"'
