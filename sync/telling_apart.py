"""Which row is whose, where an id names several: a repair that went astray, and another one after it, gave it to each.

Pure; part of `sync.turns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sync.searching import Place, Search

Found = Mapping[Place, Sequence[Search]]
Held = tuple[str, ...]  # what a row held: those that are looked for in one row have it in common


def told_apart(found: Found) -> Found:
    """Where two that are looked for may both be in either row, each is in the one that it knows to the last cell. Of a
    row and its copy both are meant."""
    homes = _homes(found)
    if len(homes) < 2:
        return found
    known = {row for rows in homes.values() for row in rows}

    def stays(one: Search, row: int) -> bool:
        mine = homes.get(one.turn.like)
        return not mine or row in mine or row not in known

    kept = {place: [one for one in ones if stays(one, place[0])] for place, ones in found.items()}
    return {place: ones for place, ones in kept.items() if ones}


def _homes(found: Found) -> dict[Held, set[int]]:
    """Of those that were found in several rows, the ones that they know."""
    rows = dict[Held, dict[int, Search]]()
    for row, one in _each(found):
        rows.setdefault(one.turn.like, {}).setdefault(row, one)
    several = {held: some for held, some in rows.items() if held and len(some) > 1}
    return {held: {row for row, one in some.items() if one.knows(row)} for held, some in several.items()}


def _each(found: Found) -> Iterator[tuple[int, Search]]:
    yield from ((row, one) for (row, _), ones in found.items() for one in ones)
