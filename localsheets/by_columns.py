"""A read by columns as JSON: the rows are gone through once, whatever number of ranges lies over them.

Each column is written as its rows come, so that a large read holds no cell longer than it must. Between `rendering`,
which knows what a cell shows, and `values`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from .a1 import Box
from .rendering import AT_ONCE, Renderer, trimmed


@dataclass(slots=True)
class _Column:
    """What a column has come to so far, a comma after each cell; `blanks` at its end are not written yet."""

    out: bytearray = field(default_factory=bytearray)
    blanks: int = 0

    def add(self, cells: Sequence[Any]) -> None:
        end = len(cells)
        while end and cells[end - 1] == "":
            end -= 1
        if end:
            self.out += b'"",' * self.blanks + orjson.dumps(cells[:end])[1:-1] + b","
            self.blanks = 0
        self.blanks += len(cells) - end


def columns_json(renderer: Renderer, boxes: Sequence[Box]) -> list[bytes | None]:
    """The `values` of each of these closed boxes, which have the same rows; None where there are none."""
    first = boxes[0]
    left, right = min(box.left for box in boxes), max(box.right or 0 for box in boxes)
    parts = renderer.parts(Box(first.top, first.bottom, left, right))
    if len(boxes) == 1 and (first.bottom or 0) - first.top <= AT_ONCE:
        return [_few_rows([row for part in parts for row in part])]
    columns = [_Column() for _ in range(left, right)]
    for part in parts:
        turned = list(itertools.zip_longest(*part, fillvalue=""))
        for column, cells in zip(columns, turned, strict=False):
            column.add(cells)
        for column in columns[len(turned) :]:
            column.blanks += len(part)
    return [_joined(columns[box.left - left : (box.right or 0) - left]) for box in boxes]


def _few_rows(rows: Sequence[Sequence[Any]]) -> bytes | None:
    found = [trimmed(list(column)) for column in itertools.zip_longest(*rows, fillvalue="")]
    while found and not found[-1]:
        found.pop()
    return orjson.dumps(found) if found else None


def _joined(columns: Iterable[_Column]) -> bytes | None:
    found = [b"[" + column.out[:-1] + b"]" for column in columns]
    while found and found[-1] == b"[]":
        found.pop()
    return b"[" + b",".join(found) + b"]" if found else None
