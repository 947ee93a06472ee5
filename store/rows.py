"""A lead as a row of the `leads` table, there and back; hot, since a first read brings hundreds of thousands.

A `Row` is the tuple of the columns of `CONTENT`: the lead's own fields in Master's order, then `extra`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import TypeAlias

from core.fields import MASTER, NAMES, Kind
from core.model import Cell, Lead, Value
from store.values import extra_from_json, extra_json, moment_text, storable

Stored: TypeAlias = str | int | bool | None
Row: TypeAlias = tuple[Stored, ...]

CONTENT: tuple[str, ...] = (*NAMES, "extra")
MAX_ID = 64
"""Characters a lead_id may have: ids of ours have nine; PostgreSQL cannot index a cell of 50,000."""

_read_fields = attrgetter(*NAMES)
_TEXTS = tuple(i for i, f in enumerate(MASTER) if f.kind not in (Kind.DAY, Kind.MOMENT, Kind.WHOLE, Kind.FLAG))
_DAYS = tuple(i for i, f in enumerate(MASTER) if f.kind is Kind.DAY)
_MOMENTS = tuple(i for i, f in enumerate(MASTER) if f.kind is Kind.MOMENT)
_FLAGS = tuple(i for i, f in enumerate(MASTER) if f.kind is Kind.FLAG)
_POSITION: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}


class UnstorableLead(ValueError):
    """A lead that no row can hold: its lead_id is blank or longer than `MAX_ID`, or a value has the wrong type."""


def id_problem(lead_id: str) -> str:
    """Why no row can have this lead_id, in plain words; "" where one can. For those who read ids that people typed."""
    if not 0 < len(lead_id) <= MAX_ID:
        return f"lead_id {lead_id[:80]!r} has {len(lead_id)} characters, not 1 to {MAX_ID}"
    return "" if lead_id == storable(lead_id) else f"lead_id {lead_id!r} has characters that no database holds"


def to_row(lead: Lead) -> Row:
    """The lead as its row. Raises `UnstorableLead`, naming the lead and the field."""
    if problem := id_problem(lead.lead_id):
        raise UnstorableLead(problem)
    row: list[Stored] = list(_read_fields(lead))
    try:
        _encode(row, _TEXTS, storable)
        _encode(row, _DAYS, date.isoformat)
        _encode(row, _MOMENTS, moment_text)
    except (AttributeError, TypeError, ValueError) as error:
        raise UnstorableLead(f"lead {lead.lead_id}: {error}") from error
    row.append(extra_json(lead.extra))
    return tuple(row)


def from_row(row: Sequence[Stored]) -> Lead:
    """The lead that a row of `CONTENT` holds."""
    cells: list[object] = list(row[: len(NAMES)])
    for i in _DAYS:
        if cells[i] is not None:
            cells[i] = date.fromisoformat(str(cells[i]))
    for i in _MOMENTS:
        if cells[i] is not None:
            cells[i] = datetime.fromisoformat(str(cells[i])).astimezone(UTC)
    for i in _FLAGS:
        if cells[i] is not None:
            cells[i] = bool(cells[i])
    cells.append(extra_from_json(str(row[len(NAMES)])))
    return Lead(*cells)  # type: ignore[arg-type]  # by position: CONTENT is the order of Lead's fields (tested)


def laid_over(lead: Lead, changes: Iterable[Mapping[str, tuple[Value, Value]]]) -> Lead:
    """The lead with the new values of these changes, in order; a name that Master lacks is a column of the users."""
    known: dict[str, Value] = {}
    extra: dict[str, Cell] = dict(lead.extra)
    for fields in changes:
        for name, (_, new) in fields.items():
            if name in _POSITION:
                known[name] = new
            else:
                extra[name] = new.isoformat() if isinstance(new, date) else new
    known.pop("lead_id", None)  # a lead keeps its id
    return replace(lead, **known, extra=extra)  # type: ignore[arg-type]  # field names of Lead, canonical values


def _encode(row: list[Stored], at: tuple[int, ...], encode: Callable[..., str]) -> None:
    for i in at:
        if row[i] is not None:
            row[i] = encode(row[i])
