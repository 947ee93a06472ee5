"""The tabs of the spreadsheet as they were last read: title, role, header, recognised shape.

All of it comes back from a read of the sheet. A person's answer about a tab that is neither plainly a source nor
plainly not is kept in `_crm` too (`sync.answers`), so that it outlives this database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from sqlalchemy import Connection, Row, delete, select, update

from core.model import Cell
from store import bulk, counters
from store.schema import tabs as table
from store.values import cells_from_json, cells_json, storable

Role: TypeAlias = Literal["source", "master", "activity", "attention", "settings", "team", "crm", "ask", "skip"]
_ASKED: tuple[Role, ...] = ("ask", "source", "skip")


@dataclass(frozen=True, slots=True)
class TabState:
    """A tab as last read. `shape_json` is its recognised shape (`core.columns`), `rows` its last row with anything in
    it, `digest` that of its cells, `why` says in a plain sentence why it has its role."""

    sheet_id: int
    title: str
    role: Role
    header: tuple[Cell, ...] = ()
    shape_json: str = ""
    rows: int = 0
    digest: str = ""
    why: str = ""


def all_tabs(conn: Connection) -> list[TabState]:
    """Every known tab, by sheetId."""
    return [_tab(row) for row in conn.execute(select(table).order_by(table.c.sheet_id))]


def tab(conn: Connection, sheet_id: int) -> TabState | None:
    row = conn.execute(select(table).where(table.c.sheet_id == sheet_id)).first()
    return _tab(row) if row else None


def put_tab(conn: Connection, state: TabState) -> TabState:
    """Keeps what was read of a tab, and gives it as kept: a person's answer stands over what the tab looks like."""
    bulk.hold(conn)
    answer = conn.scalar(select(table.c.answer).where(table.c.sheet_id == state.sheet_id)) or ""
    kept = replace(state, role=_role(answer)) if answer and state.role in _ASKED else state
    before = tab(conn, state.sheet_id)
    bulk.upsert(conn, table, [_columns(kept, answer)])
    if before is None or (before.role, before.title, before.why) != (kept.role, kept.title, kept.why):
        counters.bump(conn)
    return kept


def remove_tab(conn: Connection, sheet_id: int) -> None:
    """Forgets a tab that is no longer in the spreadsheet, a person's answer about it included."""
    conn.execute(delete(table).where(table.c.sheet_id == sheet_id))
    counters.bump(conn)


def decide_role(conn: Connection, sheet_id: int, role: Role) -> bool:
    """A person's answer about a tab: "source" or "skip", or "ask" to take an answer back. It stays until it is answered
    anew, and the tab is looked at from the start. False where there is no such tab, or it is one of our own. Raises
    ValueError for another role."""
    if role not in _ASKED:
        raise ValueError(f"a person can make a tab source, skip or ask, not {role!r}")
    bulk.hold(conn)
    answered = update(table).where(table.c.sheet_id == sheet_id, table.c.role.in_(_ASKED))
    changed = conn.execute(answered.values(role=role, answer="" if role == "ask" else role, digest="")).rowcount
    if changed:
        counters.bump(conn)
    return bool(changed)


def answers(conn: Connection) -> dict[int, Role]:
    """What people said of tabs, by sheetId."""
    found = conn.execute(select(table.c.sheet_id, table.c.answer).where(table.c.answer != ""))
    return {row.sheet_id: _role(row.answer) for row in found}


def _columns(state: TabState, answer: str) -> Sequence[str | int]:
    header = cells_json(state.header)
    title, shape, why = storable(state.title), storable(state.shape_json), storable(state.why)
    return (state.sheet_id, title, state.role, header, shape, state.rows, state.digest, why, answer)


def _tab(row: Row[tuple[object, ...]]) -> TabState:
    header = cells_from_json(row.header)
    return TabState(
        row.sheet_id, row.title, _role(row.role), header, row.shape_json, row.row_count, row.digest, row.why
    )


def _role(role: str) -> Role:
    if role not in get_args(Role):
        raise ValueError(f"a tab has no role {role!r}")
    return role  # type: ignore[return-value]  # checked above
