from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from core.model import Lead
from store import mirror, queues
from store.mirror import SheetLead
from store.queues import Place, Queue

DAY = date(2026, 11, 22)
OVERDUE = Queue("overdue", DAY, "New Lead")


def book(conn: Connection, leads: Sequence[Lead]) -> None:
    mirror.put_synced(conn, [SheetLead(one, at + 2, one.lead_id) for at, one in enumerate(leads)])


def lead(lead_id: str, days: int | None, status: str = "Interested", person: str = "Neha") -> Lead:
    due = None if days is None else DAY + timedelta(days=days)
    return Lead(lead_id, status=status, assigned_to=person, next_follow_up=due)


def everyone() -> list[Lead]:
    return [
        lead("L1", -3),
        lead("L2", -1),
        lead("L3", -3, person="Vikram"),
        lead("L4", 0),
        lead("L5", 1),
        lead("L6", None),
        lead("L7", -1, "New Lead"),
        lead("L8", None, "New Lead", "Vikram"),
    ]


@pytest.mark.parametrize(
    ("which", "person", "ids"),
    [
        ("overdue", None, ["L1", "L3", "L2", "L7"]),
        ("overdue", "Vikram", ["L3"]),
        ("overdue", "", []),
        ("today", None, ["L4"]),
        ("today", "Vikram", []),
        ("new", None, ["L7", "L8"]),
        ("new", "Vikram", ["L8"]),
        ("new", "\x00", []),
    ],
)
def test_who_stands_where(engine: Engine, which: queues.Which, person: str | None, ids: list[str]) -> None:
    queue = Queue(which, DAY, "New Lead", person)
    with engine.begin() as conn:
        book(conn, everyone())
        assert queues.first(conn, queue, 10) == ids
        assert queues.count(conn, queue) == len(ids)
        for at, lead_id in enumerate(ids):
            before = ids[at - 1] if at else None
            after = ids[at + 1] if at + 1 < len(ids) else None
            assert queues.place(conn, queue, lead_id) == Place(at + 1, before, after)


def test_the_edge_of_the_day(engine: Engine) -> None:
    """Due today is not late, and is late the day after."""
    with engine.begin() as conn:
        book(conn, [lead("L4", 0)])
        assert queues.count(conn, OVERDUE) == 0
        assert queues.count(conn, replace(OVERDUE, day=DAY + timedelta(days=1))) == 1


def test_who_is_not_in_a_queue_has_no_place(engine: Engine) -> None:
    with engine.begin() as conn:
        book(conn, everyone())
        mirror.set_state(conn, ["L1"], "deleted")
        assert [queues.place(conn, OVERDUE, one) for one in ("L1", "L4", "L5", "L6", "nobody", "\x00")] == [None] * 6
        assert queues.count(conn, OVERDUE) == 3


def test_every_queue_walks_along_an_index(engine: Engine) -> None:
    with engine.begin() as conn:
        if conn.dialect.name != "sqlite":
            return
        for which in ("overdue", "today", "new"):
            for person in (None, "Neha"):
                queue = Queue(which, DAY, "New Lead", person)
                statement = queues.ordered(queue).limit(5).compile(conn, compile_kwargs={"literal_binds": True})
                plan = " ".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
                assert "USING" in plan, plan
                assert "SCAN listed" not in plan.replace("SCAN listed USING", ""), plan
                assert "TEMP B-TREE" not in plan, plan


def test_who_must_not_be_contacted_stands_in_no_queue(engine: Engine) -> None:
    asked = [replace(one, lead_id=f"D{n}", do_not_contact=True) for n, one in enumerate(everyone())]
    with engine.begin() as conn:
        book(conn, asked)
        for which in ("overdue", "today", "new"):
            queue = replace(OVERDUE, which=which)
            assert (queues.first(conn, queue, 10), queues.count(conn, queue)) == ([], 0)
        book(conn, [replace(asked[0], do_not_contact=False)])
        assert queues.first(conn, OVERDUE, 10) == ["D0"]


def test_new_is_who_was_never_contacted(engine: Engine) -> None:
    called = replace(lead("L1", None, "New Lead"), last_contacted=datetime(2026, 11, 20, tzinfo=UTC))
    with engine.begin() as conn:
        book(conn, [called, lead("L2", None, "New Lead")])
        for person in (None, "Neha"):
            queue = Queue("new", DAY, "New Lead", person)
            assert (queues.first(conn, queue, 10), queues.count(conn, queue)) == (["L2"], 1)
