"""Cells of Master that a formula elsewhere fills (an array that spills): a value written into one would stop it.

A read cannot tell such a cell from a typed one. Two things can: a formula in the column's first row below the header
that goes on to its end, and the journal, whose copy of such a cell is blank. Used by `sync.targets` and `sync.repair`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from core.model import Cell, ChangeState
from store import outbox, state

Filled = Mapping[str, Sequence[str]]  # the fields that each change cannot have, by its id
_KEY = "filled_by_formulas"
# Formulas whose results can go on into the cells beside and below.
_FILLS = re.compile(
    r"\{|\b(ARRAYFORMULA|QUERY|FILTER|SORTN?|UNIQUE|TRANSPOSE|SPLIT|SEQUENCE|FLATTEN|IMPORT\w+|MAP|BYROW|BYCOL|SCAN"
    r"|MAKEARRAY|MMULT|RANDARRAY|REDUCE|[HV]STACK|TO(COL|ROW)|WRAP(COLS|ROWS)|CHOOSE(COLS|ROWS)|LAMBDA|LET)\b",
    re.IGNORECASE,
)

_OPEN = re.compile(r"(?<![\w.])\$?[A-Z]{1,3}\$?\d*:\$?[A-Z]{1,3}(?![\w$(])", re.IGNORECASE)  # B2:B, to the column's end


def fills(cell: Cell) -> bool:
    """Whether a cell, formulas as text, holds a formula that can fill others."""
    return isinstance(cell, str) and cell.startswith("=") and _FILLS.search(cell) is not None


def fills_columns(cell: Cell) -> bool:
    """Whether such a formula goes on as far down as its columns go."""
    return fills(cell) and _OPEN.search(str(cell)) is not None


def filled_columns(top: Sequence[Sequence[Cell]], ours: Collection[int]) -> frozenset[int]:
    """The columns (0-based) that a formula in Master's first two rows may fill (`top`, formulas as text): its own, and
    to the right of it those that are not of `ours`, for a result may be several columns wide."""
    found: set[int] = set()
    width = max(map(len, top), default=0)
    for start in (c for row in top[:2] for c, cell in enumerate(row) if fills(cell)):
        end = next((c for c in range(start + 1, width) if c in ours), width)
        found.update(range(start, end))
    return frozenset(found)


def remember(conn: Connection, found: Iterable[tuple[str, str]]) -> None:
    """(change, field): the journal kept a blank of a cell that had shown something. Where it shows the same again once
    that blank was put back, no person emptied it: a formula fills it."""
    known = {key: list(names) for key, names in filled(conn).items() if _waits(conn, key)}
    for change_id, name in found:
        known[change_id] = sorted({*known.get(change_id, ()), name})
    state.put(conn, _KEY, json.dumps(known))


def filled(conn: Connection) -> Filled:
    """What is remembered."""
    found: Filled = json.loads(state.get(conn, _KEY) or "{}")
    return found


def _waits(conn: Connection, change_id: str) -> bool:
    known = outbox.change(conn, change_id)
    return known is not None and known.state is ChangeState.PENDING
