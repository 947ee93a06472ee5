"""How ranges follow the rows and columns that they name when those are inserted, deleted or moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .a1 import Box

Json = dict[str, Any]
KEYS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}


@dataclass(frozen=True, slots=True)
class Inserted:
    """`count` rows or columns came in before the one at `at`; with a band, only cells of those columns or rows (start,
    stop) were pushed aside."""

    dimension: str
    at: int
    count: int
    band: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """Those at start..stop went."""

    dimension: str
    start: int
    stop: int
    band: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Those at start..stop went to stand before the one that was at `to` (outside start..stop)."""

    dimension: str
    start: int
    stop: int
    to: int


Shift = Inserted | Deleted | Moved


def point(index: int, shift: Shift) -> int | None:
    """Where the row or column at `index` stands afterwards; None where it is gone."""
    if isinstance(shift, Inserted):
        return index + shift.count if index >= shift.at else index
    if isinstance(shift, Deleted):
        if shift.start <= index < shift.stop:
            return None
        return index - (shift.stop - shift.start) if index >= shift.stop else index
    size = shift.stop - shift.start
    target = shift.to if shift.to <= shift.start else shift.to - size
    if shift.start <= index < shift.stop:
        return index - shift.start + target
    if index >= shift.stop:
        index -= size
    return index + size if index >= target else index


def span(start: int, stop: int | None, shift: Shift) -> tuple[int, int | None] | None:
    """Where start..stop (None: open) stands afterwards; None where nothing of it is left."""
    if isinstance(shift, Inserted):
        first = start + shift.count if start and start >= shift.at else start
        if not start and shift.at == 0 and stop is not None:
            first = shift.count
        last = stop + shift.count if stop is not None and stop > shift.at else stop
        return first, last
    if isinstance(shift, Deleted):
        size = shift.stop - shift.start
        first = start if start <= shift.start else max(shift.start, start - size)
        if stop is None:
            return first, None
        last = stop if stop <= shift.start else max(shift.start, stop - size)
        return (first, last) if last > first else None
    return _moved_span(start, stop, shift)


def _moved_span(start: int, stop: int | None, shift: Moved) -> tuple[int, int | None] | None:
    size = shift.stop - shift.start
    target = shift.to if shift.to <= shift.start else shift.to - size
    if stop is not None and shift.start <= start and stop <= shift.stop:
        return start - shift.start + target, stop - shift.start + target
    without = span(start, stop, Deleted(shift.dimension, shift.start, shift.stop))
    if without is None:
        return start, stop
    return span(*without, Inserted(shift.dimension, target, size))


def carried(found: Json, sheet_id: int, box: Box, to_id: int, down: int, right: int) -> Json:
    """A GridRange after the cells of a box were cut and put down elsewhere: it goes with them where it lies wholly
    among them."""
    stop, last = found.get("endRowIndex"), found.get("endColumnIndex")
    top, left = found.get("startRowIndex", 0), found.get("startColumnIndex", 0)
    if stop is None or last is None or found.get("sheetId", 0) != sheet_id:
        return found
    if top < box.top or left < box.left or stop > (box.bottom or 0) or last > (box.right or 0):
        return found
    sheet = {"sheetId": to_id} if to_id else {}
    return {
        **sheet, "startRowIndex": top + down, "endRowIndex": stop + down, "startColumnIndex": left + right,
        "endColumnIndex": last + right,
    }  # fmt: skip


def _in_band(found: Json, dimension: str, band: tuple[int, int]) -> bool:
    low, high = KEYS["COLUMNS" if dimension == "ROWS" else "ROWS"]
    start, stop = found.get(low, 0), found.get(high)
    return stop is not None and band[0] <= start and stop <= band[1]


def grid_range(found: Json, sheet_id: int, shift: Shift) -> Json | None:
    """A GridRange afterwards (the same object where it is not concerned); None where it is gone."""
    if found.get("sheetId", 0) != sheet_id:
        return found
    low, high = KEYS[shift.dimension]
    if not isinstance(shift, Moved) and shift.band is not None and not _in_band(found, shift.dimension, shift.band):
        return found
    if low not in found and high not in found:
        return found
    moved = span(found.get(low, 0), found.get(high), shift)
    if moved is None:
        return None
    out = dict(found)
    if low in found or moved[0]:
        out[low] = moved[0]
    if moved[1] is not None:
        out[high] = moved[1]
    return out
