"""What people typed into Master: told in Activity, and what follows from it.

A status that someone types begins today and sets the next follow-up, as it would in the app; the cell that they typed
stays as they typed it. Between `sync.people`, which reads the rows, and the mirror.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core import ids
from core.config import Config
from core.leads import FOLLOWS, changed_fields, complete_event, fields_of
from core.model import Change, ChangeKind, Lead, Value
from store import mirror, outbox, untold
from store.activity import ActivityEntry
from store.mirror import SheetLead

OWN = frozenset({"updated_at", "created_at", "source_tab", "source_key"})  # stamps: nobody's news


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a lead's row: the lead as it last said, as it says now, and what is new of that."""

    before: Lead
    after: SheetLead
    fields: Mapping[str, Value]


def hear(
    conn: Connection,
    seen: Sequence[SheetLead],
    unclear: Mapping[int, Collection[str]],
    config: Config,
    now: datetime,
) -> None:
    """Compare rows that changed with what they last said. Call it before these rows become the base."""
    before = mirror.bases_of(conn, [one.lead.lead_id for one in seen])
    tell(conn, listen(before, seen, unclear), config, now)


def listen(
    before: Mapping[str, Lead], seen: Sequence[SheetLead], unclear: Mapping[int, Collection[str]]
) -> list[Typed]:
    """What is new in these rows. `unclear` names, by row, the fields whose cells cannot be read: they count as
    unchanged."""
    known = ((before.get(one.lead.lead_id), one) for one in seen)
    found = (Typed(lead, one, _typed(lead, one, unclear)) for lead, one in known if lead)
    return [one for one in found if one.fields]


def _typed(known: Lead, seen: SheetLead, unclear: Mapping[int, Collection[str]]) -> dict[str, Value]:
    changed = changed_fields(known, seen.lead).items()
    return {name: value for name, value in changed if name not in OWN and name not in unclear.get(seen.row, ())}


def tell(conn: Connection, heard: Iterable[Typed], config: Config, now: datetime) -> None:
    """Lines for Activity, and what follows."""
    entries: list[ActivityEntry] = []
    follows: list[Change] = []
    for one in heard:
        known, was = one.before, fields_of(one.before)
        change_id = ids.change_id(f"typed:{known.lead_id}:{one.after.digest}:{now.isoformat()}")
        entries += [
            ActivityEntry(now, change_id, known.lead_id, "sheet", name, was[name], value, "typed in the sheet")
            for name, value in one.fields.items()
        ]
        follows += _follows(change_id, known, one.after.lead, one.fields, config, now)
    untold.add(conn, entries)
    outbox.enqueue(conn, follows)


def _follows(
    cause: str, before: Lead, after: Lead, typed: Mapping[str, Value], config: Config, now: datetime
) -> list[Change]:
    """What a change of the typed fields brings with it, but for what was typed."""
    made = complete_event(before, typed, config, now, chosen=typed.keys())
    stands = fields_of(after)
    fields = {
        name: (stands[name], value) for name, value in made.items() if name not in typed and stands[name] != value
    }
    if not set(fields) - OWN:
        return []
    return [Change(ids.change_id(f"follows:{cause}"), before.lead_id, ChangeKind.UPDATE, fields, "sync", now, FOLLOWS)]
