"""A row that was deleted by mistake comes back once, and as it was, whatever people do meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import gspread
import pytest

from store import issues
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import Book, Desk
from tests.sync.test_deleting import delete
from tests.sync.test_repair import Gone, meddle


def _gone_by_mistake(book: Book, *deeds: Callable[[], object]) -> tuple[str, str]:
    """Somebody clears the third lead's id as the app deletes it: the lead, and the name that its row has. `deeds` are
    done before each write that follows."""
    desk, link, master = book
    row = desk.master()[2]
    delete(link, row["lead_id"])
    meddle(desk, link, lambda: master.batch_clear(["A4"]), *deeds)
    return row["lead_id"], row["full_name"]


def test_a_row_that_is_back_does_not_come_again_though_the_worker_dies_and_somebody_types_into_it(book: Book) -> None:
    """Whether it is back is not asked of what it holds: people go on."""
    desk, link, master = book
    lead, name = _gone_by_mistake(book)
    _dies_before_reading_back(desk, link)
    assert master.cell(2, 2).value == name
    master.update([["Delhi"]], "E2", raw=False)
    for _ in range(3):
        desk.cycle(link)
    rows = [row for row in desk.master() if row["full_name"] == name]
    assert [row["city"] for row in rows] == ["Delhi"]
    assert rows[0]["lead_id"] not in ("", lead)
    assert desk.cycle(link).writes == 0


def _dies_before_reading_back(desk: Desk, link: Link) -> None:
    def fall(name: str) -> None:
        if name == "read back":
            raise Gone

    link.step = fall
    with contextlib.suppress(Gone):
        desk.cycle(link)
    link.step = lambda name: None


CROOKED: dict[str, Callable[[gspread.Worksheet], object]] = {
    "a column of theirs first": lambda m: m.insert_cols([["Mine"]], col=1),
    "a column of theirs": lambda m: m.insert_cols([["Mine"]], col=3),
    "a header typed over": lambda m: m.update([["Town"]], "E1", raw=False),
}


@pytest.mark.parametrize("deed", CROOKED)
def test_a_row_without_an_id_that_comes_back_crooked_is_straightened(book: Book, deed: str) -> None:
    """Somebody does that in the very instant. What stands there is a person's, under whatever header."""
    desk, link, master = book
    before = desk.master()
    lead, name = _gone_by_mistake(book, lambda: CROOKED[deed](master))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    rows = [row for row in desk.master() if name in row.values()]
    assert len(rows) == 1
    told = {{"Town": "city"}.get(n, n): v for n, v in rows[0].items() if n not in ("lead_id", "Mine")}
    assert told == {n: v for n, v in before[2].items() if n != "lead_id"}
    assert not rows[0].get("Mine")
    assert rows[0]["lead_id"] not in ("", lead)
    assert desk.cycle(link).writes == 0


def test_what_a_row_without_an_id_held_for_a_column_that_went_is_told(book: Book) -> None:
    desk, link, master = book
    master.resize(cols=40)  # as wide as its columns, it refuses the whole batch
    before = desk.master()
    _, name = _gone_by_mistake(book, lambda: master.delete_columns(5))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    (row,) = [row for row in desk.master() if row["full_name"] == name]
    assert [n for n, v in before[2].items() if row.get(n, v) != v] == ["lead_id", "lead_date"]
    assert row["lead_date"] == "Pune"
    with link.engine.connect() as conn:
        assert any("“Pune”" in one.issue.reason for one in issues.page(conn, 50).items)


@pytest.mark.parametrize(("typed", "rows"), [("before", 1), ("after", 2)])
def test_a_copy_of_the_row_is_not_what_somebody_typed_into_the_row_after_it_was_copied(
    book: Book, typed: str, rows: int
) -> None:
    """Both in the instant in which the app deletes it (chaos seed 3601, episode 147)."""
    desk, link, master = book
    lead = desk.master()[2]["lead_id"]

    def copy() -> None:
        master.append_row(master.row_values(4), table_range="A1")

    def typing() -> None:
        master.update([["Typed"]], "E4", raw=False)

    delete(link, lead)
    meddle(desk, link, lambda: [deed() for deed in ((typing, copy) if typed == "before" else (copy, typing))])
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    (back,) = [row for row in desk.master() if row["city"] == "Typed"]
    assert [row["full_name"] for row in desk.master()].count(back["full_name"]) == rows
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize(("formula", "says"), [("=B2", "“=B3”"), ("=B$2", ""), ("=B6", "")])
def test_a_formula_that_looked_at_a_row_above_is_named_as_its_row_comes_back(
    book: Book, formula: str, says: str
) -> None:
    """The copy in the journal stands too high for it, and so does the row that comes back. The row that was inserted
    above in that instant had moved what it looked at."""
    desk, link, master = book
    width = len(master.row_values(1))
    master.add_cols(2)
    master.update_cell(1, width + 1, "Sibling")
    place = gspread.utils.rowcol_to_a1(6, width + 1)
    master.update([[formula]], place, value_input_option="USER_ENTERED")  # type: ignore[arg-type]
    desk.cycle(link)
    other, lead = desk.column("lead_id")[4:6]
    delete(link, lead)
    meddle(desk, link, lambda: master.insert_row([""], 2))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert lead not in desk.column("lead_id")
    row = next(row for row in desk.master() if row["lead_id"] == other)
    with link.engine.connect() as conn:
        told = [one.issue.reason for one in issues.page(conn, 50).items if other in one.issue.reason]
    assert (row["Sibling"] == "#REF!") == bool(says)
    assert [says in one for one in told] == [True] * bool(says)
