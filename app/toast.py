"""What was just done, said once on the next page, with the way to take it back.

Carried in the session, so that it works as well without JavaScript: an action answers with a redirect, and the page
that follows says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, session

_KEY = "toast"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Toast:
    """`undo` is the address that takes it back ("" where there is none), `change_id` what it sends there, `back` the
    page that follows."""

    words: str
    undo: str = ""
    change_id: str = ""
    back: str = ""
    problem: bool = False


def say(toast: Toast) -> None:
    session[_KEY] = [toast.words[:_LONGEST], toast.undo, toast.change_id, toast.back, toast.problem]


def take() -> Toast | None:
    """The toast that waits, once."""
    found = session.pop(_KEY, None) if _KEY in session else None
    return Toast(*cast("tuple[str, str, str, str, bool]", found)) if found else None


def install(app: Flask) -> None:
    app.add_template_global(take, "waiting_toast")
