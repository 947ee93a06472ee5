"""People give columns other headers between a write that went astray and its repair, or type over what went astray."""

from __future__ import annotations

import pytest

from tests.sync.conftest import Book
from tests.sync.test_repair import book, edit, meddle, sort
from tests.sync.test_repair_meanwhile import die_when_sent

__all__ = ["book"]


def test_the_same_word_in_a_new_column_is_a_persons_where_what_went_astray_was_typed_over(book: Book) -> None:
    desk, link, master = book
    edit(link, [desk.column("lead_id")[0]])
    meddle(desk, link, sort(master, 2, "des"))

    die_when_sent(desk, link)
    place = master.col_values(5).index("Token0") + 1
    master.update_acell(f"E{place}", "Typed")
    master.insert_cols([["Copied", *[""] * (place - 2), "Token0"]], col=8)
    for _ in range(3):
        desk.cycle(link)
    assert (master.cell(place, 5).value, master.cell(place, 8).value) == ("Typed", "Token0")
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("city", ["F1", "G1"])
def test_a_column_whose_header_went_to_a_filled_one_is_known_by_what_went_astray(book: Book, city: str) -> None:
    """Beside it, and further away."""
    desk, link, master = book
    edit(link, [desk.column("lead_id")[0]])
    meddle(desk, link, sort(master, 2, "des"))

    die_when_sent(desk, link)
    place = master.col_values(5).index("Token0") + 1
    whose = str(master.cell(place, 6).value).replace("Own", "City")
    if city == "G1":
        master.insert_cols([["New"]], col=6)
    master.update([["Place"]], "E1")
    master.update([["city"]], city)
    for _ in range(3):
        desk.cycle(link)
    assert master.cell(place, 5).value == whose
    assert desk.cycle(link).writes == 0
