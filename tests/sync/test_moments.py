"""Moments in the sheet are to the second: what follows a call at once begins from what the sheet has of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from core.commands import Command, LogOutcome, Undo, decide
from core.model import Change, ChangeState
from core.outcomes import Outcome
from store import conflicts, mirror, outbox
from store.config import default_config
from sync.outgoing import drain_now
from tests.sync.conftest import NOW, Book

MOMENT = NOW + timedelta(seconds=2, microseconds=766_177)


def press(engine: Engine, lead_id: str, command: Command, seconds: int, request: str) -> Change:
    with engine.begin() as conn:
        lead = mirror.lead(conn, lead_id)
        made = decide(command, lead, default_config(), MOMENT + timedelta(seconds=seconds), "Neha", request)
        assert isinstance(made, Change)
        outbox.enqueue(conn, [made])
        return made


def test_an_outcome_its_undo_and_another_outcome_are_no_conflict(book: Book) -> None:
    desk, link, _ = book
    lead = desk.column("lead_id")[2]
    called = press(link.engine, lead, LogOutcome(Outcome.NO_ANSWER), 0, "r1")
    assert drain_now(link, NOW)  # in the sheet before the next button is pressed
    undone = press(link.engine, lead, Undo(called), 1, "r2")
    assert drain_now(link, NOW)
    again = press(link.engine, lead, LogOutcome(Outcome.INTERESTED), 3, "r3")
    desk.cycle(link)
    with link.engine.connect() as conn:
        states = outbox.changes(conn, [one.change_id for one in (called, undone, again)])
        assert conflicts.open_conflicts(conn, 10).items == ()
        assert ChangeState.CONFLICT not in {one.state for one in states.values()}
    row = next(row for row in desk.master() if row["lead_id"] == lead)
    assert row["status"] == "Interested"
    assert "No answer" not in row["notes"]
