"""Which columns of Master a change needs, and which changes wait while the header of one is gone.

Pure. `store.outbox` leaves out what waits, `sync.outgoing` looks once more at the header that it writes by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from core.model import Change, ChangeKind


def needs(change: Change) -> frozenset[str]:
    """The fields that must have a column for the change to go, as it goes whole or not at all: all of an edit; of a
    lead that comes, or comes back, those that say something; of one that goes, none."""
    if change.kind is ChangeKind.DELETE:
        return frozenset()
    edited = change.kind is ChangeKind.UPDATE
    return frozenset(name for name, (_, new) in change.fields.items() if edited or new is not None)


def that_may_go(changes: Iterable[Change], gone: Set[str]) -> Iterator[Change]:
    """The changes that need none of the fields `gone`, in order. A lead that cannot be made yet keeps its later changes
    back; a deletion is let through, as what takes it back has to meet it."""
    unmade: set[str] = set()
    for change in changes:
        if change.lead_id in unmade:
            continue
        if gone.isdisjoint(needs(change)):
            yield change
        elif change.kind is not ChangeKind.UPDATE:
            unmade.add(change.lead_id)
