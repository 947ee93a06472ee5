"""What waits for a column comes into the outbox of a new database, and comes once."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from core.model import Change, ChangeKind, ChangeState
from store import kept, outbox, waiting

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
WAITS = Change("C1", "L1", ChangeKind.UPDATE, {"city": (None, "Pune")}, "sync", NOW, "its column was gone")


def test_it_comes_back_as_it_was_put(engine: Engine) -> None:
    with engine.begin() as conn:
        waiting.put(conn, [WAITS])
        lines = kept.untold(conn, 5)
        conn.rollback()
    with engine.begin() as conn:
        kept.learn(conn, lines)
        waiting.recall(conn)
        waiting.recall(conn)
        assert outbox.pending(conn, 5) == [WAITS]


def test_what_was_done_is_not_kept_again(engine: Engine) -> None:
    """A repair that is begun again puts it once more."""
    with engine.begin() as conn:
        waiting.put(conn, [WAITS])
        outbox.mark(conn, ["C1"], ChangeState.APPLIED)
        waiting.drop(conn, waiting.standing(conn, 5))
        waiting.put(conn, [WAITS])
        waiting.recall(conn)
        assert waiting.standing(conn, 5) == []
        assert outbox.pending(conn, 5) == []
