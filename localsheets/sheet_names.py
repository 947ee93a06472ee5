"""What sheets are called in the evaluator: as here where it allows that, else by a name that it accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .book import Book

_NAME = re.compile(r"[^\[\]:*?/\\]{1,31}")


def sheet_names(book: Book) -> dict[int, str]:
    """The evaluator's name of each sheet by its key, in the sheets' order; no two are the same."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for i, grid in enumerate(book.sheets):
        name = grid.title if _NAME.fullmatch(grid.title) and not grid.title.startswith("'") else f"Sheet no {i}"
        while name.casefold() in taken:
            name = f"Sheet no {i} {len(taken)}"
        taken.add(name.casefold())
        names[grid.key] = name
    return names
