"""Small things by key, the sync's account of itself, and the revision."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine

from core.model import ChangeState, Conflict, Issue
from store import conflicts, issues, mirror, outbox, state
from store.state import SyncStatus
from tests.store.leads import NOW, change, lead, seen


def test_keys(engine: Engine) -> None:
    with engine.begin() as conn:
        assert state.get(conn, "a") is None
        state.put(conn, "a", "1")
        state.put(conn, "a", "\x00नमस्ते")
        assert state.get(conn, "a") == "नमस्ते"
        state.forget(conn, "a")
        assert state.get(conn, "a") is None


def test_status_is_told_and_what_can_be_counted_is_counted(engine: Engine) -> None:
    with engine.begin() as conn:
        assert state.read_status(conn) == SyncStatus()
        state.write_status(conn, SyncStatus(NOW, None, 1.5, pending=99, calls_last_minute=7, problem="quota"))
        outbox.enqueue(conn, [change("c1", "L1", {}), change("c2", "L1", {})])
        outbox.mark(conn, ["c2"], ChangeState.CONFLICT)
        conflicts.add(conn, "c2", [Conflict("L1", "city", None, "a", "b")], NOW)
        issues.add(
            conn, 7, [("a:0", Issue("Form", 2, "no phone", blocking=True)), ("b:0", Issue("Form", 3, "odd date"))]
        )
        told = state.read_status(conn)
        assert told == SyncStatus(NOW, None, 1.5, 1, 1, 1, 7, "quota")


def test_the_revision_moves_with_all_that_pages_show(engine: Engine) -> None:
    acts: list[Callable[[Connection], object]] = [
        lambda conn: mirror.put_synced(conn, [seen(lead(1))]),
        lambda conn: outbox.enqueue(conn, [change("c1", "L00000001", {})]),
        lambda conn: outbox.mark(conn, ["c1"], ChangeState.BLOCKED, "why"),
        lambda conn: mirror.set_state(conn, ["L00000001"], "frozen", "why"),
        lambda conn: issues.replace(conn, 7, [("a:0", Issue("Form", 2, "no phone"))]),
        lambda conn: issues.clear(conn, 7),
        lambda conn: conflicts.add(conn, "c1", [Conflict("L1", "city", None, "a", "b")], NOW),
    ]
    with engine.begin() as conn:
        revisions = [state.revision(conn)]
        for act in acts:
            act(conn)
            revisions.append(state.revision(conn))
        assert revisions == sorted(set(revisions))
        for act in (acts[1], acts[6], acts[5]):  # nothing new
            act(conn)
        assert state.revision(conn) == revisions[-1]
