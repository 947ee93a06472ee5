"""What a cycle asks of the store is found by an index: it costs the same however many leads and rows there are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import event

from core.model import ChangeState
from store import ledger, mirror, outbox, tabs, watch
from store.database import open_database

SMALL = ("tabs", "bases")  # a row for each tab; one for each lead with an edit on its way


def test_no_question_of_a_cycle_walks_through_a_table(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/plans.db")
    asked: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda conn, cursor, sql, given, *rest: asked.append((sql, given)))
    with engine.begin() as conn:
        watch.hot_rows(conn, date(2026, 11, 25), datetime(2026, 11, 25, tzinfo=UTC))
        watch.lost(conn)
        watch.forget_rows_after(conn, 100)
        mirror.seen_rows(conn, 1, 50)
        mirror.count(conn)
        tabs.all_tabs(conn)
        outbox.in_state(conn, ChangeState.APPLIED, 5_000)
        ledger.among(conn, 5, ["a:0"])
        ledger.near(conn, 5, ["a:0", "b:1"], [3, 4])
        questions = [(sql, given) for sql, given in asked if sql.startswith(("SELECT", "UPDATE"))]
        assert len(questions) >= 10
        for sql, given in questions:
            for step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given):  # type: ignore[arg-type]
                assert not step[3].startswith("SCAN") or step[3].split()[1] in SMALL, (sql, step[3])
    engine.dispose()
