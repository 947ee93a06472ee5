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
from tests.store.test_cycle_plans import noted

DAY = date(2026, 11, 22)
OVERDUE = Queue("overdue", DAY, ("New Lead",))


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
    queue = Queue(which, DAY, ("New Lead",), person)
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
                queue = Queue(which, DAY, ("New Lead", "Enquiry"), person)
                with noted(engine) as asked:
                    queues.first(conn, queue, 5)
                for statement, given in asked:
                    plan = " ".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given))  # type: ignore[arg-type]
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
            queue = Queue("new", DAY, ("New Lead",), person)
            assert (queues.first(conn, queue, 10), queues.count(conn, queue)) == (["L2"], 1)


def test_new_is_also_who_says_what_the_status_was_called_before(engine: Engine) -> None:
    """In one order, whichever word a lead says: who came since stands between those who were there."""
    new = [lead("L5", -1, "New Lead"), lead("L1", 0, "Enquiry"), lead("L3", 0, "New Lead"), lead("L2", 2, "Enquiry")]
    with engine.begin() as conn:
        book(conn, [*new, lead("L6", 0, "Keen")])
        for person in (None, "Neha"):
            queue = Queue("new", DAY, ("New Lead", "Enquiry"), person)
            assert queues.first(conn, queue) == ["L5", "L1", "L3", "L2"]
            assert queues.first(conn, queue, 2) == ["L5", "L1"]
            assert queues.count(conn, queue) == 4
            assert queues.place(conn, queue, "L3") == Place(3, "L1", "L2")
            assert queues.place(conn, queue, "L5") == Place(1, None, "L1")
            assert queues.place(conn, queue, "L2") == Place(4, "L3", None)
            assert queues.place(conn, queue, "L6") is None
