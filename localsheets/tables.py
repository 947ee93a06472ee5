"""Where `values:append` writes: the table that a range touches, as Google's guide to appending describes it.

A table is the smallest box around a filled cell beyond whose edges no cell is filled. Whole blocks of rows are
passed over by their common column masks, so a tall table costs as little as a short one.
"""

from __future__ import annotations

from .a1 import Box
from .grid import Grid

Masks = dict[int, list[int]]


def table_at(grid: Grid, box: Box) -> Box | None:
    """The table for appending to the closed `box`: the last one in it, or the one that a blank box lies in; None:
    none."""
    assert box.bottom is not None
    assert box.right is not None
    wanted = ((1 << (box.right - box.left)) - 1) << box.left
    last = grid.last_data_row(box.bottom, wanted)
    cache: Masks = {}
    if last >= box.top:
        column = (_mask(grid, last, cache) & wanted).bit_length() - 1
        return region(grid, last, column, cache)
    for seed in _around(grid, box, cache):
        found = region(grid, *seed, cache)
        assert found.bottom is not None
        assert found.right is not None
        if found.top <= box.top < found.bottom and found.left <= box.left < found.right:
            return found
    return None


def _around(grid: Grid, box: Box, cache: Masks) -> list[tuple[int, int]]:
    """The nearest filled cells to the left, right, above and below of a box's first cell."""
    seeds = []
    here = _mask(grid, box.top, cache)
    left = here & ((1 << box.left) - 1)
    if left:
        seeds.append((box.top, left.bit_length() - 1))
    right = here >> box.left
    if right:
        seeds.append((box.top, box.left + (right & -right).bit_length() - 1))
    window = _window(box.left, box.left + 1)
    for row in (box.top - 1, box.top + 1):
        near = _mask(grid, row, cache) & window
        if near:
            seeds.append((row, near.bit_length() - 1))
    return seeds


def region(grid: Grid, row: int, column: int, cache: Masks | None = None) -> Box:
    """The table around a filled cell."""
    cache = {} if cache is None else cache
    top, bottom, left, right = row, row + 1, column, column + 1
    while True:
        before = (top, bottom, left, right)
        top = _up(grid, top, _window(left, right), cache)
        bottom = _down(grid, bottom, _window(left, right), cache)
        filled = _filled(grid, top, bottom, cache)
        while left and filled >> (left - 1) & 1:
            left -= 1
        while filled >> right & 1:
            right += 1
        if (top, bottom, left, right) == before:
            return Box(top, bottom, left, right)


def _window(left: int, right: int) -> int:
    """The columns of left..right and one on each side."""
    first = max(left - 1, 0)
    return ((1 << (right + 1 - first)) - 1) << first


def _masks(grid: Grid, number: int, cache: Masks) -> list[int]:
    if number not in cache:
        cache[number] = [grid.seen(mask) for mask in grid.store.masks(number)]
    return cache[number]


def _mask(grid: Grid, row: int, cache: Masks) -> int:
    if not 0 <= row < len(grid.store.order):
        return 0
    number, offset = grid.store.order.locate(row)
    return _masks(grid, number, cache)[offset]


def _up(grid: Grid, top: int, window: int, cache: Masks) -> int:
    order = grid.store.order
    while top:
        number, offset = order.locate(top - 1)
        if offset == len(order.blocks[number].ids) - 1 and grid.seen(grid.store.summary(number)[0]) & window:
            top = order.start_of(number)
            continue
        if not _masks(grid, number, cache)[offset] & window:
            break
        top -= 1
    return top


def _down(grid: Grid, bottom: int, window: int, cache: Masks) -> int:
    order = grid.store.order
    while bottom < len(order):
        number, offset = order.locate(bottom)
        if offset == 0 and grid.seen(grid.store.summary(number)[0]) & window:
            bottom += len(order.blocks[number].ids)
            continue
        if not _masks(grid, number, cache)[offset] & window:
            break
        bottom += 1
    return bottom


def _filled(grid: Grid, top: int, bottom: int, cache: Masks) -> int:
    """The columns that are filled in some row of top..bottom."""
    order = grid.store.order
    found, row = 0, top
    while row < bottom:
        number, offset = order.locate(row)
        size = len(order.blocks[number].ids)
        if offset == 0 and row + size <= bottom:
            found |= grid.seen(grid.store.summary(number)[1])
        else:
            for mask in _masks(grid, number, cache)[offset : offset + bottom - row]:
                found |= mask
        row += size - offset
    return found
