"""What a source row says for a field whose header is gone: it waits in the outbox, the rest of its lead does not.

Between the plan of an intake and its flushes (`sync.carry`). The field's change goes when the header is back, as those
of the app do; until then the app shows it as on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.ids import change_id
from core.model import Change, ChangeKind
from sync.batch import MasterShape


@dataclass(frozen=True, slots=True)
class Parted:
    """`now`: changes of fields that have a column; `later`: those of the others."""

    now: tuple[Change, ...]
    later: tuple[Change, ...]


def parted(changes: Iterable[Change], master: MasterShape) -> Parted:
    """The changes of a plan by whether Master can take them; an update of nothing else is left out of `now`."""
    pairs = [(change, frozenset(change.fields) - master.columns.keys()) for change in changes]
    now = (replace(one, fields={n: p for n, p in one.fields.items() if n not in gone}) for one, gone in pairs)
    return Parted(
        tuple(one for one in now if one.fields or one.kind is not ChangeKind.UPDATE),
        tuple(_later(pairs)),
    )


def _later(pairs: Iterable[tuple[Change, frozenset[str]]]) -> Iterator[Change]:
    for change, gone in pairs:
        says = {name: change.fields[name] for name in sorted(gone) if change.fields[name][0] != change.fields[name][1]}
        if says:
            name = change_id(f"{change.change_id} when the header is back")
            yield replace(change, change_id=name, kind=ChangeKind.UPDATE, fields=says)
