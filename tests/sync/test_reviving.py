"""A row that was deleted by mistake comes back once, and as it was, whatever people do meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import gspread
import pytest

from store import issues
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import ROWS, Book, Desk
from tests.sync.test_deleting import delete, undo
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


def _remarks(book: Book) -> dict[str, str]:
    """A column of people's own behind all others, where Master ends: by ids what it says."""
    desk, link, master = book
    column = len(master.row_values(1)) + 1
    master.resize(cols=column)
    at = gspread.utils.rowcol_to_a1(1, column)
    master.update([["Remarks"], *([f"Own{n}"] for n in range(ROWS))], at)
    desk.cycle(link)
    return {row["lead_id"]: row["Remarks"] for row in desk.master()}


@pytest.mark.parametrize("columns", [1, 3])
def test_the_last_word_of_a_row_that_columns_pushed_further_right_comes_back_with_it(book: Book, columns: int) -> None:
    desk, link, master = book
    remarks = _remarks(book)
    lead = list(remarks)[2]
    (gone,) = delete(link, lead)

    def deed() -> None:
        master.insert_cols([[f"New{n}"] for n in range(columns)], col=3)
        master.insert_row([""], 2)

    meddle(desk, link, deed)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert {row["lead_id"]: row["Remarks"] for row in desk.master()} == {k: v for k, v in remarks.items() if k != lead}
    assert undo(link, gone) is None
    desk.cycle(link)
    assert {row["lead_id"]: row["Remarks"] for row in desk.master()} == remarks


def test_the_last_word_of_a_lead_that_a_column_pushed_further_right_is_restored(book: Book) -> None:
    """The row comes back, is looked at, and is deleted as it is then."""
    desk, link, master = book
    remarks = _remarks(book)
    (gone,) = delete(link, list(remarks)[2])
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=3))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert list(remarks)[2] not in desk.column("lead_id")
    assert undo(link, gone) is None
    desk.cycle(link)
    assert {row["lead_id"]: row["Remarks"] for row in desk.master()} == remarks


RIGHT: dict[str, Callable[[gspread.Worksheet], object]] = {
    "nothing else": lambda m: None,
    "a column before it": lambda m: m.insert_cols([["New1"]], col=3),
    "a column less": lambda m: m.delete_columns(len(m.row_values(1)) - 1),
    "the last column that has a header": lambda m: m.delete_columns(len(m.row_values(1))),
}


@pytest.mark.parametrize("deed", RIGHT)
def test_what_stands_right_of_the_last_header_comes_back_beside_its_row(book: Book, deed: str) -> None:
    """Three columns further, whatever somebody does to the columns before the row is back."""
    desk, link, master = book
    master.resize(cols=100)  # more than the journal's tab has
    width = len(master.row_values(1)) + 2
    master.update([["Mine", "Theirs"]], gspread.utils.rowcol_to_a1(1, width - 1))
    other, lead = desk.column("lead_id")[1:3]
    for row, word in ((2, "Above"), (3, "Call the aunt")):
        master.update_cell(row, width + 3, word)
    desk.cycle(link)
    delete(link, lead)
    meddle(desk, link, lambda: master.insert_row([""], 2), lambda: None)
    _dies_before_reading_back(desk, link)
    RIGHT[deed](master)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    rows = master.get_all_values()
    assert lead not in [row[0] for row in rows]
    (back,) = [row for row in rows if row[0] == other]
    (above,) = [row for row in rows if "Above" in row]
    assert back.index("Call the aunt") == above.index("Above")
