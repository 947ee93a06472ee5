from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from core.model import Conflict
from store import conflicts, counters, lost

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)


def test_the_conflicts_of_one_change_open_and_decided(engine: Engine) -> None:
    with engine.begin() as conn:
        conflicts.add(conn, "C1", [Conflict("L1", "status", "a", "b", "c"), Conflict("L1", "city", "a", "b", "c")], NOW)
        conflicts.add(conn, "C2", [Conflict("L1", "city", "a", "d", "c")], NOW)
        status, city = lost.of_change(conn, "C1", "L1")
        conflicts.resolve(conn, city.conflict_id, "theirs")
        assert [(one.field, one.resolution) for one in lost.of_change(conn, "C1", "L1")] == [
            ("status", ""),
            ("city", "theirs"),
        ]
        assert status.resolution == ""
        assert lost.of_change(conn, "C1", "L2") == []
        assert lost.of_change(conn, "\x00", "\ud800") == []


def test_a_decision_taken_back_stands_open_again(engine: Engine) -> None:
    with engine.begin() as conn:
        conflicts.add(conn, "C1", [Conflict("L1", "status", "a", "b", "c")], NOW)
        (found,) = lost.of_change(conn, "C1", "L1")
        assert not lost.reopen(conn, found.conflict_id)
        conflicts.resolve(conn, found.conflict_id, "ours")
        before = counters.revision(conn)
        assert lost.reopen(conn, found.conflict_id)
        assert counters.revision(conn) > before
        assert conflicts.resolve(conn, found.conflict_id, "theirs")
        assert not lost.reopen(conn, "nothing")


def test_an_index_finds_them(engine: Engine) -> None:
    with engine.begin() as conn:
        if conn.dialect.name != "sqlite":
            return
        told = "EXPLAIN QUERY PLAN SELECT 1 FROM conflicts WHERE lead_id = ? AND resolution IN ('', 'ours', 'theirs')"
        plan = str(conn.exec_driver_sql(told, ("L1",)).all())
        assert "USING INDEX ix_conflicts_lead_id_resolution" in plan or "COVERING INDEX" in plan
