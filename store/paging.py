"""Keyset paging: a cursor names the last thing shown, so a page costs the same at any depth and survives changes.

A cursor is opaque to those who carry it and worth nothing to those who forge it: it holds only values that are bound
as parameters, and which list it belongs to. One that cannot be read, or is another list's, is a `BadCursor`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from store.values import storable

T = TypeVar("T")
Key: TypeAlias = tuple[str | int, ...]
MOST = 500
"""The most that one page gives."""
_LONGEST = 4_000


class BadCursor(ValueError):
    """A cursor that is not one of ours, or that belongs to another list or another order."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where the next page begins; None at the end."""

    items: tuple[T, ...]
    next_cursor: str | None


def page_size(limit: int) -> int:
    """The limit, within 1 and `MOST`."""
    return max(1, min(limit, MOST))


def cursor(kind: str, key: Key) -> str:
    """The cursor that stands after `key` in the list `kind`."""
    packed = json.dumps([_mark(kind), *key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def after(kind: str, given: str, shape: tuple[type, ...]) -> Key:
    """The key in a cursor of the list `kind`, whose parts are of the types of `shape`. Raises `BadCursor`."""
    try:
        if len(given) > _LONGEST:
            raise BadCursor("the cursor is too long")
        raw = json.loads(base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeError, ValueError, RecursionError) as error:
        raise BadCursor("the cursor cannot be read") from error
    if not isinstance(raw, list) or tuple(type(part) for part in raw) != (str, *shape):
        raise BadCursor("the cursor cannot be read")
    if raw[0] != _mark(kind):
        raise BadCursor("the cursor belongs to another list or another order")
    if any(abs(part) >= 2**63 if isinstance(part, int) else part != storable(part) for part in raw):
        raise BadCursor("the cursor cannot be read")
    return tuple(raw[1:])


def _mark(kind: str) -> str:
    return hashlib.blake2b(kind.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
