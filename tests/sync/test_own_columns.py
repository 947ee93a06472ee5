"""What stands in people's own columns of a lead that is deleted comes back with it."""

from __future__ import annotations

from collections.abc import Callable

import gspread
import pytest

from app.acting import Doer
from app.undoing import take_back
from core.field_checks import Refusal
from sync.link import Link
from sync.outgoing import drain_now
from tests.sync.conftest import NOW, Book, Desk
from tests.sync.test_deleting import delete, web
from tests.sync.test_outgoing import by_id
from tests.sync.test_repair import Gone, book

__all__ = ["book"]


def restore(link: Link, gone: str, request: str = "") -> None:
    with web(link).app_context():
        assert not isinstance(take_back(gone, "", Doer("Vikram", request)), Refusal)


def cycles(desk: Desk, link: Link) -> None:
    for _ in range(3):
        desk.cycle(link)


def at_once(desk: Desk, link: Link) -> None:
    """Between two looks at the sheet."""
    assert drain_now(link, NOW)


def die_at_once(link: Link) -> None:
    """The worker ends as soon as its write has gone out."""

    def fall(name: str) -> None:
        if name == "sent":
            raise Gone

    link.step = fall
    with pytest.raises(Gone):
        drain_now(link, NOW)
    link.step = lambda name: None


@pytest.mark.parametrize("carry", [cycles, at_once])
def test_it_comes_back_from_a_second_deletion_too_though_the_answer_to_that_was_lost(
    book: Book, carry: Callable[[Desk, Link], None]
) -> None:
    desk, link, _ = book
    lead = desk.column("lead_id")[2]
    (first,) = delete(link, lead)
    carry(desk, link)
    restore(link, first)
    carry(desk, link)
    assert by_id(desk, "Remarks")[lead] == "Own2"
    (second,) = delete(link, lead, request="again")
    die_at_once(link)
    cycles(desk, link)
    assert lead not in desk.column("lead_id")
    restore(link, second, "back again")
    cycles(desk, link)
    assert by_id(desk, "Remarks")[lead] == "Own2"
    assert desk.cycle(link).writes == 0


def gone_and_back(book: Book, deed: Callable[[gspread.Worksheet], object]) -> tuple[dict[str, str], list[list[str]]]:
    """Somebody does that before the third lead goes, and nobody looks: the lead as it came back, and what Activity says
    did not."""
    desk, link, master = book
    lead = desk.column("lead_id")[2]
    (gone,) = delete(link, lead)
    deed(master)
    at_once(desk, link)
    cycles(desk, link)
    assert lead not in desk.column("lead_id")
    restore(link, gone)
    cycles(desk, link)
    assert desk.cycle(link).writes == 0
    lines = desk.book.worksheet("Activity").get_all_values()
    return {row["lead_id"]: row for row in desk.master()}[lead], [row[4:6] for row in lines if "not put back" in row[7]]


TYPED = {"Call the aunt": "Call the aunt", '="Call "&"her"': "Call her", "12": "12", "": ""}


@pytest.mark.parametrize("typed", TYPED)
def test_what_was_typed_since_the_last_look_comes_back(book: Book, typed: str) -> None:
    """What was cleared does not."""
    row, left = gone_and_back(book, lambda master: master.update([[typed]], "F4", raw=False))
    assert (row["Remarks"], left) == (TYPED[typed], [])


def test_what_has_another_title_since_comes_back_under_that(book: Book) -> None:
    row, left = gone_and_back(book, lambda master: master.update_acell("F1", "Words"))
    assert (row["Words"], left) == ("Own2", [])


def test_what_stands_under_no_title_is_told(book: Book) -> None:
    def type_it(master: gspread.Worksheet) -> None:
        master.update_acell("F1", "")
        master.add_cols(2)
        master.update_acell("AF4", "Call the aunt")

    _, left = gone_and_back(book, type_it)
    assert left == [["Column F", "Own2"], ["Column AF", "Call the aunt"], ["Remarks", "Own2"]]
