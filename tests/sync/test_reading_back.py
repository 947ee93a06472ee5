"""What people typed between the last look and a reading back, which a crash or a write that went astray brings."""

from __future__ import annotations

import contextlib

import pytest

from store import issues
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import ROWS, Book, Desk
from tests.sync.test_outgoing import change, enqueue
from tests.sync.test_repair import book, meddle, rows, sort
from tests.sync.test_repair_meanwhile import die_at, die_when_sent

__all__ = ["book"]


def settle(desk: Desk, link: Link) -> None:
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)


def doubts(link: Link) -> list[str]:
    with link.engine.connect() as conn:
        return [one.issue.reason for one in issues.page(conn, 50).items]


@pytest.mark.parametrize("way", ["killed", "astray", "killed again while it is read back"])
def test_what_was_typed_is_told_and_what_the_app_wrote_is_not_taken_for_it(book: Book, way: str) -> None:
    desk, link, master = book
    first, second, *_ = rows(desk)
    status = master.row_values(1).index("status") + 1
    enqueue(link, change(1, first, city=("City0", "Kochi")))

    def deed() -> None:
        master.update_cell(3, status, "Interested")
        if way == "astray":
            sort(master, 2, "des")()

    meddle(desk, link, deed)
    if way != "astray":
        die_when_sent(desk, link)
    if way == "killed again while it is read back":
        die_at(desk, link, f"read {ROWS + 1} rows of Master")
    settle(desk, link)
    told = [row[2:7] for row in desk.book.worksheet("Activity").get_all_values()[1:] if row[4] in ("status", "city")]
    assert [line for line in told if line[2] == "status"] == [[second, "sheet", "status", "New Lead", "Interested"]]
    assert [line[:3] for line in told if line[4] == "Kochi"] == [[first, "Neha", "city"]]
    row = next(one for one in desk.master() if one["lead_id"] == second)
    assert (row["status"], row["next_follow_up"]) == ("Interested", "29-11-2026")
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("way", ["killed", "the database is deleted"])
def test_a_cell_that_cannot_be_read_is_named(book: Book, way: str) -> None:
    desk, link, master = book
    status = master.row_values(1).index("status") + 1
    if way == "killed":
        enqueue(link, change(1, next(iter(rows(desk))), city=("City0", "Kochi")))
        meddle(desk, link, lambda: master.update_cell(3, status, "thinking about it"))
        die_when_sent(desk, link)
    else:
        master.update_cell(3, status, "thinking about it")
        desk.cycle(link)
        assert doubts(link) == ["it is not a status of the library"]
        link = desk.link("fresh")
    settle(desk, link)
    assert doubts(link) == ["it is not a status of the library"]
    master.update_cell(3, status, "Interested")
    settle(desk, link)
    assert doubts(link) == []
