"""A plan cut into flushes: at most 500 leads and 2 MB each, every ledger entry no earlier than the leads in it.

Pure. A crash between two flushes leaves rows that are taken in next time, never a row that the ledger calls done
while its lead is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Change, LedgerEntry, Plan
from core.portions import portions
from sync.link import FLUSH_LEADS

FLUSH_ENTRIES = 5_000  # ledger entries of one flush: about 300 KB packed


@dataclass(frozen=True, slots=True)
class Part:
    """What one flush carries. `last` of a plan also brings Needs attention up to date."""

    changes: tuple[Change, ...]
    ledger: tuple[LedgerEntry, ...]
    last: bool


def parts(plan: Plan) -> Iterator[Part]:
    """At least one part where the plan has anything to write."""
    if not (plan.changes or plan.ledger):
        return
    cut = list(portions(plan.changes, FLUSH_LEADS)) or [()]
    entries = _entries(plan.ledger, cut)
    for number, changes in enumerate(cut):
        last = number == len(cut) - 1
        mine = entries[number]
        pages = [mine[i : i + FLUSH_ENTRIES] for i in range(0, len(mine), FLUSH_ENTRIES)] or [[]]
        for page_number, page in enumerate(pages):
            final = last and page_number == len(pages) - 1
            yield Part(changes if page_number == 0 else (), tuple(page), final)


def _entries(ledger: Sequence[LedgerEntry], cut: Sequence[Sequence[Change]]) -> list[list[LedgerEntry]]:
    place: Mapping[str, int] = {change.lead_id: number for number, part in enumerate(cut) for change in part}
    found: list[list[LedgerEntry]] = [[] for _ in cut]
    for entry in ledger:
        found[max((place.get(lead_id, 0) for lead_id in entry.lead_ids), default=0)].append(entry)
    return found
