"""What stands in people's own columns of a lead that is deleted comes back with it."""

from __future__ import annotations

from app.acting import Doer
from app.undoing import take_back
from core.field_checks import Refusal
from sync.link import Link
from tests.sync.conftest import Book, Desk
from tests.sync.test_deleting import delete, web
from tests.sync.test_outgoing import by_id
from tests.sync.test_repair import book
from tests.sync.test_repair_meanwhile import die_when_sent

__all__ = ["book"]


def restore(link: Link, gone: str, request: str = "") -> None:
    with web(link).app_context():
        assert not isinstance(take_back(gone, "", Doer("Vikram", request)), Refusal)


def cycles(desk: Desk, link: Link) -> None:
    for _ in range(3):
        desk.cycle(link)


def test_it_comes_back_from_a_second_deletion_too_though_the_answer_to_that_was_lost(book: Book) -> None:
    desk, link, _ = book
    lead = desk.column("lead_id")[2]
    (first,) = delete(link, lead)
    cycles(desk, link)
    restore(link, first)
    cycles(desk, link)
    assert by_id(desk, "Remarks")[lead] == "Own2"
    (second,) = delete(link, lead, request="again")
    die_when_sent(desk, link)
    cycles(desk, link)
    assert lead not in desk.column("lead_id")
    restore(link, second, "back again")
    cycles(desk, link)
    assert by_id(desk, "Remarks")[lead] == "Own2"
    assert desk.cycle(link).writes == 0
