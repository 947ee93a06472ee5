"""The whole way in and out on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from core.model import ChangeState
from store import mirror, outbox
from tests.store.conftest import backend, engine, postgres, url
from tests.sync.conftest import HEADER, Desk, person
from tests.sync.test_outgoing import by_id, change, state_of

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
