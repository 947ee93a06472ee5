"""A person sorts some columns only, and more than names went to other ids: nobody is parted from the rest of a row."""

from __future__ import annotations

import pytest

from app.acting import Doer
from app.matters import matters
from app.mixups import put_back
from core.field_checks import Refusal
from store import mixups, outbox
from store.config import load_config
from sync.link import Link
from tests.sync.conftest import ROWS, Book
from tests.sync.test_mixups import incident_of, sort_names_and_phones_alone, web
from tests.sync.test_repair import book

__all__ = ["book"]


def refusal_of(link: Link) -> str:
    """Why they are not put back."""
    with web(link).app_context():
        refused = put_back(incident_of(link), Doer("Neha"))
    assert isinstance(refused, Refusal)
    with link.engine.connect() as conn:
        assert outbox.pending(conn, 5) == []
        (matter,) = matters(conn, load_config(conn))
    assert refused.message in matter.words
    assert [one.value for one in matter.choices] == ["keep_sheet"]
    return refused.code


@pytest.mark.parametrize("database", ["same", "new"])
def test_ids_that_were_sorted_alone_are_not_put_back_by_their_names(book: Book, database: str) -> None:
    """Each row is whole but for its id. Once the sort is undone it is settled."""
    desk, link, master = book
    before, ids = desk.master(), master.get(f"A2:A{ROWS + 1}")
    master.sort((1, "asc"), range=f"A2:A{ROWS + 1}")
    desk.cycle(link)
    mixed = desk.master()
    assert mixed != before
    if database == "new":
        desk.cycle(link)
        link = desk.link("b")
        desk.cycle(link)
    assert refusal_of(link) == "ids_moved"
    for _ in range(2):
        desk.cycle(link)
    assert desk.master() == mixed
    master.update(ids, "A2", value_input_option="RAW")
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
    assert desk.master() == before
    assert desk.cycle(link).writes == 0


def test_names_that_took_cities_along_are_put_back_with_them(book: Book) -> None:
    desk, link, master = book
    before = [{**row, "updated_at": ""} for row in desk.master()]
    master.sort((2, "des"), range=f"B2:E{ROWS + 1}")
    desk.cycle(link)
    with link.engine.connect() as conn:
        (matter,) = matters(conn, load_config(conn))
    # The first few leads by id are told of, and ids are drawn: anyone of the six may be missing here.
    assert any("City was “City" in line for line in matter.lines)
    with web(link).app_context():
        assert not isinstance(put_back(incident_of(link), Doer("Neha")), Refusal)
    for _ in range(2):
        desk.cycle(link)
    assert [{**row, "updated_at": ""} for row in desk.master()] == before
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []


@pytest.mark.parametrize("along", [False, True])
def test_names_are_put_back_beside_peoples_own_columns(book: Book, along: bool) -> None:
    """A formula may fill these; where they went along, the page says so."""
    desk, link, master = book
    names = [row["full_name"] for row in desk.master()]
    sort_names_and_phones_alone(master)
    if along:
        master.sort((6, "des"), range=f"F2:F{ROWS + 1}")
    desk.cycle(link)
    with link.engine.connect() as conn:
        (matter,) = matters(conn, load_config(conn))
    assert ("“Remarks” went along" in matter.words) is along
    with web(link).app_context():
        assert not isinstance(put_back(incident_of(link), Doer("Neha")), Refusal)
    for _ in range(2):
        desk.cycle(link)
    assert [row["full_name"] for row in desk.master()] == names
    with link.engine.connect() as conn:
        assert mixups.every(conn) == []
