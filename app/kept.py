"""What was worked out at a revision of the book, for as long as the book stands still: in each web process, in memory.

The revision moves with every change of mirror, outbox, conflicts, issues, Settings, views and choices, in the same
transaction. So what was made of one picture of the book is true for the next request that sees the same revision.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, TypeVar, cast

from flask import Flask, current_app

from app.database import revision

T = TypeVar("T")

_KEPT: Final = "bumuk_kept"
_MOST = 300


def install(app: Flask) -> None:
    app.extensions[_KEPT] = (-1, {})


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, or gave under this key at this revision. `key` names all that it depends on but the book: the
    question, the day, who asks. What it gives is shared: nobody may change it."""
    now = revision()
    at, found = cast("tuple[int, dict[Hashable, object]]", current_app.extensions[_KEPT])
    if at != now or len(found) > _MOST:
        found = {}
        current_app.extensions[_KEPT] = (now, found)
    if key not in found:
        found[key] = make()  # two threads may both make it; they make the same
    return cast(T, found[key])
