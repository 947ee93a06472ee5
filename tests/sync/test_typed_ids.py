"""Ids that people typed into Master themselves, as numbers or with a space behind: whoever looks for such a lead,
writes to it or puts it right reads its id alike. The cell stays as it was typed."""

from __future__ import annotations

import pytest

from core.model import Cell, ChangeState
from store import mirror
from sync.cells import id_of
from sync.link import Link
from tests.sync.conftest import ROWS, Book, Desk
from tests.sync.test_deleting import delete
from tests.sync.test_outgoing import change, enqueue, meddle, state_of

typed_ids = pytest.mark.parametrize("typed", [1001, "L1001 "])


def type_in(desk: Desk, link: Link, typed: Cell) -> str:
    """Bina, below the leads; her id as the app knows it."""
    desk.book.worksheet("Master").update([[typed, "Bina Rao", "9815550099"]], f"A{ROWS + 2}", raw=True)
    desk.cycle(link)
    name = str(typed).strip()
    with link.engine.connect() as conn:
        assert mirror.lead(conn, name)
    return name


def cells(desk: Desk, column: int) -> list[Cell]:
    """A column (0-based) of Master by Bina's rows, as typed."""
    rows = desk.book.worksheet("Master").get_values(value_render_option="UNFORMATTED_VALUE")  # type: ignore[arg-type]
    return [row[column] for row in rows if row[1] == "Bina Rao"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [(1001, "1001"), (1001.0, "1001"), (1001.5, "1001.5"), (0, "0"), ("L1001 ", "L1001"), (" ", ""), (None, "")],
)
def test_what_id_a_cell_says(cell: Cell, said: str) -> None:
    assert id_of(cell) == said


@typed_ids
def test_an_edit_of_the_app_comes_to_its_lead_and_the_id_stays_as_typed(book: Book, typed: Cell) -> None:
    desk, link, _ = book
    one = change(1, type_in(desk, link, typed), city=(None, "Kochi"))
    enqueue(link, one)
    for _ in range(2):
        desk.cycle(link)
    assert (state_of(link, one), cells(desk, 4), cells(desk, 0)) == (ChangeState.DONE, ["Kochi"], [typed])


@typed_ids
def test_a_form_comes_to_its_lead(book: Book, typed: Cell) -> None:
    desk, link, _ = book
    type_in(desk, link, typed)
    again = ["Bina Rao", "9815550099", "bina@example.org", "Kochi"]
    desk.book.worksheet("Form").append_row(again, value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(2):
        desk.cycle(link)
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)
    assert (cells(desk, 3), cells(desk, 0)) == (["bina@example.org"], [typed])


@typed_ids
def test_an_edit_that_a_sort_leads_astray_is_put_right_and_done_again(book: Book, typed: Cell) -> None:
    desk, link, master = book
    one = change(1, type_in(desk, link, typed), city=(None, "Kochi"))
    enqueue(link, one)
    meddle(desk, link, lambda: master.sort((2, "des"), range=f"A2:AC{ROWS + 2}"))
    for _ in range(3):
        desk.cycle(link)
    assert (state_of(link, one), cells(desk, 4), cells(desk, 0)) == (ChangeState.DONE, ["Kochi"], [typed])
    assert desk.column("city").count("Kochi") == 1


@typed_ids
def test_its_lead_is_deleted(book: Book, typed: Cell) -> None:
    desk, link, _ = book
    delete(link, type_in(desk, link, typed))
    for _ in range(3):
        desk.cycle(link)
    assert cells(desk, 0) == []
    assert len(desk.master()) == ROWS


@typed_ids
def test_its_row_that_goes_by_mistake_comes_back(book: Book, typed: Cell) -> None:
    """Another lead was to be deleted, whose place it had taken."""
    desk, link, master = book
    type_in(desk, link, typed)
    other = desk.column("lead_id")[0]
    delete(link, other)
    meddle(desk, link, lambda: master.sort((2, "des"), range=f"A2:AC{ROWS + 2}"))
    for _ in range(4):
        desk.cycle(link)
    assert other not in desk.column("lead_id")
    assert (cells(desk, 0), len(desk.master())) == ([typed], ROWS)


def test_an_id_that_is_only_like_it_is_another_ones(book: Book) -> None:
    desk, link, master = book
    name = type_in(desk, link, 1001)
    master.update([["L1001", "Ravi Iyer", "9815550088"], [10010, "Uma Rao", "9815550077"]], f"A{ROWS + 3}", raw=True)
    enqueue(link, change(1, name, city=(None, "Kochi")))
    for _ in range(2):
        desk.cycle(link)
    assert [row["full_name"] for row in desk.master() if row["city"] == "Kochi"] == ["Bina Rao"]
    assert desk.column("lead_id")[ROWS:] == ["1001", "L1001", "10010"]
