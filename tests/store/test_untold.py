"""Lines that wait to be told in the sheet: each once, though a cycle that begins again sees the same once more."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from store import untold
from store.activity import ActivityEntry

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)


def line(field: str) -> ActivityEntry:
    return ActivityEntry(NOW, "C1", "L1", "sheet", field, "Pune", "Kochi", "typed in the sheet")


def test_a_line_that_was_told_is_not_told_again(engine: Engine) -> None:
    with engine.begin() as conn:
        untold.add(conn, [line("city")])
        untold.add(conn, [line("city"), line("notes")])
        assert [one.field for one in untold.waiting(conn, 10)] == ["city", "notes"]
        untold.told(conn, [line("city"), line("notes")])
        untold.add(conn, [line("city")])
        assert untold.waiting(conn, 10) == []
