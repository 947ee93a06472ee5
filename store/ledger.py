"""How each source row ended: the ledger that makes every row count once. Kept in the sheet too (packed in `_crm`), from
where a new database gets it back.

A row is known by tab and fingerprint; `position` (its 1-based row when last read) and `cells` help to know an edited
row again, and may be unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select

from core.model import Cell, Disposition, LedgerEntry
from store import bulk
from store.schema import ledger, ledger_leads
from store.values import askable, cells_from_json, cells_json, storable

CHUNK = 5_000
_RANGES = 100  # of fingerprints asked for at once


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """A ledger entry with where its row was last seen and what the row held."""

    entry: LedgerEntry
    position: int | None
    cells: tuple[Cell, ...] | None


def put(conn: Connection, entries: Iterable[PlacedEntry]) -> None:
    """Writes entries; one of the same tab and fingerprint takes the place of the one before."""
    bulk.hold(conn)
    for part in bulk.parts(entries, CHUNK):
        kept = {(placed.entry.sheet_id, placed.entry.fingerprint): placed for placed in part}
        _forget_leads(conn, kept)
        bulk.upsert(conn, ledger, [_columns(placed) for placed in kept.values()])
        links = [(i, sheet_id, mark) for (sheet_id, mark), placed in kept.items() for i in placed.entry.lead_ids]
        bulk.upsert(conn, ledger_leads, links)


def known(conn: Connection, sheet_id: int) -> list[PlacedEntry]:
    """The entries of a tab in the order of their rows; those whose row is not known come last."""
    query = select(ledger).where(ledger.c.sheet_id == sheet_id)
    found = conn.execute(query.order_by(ledger.c.position.is_(None), ledger.c.position, ledger.c.fingerprint))
    return [_placed(row) for row in found]


def of_rows(conn: Connection, sheet_id: int, fingerprints: Iterable[str]) -> list[PlacedEntry]:
    """The entries of these rows of a tab, in no order."""
    rows = select(ledger).where(ledger.c.sheet_id == sheet_id)
    return [
        _placed(row)
        for part in bulk.parts(fingerprints)
        for row in conn.execute(rows.where(ledger.c.fingerprint.in_(part)))
    ]


def near(conn: Connection, sheet_id: int, fingerprints: Sequence[str], positions: Sequence[int]) -> list[PlacedEntry]:
    """What tells the rows of a part of a tab apart, in the order of `known` and whatever the tab's size: the entries of
    these rows and of others of the same content, those that stood at these positions, and of those whose place is not
    known as many as show that there are any beside these."""
    found: dict[str, PlacedEntry] = {}
    name = ledger.c.fingerprint

    def keep(condition: ColumnElement[bool], limit: int | None = None) -> None:
        query = select(ledger).where(ledger.c.sheet_id == sheet_id, condition).limit(limit)
        found.update((row.fingerprint, _placed(row)) for row in conn.execute(query))

    found.update((one.entry.fingerprint, one) for one in of_rows(conn, sheet_id, fingerprints))
    contents = {name.partition(":")[0] for name in fingerprints if name not in found}
    for part in bulk.parts(sorted(contents), _RANGES):
        keep(or_(*((name > f"{content}:") & (name < f"{content};") for content in part)))
    for places in bulk.parts(positions):
        keep(ledger.c.position.in_(places))
    keep(ledger.c.position.is_(None), len(fingerprints) + 1)
    return sorted(found.values(), key=lambda one: (one.position is None, one.position or 0, one.entry.fingerprint))


def among(conn: Connection, sheet_id: int, fingerprints: Iterable[str]) -> frozenset[str]:
    """Those of these rows that the tab's ledger knows."""
    found: set[str] = set()
    for part in bulk.parts(fingerprints):
        query = select(ledger.c.fingerprint).where(ledger.c.sheet_id == sheet_id, ledger.c.fingerprint.in_(part))
        found.update(conn.scalars(query))
    return frozenset(found)


def reposition(conn: Connection, sheet_id: int, moves: Iterable[tuple[str, int | None]]) -> None:
    """Says at which rows of the tab these fingerprints stand now; None where it is not known."""
    bulk.hold(conn)
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    sql = f"UPDATE ledger SET position = {mark} WHERE sheet_id = {mark} AND fingerprint = {mark}"  # noqa: S608  # only the driver's mark for a value goes in
    for part in bulk.parts(moves, CHUNK):
        conn.exec_driver_sql(sql, [(position, sheet_id, fingerprint) for fingerprint, position in part])


def remove(conn: Connection, sheet_id: int, fingerprints: Iterable[str]) -> None:
    """Forgets rows that are gone from the tab or took another fingerprint."""
    bulk.hold(conn)
    for part in bulk.parts(fingerprints):
        for table in (ledger_leads, ledger):
            conn.execute(delete(table).where(table.c.sheet_id == sheet_id, table.c.fingerprint.in_(part)))


def forget_tab(conn: Connection, sheet_id: int) -> None:
    """Forgets all rows of a tab."""
    bulk.hold(conn)
    for table in (ledger_leads, ledger):
        conn.execute(delete(table).where(table.c.sheet_id == sheet_id))


def rows_of_lead(conn: Connection, lead_id: str) -> list[PlacedEntry]:
    """The source rows that made or joined a lead, by tab and row."""
    marks = (
        select(ledger_leads.c.sheet_id, ledger_leads.c.fingerprint)
        .where(ledger_leads.c.lead_id == askable(lead_id))
        .subquery()
    )
    query = select(ledger).join(
        marks, (ledger.c.sheet_id == marks.c.sheet_id) & (ledger.c.fingerprint == marks.c.fingerprint)
    )
    return [_placed(row) for row in conn.execute(query.order_by(ledger.c.sheet_id, ledger.c.position))]


def totals(conn: Connection, sheet_id: int | None = None) -> Mapping[Disposition, int]:
    """Rows by how they ended, of a tab or of all; every disposition is there."""
    query = select(ledger.c.disposition, func.count()).group_by(ledger.c.disposition)
    if sheet_id is not None:
        query = query.where(ledger.c.sheet_id == sheet_id)
    found = {Disposition(name): n for name, n in conn.execute(query)}
    return MappingProxyType({disposition: found.get(disposition, 0) for disposition in Disposition})


def _forget_leads(conn: Connection, keys: Iterable[tuple[int, str]]) -> None:
    by_tab: dict[int, list[str]] = {}
    for sheet_id, fingerprint in keys:
        by_tab.setdefault(sheet_id, []).append(fingerprint)
    for sheet_id, fingerprints in by_tab.items():
        for part in bulk.parts(fingerprints):
            table = ledger_leads
            conn.execute(delete(table).where(table.c.sheet_id == sheet_id, table.c.fingerprint.in_(part)))


def _columns(placed: PlacedEntry) -> Sequence[str | int | None]:
    entry = placed.entry
    cells = cells_json(placed.cells) if placed.cells is not None else None
    ids = json.dumps(entry.lead_ids)
    return (
        entry.sheet_id,
        entry.fingerprint,
        storable(entry.key),
        entry.disposition.value,
        ids,
        placed.position,
        cells,
    )


def _placed(row: Row[tuple[object, ...]]) -> PlacedEntry:
    entry = LedgerEntry(
        row.sheet_id, row.fingerprint, row.key, Disposition(row.disposition), tuple(json.loads(row.lead_ids))
    )
    return PlacedEntry(entry, row.position, cells_from_json(row.cells) if row.cells is not None else None)
