"""The whole way in and out on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from core.model import ChangeState
from store import activity, mirror, outbox
from sync.outgoing import drain_now
from tests.store.conftest import backend, engine, postgres, url
from tests.sync.conftest import HEADER, NOW, Desk, person
from tests.sync.test_outgoing import by_id, change, enqueue, state_of

__all__ = ["backend", "engine", "postgres", "url"]  # the store's fixtures, both databases


@pytest.fixture
def link(desk: Desk, engine: Engine):  # type: ignore[no-untyped-def]  # a fixture is asked for by its name
    return replace(desk.link("unused"), engine=engine)


def test_in_and_out(desk: Desk, link) -> None:  # type: ignore[no-untyped-def]
    tab = desk.add_tab("Form", [HEADER, *(person(n) for n in range(5)), ("Nobody", "", "", "")])
    assert desk.cycle(link).created == 5
    idle = desk.cycle(link)
    assert (idle.reads, idle.writes) == (1, 0)
    tab.update_acell("D3", "Mumbai")
    assert desk.cycle(link).updated == 1
    lead = desk.column("lead_id")[0]
    one = change(1, lead, notes=(None, "called"))
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [one])
    desk.cycle(link)
    desk.cycle(link)
    assert by_id(desk, "notes")[lead] == "called"
    assert state_of(link, one) is ChangeState.DONE
    with link.engine.begin() as conn:
        assert mirror.count(conn) == 5
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("step", ["read", "settled"])
def test_a_picture_that_another_worker_has_written_past_is_not_taken_in(desk: Desk, link, step: str) -> None:  # type: ignore[no-untyped-def]
    """Its old values would pass for a person's typing, and the other worker's edit for undone."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(3))])
    desk.cycle(link)
    ids = desk.column("lead_id")
    first, second = change(1, ids[0], city=("Pune", "Kochi")), change(2, ids[1], city=("Pune", "Agra"))
    other = replace(desk.link("other"), engine=link.engine)
    enqueue(link, first)
    desk.cycle(link)  # applied, and not yet seen: the next cycle looks at every row
    waiting = [second]

    def meanwhile(name: str) -> None:
        if name == step and waiting:
            enqueue(other, waiting.pop())
            assert drain_now(other, NOW)

    desk.cycle(replace(link, step=meanwhile))
    desk.cycle(link)
    assert not waiting
    assert [by_id(desk, "city")[lead] for lead in ids] == ["Kochi", "Agra", "Pune"]
    with link.engine.begin() as conn:
        assert [lead.city for lead in mirror.leads(conn, ids)] == ["Kochi", "Agra", "Pune"]
        told = activity.of_lead(conn, ids[1], 10).items
    assert [(one.actor, one.new) for one in told if one.field == "city"] == [("Neha", "Agra")]
    assert desk.cycle(link).writes == 0
