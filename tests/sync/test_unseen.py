"""What people do in the instant of a write, where its own answer does not show it: what stands astray then is nobody's
word until that is found out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from google.oauth2.service_account import Credentials

from core.model import ChangeState
from store import conflicts
from sync.access import open_client, read_key
from sync.errors import SheetsProblem
from sync.link import Link
from sync.outgoing import drain_now
from tests.conftest import Server, start_server
from tests.sync.conftest import NOW, ROWS, Book, Desk
from tests.sync.test_beside import beside
from tests.sync.test_outgoing import by_id, change, enqueue, state_of
from tests.sync.test_repair import book, rows

__all__ = ["book"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that misbehaves on request."""
    found, process = start_server(tmp_path_factory.mktemp("misbehaving"), "--no-quota", "--faults")
    yield found
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def account(server: Server) -> Credentials:
    return open_client(read_key(server.key, None), server.base).auth


def sorted_unseen(desk: Desk) -> None:
    """A person sorts all by name right before the next write, and its answer does not show it."""
    local = f"{desk.server.base}/_local"
    someone = requests.post(f"{local}/accounts", json={"name": "meera"}, timeout=10).json()["email"]
    desk.book.share(someone, perm_type="user", role="writer", notify=False)
    rule: dict[str, Any] = {"path": f"{desk.book.id}:batchUpdate", "action": "person", "as": someone, "when": "unseen"}
    deed = {"tab": "Master", "deed": "sort", "by": "B", "descending": True}
    requests.post(f"{local}/faults", json={**rule, **deed}, timeout=10).raise_for_status()


def settle(desk: Desk, link: Link, cycles: int = 5) -> None:
    for _ in range(cycles):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)


def test_the_same_word_that_stands_astray_by_another_lead_is_not_what_an_edit_says(book: Book) -> None:
    """An edit was done with, as the sheet said it already; then the other lead's word was taken away."""
    desk, link, _ = book
    first, *_, victim = rows(desk)
    enqueue(link, change(1, first, city=("City0", "Kochi")))
    sorted_unseen(desk)
    assert drain_now(link, NOW)
    assert by_id(desk, "city")[victim] == "Kochi"
    again = change(2, victim, city=(f"City{ROWS - 1}", "Kochi"))
    enqueue(link, again)
    with contextlib.suppress(SheetsProblem):
        drain_now(link, NOW)
    settle(desk, link)
    with link.engine.connect() as conn:
        assert conflicts.open_conflicts(conn, 5).items == ()
    assert state_of(link, again) is ChangeState.DONE
    assert by_id(desk, "city")[victim] == "Kochi"


def test_an_undo_of_an_edit_that_went_astray_comes_after_it(book: Book) -> None:
    """It was done with, as the lead said what it had said before; then the edit was done again."""
    desk, link, _ = book
    first = next(iter(rows(desk)))
    enqueue(link, change(1, first, city=("City0", "Kochi")))
    sorted_unseen(desk)
    assert drain_now(link, NOW)
    undo = change(2, first, city=("Kochi", "City0"))
    enqueue(link, undo)
    with contextlib.suppress(SheetsProblem):
        drain_now(link, NOW)
    settle(desk, link)
    assert state_of(link, undo) is ChangeState.DONE
    assert rows(desk)[first][0] == "City0"


def test_a_look_that_an_edit_overtakes_takes_nothing_for_typed_that_went_astray(book: Book) -> None:
    """The follow-up of a lead that showed another's `do_not_contact` was blanked, and that one's came back."""
    desk, link, master = book
    first, *_, victim = rows(desk)
    master.update_cell(2, master.row_values(1).index("next_follow_up") + 1, "")
    settle(desk, link, 2)
    before = {one["lead_id"]: one for one in desk.master()}
    sorted_unseen(desk)
    left = [change(1, first, do_not_contact=(None, True))]

    def step(name: str) -> None:
        if name == "read" and left:  # an edit goes beside the cycle, before its poll is answered
            enqueue(link, left.pop())
            beside(lambda: drain_now(link, NOW))

    link.step = step
    settle(desk, link)
    after = {one["lead_id"]: one for one in desk.master()}
    assert after[first]["do_not_contact"] == "TRUE"
    assert after[victim]["do_not_contact"] == ""
    assert after[victim]["next_follow_up"] == before[victim]["next_follow_up"] != ""
    assert after[first]["next_follow_up"] == ""
    assert desk.cycle(link).writes == 0
