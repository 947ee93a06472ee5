"""A worker that stood still longer than its lease, while another one of the same database ran a whole cycle."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from core.model import ChangeState
from store import conflicts, mirror, state
from sync.cycle import run_cycle
from sync.errors import FenceLost
from sync.link import LEASE_SECONDS
from sync.restore import FENCE
from tests.sync.conftest import NOW, Book
from tests.sync.test_outgoing import by_id, change, enqueue, state_of

LATER = NOW + timedelta(seconds=LEASE_SECONDS + 1)


@pytest.mark.parametrize("stands_at", ["settled", "send", "sent"])
def test_what_the_other_wrote_meanwhile_is_not_forgotten(book: Book, stands_at: str) -> None:
    """The other one carries an edit out and a second one of the same field: by what the first knew, that is a
    conflict."""
    desk, link, master = book
    lead, third = desk.column("lead_id")[:2]
    typed = master.row_values(1).index("lead_type") + 1
    master.update_cell(3, typed, "Walk-in")  # to be told in Activity, before any edit
    first = change(1, lead, city=("Pune", "Kochi"), lead_type=(None, "Walk-in"))
    second = change(2, lead, city=("Kochi", "Agra"))
    enqueue(link, first, change(3, third, city=("Pune", "Delhi")))
    other = desk.link(step=lambda name: None)
    other.owner = "other"
    steps: list[str] = []

    def stand(name: str) -> None:
        steps.append(name)
        if steps.count(stands_at) == 1 and name == stands_at:
            enqueue(link, second)
            run_cycle(other, LATER, attended=True)

    link.step = stand
    with contextlib.suppress(FenceLost):
        desk.cycle(link)
    link.step = lambda name: None
    with link.engine.connect() as conn:
        assert not conflicts.open_conflicts(conn, 5).items
        known, lead_now = state.get(conn, FENCE), mirror.base(conn, lead)
    assert lead_now
    assert lead_now.city == by_id(desk, "city")[lead] == "Agra"
    assert known
    for _ in range(2):
        desk.cycle(link)
    assert state_of(link, first) is state_of(link, second) is ChangeState.DONE
    assert desk.cycle(link).writes == 0
