"""Canonical values as plain text and back: how Activity keeps what was and what became.

ISO dates and moments, E.164, TRUE and FALSE, blank for None; read back by the field's kind, so that an undo after the
loss of the database still knows a date from a word.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.fields import BY_NAME, Kind
from core.model import Value


def plain(value: Value) -> str:
    """The text of a canonical value; moments in UTC, to the second."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def from_plain(field: str, text: str) -> Value:
    """The value of a field from its plain text; the text itself where the field or the form is not known."""
    known = BY_NAME.get(field)
    if not text:
        return None
    try:
        return _read(known.kind, text) if known else text
    except ValueError:
        return text


def _read(kind: Kind, text: str) -> Value:
    if kind is Kind.DAY:
        return date.fromisoformat(text)
    if kind is Kind.MOMENT:
        return datetime.fromisoformat(text)
    if kind is Kind.WHOLE:
        return int(text)
    return {"TRUE": True, "FALSE": False}.get(text, text) if kind is Kind.FLAG else text
