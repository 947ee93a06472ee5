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


def stays(change: Change, gone: Set[str]) -> bool:
    """Whether a deletion waits for a header: what stands under it has to be seen before the lead goes."""
    going = change.kind is ChangeKind.DELETE
    return going and any(old is not None and name in gone for name, (old, _) in change.fields.items())


def that_may_go(changes: Iterable[Change], gone: Set[str]) -> Iterator[Change]:
    """The changes that need none of the fields `gone`, in order. An edit that waits keeps back the later ones of its
    fields, made with it in sight; a lead that cannot be made yet all of its later ones. Deletions may have to
    wait for what only the sheet knows: they come behind all others, those that are known to wait last, and before what
    takes them back, which has to meet them."""
    if not gone:
        yield from changes
        return
    unmade: set[str] = set()
    going: dict[str, list[Change]] = {}
    waiting: dict[str, frozenset[str]] = {}  # the fields of each lead whose edits wait
    for change in changes:
        lead_id, needed = change.lead_id, needs(change)
        if lead_id in unmade:
            continue
        if lead_id in going and change.kind in (ChangeKind.CREATE, ChangeKind.RESTORE):
            yield from going.pop(lead_id)
            yield change
        elif lead_id in going or change.kind is ChangeKind.DELETE:
            going.setdefault(lead_id, []).append(change)
        elif gone.isdisjoint(needed) and waiting.get(lead_id, frozenset()).isdisjoint(needed):
            yield change
        elif change.kind is ChangeKind.UPDATE:
            waiting[lead_id] = waiting.get(lead_id, frozenset()) | needed
        else:
            unmade.add(lead_id)
    for held in sorted(going.values(), key=lambda held: stays(held[0], gone)):
        yield from held
