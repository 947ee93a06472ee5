"""What was done to which lead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from store import activity
from store.activity import ActivityEntry
from store.paging import BadCursor
from tests.store.leads import NOW


def entry(n: int, lead_id: str = "L1", field: str = "city") -> ActivityEntry:
    return ActivityEntry(NOW + timedelta(minutes=n // 2), f"c{n}", lead_id, "Asha", field, None, f"new {n}", "why")


def test_an_entry_is_there_once(engine: Engine) -> None:
    with engine.begin() as conn:
        assert activity.append(conn, [entry(1), entry(1), entry(1, field="x" * 50_000)]) == 2
        assert activity.append(conn, [entry(1)]) == 0
        assert len(activity.of_lead(conn, "L1", 10).items) == 2


def test_newest_first_page_after_page(engine: Engine) -> None:
    with engine.begin() as conn:
        activity.append(conn, [entry(n) for n in range(1_003)])
        activity.append(conn, [entry(2_000, "L2")])
        got: list[ActivityEntry] = []
        cursor: str | None = None
        while True:
            page = activity.of_lead(conn, "L1", 100, cursor)
            got += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert got == [entry(n) for n in reversed(range(1_003))]
        assert activity.recent(conn, 1).items == (entry(2_000, "L2"),)
        assert activity.of_lead(conn, "\x00", 10).items == ()
        assert activity.of_change_id(conn, "\x00") == []
        assert [one.lead_id for one in activity.of_change_id(conn, "c2000")] == ["L2"]


def test_a_cursor_of_another_lead_is_refused(engine: Engine) -> None:
    with engine.begin() as conn:
        activity.append(conn, [entry(1), entry(2)])
        cursor = activity.of_lead(conn, "L1", 1).next_cursor
        with pytest.raises(BadCursor, match="another"):
            activity.of_lead(conn, "L2", 1, cursor)


@pytest.mark.parametrize("value", [None, "", "a\x00\ud800", 5, 1.5, True, date(2026, 8, 4), NOW])
def test_values_come_back_type_and_all(engine: Engine, value: str | int | float | bool | date | None) -> None:
    told = ActivityEntry(NOW, "c1", "L1", "sheet", "notes", value, value)
    with engine.begin() as conn:
        activity.append(conn, [told])
        back = activity.of_change(conn, "c1", "L1")
        assert back == [told]
        assert type(back[0].new) is type(value)
