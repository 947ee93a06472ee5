"""Whose the spreadsheet is, where it is not plainly ours: what the sync noticed, and what a person decided about it.

`sync.settling` notices and asks; the app (`app.matters`) and `bumuk sync --take-over` decide.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from store import counters, state
from store.values import moment, moment_text

Why: TypeAlias = Literal["copy", "signed", "taken"]
"""`copy`: the spreadsheet was copied from another; `signed`: another installation writes to it, and we never have;
`taken`: another installation signed it after us."""

Decision: TypeAlias = Literal["", "take_over", "stay_away"]
_KEY = "ownership"


@dataclass(frozen=True, slots=True)
class Dispute:
    """Why we only read here. `installation` and `spreadsheet_id` are what `_crm` says: a decision is about those."""

    why: Why
    installation: str
    spreadsheet_id: str
    at: datetime
    decision: Decision = ""


def current(conn: Connection) -> Dispute | None:
    """What keeps us from writing; None where nothing does."""
    text = state.get(conn, _KEY)
    if not text:
        return None
    found = json.loads(text)
    return Dispute(**{**found, "at": moment(found["at"])})


def notice(conn: Connection, found: Dispute) -> Decision:
    """Remembers what stands in the way, and gives what a person has decided about just this."""
    known = current(conn)
    if known and (known.why, known.installation, known.spreadsheet_id) == (
        found.why,
        found.installation,
        found.spreadsheet_id,
    ):
        return known.decision
    _put(conn, found)
    return ""


def decide(conn: Connection, decision: Decision) -> bool:
    """A person's decision; False where nothing is to decide (any more)."""
    known = current(conn)
    if known is None:
        return False
    _put(conn, replace(known, decision=decision))
    return True


def settled(conn: Connection) -> None:
    """The spreadsheet is ours."""
    if state.get(conn, _KEY):
        state.forget(conn, _KEY)
        counters.bump(conn)


def _put(conn: Connection, dispute: Dispute) -> None:
    state.put(conn, _KEY, json.dumps({**asdict(dispute), "at": moment_text(dispute.at)}))
    counters.bump(conn)
