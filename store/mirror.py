"""The mirror of Master, and the last synced values (base) behind it: what pages, matching and the sync read.

`put_synced` is the only way in for what the sheet holds; edits on their way come through `store.outbox`. A lead whose
state is `deleted` is kept (it can be restored) but shown, counted and found nowhere; `frozen` ones are shown and not
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from core.config import Config
from core.followups import closed_labels
from core.model import Lead
from store import bulk, counters, mirror_rows, overlay
from store.config import load_config
from store.mirror_rows import DELETED, FROZEN, LIVE, MirrorRow
from store.overlay import Base
from store.rows import from_row, to_row
from store.schema import contacts, listed
from store.schema import leads as table
from store.values import askable, storable

CHUNK = 2_000
"""Leads that `put_synced` takes at once."""


@dataclass(frozen=True, slots=True)
class SheetLead:
    """A row of Master as read, or as just written and verified. `digest` is that of its cells."""

    lead: Lead
    row: int
    digest: str


class SeenRow(NamedTuple):  # quicker to make than a dataclass: one for each row of a cycle's read
    """Which lead was last seen at a row of Master, and the digest of the row's cells then."""

    row: int
    lead_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lead stands: state (live, deleted, frozen) and why, its row in Master if known, its pending changes."""

    state: str
    why: str
    row: int | None
    saving: int


def put_synced(conn: Connection, read: Iterable[SheetLead]) -> None:
    """Takes what the sheet shows: base becomes these values, and so does the mirror but for fields with a pending
    change. A deleted lead that the sheet shows is live again; a frozen one stays frozen. A row holds one lead: others
    that were last seen there are nowhere until they are read again. Of the same lead twice the later counts. A lead
    that did not change costs a look. Raises `store.rows.UnstorableLead`."""
    bulk.hold(conn)
    waiting = overlay.with_pending(conn)
    parts = bulk.parts(read, CHUNK)
    first = next(parts, [])
    if len(first) < CHUNK or mirror_rows.next_pk(conn) > 1:
        for part in chain([first], parts):
            _put(conn, {seen.lead.lead_id: seen for seen in part}, waiting)
        return
    # A first read of a large Master: indexes built at the end cost less than indexes kept along the way. Within a
    # savepoint, so that they come back with everything else if a lead is refused.
    with conn.begin_nested():
        for index in listed.indexes:
            index.drop(conn)
        for part in chain([first], parts):
            _put(conn, {seen.lead.lead_id: seen for seen in part}, waiting)
        for index in sorted(listed.indexes, key=lambda index: str(index.name)):
            index.create(conn)


def _put(conn: Connection, part: Mapping[str, SheetLead], waiting: frozenset[str]) -> None:
    pk = mirror_rows.next_pk(conn)
    rows = mirror_rows.read(conn, part) if pk > 1 else {}
    edits = overlay.pending_of(conn, [i for i in part if i in waiting])
    bases = overlay.read_bases(conn, edits)
    pairs: list[tuple[MirrorRow | None, MirrorRow | None]] = []
    for lead_id, seen in part.items():
        old = rows.get(lead_id)
        new = _synced(old, old.pk if old else pk, seen, bases.get(lead_id))
        pk += old is None
        if lead_id in edits:
            bases[lead_id] = Base(new.content, new.state)
            new = overlay.shown_row(new, lead_id, bases[lead_id], edits[lead_id]) or new
        pairs.append((old, new))
    _vacate(conn, [seen.row for seen in part.values()], part)
    mirror_rows.write(conn, pairs)
    overlay.write_bases(conn, bases)


def _synced(old: MirrorRow | None, pk: int, seen: SheetLead, base: Base | None) -> MirrorRow:
    before = base.state if base else old.state if old else LIVE
    frozen = before == FROZEN
    why = old.frozen_why if old and frozen else ""
    return MirrorRow(pk, to_row(seen.lead), seen.row, FROZEN if frozen else LIVE, why, seen.digest, 0)


def _vacate(conn: Connection, rows: Iterable[int], but: Mapping[str, object]) -> None:
    """Takes these rows away from all leads but the given ones."""
    for part in bulk.parts(rows):
        found = conn.execute(select(table.c.pk, table.c.lead_id).where(table.c.row_number.in_(part)))
        stale = [pk for pk, lead_id in found if lead_id not in but]
        if stale:
            conn.execute(update(table).where(table.c.pk.in_(stale)).values(row_number=None))


def lead(conn: Connection, lead_id: str, *, deleted: bool = False) -> Lead | None:
    """The lead as pages show it, edits on their way included; a deleted one only when asked for."""
    row = mirror_rows.read(conn, [lead_id]).get(lead_id)
    return row.lead if row and (deleted or row.state != DELETED) else None


def base(conn: Connection, lead_id: str) -> Lead | None:
    """The lead as it was last synced; None where the sheet has never had it."""
    return bases_of(conn, [lead_id]).get(lead_id)


def bases_of(conn: Connection, ids: Sequence[str]) -> Mapping[str, Lead]:
    """The leads as they were last synced, by id, for one look at many."""
    known = overlay.read_bases(conn, ids)
    found = {i: row.lead for i, row in mirror_rows.read(conn, [i for i in ids if i not in known]).items()}
    found.update((i, from_row(b.content)) for i, b in known.items() if b.content is not None)
    return MappingProxyType(found)


def leads(conn: Connection, ids: Sequence[str]) -> list[Lead]:
    """The leads of these ids that are not deleted, in the order of the ids."""
    rows = mirror_rows.read(conn, ids)
    return [rows[i].lead for i in ids if i in rows and rows[i].state != DELETED]


def leads_sharing(
    conn: Connection, phones: Iterable[str], emails: Iterable[str], most: int | None = None
) -> list[Lead]:
    """Leads, not deleted, that have one of these phones (E.164; also among `other_phones`) or e-mails, in id order; no
    more than `most`, those that were in the book first."""
    values = {mirror_rows.contact_key(value) for value in (*phones, *emails)} - {""}
    found: dict[str, Lead] = {}
    for part in bulk.parts(sorted(values)):
        pks = select(contacts.c.pk).where(contacts.c.value.in_(part))
        if most is not None:
            pks = pks.distinct().order_by(contacts.c.pk).limit(most)
        for row in conn.execute(mirror_rows.selection().where(table.c.pk.in_(pks))):
            shared = mirror_rows.from_database(row)
            found[shared.lead_id] = shared.lead
    return [found[i] for i in sorted(found)][:most]


def every_lead(conn: Connection) -> Iterator[Lead]:
    """All leads that are not deleted, oldest row of the mirror first, never more than a chunk of them in memory."""
    last = 0
    while True:
        query = mirror_rows.selection().where(table.c.pk > last).order_by(table.c.pk).limit(CHUNK)
        rows = [mirror_rows.from_database(found) for found in conn.execute(query)]
        if not rows:
            return
        last = rows[-1].pk
        yield from (row.lead for row in rows if row.state != DELETED)


def rows_of(conn: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Where these leads were last seen in Master; one that is nowhere is left out."""
    found: dict[str, int] = {}
    for part in bulk.parts(ids):
        query = select(table.c.lead_id, table.c.row_number).where(table.c.lead_id.in_(part))
        found.update((i, row) for i, row in conn.execute(query.where(table.c.row_number.is_not(None))))
    return found


