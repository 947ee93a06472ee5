"""Rows that people type or copy into Master become leads of their own, and stay as they were typed."""

from __future__ import annotations

import gspread
import pytest

from store import mirror
from sync.link import Link
from tests.sync.conftest import HEADER, Desk, person
from tests.sync.test_outgoing import meddle

Book = tuple[Desk, Link, gspread.Worksheet]


@pytest.fixture
def book(desk: Desk) -> Book:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(4))])
    link = desk.link()
    desk.cycle(link)
    return desk, link, desk.book.worksheet("Master")


def typed(master: gspread.Worksheet, row: int, *cells: str) -> None:
    master.update([["", *cells]], f"A{row}", value_input_option="RAW")  # type: ignore[arg-type]


def settle(desk: Desk, link: Link) -> None:
    for _ in range(4):
        if desk.cycle(link).writes == 0:
            return
    raise AssertionError("it does not come to rest")


def test_a_row_typed_by_hand_gets_an_id_and_keeps_its_words(book: Book) -> None:
    desk, link, master = book
    typed(master, 6, "bina  rao", "98155-50099", "BINA@Example.org")
    settle(desk, link)
    row = desk.master()[4]
    assert row["lead_id"].startswith("L")
    assert (row["full_name"], row["phone_number"], row["email"]) == ("bina  rao", "98155-50099", "BINA@Example.org")
    assert (row["status"], row["next_follow_up"]) == ("New Lead", "24-11-2026")
    with link.engine.begin() as conn:
        lead = mirror.lead(conn, row["lead_id"])
        assert lead
        assert lead.phone_number == "+919815550099"
    told = [r for r in desk.book.worksheet("Activity").get_all_values() if r[2] == row["lead_id"]]
    assert [r[3:5] for r in told] == [["sheet", "lead"]]


def test_a_copied_row_gets_an_id_of_its_own(book: Book) -> None:
    desk, link, master = book
    copied = master.get("A3:AC3")
    master.insert_row(copied[0], 2, value_input_option="RAW")  # type: ignore[arg-type]
    settle(desk, link)
    ids = desk.column("lead_id")
    assert len(set(ids)) == 5
    assert copied[0][0] in ids
    with link.engine.begin() as conn:
        assert mirror.count(conn) == 5


def test_scribbles_are_left_alone(book: Book) -> None:
    desk, link, master = book
    master.update_acell("P9", "ask Neha")
    settle(desk, link)
    assert master.acell("A9").value in (None, "")


def test_a_sort_right_before_the_id_is_written_names_nobody_else(book: Book) -> None:
    desk, link, master = book
    typed(master, 6, "Bina", "9815550099")
    before = {row["full_name"]: row["lead_id"] for row in desk.master()}
    meddle(desk, link, lambda: master.sort((2, "des"), range="A2:AC6"))
    settle(desk, link)
    settle(desk, link)
    after = {row["full_name"]: row["lead_id"] for row in desk.master()}
    assert after["Bina"].startswith("L")
    assert {name: i for name, i in after.items() if name != "Bina"} == {n: i for n, i in before.items() if n != "Bina"}
    assert len(set(after.values())) == 5


def test_a_word_that_is_no_id_does_not_stop_the_cycle(book: Book) -> None:
    desk, link, master = book
    master.update_acell("A3", "x" * 5000)
    for _ in range(3):
        desk.cycle(link)
    desk.add_tab("Event", [HEADER, person(50)])
    assert desk.cycle(link).created == 1


def test_a_copied_row_with_a_formula_gets_an_id_too_and_keeps_the_formula(book: Book) -> None:
    desk, link, master = book
    master.add_cols(1)
    master.update([["Remarks"], ["hers"], ['="of "&B3']], "AD1", value_input_option="USER_ENTERED")  # type: ignore[arg-type]
    desk.cycle(link)
    master.copy_range("A3:AD3", "A7:AD7")
    settle(desk, link)
    rows = master.get("A2:AD7", value_render_option="FORMULA")  # type: ignore[arg-type]
    assert [rows[1][29], rows[5][29]] == ['="of "&B3', '="of "&B7']
    assert rows[5][0].startswith("L")
    assert rows[5][0] != rows[1][0]
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)


