"""Pending edits laid over what the sheet last showed: how a mirror row follows from its base and its outbox.

`base` stays as it was while an edit waits; when the edit was applied or lost, the mirror is the base again, which a
read or the verified answer of the batch has meanwhile brought up to date. A lead without pending edits needs no base
of its own: its mirror row is the base.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from core.model import ChangeKind, ChangeState, Lead, Value
from store import bulk, mirror_rows
from store.mirror_rows import DELETED, LIVE, MirrorRow
from store.rows import Row, from_row, laid_over, to_row
from store.schema import bases, outbox
from store.values import fields_from_json


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


def settle(conn: Connection, ids: Iterable[str], applied: Collection[str] = ()) -> None:
    """Makes the mirror rows of these leads what their bases and pending edits say. A lead that only an edit had created
    stays as it is if it is among `applied` (the sheet has it now), else it goes when that edit is lost."""
    ids = sorted(set(ids))
    rows, known, waiting = mirror_rows.read(conn, ids), read_bases(conn, ids), pending_of(conn, ids)
    pk = mirror_rows.next_pk(conn)
    pairs: list[tuple[MirrorRow | None, MirrorRow | None]] = []
    for lead_id in ids:
        old, base, edits = rows.get(lead_id), known.get(lead_id), waiting.get(lead_id, ())
        if edits and base is None:
            base = known[lead_id] = Base(old.content if old else None, old.state if old else LIVE)
        empty = old or MirrorRow(pk, (), None, LIVE, "", "", 0)
        new = shown_row(empty, lead_id, base, edits, keep=old is not None and lead_id in applied)
        pk += old is None
        pairs.append((old, new))
    mirror_rows.write(conn, pairs)
    write_bases(conn, {i: known[i] for i in ids if waiting.get(i) and (rows.get(i) or _creates(waiting[i]))})
    bulk.remove(conn, bases, [i for i in known if not waiting.get(i)], "lead_id")


def shown_row(
    row: MirrorRow, lead_id: str, base: Base | None, edits: Sequence[Pending], *, keep: bool
) -> MirrorRow | None:
    """The mirror row of a lead with this base and these edits; `row` gives all that edits do not touch."""
    if base is None:
        return replace(row, saving=0) if row.content else None
    if not edits:
        if base.content is not None:
            return replace(row, content=base.content, state=base.state, saving=0)
        return replace(row, saving=0) if keep else None
    if base.content is None and not _creates(edits):
        return None  # an edit of a lead that nobody has read yet; it shows as soon as a read brings the lead
    lead = from_row(base.content) if base.content is not None else Lead(lead_id)
    content = to_row(laid_over(lead, (edit.fields for edit in edits)))
    return replace(row, content=content, state=_state(base.state, edits), saving=len(edits))


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
    for part in bulk.parts(ids):
        query = select(bases.c.lead_id, bases.c.lead, bases.c.state).where(bases.c.lead_id.in_(part))
        for lead_id, lead, state in conn.execute(query):
            found[lead_id] = Base(tuple(json.loads(lead)) if lead is not None else None, state)
    return found


def write_bases(conn: Connection, known: Mapping[str, Base]) -> None:
    rows = [(i, json.dumps(b.content) if b.content is not None else None, b.state) for i, b in known.items()]
    bulk.upsert(conn, bases, rows)


def _creates(edits: Sequence[Pending]) -> bool:
    return any(edit.kind in (ChangeKind.CREATE, ChangeKind.RESTORE) for edit in edits)


def _state(state: str, edits: Sequence[Pending]) -> str:
    for edit in edits:
        if edit.kind is ChangeKind.DELETE:
            state = DELETED
        elif edit.kind in (ChangeKind.CREATE, ChangeKind.RESTORE) and state == DELETED:
            state = LIVE
    return state
