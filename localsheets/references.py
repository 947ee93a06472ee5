"""References inside formulas: found, and rewritten when rows and columns move or a formula is copied elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import a1, follow
from .follow import Shift

_REF = re.compile(
    r"(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<sheet>(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?"
    r"(?P<cells>\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+)"
    r"(?![\w(.!])"
    r"|(?P<word>[A-Za-z_][\w.]*|\d+\.?\d*)"
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


def _corner(text: str) -> Corner:
    first, column, second, row = _CORNER.fullmatch(text).groups()  # type: ignore[union-attr]  # _REF matched it
    pinned_row = second if column else first
    return Corner(
        a1.column_number(column) if column else None,
        int(row) - 1 if row else None,
        bool(first and column),
        bool(pinned_row),
    )


def rewrite(formula: str, change: Callable[[str | None, list[Corner]], list[Corner] | None]) -> str:
    """The formula with each reference passed through `change(title, corners)`; None makes it #REF!."""

    def one(match: re.Match[str]) -> str:
        cells = match.group("cells")
        if cells is None:
            return match.group(0)
        sheet = match.group("sheet") or ""
        title = a1.split_title(sheet + "A1")[0] if sheet else None
        moved = change(title, [_corner(part) for part in cells.split(":")])
        return "#REF!" if moved is None else sheet + ":".join(corner.text() for corner in moved)

    return _REF.sub(one, formula)


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
        rows = shift.dimension == "ROWS"
        ends = [corner.row if rows else corner.column for corner in corners]
        if any(end is None for end in ends):
            return corners
        known = [end for end in ends if end is not None]
        span = follow.span(min(known), max(known) + 1, shift)
        if span is None or span[1] is None:
            return None
        moved = [span[0]] if len(known) == 1 else [span[0], span[1] - 1]
        if len(known) == 2 and known[0] > known[1]:
            moved.reverse()
        return [
            Corner(corner.column, to, corner.column_pinned, corner.row_pinned)
            if rows
            else Corner(to, corner.row, corner.column_pinned, corner.row_pinned)
            for corner, to in zip(corners, moved, strict=True)
        ]

    return rewrite(formula, change)


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

    return _REF.sub(one, formula)
