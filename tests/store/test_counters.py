"""Kept counters; that they never drift is held in `test_one_truth`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from store import counters, mirror
from store.schema import counters as table
from tests.store.leads import TODAY, lead, seen


def test_due_by_day_and_person(engine: Engine) -> None:
    days = [None, *(TODAY + timedelta(days=n) for n in (-2, -1, 0, 0, 3))]
    with engine.begin() as conn:
        people = ("Ravi", None, "Ravi", "Ravi", "Meera", None)
        mirror.put_synced(
            conn,
            [seen(lead(n, next_follow_up=day, assigned_to=people[n])) for n, day in enumerate(days)],
        )
        assert counters.due(conn, None, TODAY - timedelta(days=1)) == 2
        assert counters.due(conn, TODAY, TODAY) == 2
        assert counters.due(conn, TODAY, TODAY, "Ravi") == 1
        assert counters.due(conn, TODAY, TODAY, "") == 0
        assert counters.due(conn, None, None) == 5


def test_most_first_and_nothing_that_is_not(engine: Engine) -> None:
    with engine.begin() as conn:
        cities = ["Pune", "Pune", "Delhi", None]
        mirror.put_synced(conn, [seen(lead(n, city=city)) for n, city in enumerate(cities)])
        assert list(counters.by(conn, "city").items()) == [("Pune", 2), ("", 1), ("Delhi", 1)]
        mirror.put_synced(conn, [seen(lead(n, city="Pune")) for n in range(4)])
        assert dict(counters.by(conn, "city")) == {"Pune": 4}
        mirror.set_state(conn, [f"L{n:08d}" for n in range(4)], "deleted")
        assert conn.scalar(select(func.count()).select_from(table).where(table.c.kind != "revision")) == 0
        with pytest.raises(ValueError, match="shoe"):
            counters.by(conn, "shoe size")
