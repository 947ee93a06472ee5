"""Columns of Master of which nobody can say what stands in them: two that share a name of ours, or one whose header was
ours when all of them last stood there, or may have been. A lead that holds something there is not deleted. Part of
`sync.outgoing`. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.model import Cell
from sync.aligned import aligned
from sync.window import columns_of, contested


def unclear(header: Sequence[Cell], whole: Sequence[Cell]) -> frozenset[int]:
    """0-based columns of `header`; `whole` is the last header in which each of our names stood once, () unknown."""
    ours, now = columns_of(whole), columns_of(header)
    gone = [column for name, column in ours.items() if name not in now]
    places = aligned(whole, header) if gone else {}
    known = {places[column] for column in gone if column in places}
    if len(known) < len(gone):  # moved besides, it may be any that is new there
        known |= set(range(len(header))) - set(places.values())
    return contested(header) | known
