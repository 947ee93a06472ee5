"""How long edits take, measured as they go: from the app into the sheet, and from the sheet into the app.

The last few hundred of each are remembered. Into the sheet: from the moment an edit was safe here to the verified
answer of its batch. Into the app nobody tells when somebody typed; what is measured is the longest that it can have
been, from the beginning of one look at the sheet to the end of the next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from store import state

Way: TypeAlias = Literal["to_sheet", "to_app"]
REMEMBERED = 300
_LONGEST = 3600.0  # seconds beyond which it was not slow but away
_KEY = "latency_"


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, by how many edits or looks."""

    p50: float
    p95: float
    count: int


def add(conn: Connection, way: Way, seconds: Sequence[float]) -> None:
    """Remembers measurements; clocks that went backwards, and what waited for a sheet that was away, are left out."""
    fresh = [round(one, 3) for one in seconds if 0 <= one < _LONGEST]
    if fresh:
        known = json.loads(state.get(conn, _KEY + way) or "[]")
        state.put(conn, _KEY + way, json.dumps([*known, *fresh][-REMEMBERED:]))


def of(conn: Connection, way: Way) -> Latency | None:
    """None where nothing was measured yet."""
    known = sorted(json.loads(state.get(conn, _KEY + way) or "[]"))
    if not known:
        return None
    return Latency(_at(known, 0.5), _at(known, 0.95), len(known))


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
