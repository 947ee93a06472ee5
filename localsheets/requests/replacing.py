"""The findReplace request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..a1 import Box
from ..entering import Write, enter
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid
from ..storage.rows import Row
from .context import Context

LONGEST_PATTERN = 1_000
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
    pattern = _pattern(request)
    replacement = request.get("replacement", "")
    if not request.get("searchByRegex"):
        replacement = replacement.replace("\\", "\\\\")
    else:
        replacement = re.sub(r"\$(\d)", r"\\\1", replacement)
    counts = Counts()
    for grid, box in _scope(context, request):
        context.check_editable(grid, box)
        _replace(context, grid, box, pattern, replacement, request.get("includeFormulas", False), counts)
    found = {
        "valuesChanged": counts.values, "formulasChanged": counts.formulas, "rowsChanged": len(counts.rows),
        "sheetsChanged": len(counts.sheets), "occurrencesChanged": counts.occurrences,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _pattern(request: Json) -> re.Pattern[str]:
    text = request.get("find", "")
    if not text or len(text) > LONGEST_PATTERN:
        raise bad_request("The find text must not be empty, nor longer than 1000 characters.")
    if not request.get("searchByRegex"):
        text = re.escape(text)
    elif _EXPLOSIVE.search(text):
        raise bad_request("A repeated group that repeats inside is not supported by this server's regular expressions.")
    if request.get("matchEntireCell"):
        text = rf"\A(?:{text})\Z"
    try:
        return re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise bad_request(f"Invalid regular expression: {error}") from None


def _scope(context: Context, request: Json) -> list[tuple[Grid, Box]]:
    chosen = [key for key in ("range", "sheetId", "allSheets") if key in request]
    if len(chosen) > 1:
        raise bad_request("Exactly one of range, sheetId and allSheets must be set.")
    if "range" in request:
        return [context.closed(request["range"])]
    grids = context.book.sheets if request.get("allSheets") else [context.book.sheet(request.get("sheetId", 0))]
    return [(grid, grid.closed(Box())) for grid in grids]


def _replace(
    context: Context, grid: Grid, box: Box, pattern: re.Pattern[str], new: str, formulas: bool, counts: Counts
) -> None:
    assert box.bottom is not None
    slots = list(grid.slots[box.left : box.right])
    write = Write(context.account, context.at, context.journal, raw=False)

    def change(position: int, row: Row) -> None:
        for offset, slot in enumerate(slots):
            cell = row.get(slot)
            text = _text(cell, formulas)
            if text is None:
                continue
            made, times = pattern.subn(new, text)
            if not times:
                continue
            if isinstance(cell, dict):
                row.put(slot, {"f": made})
                counts.formulas += 1
            else:
                enter(context.book, grid, row, position, box.left + offset, slot, made, write)
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
