"""Pending edits laid over what the sheet last showed: how a mirror row follows from its base and its outbox.

`base` stays as it was while an edit waits; when the edit was applied or lost, the mirror is the base again, which a
read or the verified answer of the batch has meanwhile brought up to date. A lead without pending edits needs no base
of its own: its mirror row is the base.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from core.model import ChangeKind, ChangeState, Lead, Value
from store import bulk, mirror_rows
from store.mirror_rows import DELETED, LIVE, MirrorRow
from store.rows import Row, from_row, laid_over, to_row
from store.schema import bases, outbox
from store.values import askable, fields_from_json


@dataclass(frozen=True, slots=True)
class Base:
    """What the sheet last showed of a lead that has pending edits; None where it has never had it."""

    content: Row | None
    state: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A pending edit, as much of it as the mirror needs."""

    kind: ChangeKind
    fields: Mapping[str, tuple[Value, Value]]


def settle(conn: Connection, ids: Iterable[str]) -> None:
    """Makes the mirror rows of these leads what their bases and pending edits say. A lead that only an edit had created
    goes when that edit is lost."""
    ids = sorted(set(ids))
    rows, known, waiting = mirror_rows.read(conn, ids), read_bases(conn, ids), pending_of(conn, ids)
    pk = mirror_rows.next_pk(conn)
    pairs: list[tuple[MirrorRow | None, MirrorRow | None]] = []
    for lead_id in ids:
        old, edits = rows.get(lead_id), waiting.get(lead_id, ())
        if edits and lead_id not in known:
            known[lead_id] = Base(old.content if old else None, old.state if old else LIVE)
        empty = MirrorRow(pk, (), None, LIVE, "", "", 0)
        pairs.append((old, shown_row(old or empty, lead_id, known.get(lead_id), edits)))
        pk += old is None
    mirror_rows.write(conn, pairs)
    shown = {new.lead_id for _, new in pairs if new}
    write_bases(conn, {i: base for i, base in known.items() if i in waiting and i in shown})
    bulk.remove(conn, bases, [i for i in known if i not in waiting or i not in shown], "lead_id")


def shown_row(row: MirrorRow, lead_id: str, base: Base | None, edits: Sequence[Pending]) -> MirrorRow | None:
    """The mirror row of a lead with this base and these edits; `row` gives all that edits do not touch."""
    if base is None:
        return row if row.content else None
    if not edits and base.content is not None:
        row_number = None if base.state == DELETED else row.row_number
        return replace(row, content=base.content, state=base.state, row_number=row_number, saving=0)
    if base.content is None and not any(edit.kind in (ChangeKind.CREATE, ChangeKind.RESTORE) for edit in edits):
        return None  # edits of a lead that nobody has read yet: they show as soon as a read brings the lead
    lead = from_row(base.content) if base.content is not None else Lead(lead_id)
    content = to_row(laid_over(lead, (edit.fields for edit in edits)))
    return replace(row, content=content, state=_state(base.state, edits), saving=len(edits))


def arrive(conn: Connection, applied: Mapping[str, Sequence[Pending]]) -> None:
    """The sheet has these changes now: a lead that it never had stands in it with the values it was created with, a
    deleted one is gone, a restored one is back. Values of other leads come with `mirror.put_synced`."""
    known = read_bases(conn, applied)
    for lead_id, base in known.items():
        for edit in applied[lead_id]:
            if base.content is None and edit.kind in (ChangeKind.CREATE, ChangeKind.RESTORE):
                base = Base(to_row(laid_over(Lead(lead_id), [edit.fields])), base.state)
            base = replace(base, state=_state(base.state, [edit]))
        known[lead_id] = base
    write_bases(conn, known)


def pending_of(conn: Connection, ids: Iterable[str]) -> dict[str, list[Pending]]:
    """The pending edits of these leads, oldest first."""
    found: dict[str, list[Pending]] = defaultdict(list)
    columns = (outbox.c.lead_id, outbox.c.kind, outbox.c.fields)
    for part in bulk.parts(ids):
        query = select(*columns).where(outbox.c.lead_id.in_(part), outbox.c.state == ChangeState.PENDING.value)
        for lead_id, kind, fields in conn.execute(query.order_by(outbox.c.seq)):
            found[lead_id].append(Pending(ChangeKind(kind), fields_from_json(fields)))
    return dict(found)


def with_pending(conn: Connection) -> frozenset[str]:
    """The leads that have pending edits."""
    query = select(outbox.c.lead_id).where(outbox.c.state == ChangeState.PENDING.value).distinct()
    return frozenset(conn.scalars(query))


def read_bases(conn: Connection, ids: Iterable[str]) -> dict[str, Base]:
    found: dict[str, Base] = {}
    for part in bulk.parts(map(askable, ids)):
        query = select(bases.c.lead_id, bases.c.lead, bases.c.state).where(bases.c.lead_id.in_(part))
        for lead_id, lead, state in conn.execute(query):
            found[lead_id] = Base(tuple(json.loads(lead)) if lead is not None else None, state)
    return found


def write_bases(conn: Connection, known: Mapping[str, Base]) -> None:
    rows = [(i, json.dumps(b.content) if b.content is not None else None, b.state) for i, b in known.items()]
    bulk.upsert(conn, bases, rows)


def _state(state: str, edits: Sequence[Pending]) -> str:
    for edit in edits:
        if edit.kind is ChangeKind.DELETE:
            state = DELETED
        elif edit.kind in (ChangeKind.CREATE, ChangeKind.RESTORE) and state == DELETED:
            state = LIVE
    return state
