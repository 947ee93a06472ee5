"""Protected ranges: who may edit what."""

from __future__ import annotations

from .a1 import Box
from .book import Book
from .errors import bad_request
from .follow import Json
from .grid import Grid, box_of

REFUSAL = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def may_edit(book: Book, protection: Json, account: str) -> bool:
    """Whether an account is kept out by a protected range: its owner and editors are not, nor anyone by a mere
    warning."""
    if protection.get("warningOnly") or account == book.doc.get("owner"):
        return True
    return account in protection.get("editors", {}).get("users", ())


def check_editable(book: Book, grid: Grid, box: Box, account: str) -> None:
    """ApiError 400 where a box touches a range that is protected from this account."""
    for protection in grid.doc.get("protectedRanges", ()):
        if may_edit(book, protection, account):
            continue
        guarded = guarded_range(book, protection)
        if guarded is not None and overlap(box, box_of(guarded)) and not _let_through(protection, box):
            raise bad_request(REFUSAL)


def check_insertable(book: Book, grid: Grid, dimension: str, at: int, account: str) -> None:
    """ApiError 400 where rows or columns would come in between those of a range that is protected from this account."""
    before, after = (at - 1, at + 1) if at else (0, 0)
    line = Box(before, after, 0, None) if dimension == "ROWS" else Box(0, None, before, after)
    for protection in grid.doc.get("protectedRanges", ()):
        found = guarded_range(book, protection)
        if found is None or may_edit(book, protection, account):
            continue
        box = box_of(found)
        low, high = (box.top, box.bottom) if dimension == "ROWS" else (box.left, box.right)
        inside = low < at and (high is None or at < high)
        if (inside and overlap(line, box) and not _let_through(protection, line)) or whole_sheet(found):
            raise bad_request(REFUSAL)


def check_sheet(book: Book, grid: Grid, account: str) -> None:
    """ApiError 400 where the whole sheet is protected from this account."""
    for protection in grid.doc.get("protectedRanges", ()):
        found = guarded_range(book, protection)
        if found is not None and whole_sheet(found) and not may_edit(book, protection, account):
            raise bad_request(REFUSAL)


def check_removable(book: Book, grid: Grid, account: str) -> None:
    """ApiError 400 where any part of the sheet is protected from this account."""
    if any(not may_edit(book, protection, account) for protection in grid.doc.get("protectedRanges", ())):
        raise bad_request(REFUSAL)


def whole_sheet(found: Json) -> bool:
    """Whether a GridRange is a sheet as a whole."""
    return set(found) <= {"sheetId"}


def guarded_range(book: Book, protection: Json) -> Json | None:
    """The range that a protection guards, by itself or by the name of a range; None where that is gone."""
    if "range" in protection:
        found: Json = protection["range"]
        return found
    names = book.doc.get("namedRanges", ())
    return next((n["range"] for n in names if n["namedRangeId"] == protection.get("namedRangeId")), None)


def _let_through(protection: Json, box: Box) -> bool:
    return any(covers(box_of(free), box) for free in protection.get("unprotectedRanges", ()))


def overlap(one: Box, two: Box) -> bool:
    """Whether two boxes share a cell; open ends reach any distance."""
    return _meet(one.top, one.bottom, two.top, two.bottom) and _meet(one.left, one.right, two.left, two.right)


def _meet(start: int, stop: int | None, other: int, other_stop: int | None) -> bool:
    return (other_stop is None or start < other_stop) and (stop is None or other < stop)


def covers(outer: Box, inner: Box) -> bool:
    """Whether every cell of `inner` lies in `outer`."""
    return (
        outer.top <= inner.top
        and (outer.bottom is None or (inner.bottom is not None and inner.bottom <= outer.bottom))
        and outer.left <= inner.left
        and (outer.right is None or (inner.right is not None and inner.right <= outer.right))
    )
