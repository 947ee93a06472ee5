"""Changes cut into what one flush may carry: so many leads, and less than the 2 MB that Google recommends.

Pure; used by `sync.parts` and `sync.outgoing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.model import Change, Value

FLUSH_BYTES = 1_600_000  # of changed values; what stands around them takes the rest
_AROUND = 400  # bytes of a change besides its values: its cells' frame, its lines of Activity and of the journal


def portions(changes: Sequence[Change], most: int) -> Iterator[tuple[Change, ...]]:
    """The changes in their order, at most `most` at a time and under `FLUSH_BYTES`; a single one that is larger goes
    alone."""
    part: list[Change] = []
    size = 0
    for change in changes:
        weighs = weight(change)
        if part and (len(part) == most or size + weighs > FLUSH_BYTES):
            yield tuple(part)
            part, size = [], 0
        part.append(change)
        size += weighs
    if part:
        yield tuple(part)


def weight(change: Change) -> int:
    """Bytes of a request that a change takes at most: its new values twice (the cells and the journal), both sides once
    more (Activity)."""
    sides = change.fields.values()
    return _AROUND + sum(3 * _size(new) + _size(old) for old, new in sides)


def _size(value: Value) -> int:
    return len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 24