@pytest.mark.parametrize("place", ["header", "below"])
def test_columns_that_a_formula_fills_hold_up_no_row_and_are_no_part_of_it(book: Book, place: str) -> None:
    """Their results stand in the row like words, and are blank in the journal's copy of it."""
    desk, link, master = book
    master.add_cols(2)
    if place == "header":
        formula, cell = '={"Notes 2","Notes 3";ARRAYFORMULA({B2:B9&"!",B2:B9&"?"})}', "AD1"
    else:
        master.update([["Notes 2", "Notes 3"]], "AD1", raw=True)
        formula, cell = '=ARRAYFORMULA({B2:B&"!",B2:B&"?"})', "AD2"
    master.update([[formula]], cell, raw=False)
    desk.cycle(link)
    typed(master, 6, "bina  rao", "98155-50099")
    assert master.acell("AE6").value == "bina  rao?"
    settle(desk, link)
    row = desk.master()[4]
    assert row["lead_id"].startswith("L")
    assert (row["full_name"], row["status"]) == ("bina  rao", "New Lead")
    assert master.acell(cell, value_render_option="FORMULA").value == formula  # type: ignore[arg-type]
    assert (master.acell("AD6").value, master.acell("AE6").value) == ("bina  rao!", "bina  rao?")
    told = [r for r in desk.book.worksheet("Activity").get_all_values()[1:] if r[2] == row["lead_id"] or not r[2]]
    assert [r[3:5] for r in told] == [["sheet", "lead"]], "nothing was put back"


def sorted_as_it_is_named(book: Book) -> list[str]:
    """A person sorts all right before a typed row gets its id, which it gets all the same, and nobody another one. The
    names from top to bottom."""
    desk, link, master = book
    typed(master, 6, "Bina", "9815550099")
    before = {row["full_name"]: row["lead_id"] for row in desk.master() if row["lead_id"]}
    meddle(desk, link, lambda: master.sort((2, "des"), range="A2:AC6"))
    settle(desk, link)
    settle(desk, link)
    after = {row["full_name"]: row["lead_id"] for row in desk.master() if row["full_name"]}
    assert after["Bina"].startswith("L")
    assert {name: i for name, i in after.items() if name != "Bina"} == before
    return list(after)


def test_such_a_row_is_found_again_where_a_sort_has_put_it(book: Book) -> None:
    desk, link, master = book
    master.add_cols(1)
    master.update([['={"Notes 2";ARRAYFORMULA(B2:B9&"!")}']], "AD1", raw=False)
    desk.cycle(link)
    names = sorted_as_it_is_named(book)
    assert [row["Notes 2"] for row in desk.master()][:5] == [f"{name}!" for name in names]


def test_a_formula_that_fills_a_column_of_ours_goes_on_filling_it(book: Book) -> None:
    """The blank that it shows in a new row is not for us to fill."""
    desk, link, master = book
    column = master.row_values(1).index("priority") + 1
    for row in range(2, 6):
        master.update_cell(row, column, "")
    formula = '=ARRAYFORMULA(IF(B2:B="Bina","",IF(B2:B="","","High")))'
    master.update([[formula]], gspread.utils.rowcol_to_a1(2, column), raw=False)
    desk.cycle(link)
    typed(master, 6, "Bina", "9815550099")
    settle(desk, link)
    assert desk.column("lead_id")[4].startswith("L")
    assert desk.column("priority")[:5] == ["High"] * 4 + [""]


def test_what_is_no_copy_any_more_keeps_its_id(book: Book) -> None:
    """The other row with it was cleared before this one was given a new one."""
    desk, link, master = book
    ids = desk.column("lead_id")
    master.insert_rows(master.get("A4:AC4"), 3, value_input_option="RAW")  # type: ignore[arg-type]  # the copy counts
    left = ["once"]

    def step(name: str) -> None:
        if name == "planned" and left:
            left.pop()
            master.batch_clear(["A3:AC3"])

    link.step = step
    settle(desk, link)
    assert not left
    assert desk.column("lead_id") == ids


def numbered(desk: Desk, link: Link, master: gspread.Worksheet) -> None:
    """A column of running numbers, drawn down further than there are leads."""
    master.add_cols(1)
    master.update([["No"], [1], *([f"=AD{row}+1"] for row in range(2, 8))], "AD1", raw=False)
    desk.cycle(link)


def formulas(master: gspread.Worksheet) -> list[str]:
    found = master.get("AD3:AD8", value_render_option="FORMULA")  # type: ignore[arg-type]
    return [str(row[0]) for row in found]


def test_a_row_with_a_running_number_gets_an_id_and_keeps_the_number(book: Book) -> None:
    """Its copy in the journal looks at what stands above there."""
    desk, link, master = book
    numbered(desk, link, master)
    typed(master, 6, "Bina", "9815550099")
    settle(desk, link)
    row = desk.master()[4]
    assert row["lead_id"].startswith("L")
    assert (row["full_name"], row["status"], row["No"]) == ("Bina", "New Lead", "5")
    assert formulas(master) == [f"=AD{number}+1" for number in range(2, 8)]
    told = [r for r in desk.book.worksheet("Activity").get_all_values()[1:] if r[2] == row["lead_id"] or not r[2]]
    assert [r[3:5] for r in told] == [["sheet", "lead"]], "nothing was put back"
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)


def test_such_a_row_is_found_again_too_where_a_sort_has_put_it(book: Book) -> None:
    desk, link, master = book
    numbered(desk, link, master)
    sorted_as_it_is_named(book)
    assert formulas(master) == [f"=AD{number}+1" for number in range(2, 8)]