def seen_rows(conn: Connection, first: int, last: int) -> list[SeenRow]:
    """What was last seen at the rows `first` to `last` of Master, in row order."""
    query = select(table.c.row_number, table.c.lead_id, table.c.digest)
    query = query.where(table.c.row_number.between(first, last)).order_by(table.c.row_number)
    return [SeenRow(row, lead_id, digest) for row, lead_id, digest in conn.execute(query).all()]


def seen_leads(conn: Connection, ids: Iterable[str]) -> list[SeenRow]:
    """Where these leads were last seen (0: at no row that we know of), and what their rows said then; deleted ones are
    left out."""
    found: list[SeenRow] = []
    for part in bulk.parts(map(askable, ids)):
        query = select(table.c.row_number, table.c.lead_id, table.c.digest).where(table.c.lead_id.in_(part))
        known = conn.execute(query.where(table.c.state != DELETED)).all()
        found += [SeenRow(row or 0, lead_id, digest) for row, lead_id, digest in known]
    return found


def move_rows(conn: Connection, moves: Iterable[tuple[str, int]]) -> None:
    """Says where leads stand now that rows were sorted, inserted or deleted. One lead a row, as in `put_synced`; a
    deleted one with nothing pending stands nowhere."""
    bulk.hold(conn)
    to = dict(moves)
    for part in bulk.parts(sorted(to)):
        _vacate(conn, [to[i] for i in part], to)
        rows = mirror_rows.read(conn, part)
        there = {i: row for i, row in rows.items() if row.state != DELETED or row.saving}
        mirror_rows.write(conn, [(row, replace(row, row_number=to[i])) for i, row in there.items()])


def set_state(conn: Connection, ids: Iterable[str], state: str, why: str = "") -> None:
    """Marks leads live, deleted or frozen (with the reason that pages show). Raises ValueError for another state."""
    if state not in (LIVE, DELETED, FROZEN):
        raise ValueError(f"a lead is live, deleted or frozen, not {state!r}")
    bulk.hold(conn)
    for part in bulk.parts(ids):
        bases = overlay.read_bases(conn, part)
        overlay.write_bases(conn, {i: replace(known, state=state) for i, known in bases.items()})
        rows = mirror_rows.read(conn, part)
        mirror_rows.write(conn, [(row, _stated(row, state, why, i in bases)) for i, row in rows.items()])
        overlay.settle(conn, bases)


def _stated(row: MirrorRow, state: str, why: str, based: bool) -> MirrorRow:
    at = None if state == DELETED else row.row_number
    why = "" if state == LIVE else storable(why)
    return replace(row, state=row.state if based else state, frozen_why=why, row_number=at)


def standing(conn: Connection, ids: Iterable[str]) -> Mapping[str, Standing]:
    """How these leads stand; ids that the mirror does not know are left out."""
    rows = mirror_rows.read(conn, ids)
    return MappingProxyType({i: Standing(r.state, r.frozen_why, r.row_number, r.saving) for i, r in rows.items()})


def last_row(conn: Connection) -> int:
    """The last row of Master at which a lead was seen, 0 for none."""
    return conn.scalar(select(func.max(table.c.row_number))) or 0


def count(conn: Connection) -> int:
    """Leads that are not deleted."""
    return counters.total(conn)


def person_loads(conn: Connection, config: Config | None = None) -> dict[str, int]:
    """Open leads by who has them: those whose status is of kind open in the configuration (the one in force, if none is
    given), unknown or blank."""
    closed = {label[:100] for label in closed_labels(config or load_config(conn))}
    loads: dict[str, int] = {}
    for (person, status), n in counters.by_person_and_status(conn).items():
        if person and status not in closed:
            loads[person] = loads.get(person, 0) + n
    return loads
