"""What cycles and pages ask of the store is found by an index: it costs the same however many leads and rows there are.

`tests/store/test_search.py` holds the same of every list, filter and order over the leads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, event, text

from core.model import ChangeState
from store import (
    activity,
    conflicts,
    counters,
    groups,
    issues,
    kept,
    ledger,
    lost,
    mirror,
    mixups,
    outbox,
    paging,
    queues,
    search,
    tabs,
    untold,
    watch,
)
from store.namesakes import namesakes
from store.queues import Queue
from tests.store.leads import lead, seen

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TODAY = date(2026, 11, 25)
LARGE = (
    "leads", "listed", "texts", "contacts", "ledger", "ledger_leads", "outbox", "activity", "issues", "kept",
    "conflicts",
)  # fmt: skip
Asked = list[tuple[str, object]]


def _beyond_issue() -> str:
    return paging.cursor("issues", (7, 3, 9))


def _in_queue(queue: Queue, conn: Connection) -> None:
    queues.count(conn, queue)
    queues.first(conn, queue, 20)
    for lead_id in ("L00000001", "L00000002"):
        queues.place(conn, queue, lead_id)


OF_A_CYCLE: tuple[Callable[[Connection], object], ...] = (
    lambda conn: watch.hot_rows(conn, TODAY, NOW),
    watch.lost,
    lambda conn: watch.forget_rows_after(conn, 100),
    lambda conn: mirror.seen_rows(conn, 1, 50),
    lambda conn: mirror.seen_leads(conn, ["L1", "L2"]),
    mirror.count,
    mirror.last_row,
    lambda conn: mirror.leads_sharing(conn, ["+919876543210"], ["a@example.org"]),
    lambda conn: mirror.rows_of(conn, ["L1"]),
    lambda conn: mirror.standing(conn, ["L1"]),
    lambda conn: mirror.bases_of(conn, ["L1"]),
    lambda conn: namesakes(conn, "full_name", "Asha", 5, 20),
    lambda conn: namesakes(conn, "phone_number", "+919876543210", 5, 20),
    mirror.person_loads,
    tabs.all_tabs,
    lambda conn: outbox.in_state(conn, ChangeState.APPLIED, 5_000),
    lambda conn: outbox.ready(conn, 500),
    outbox.pending_count,
    lambda conn: outbox.changes(conn, ["C1"]),
    lambda conn: ledger.among(conn, 5, ["a:0"]),
    lambda conn: ledger.near(conn, 5, ["a:0", "b:1"], [3, 4]),
    lambda conn: ledger.of_rows(conn, 5, ["a:0"]),
    lambda conn: kept.untold(conn, 500),
    lambda conn: kept.of_keys(conn, "apart", ["x"]),
    lambda conn: untold.waiting(conn, 500),
    lambda conn: mixups.of_leads(conn, ["L1"]),
    lambda conn: issues.page(conn, 50, blocking=True),
    counters.revision,
)
OF_A_PAGE: tuple[Callable[[Connection], object], ...] = (
    lambda conn: mirror.lead(conn, "L1"),
    lambda conn: activity.of_lead(conn, "L1", 50),
    lambda conn: activity.recent(conn, 50),
    lambda conn: activity.of_change(conn, "C1", "L1"),
    lambda conn: activity.of_change_id(conn, "C1"),
    lambda conn: outbox.of_lead(conn, "L1"),
    lambda conn: outbox.change(conn, "C1"),
    lambda conn: ledger.rows_of_lead(conn, "L1"),
    lambda conn: search.marks(conn, ["L1"]),
    lambda conn: conflicts.open_conflicts(conn, 20),
    lambda conn: conflicts.conflict(conn, "C1"),
    lambda conn: lost.of_change(conn, "C1", "L1"),
    lambda conn: lost.decided(conn, 3),
    lambda conn: groups.recent(conn, 20),
    lambda conn: groups.group(conn, "G1"),
    lambda conn: groups.changes(conn, "G1"),
    lambda conn: issues.page(conn, 50, _beyond_issue()),
    lambda conn: queues.contacted_since(conn, NOW),
    *(
        partial(_in_queue, Queue(which, TODAY, ("New Lead",), person))
        for which in ("overdue", "today", "new")
        for person in (None, "Neha")
    ),
    lambda conn: counters.by(conn, "status"),
    lambda conn: counters.due_by_day(conn, TODAY, TODAY),
)


@contextmanager
def noted(engine: Engine) -> Iterator[Asked]:
    """What is asked of the database meanwhile."""
    asked: Asked = []

    def note(_c: object, _cur: object, statement: str, given: object, *_: object) -> None:
        asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def walked(conn: Connection, statement: str, given: object) -> list[str]:
    """The large tables that the database would read from end to end for it."""
    if conn.dialect.name == "sqlite":
        steps = [str(step[3]) for step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]  # type: ignore[arg-type]
        along = "USING" if " LIMIT " in statement else "nothing"  # along an index, as far as the page reaches
        return [step for step in steps if re.match(rf"SCAN ({'|'.join(LARGE)})\b", step) and along not in step]
    plan = json.dumps(conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given).scalar())  # type: ignore[arg-type]
    found = re.findall(r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "(\w+)"', plan)
    return [name for name in found if name in LARGE]


@pytest.mark.parametrize("calls", [OF_A_CYCLE, OF_A_PAGE], ids=["cycle", "page"])
def test_no_question_walks_through_a_large_table(
    engine: Engine, calls: tuple[Callable[[Connection], object], ...]
) -> None:
    with engine.begin() as conn:
        days = {1: TODAY - timedelta(days=1), 2: TODAY}
        leads = [lead(n, assigned_to="Neha", next_follow_up=day, last_contacted=None) for n, day in days.items()]
        mirror.put_synced(conn, map(seen, leads))
        if engine.dialect.name == "postgresql":  # small tables are read through quicker than looked up
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        with noted(engine) as asked:
            for call in calls:
                call(conn)
        questions = [(sql, given) for sql, given in asked if sql.lstrip().startswith(("SELECT", "UPDATE"))]
        assert len(questions) >= len(calls) - 3
        assert {sql: found for sql, given in questions if (found := walked(conn, sql, given))} == {}
