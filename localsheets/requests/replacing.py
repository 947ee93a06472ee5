"""The findReplace request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..a1 import Box
from ..entering import Write, enter
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid
from ..storage.rows import Row
from ..values import LONGEST_CELL
from .context import Context

Replaced = Callable[[str], tuple[str, int]]
LONGEST_PATTERN = 1_000
_PART = re.compile(r"\\(?P<escaped>.)|\$(?P<group>[0-9]{1,3})|(?P<plain>[^$\\]+)|(?P<wrong>.)", re.DOTALL)
# Google's engine takes linear time; Python's does not on a repeated group that itself repeats, so those are refused.
_EXPLOSIVE = re.compile(r"\((?:[^()\\]|\\.)*(?:[+*]|\{\d*,)(?:[^()\\]|\\.)*\)[+*{]")


@dataclass(slots=True)
class Counts:
    """What a find and replace changed."""

    values: int = 0
    formulas: int = 0
    occurrences: int = 0
    rows: set[tuple[int, int]] = field(default_factory=set)
    sheets: set[int] = field(default_factory=set)


def find_replace(context: Context, request: Json) -> Json:
    replaced = _replaced(request)
    counts = Counts()
    for grid, box in _scope(context, request):
        context.check_editable(grid, box)
        _replace(context, grid, box, replaced, request.get("includeFormulas", False), counts)
    found = {
        "valuesChanged": counts.values, "formulasChanged": counts.formulas, "rowsChanged": len(counts.rows),
        "sheetsChanged": len(counts.sheets), "occurrencesChanged": counts.occurrences,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _replaced(request: Json) -> Replaced:
    """What makes of a cell's text its new one, and says how often it has replaced something in it."""
    pattern, given = _pattern(request), request.get("replacement", "")
    new = _template(given, pattern.groups) if request.get("searchByRegex") else lambda _: given

    def once(text: str) -> tuple[str, int]:
        found = pattern.fullmatch(text)
        return (new(found), 1) if found else (text, 0)

    return once if request.get("matchEntireCell") else lambda text: pattern.subn(new, text)


def _pattern(request: Json) -> re.Pattern[str]:
    text = request.get("find", "")
    if not text or len(text) > LONGEST_PATTERN:
        raise bad_request("The find text must not be empty, nor longer than 1000 characters.")
    if not request.get("searchByRegex"):
        text = re.escape(text)
    elif _EXPLOSIVE.search(text):
        raise bad_request("A repeated group that repeats inside is not supported by this server's regular expressions.")
    try:
        return re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise bad_request(f"Invalid regular expression: {error}") from None


def _template(text: str, groups: int) -> Callable[[re.Match[str]], str]:
    """A replacement by the rules of Java, which Google's reference names: `$1` is a group, `$0` all that was found, a
    backslash makes a literal. ApiError 400 where it names no group."""
    parts: list[str | int] = []
    for found in _PART.finditer(text):
        digits, literal = found["group"], found["escaped"] or found["plain"]
        if literal is None and not (digits and int(digits[0]) <= groups):
            raise bad_request(f"Invalid replacement: {text}")
        if literal is not None:
            parts.append(literal)
            continue
        size = max(n for n in range(1, len(digits) + 1) if int(digits[:n]) <= groups)  # $12 is $1 and a 2, of one group
        parts += [int(digits[:size]), digits[size:]]
    return lambda found: "".join(part if isinstance(part, str) else found[part] or "" for part in parts)


def _scope(context: Context, request: Json) -> list[tuple[Grid, Box]]:
    chosen = [key for key in ("range", "sheetId", "allSheets") if key in request]
    if len(chosen) > 1:
        raise bad_request("Exactly one of range, sheetId and allSheets must be set.")
    if "range" in request:
        return [context.closed(request["range"])]
    grids = context.book.sheets if request.get("allSheets") else [context.book.sheet(request.get("sheetId", 0))]
    return [(grid, grid.closed(Box())) for grid in grids]


def _replace(context: Context, grid: Grid, box: Box, replaced: Replaced, formulas: bool, counts: Counts) -> None:
    assert box.bottom is not None
    slots = list(grid.slots[box.left : box.right])
    write = Write(context.account, context.at, context.journal, raw=False)

    def change(position: int, row: Row) -> None:
        for offset, slot in enumerate(slots):
            cell = row.get(slot)
            text = _text(cell, formulas)
            if text is None:
                continue
            made, times = replaced(text)
            if not times:
                continue
            if len(made) > LONGEST_CELL:
                raise bad_request("Your input contains more than the maximum of 50000 characters in a single cell.")
            if isinstance(cell, dict) and len(made) > 1 and made.startswith("="):
                row.put(slot, {"f": made})
            else:  # also a formula that has lost its sign
                enter(context.book, grid, row, position, box.left + offset, slot, made, write)
            if isinstance(cell, dict):
                counts.formulas += 1
            else:
                counts.values += 1
            counts.occurrences += times
            counts.rows.add((grid.key, position))
            counts.sheets.add(grid.key)

    grid.edit(box.top, box.bottom, change, context.journal, fill=False)


def _text(cell: Any, formulas: bool) -> str | None:
    if isinstance(cell, dict):
        found: str | None = cell.get("f") if formulas else None
        return found
    if cell == "" or isinstance(cell, bool):
        return None
    return str(cell)
