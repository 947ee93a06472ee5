"""Fields on which two sides disagree, until a person decides."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from core.model import Conflict
from store import conflicts
from tests.store.leads import NOW

CITY = Conflict("L1", "city", None, "Pune", "Delhi")
DAY = Conflict("L1", "next_follow_up", date(2026, 8, 1), date(2026, 8, 2), None)


def test_kept_once_and_decided_once(engine: Engine) -> None:
    with engine.begin() as conn:
        conflicts.add(conn, "c1", [CITY, DAY], NOW)
        conflicts.add(conn, "c1", [DAY], NOW)
        first, second = conflicts.open_conflicts(conn, 10).items
        assert ((first.conflict, second.conflict), first.at, first.change_id) == ((CITY, DAY), NOW, "c1")
        assert conflicts.of_leads(conn, ["L1", "L2"]) == {"L1": 2}
        assert [conflicts.resolve(conn, first.conflict_id, "ours") for _ in range(2)] == [True, False]
        assert not conflicts.resolve(conn, "\x00", "ours")
        assert conflicts.open_conflicts(conn, 10).items == (second,)
        decided = conflicts.conflict(conn, first.conflict_id)
        assert decided is not None
        assert decided.conflict.resolution == "ours"
        with pytest.raises(ValueError, match="both"):
            conflicts.resolve(conn, second.conflict_id, "both")  # type: ignore[arg-type]


def test_oldest_first_page_after_page(engine: Engine) -> None:
    with engine.begin() as conn:
        conflicts.add(conn, "c1", [Conflict("L1", f"f{n}", None, n, None) for n in range(5)], NOW)
        first = conflicts.open_conflicts(conn, 3)
        rest = conflicts.open_conflicts(conn, 3, first.next_cursor)
        assert [c.conflict.ours for c in (*first.items, *rest.items)] == [0, 1, 2, 3, 4]
        assert rest.next_cursor is None
