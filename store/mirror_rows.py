"""The one place that writes the mirror: a lead's row and all that is derived from it move together or not at all.

`write` is given what stood there and what shall stand there; listed, texts, contacts and counters follow from the two,
so they cannot drift. Called by `store.mirror` and `store.overlay` under `bulk.hold`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, bindparam, func, select

from core.fields import NAMES
from core.model import Lead
from store import bulk, counters, text_index
from store.counters import Key, Listing
from store.rows import CONTENT, Row, from_row
from store.schema import contacts, leads, listed
from store.texts import fold, haystack
from store.values import askable

LIVE, DELETED, FROZEN = "live", "deleted", "frozen"
_LEAD_COLUMNS = (
    leads.c.pk,
    *(leads.c[name] for name in (*CONTENT, "row_number", "state", "frozen_why", "digest", "saving")),
)
_AT = {name: i for i, name in enumerate(NAMES)}
_SHORT = 100  # characters that `listed` keeps
_SEARCHED = tuple(
    _AT[name] for name in ("full_name", "child_name", "email", "city", "notes", "phone_number", "other_phones")
)


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """A row of `leads`. `saving` is the number of its pending changes, `digest` that of its cells when last read."""

    pk: int
    content: Row
    row_number: int | None
    state: str
    frozen_why: str
    digest: str
    saving: int

    @property
    def lead_id(self) -> str:
        return str(self.content[0])

    @property
    def lead(self) -> Lead:
        return from_row(self.content)


def selection() -> Select[tuple[object, ...]]:
    """All columns of `leads`, in the order that `from_database` reads."""
    return select(*_LEAD_COLUMNS)


def from_database(found: Sequence[object]) -> MirrorRow:
    end = 1 + len(CONTENT)
    return MirrorRow(found[0], tuple(found[1:end]), *found[end:])  # type: ignore[arg-type]  # the columns of `selection`


_OF_IDS = selection().where(leads.c.lead_id.in_(bindparam("ids", expanding=True)))  # made once: every page asks it


def read(conn: Connection, ids: Iterable[str]) -> dict[str, MirrorRow]:
    """The rows of these leads, whatever their state, by lead_id."""
    rows: dict[str, MirrorRow] = {}
    for part in bulk.parts(map(askable, ids)):
        for found in conn.execute(_OF_IDS, {"ids": part}):
            row = from_database(found)
            rows[row.lead_id] = row
    return rows


def next_pk(conn: Connection) -> int:
    """The first number that no row has (only good while `bulk.hold` holds)."""
    return (conn.scalar(select(func.max(leads.c.pk))) or 0) + 1


def write(conn: Connection, pairs: Sequence[tuple[MirrorRow | None, MirrorRow | None]]) -> int:
    """Brings each row from what it is to what it shall be; None is no row. Returns how many differed."""
    changed = [(old, new) for old, new in pairs if old != new]
    bulk.upsert(conn, leads, [_columns(new) for _, new in changed if new])
    bulk.remove(conn, leads, [old.pk for old, new in changed if old and not new])
    derived = [pair for pair in changed if _content(pair[0]) != _content(pair[1])]
    _write_listed(conn, derived)
    _write_texts(conn, derived)
    _write_contacts(conn, derived)
    if changed:
        counters.bump(conn)
    return len(changed)


def listing(row: MirrorRow) -> Listing:
    """What this lead is listed by."""
    cell = row.content

    def short(name: str) -> str:
        return str(cell[_AT[name]] or "")[:_SHORT]

    return Listing(
        lead_id=row.lead_id,
        status=short("status"),
        priority=short("priority"),
        assigned_to=short("assigned_to"),
        lead_source=short("lead_source"),
        city=short("city"),
        due=counters.NEVER if cell[_AT["do_not_contact"]] else short("next_follow_up") or counters.NO_DAY,
        name=name_key(short("full_name")),
        score=int(cell[_AT["lead_score"]] or 0),
        lead_date=short("lead_date"),
        created_at=short("created_at"),
        updated_at=short("updated_at"),
        last_contacted=short("last_contacted"),
    )


def contact_values(row: MirrorRow) -> frozenset[str]:
    """Phones and e-mail under which this lead is found, as `contact_key` gives them."""
    cell = row.content
    phones = [str(cell[_AT["phone_number"]] or ""), *str(cell[_AT["other_phones"]] or "").split(",")]
    values = (contact_key(value) for value in (*phones, str(cell[_AT["email"]] or "")))
    return frozenset(value for value in values if value)


def contact_key(value: str) -> str:
    """How a phone or an e-mail is looked up: e-mails without case, cut where an index would refuse the rest."""
    return askable(value.strip().casefold()[:320])


def name_key(name: str) -> str:
    """How a name is listed and looked up."""
    return fold(name[:_SHORT])[:_SHORT]


def _shown(row: MirrorRow | None) -> bool:
    return row is not None and row.state != DELETED


def _content(row: MirrorRow | None) -> Row | None:
    return row.content if row is not None and row.state != DELETED else None


def _columns(row: MirrorRow) -> tuple[str | int | bool | None, ...]:
    return (row.pk, *row.content, row.row_number, row.state, row.frozen_why, row.digest, row.saving)


def _write_listed(conn: Connection, pairs: Sequence[tuple[MirrorRow | None, MirrorRow | None]]) -> None:
    deltas: Counter[Key] = Counter()
    rows: list[tuple[str | int, ...]] = []
    gone: list[int] = []
    for old, new in pairs:
        before = listing(old) if old and _shown(old) else None
        after = listing(new) if new and _shown(new) else None
        if before == after:
            continue
        deltas.update(counters.keys(after) if after else ())
        deltas.subtract(counters.keys(before) if before else ())
        if after and new:
            rows.append((new.pk, *after))
        elif old:
            gone.append(old.pk)
    bulk.upsert(conn, listed, rows)
    bulk.remove(conn, listed, gone)
    counters.move(conn, deltas)


def _write_texts(conn: Connection, pairs: Sequence[tuple[MirrorRow | None, MirrorRow | None]]) -> None:
    gone = {old.pk for old, new in pairs if old and _shown(old) and not _shown(new)}
    told = [new for old, new in pairs if new and _shown(new) and _cells(old, _SEARCHED) != _cells(new, _SEARCHED)]
    fresh = {new.pk for old, new in pairs if new and not _shown(old)}
    text_index.write(conn, {row.pk: haystack(row.lead) for row in told}, fresh, gone)


def _write_contacts(conn: Connection, pairs: Sequence[tuple[MirrorRow | None, MirrorRow | None]]) -> None:
    fresh: list[tuple[str, int]] = []
    stale: list[int] = []
    for old, new in pairs:
        before = contact_values(old) if old and _shown(old) else frozenset()
        after = contact_values(new) if new and _shown(new) else frozenset()
        if before != after:
            stale += [old.pk] if old and before else []
            fresh += [(value, new.pk) for value in sorted(after) if new]
    bulk.remove(conn, contacts, stale)
    bulk.upsert(conn, contacts, fresh)


def _cells(row: MirrorRow | None, at: tuple[int, ...]) -> tuple[object, ...] | None:
    return tuple(row.content[i] for i in at) if row is not None and row.state != DELETED else None
