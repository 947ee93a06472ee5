"""Leads whose id stands in several rows of Master, as somebody has copied one: which of the rows is the lead's.

The others are given ids of their own, where they are somebody (`sync.adopting`), or are named. Between `sync.seeing` or
`sync.restore`, which gather, and `sync.people`, which asks; `owners_of` is pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core import fields
from core.model import Cell, Issue, Lead
from store import mirror, mixups

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """A lead whose id stands twice: the row (1-based) where it was last seen, what it said then (also where that was
    another's name, and it is shown as it was), and what it shall say when what waits has come to it."""

    row: int
    base: Lead
    shown: Lead


def doubled(conn: Connection, ids: Iterable[str], *, unread: bool = False) -> dict[str, Twice]:
    """Of the ids in rows of Master those of leads that stand twice, and were seen before. `unread`: something was
    written that this database does not know; else nothing that waits can have come, and a copy that says it says what
    the lead once said."""
    twice = [lead_id for lead_id, times in Counter(ids).items() if lead_id and times > 1]
    if not twice:
        return {}
    bases, shown = mirror.bases_of(conn, twice), {one.lead_id: one for one in mirror.leads(conn, twice) if unread}
    mixed = {i: replace(bases[i], **one.says) for i, one in mixups.of_leads(conn, twice).items() if i in bases}  # type: ignore[arg-type]  # values have their fields' types
    said = {**bases, **mixed}
    seen = ((row, i) for row, i, _ in mirror.seen_leads(conn, twice))
    return {i: Twice(row, said[i], {**shown, **mixed}.get(i, said[i])) for row, i in seen if i in said}


def owners_of(
    rows: Iterable[tuple[str, int, Row]],
    twice: Mapping[str, Twice],
    read: Callable[[str, Row, int], tuple[Lead, list[Issue]]],
) -> dict[str, int]:
    """For each id, of rows with their numbers, the row that keeps it. Of several the one to which a change has come
    that we were never told of: it was written to one of them; then the one where the lead stood before; where a sort
    moved them all the one that says most of what it said; else the first."""
    owners: dict[str, int] = {}
    found: dict[str, dict[int, Row]] = {lead_id: {} for lead_id in twice}
    for lead_id, number, row in rows:
        owners.setdefault(lead_id, number)
        if lead_id in found:
            found[lead_id][number] = row
    for lead_id, ones in found.items():
        known, said = twice[lead_id], {number: read(lead_id, row, number)[0] for number, row in ones.items()}
        signs = {n: (_came(one, known), n == known.row, _alike(one, known.base)) for n, one in said.items()}
        owners[lead_id] = max(signs, key=signs.__getitem__)
    return owners


def _came(one: Lead, known: Twice) -> int:
    """In how many fields a row says what only a change that waits says."""
    waits = (name for name in fields.NAMES if getattr(known.base, name) != getattr(known.shown, name))
    return sum(getattr(one, name) == getattr(known.shown, name) for name in waits)


def _alike(one: Lead, other: Lead) -> int:
    """In how many things two leads say the same."""
    said = [name for name in fields.NAMES if getattr(one, name) is not None]
    same = [name for name in said if getattr(one, name) == getattr(other, name)]
    return len(same) + len(one.extra.items() & other.extra.items())
