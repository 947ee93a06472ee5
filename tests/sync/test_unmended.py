"""What a repair leaves to a person, or to a column that is gone, outlives the database."""

from __future__ import annotations

import contextlib

import pytest

from app.deciding import Decided, decide_conflict
from core.model import Change, ChangeKind, Value
from store import conflicts, issues, outbox, waiting
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import NOW, ROWS, Book, Desk
from tests.sync.test_deleting import web
from tests.sync.test_repair import book, meddle
from tests.sync.test_repair_meanwhile import die_when_sent

__all__ = ["book"]


def create(link: Link, name: str) -> None:
    said: dict[str, tuple[Value, Value]] = {
        "full_name": (None, name),
        "phone_number": (None, f"+9198155000{len(name):02}"),
        "city": (None, "Pune"),
    }
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change(f"C {name}", f"L-{name}", ChangeKind.CREATE, said, "Neha", NOW)])


def lose_its_column(book: Book) -> int:
    """The column of cities goes as a lead comes, and what it said of its city waits. Where that had stood."""
    desk, link, master = book
    city = master.row_values(1).index("city") + 1
    create(link, "Bina")
    meddle(desk, link, lambda: master.delete_columns(city))
    cycles(desk, link)
    assert "Pune" not in desk.master()[-1].values()
    return city


def cycles(desk: Desk, link: Link) -> None:
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)


@pytest.mark.parametrize("name", ["a", "fresh"])
def test_what_waits_for_its_column_comes_when_that_is_back_and_then_waits_no_more(book: Book, name: str) -> None:
    desk, _, master = book
    city = lose_its_column(book)
    link = desk.link(name)
    cycles(desk, link)
    assert desk.cycle(link).writes == 0
    master.insert_cols([["city"]], col=city)
    cycles(desk, link)
    assert desk.master()[-1]["city"] == "Pune"
    with link.engine.connect() as conn:
        assert waiting.standing(conn, 5) == []
    master.update_cell(len(desk.master()) + 1, city, "")
    anew = desk.link("anew")
    cycles(desk, anew)
    assert desk.master()[-1]["city"] == ""
    assert desk.cycle(anew).writes == 0


def clashes(desk: Desk, link: Link) -> dict[str, object]:
    """What the conflicts are about that a database has after some cycles."""
    cycles(desk, link)
    with link.engine.connect() as conn:
        return {one.conflict_id: one.conflict.ours for one in conflicts.open_conflicts(conn, 5).items}


def test_what_somebody_typed_under_the_header_when_it_is_back_stays_and_a_person_decides_once(book: Book) -> None:
    desk, _, master = book
    city = lose_its_column(book)
    link = desk.link("fresh")
    cycles(desk, link)
    master.insert_cols([["city", *[""] * len(desk.master()[:-1]), "Typed"]], col=city)
    found = clashes(desk, link)
    assert list(found.values()) == list(clashes(desk, desk.link("anew")).values()) == ["Pune"]
    with web(link).app_context():
        assert isinstance(decide_conflict(next(iter(found)), "theirs", "Neha"), Decided)
    assert clashes(desk, link) == clashes(desk, desk.link("later")) == {}
    assert desk.master()[-1]["city"] == "Typed"


@pytest.mark.parametrize("name", ["a", "fresh"])
def test_what_waits_for_its_column_is_kept_with_the_very_repair(book: Book, name: str) -> None:
    """That takes it from where it had come to, and the worker ends with it."""
    desk, link, master = book
    city = master.row_values(1).index("city") + 1
    create(link, "Bina")
    meddle(desk, link, lambda: master.delete_columns(city))
    for _ in range(2):
        die_when_sent(desk, link)
    assert "Pune" not in desk.master()[-1].values()
    link = desk.link(name)
    cycles(desk, link)
    master.insert_cols([["city"]], col=city)
    cycles(desk, link)
    assert desk.master()[-1]["city"] == "Pune"
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("name", ["a", "fresh"])
def test_what_only_a_person_can_put_right_is_named_though_the_worker_ended_with_the_repair(
    book: Book, name: str
) -> None:
    """Of two new leads whose ids came to a column of somebody's own, the first one's is sorted away."""
    desk, link, master = book
    for lead in ("Bina", "Chitra"):
        create(link, lead)
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=1))
    die_when_sent(desk, link)
    master.sort((1, "asc"), range=f"A2:B{ROWS + 2}")  # type: ignore[arg-type]
    die_when_sent(desk, link)
    link = desk.link(name)
    cycles(desk, link)
    with link.engine.connect() as conn:
        named = [one.issue.reason for one in issues.page(conn, 5).items]
    assert sum("The lead says “Bina" in reason for reason in named) == 1, named
    assert desk.cycle(link).writes == 0
