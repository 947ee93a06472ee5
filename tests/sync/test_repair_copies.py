"""Rows are copied between a write that went astray and its repair, or stand twice under one id before."""

from __future__ import annotations

import contextlib

import pytest

from sync.errors import SheetsProblem
from tests.sync.conftest import ROWS, Book
from tests.sync.test_repair import book, edit, meddle, row, rows, sort
from tests.sync.test_repair_meanwhile import die_when_sent, gone_astray

__all__ = ["book"]


def test_a_row_that_was_copied_with_what_went_astray_is_put_right_twice_though_the_repair_goes_astray(
    book: Book,
) -> None:
    desk, link, master = book
    before = rows(desk)
    astray = gone_astray(book)
    assert master.row_values(astray)[0] != next(iter(before))
    master.insert_row(master.row_values(astray), ROWS + 2)
    meddle(desk, link, row(master, 2))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    cities = [said["city"] for said in desk.master() if said["lead_id"]]
    assert cities.count("Token0") == 1
    assert rows(desk)[next(iter(before))][0] == "Token0"
    assert sorted(set(cities) - {"Token0"}) == [f"City{n}" for n in range(1, ROWS)]
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("besides", ["nothing", "a column came", "a word was typed", "its id was cleared"])
def test_a_row_that_is_known_by_what_it_holds_and_was_copied_is_put_right_twice(book: Book, besides: str) -> None:
    desk, link, master = book
    edit(link, [next(iter(rows(desk)))])
    nameless = ["", "", "", "", "Typed here", "This", "That", "Those"]
    cleared = besides == "its id was cleared"
    meddle(desk, link, sort(master, 2, "des") if cleared else lambda: master.insert_row(nameless, 2))
    die_when_sent(desk, link)

    place = master.col_values(5).index("Token0") + 1
    wanted = "City" + str(master.acell(f"F{place}").value).removeprefix("Own") if cleared else "Typed here"
    if cleared:
        master.batch_clear([f"A{place}"])
    elif besides == "a column came":
        master.insert_cols([["Came"]], col=4)
    elif besides == "a word was typed":
        master.update_acell(f"H{place}", "Other")
    master.copy_range(f"A{place}:AE{place}", f"A{ROWS + 3}")
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    cities = desk.column("city")
    assert cities[place - 2] == cities[-1] == wanted
    assert cities.count("Token0") == 1
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("typed", ["", "Typed"])
def test_seed_4401_episode_240_a_row_that_was_copied_and_lost_its_id_then_is_put_right_too(
    book: Book, typed: str
) -> None:
    """Its copy is the lead by then. One that says something else besides may be anybody's."""
    desk, link, master = book
    before = rows(desk)
    astray = gone_astray(book)
    held = master.row_values(astray)
    master.insert_row(held, ROWS + 2)
    master.update([[""]], f"A{astray}")
    if typed:
        master.update([[typed]], f"F{astray}")
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    after = desk.master()
    assert rows(desk)[next(iter(before))][0] == "Token0"
    assert rows(desk)[held[0]][0] == before[held[0]][0]
    assert [said["city"] for said in after].count("Token0") == (2 if typed else 1)
    assert desk.cycle(link).writes == 0


def test_seed_4401_episode_306_a_word_comes_back_to_none_but_its_own_row_of_two_with_one_id(book: Book) -> None:
    """The header goes in the instant of the repair, so that is taken back, and made again."""
    desk, link, master = book
    *_, hit = rows(desk)
    master.update([[""]], f"E{ROWS + 1}")
    master.append_row([hit, "", "", "", "", "Another row"], value_input_option="RAW")  # type: ignore[arg-type]
    desk.cycle(link)
    gone_astray(book)
    other = next(n for n, said in enumerate(master.col_values(6), 1) if said == "Another row")
    meddle(desk, link, lambda: master.update([["Renamed"]], "E1"))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
        assert not master.cell(other, 5).value
    master.update([["city"]], "E1")
    for _ in range(4):
        desk.cycle(link)
    assert [said["city"] for said in desk.master()].count("Token0") == 1
    assert not master.cell(other, 5).value
