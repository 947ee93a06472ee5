"""The order of a sheet's rows: blocks of at most 512 row ids, so that inserting, deleting or moving rows touches
one or two blocks wherever they are, and finding the row at a position is one bisection."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

BLOCK = 512
GAP = 1 << 32


@dataclass(slots=True, eq=False)
class Block:
    """Row ids in order. `ord` sorts blocks on the disk. `every` and `some` are column bit masks of the cells that are
    filled in all / in any of its rows; None where they must be computed anew."""

    ord: int
    ids: array[int]
    every: int | None = None
    some: int | None = None


@dataclass(slots=True)
class RowOrder:
    """A list of row ids with cheap splices. `changed` and `removed` say what must be written to the disk."""

    blocks: list[Block] = field(default_factory=list)
    changed: set[Block] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    _starts: list[int] | None = None

    def __len__(self) -> int:
        return self._index()[-1]

    def _index(self) -> list[int]:
        if self._starts is None:
            self._starts = list(accumulate((len(block.ids) for block in self.blocks), initial=0))
        return self._starts

    def locate(self, position: int) -> tuple[int, int]:
        """(number of the block, offset in it) of a position in 0..len; the end lies behind the last block."""
        starts = self._index()
        if position >= starts[-1]:
            return len(self.blocks), 0
        number = bisect_right(starts, position) - 1
        return number, position - starts[number]

    def start_of(self, number: int) -> int:
        """The position of a block's first row."""
        return self._index()[number]

    def at(self, position: int) -> int:
        """The row id at a position; IndexError beyond the end."""
        number, offset = self.locate(position)
        return self.blocks[number].ids[offset]

    def slice(self, start: int, stop: int) -> array[int]:
        """The row ids at positions start..stop, clipped to what is there."""
        stop = min(stop, len(self))
        out = array("q")
        if start >= stop:
            return out
        number, offset = self.locate(start)
        while len(out) < stop - start:
            out.extend(self.blocks[number].ids[offset : offset + stop - start - len(out)])
            number, offset = number + 1, 0
        return out

    def position_of(self, row_id: int) -> int | None:
        """Where a row stands, or None; looks through the blocks."""
        for number, block in enumerate(self.blocks):
            if row_id in block.ids:
                return self._index()[number] + block.ids.index(row_id)
        return None

    def positions_of(self, row_ids: set[int]) -> dict[int, int]:
        """Where rows stand, those that are there."""
        return {row_id: position for position, row_id in enumerate(self) if row_id in row_ids}

    def insert(self, position: int, ids: Sequence[int]) -> None:
        """Puts rows before the one at `position` (0..len)."""
        if not ids:
            return
        number, offset = self.locate(position)
        if number and not offset and len(self.blocks[number - 1].ids) + len(ids) <= BLOCK:
            number, offset = number - 1, len(self.blocks[number - 1].ids)
        if number < len(self.blocks) and (offset or len(self.blocks[number].ids) + len(ids) <= BLOCK):
            block = self.blocks[number]
            if len(block.ids) + len(ids) <= BLOCK:
                block.ids = block.ids[:offset] + array("q", ids) + block.ids[offset:]
                self._touch(block)
                return
            self._split(number, offset)
            number += 1
        self._place(number, ids)

    def _split(self, number: int, offset: int) -> None:
        block = self.blocks[number]
        tail = block.ids[offset:]
        block.ids = block.ids[:offset]
        self._touch(block)
        self._place(number + 1, tail)

    def _place(self, number: int, ids: Iterable[int]) -> None:
        """New blocks before block `number`."""
        whole = array("q", ids)
        parts = [whole[i : i + BLOCK] for i in range(0, len(whole), BLOCK)]
        blocks = [Block(ord_, part) for ord_, part in zip(self._ords(number, len(parts)), parts, strict=True)]
        self.blocks[number:number] = blocks
        self.changed.update(blocks)
        self._starts = None

    def _ords(self, number: int, count: int) -> list[int]:
        low = self.blocks[number - 1].ord if number else None
        high = self.blocks[number].ord if number < len(self.blocks) else None
        if high is None:
            return [(low or 0) + GAP * (i + 1) for i in range(count)]
        if low is None:
            return [high - GAP * (count - i) for i in range(count)]
        step = (high - low) // (count + 1)
        if step:
            return [low + step * (i + 1) for i in range(count)]
        self._renumber()
        return self._ords(number, count) if count < GAP else []

    def _renumber(self) -> None:
        self.removed.update(block.ord for block in self.blocks)
        for i, block in enumerate(self.blocks):
            block.ord = GAP * (i + 1)
        self.changed.update(self.blocks)

    def delete(self, start: int, stop: int) -> array[int]:
        """Takes the rows at start..stop out and gives their ids."""
        stop = min(stop, len(self))
        gone = self.slice(start, stop)
        if not gone:
            return gone
        first, offset = self.locate(start)
        left = len(gone)
        number = first
        while left:
            block = self.blocks[number]
            taken = min(left, len(block.ids) - offset)
            block.ids = block.ids[:offset] + block.ids[offset + taken :]
            self._touch(block)
            left -= taken
            number, offset = number + 1, 0
        self._drop_empty(first, number)
        return gone

    def _drop_empty(self, first: int, last: int) -> None:
        for block in self.blocks[first:last]:
            if not block.ids:
                self.removed.add(block.ord)
                self.changed.discard(block)
        self.blocks[first:last] = [block for block in self.blocks[first:last] if block.ids]
        self._starts = None

    def replace(self, start: int, ids: Sequence[int]) -> None:
        """Puts `ids` at positions start.. in place of those that stand there (a sort)."""
        number, offset = self.locate(start)
        done = 0
        while done < len(ids):
            block = self.blocks[number]
            part = array("q", ids[done : done + len(block.ids) - offset])
            block.ids = block.ids[:offset] + part + block.ids[offset + len(part) :]
            self._touch(block)
            done += len(part)
            number, offset = number + 1, 0

    def _touch(self, block: Block) -> None:
        block.every = block.some = None
        self.changed.add(block)
        self._starts = None

    def __iter__(self) -> Iterator[int]:
        for block in self.blocks:
            yield from block.ids
