"""References inside formulas: found, and rewritten when rows and columns move or a formula is copied elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import a1, follow
from .follow import Shift

REFERENCE = re.compile(
    r"(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<sheet>(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?"
    r"(?P<cells>\$?[A-Za-z]{1,3}\$?\d+(?::(?:\$?[A-Za-z]{1,3}(?:\$?\d+)?|\$?\d+)(?![\w(.!]))?"
    r"|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?:\$?\d+)?|\$?\d+:\$?\d+)"
    r"(?![\w(.!])"
    r"|(?P<word>[A-Za-z_][\w.]*|\d+\.?\d*(?:[eE][+-]?\d+)?)"
)
_CORNER = re.compile(r"(\$?)([A-Za-z]*)(\$?)(\d*)$")


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner of a reference: `column` and `row` zero-based or None, each pinned by `$` or not."""

    column: int | None
    row: int | None
    column_pinned: bool
    row_pinned: bool

    def text(self) -> str:
        column = "" if self.column is None else ("$" if self.column_pinned else "") + a1.letters(self.column)
        row = "" if self.row is None else ("$" if self.row_pinned else "") + str(self.row + 1)
        return column + row


@dataclass(frozen=True, slots=True)
class Relocation:
    """Where cut cells went: the sheet's title, and how many rows and columns on."""

    title: str
    down: int
    right: int


def _corner(text: str) -> Corner:
    first, column, second, row = _CORNER.fullmatch(text).groups()  # type: ignore[union-attr]  # REFERENCE matched it
    pinned_row = second if column else first
    return Corner(
        a1.column_number(column) if column else None,
        int(row) - 1 if row else None,
        bool(first and column),
        bool(pinned_row),
    )


def title_of(match: re.Match[str]) -> str | None:
    """The sheet's title that a match of REFERENCE names, or None."""
    sheet = match.group("sheet")
    return a1.split_title(sheet + "A1")[0] if sheet else None


def corners_of(match: re.Match[str]) -> list[Corner]:
    """The one or two corners of a match of REFERENCE that is a reference."""
    return [_corner(part) for part in match.group("cells").split(":")]


def rewrite(formula: str, change: Callable[[str | None, list[Corner]], list[Corner] | None]) -> str:
    """The formula with each reference passed through `change(title, corners)`; None makes it #REF!."""

    def one(match: re.Match[str]) -> str:
        cells = match.group("cells")
        if cells is None:
            return match.group(0)
        sheet = match.group("sheet") or ""
        moved = change(title_of(match), corners_of(match))
        return "#REF!" if moved is None else sheet + ":".join(corner.text() for corner in moved)

    return REFERENCE.sub(one, formula)


def copied(formula: str, down: int, right: int) -> str:
    """The formula as it reads after being copied so far: what is not pinned moves along."""

    def change(_title: str | None, corners: list[Corner]) -> list[Corner] | None:
        out = []
        for corner in corners:
            row = corner.row if corner.row is None or corner.row_pinned else corner.row + down
            column = corner.column if corner.column is None or corner.column_pinned else corner.column + right
            if (row is not None and row < 0) or (column is not None and column < 0):
                return None
            out.append(Corner(column, row, corner.column_pinned, corner.row_pinned))
        return out

    return rewrite(formula, change) if down or right else formula


def followed(formula: str, home: str, changed: str, shift: Shift) -> str:
    """The formula, written in the sheet titled `home`, after rows or columns of the sheet titled `changed` moved."""

    def change(title: str | None, corners: list[Corner]) -> list[Corner] | None:
        if (title or home).casefold() != changed.casefold():
            return corners
        return _followed(corners, shift)

    return rewrite(formula, change)


def _followed(corners: list[Corner], shift: Shift) -> list[Corner] | None:
    """The corners after the shift; None where nothing is left of what they name. An end that is not said is open."""
    rows = shift.dimension == "ROWS"
    ends = [corner.row if rows else corner.column for corner in corners]
    known = [end for end in ends if end is not None]
    if not known or not _concerns(corners, shift):
        return corners
    open_end = len(known) < len(ends)
    span = follow.span(min(known), None if open_end else max(known) + 1, shift)
    if span is None:
        return None
    last = span[0] if span[1] is None else span[1] - 1
    moved = [span[0], last]
    if len(known) == 2 and known[0] > known[1]:
        moved.reverse()
    out = []
    for corner, end, to in zip(corners, ends, moved, strict=False):
        kept = end if end is None else (span[0] if open_end else to)
        row, column = (kept, corner.column) if rows else (corner.row, kept)
        out.append(Corner(column, row, corner.column_pinned, corner.row_pinned))
    return out


def _concerns(corners: list[Corner], shift: Shift) -> bool:
    """Whether the reference lies wholly in the band that a shift of cells moves."""
    if isinstance(shift, follow.Moved) or shift.band is None:
        return True
    across = [corner.column if shift.dimension == "ROWS" else corner.row for corner in corners]
    return all(end is not None and shift.band[0] <= end < shift.band[1] for end in across)


def relocated(formula: str, home: str, source: str, box: a1.Box, to: Relocation) -> str:
    """The formula, written in the sheet titled `home`, after the cells of `box` in `source` were cut and put down
    elsewhere: references to them go with them."""

    def one(match: re.Match[str]) -> str:
        if match.group("cells") is None:
            return match.group(0)
        corners = corners_of(match)
        if (title_of(match) or home).casefold() != source.casefold() or not _within(corners, box):
            return match.group(0)
        moved = [
            Corner(
                (corner.column or 0) + to.right, (corner.row or 0) + to.down, corner.column_pinned, corner.row_pinned
            )
            for corner in corners
        ]
        named = match.group("sheet") or to.title.casefold() != home.casefold()
        return (f"{a1.quoted(to.title)}!" if named else "") + ":".join(corner.text() for corner in moved)

    return REFERENCE.sub(one, formula)


def _within(corners: list[Corner], box: a1.Box) -> bool:
    return all(
        corner.row is not None
        and corner.column is not None
        and box.top <= corner.row < (box.bottom or 0)
        and box.left <= corner.column < (box.right or 0)
        for corner in corners
    )


def qualified(formula: str, title: str) -> str:
    """The formula with every reference naming its sheet: for a cell that is cut out of `title` into another sheet."""

    def one(match: re.Match[str]) -> str:
        if match.group("cells") is None or match.group("sheet"):
            return match.group(0)
        return f"{a1.quoted(title)}!{match.group('cells')}"

    return REFERENCE.sub(one, formula)


def retitled(formula: str, old: str, new: str) -> str:
    """The formula after the sheet `old` has been renamed."""

    def one(match: re.Match[str]) -> str:
        sheet = match.group("sheet")
        if match.group("cells") is None or not sheet:
            return match.group(0)
        title = a1.split_title(sheet + "A1")[0]
        if title is None or title.casefold() != old.casefold():
            return match.group(0)
        return f"{a1.quoted(new)}!{match.group('cells')}"

    return REFERENCE.sub(one, formula)
