"""Which cells a turn of a repair is about, in Master as it stands by then."""

from __future__ import annotations

from sync.batch import MasterShape
from sync.judging import Turn
from sync.searching import Now, Place, Search
from sync.worth import worth

SHAPE = MasterShape(1, "Master", ("lead_id", "city"), {"lead_id": 0, "city": 1}, 3)


def _misnamed(*cities: str) -> list[Place]:
    """A row in Pune that we gave the id L1, and that shall be L2 again; this id stands beside each of these cities."""
    like = tuple(worth(cell, 1, column) for column, cell in enumerate(("L1", "Pune")))
    turn = Turn(("L1",), "", 0, like[0], "L2", None, "L1", "L2", 0, like)
    rows = {n: ("L1", city) for n, city in enumerate(cities, 1)}
    now = Now(SHAPE, ["lead_id", *("L1" for _ in cities)], {"L1": list(rows)}, rows)
    return Search(turn, {0: 0, 1: 1}, now, {0, 1}).places()


def test_of_rows_that_have_the_id_that_went_astray_the_one_is_meant_that_it_was_written_to() -> None:
    """Somebody pasted a page over the tab meanwhile, an L1 among it (chaos seed 3601, episode 254)."""
    assert _misnamed("Agra", "Pune") == [(2, 0)]


def test_and_a_copy_of_it() -> None:
    assert _misnamed("Pune", "Agra", "Pune") == [(1, 0), (3, 0)]


def test_where_somebody_went_on_in_the_one_row_it_is_that() -> None:
    assert _misnamed("Typed") == [(1, 0)]


def _told(*others: tuple[str, str]) -> bool:
    """Whether a person is told of a city of L1 that went astray: L1 stands in a row of another now, and the word in
    these rows, each with its note."""
    shape = MasterShape(1, "Master", ("lead_id", "city", "notes"), {"lead_id": 0, "city": 1, "notes": 2}, 4)
    like = tuple(worth(cell, 1, column) for column, cell in enumerate(("L1", "Kochi", "Wants a card")))
    turn = Turn(("L1",), "", 1, like[1], "Pune", (9, 1), "Kochi", "L1", 0, like)
    rows = {1: ("L1", "Agra", "Owes 500")} | {n: (f"L{n}", *other) for n, other in enumerate(others, 2)}
    now = Now(shape, ["lead_id", *(row[0] for row in rows.values())], {row[0]: [n] for n, row in rows.items()}, rows)
    return Search(turn, {0: 0, 1: 1, 2: 2}, now, {0, 1, 2}).counts()


def test_a_row_whose_id_was_sorted_away_is_told_of_also_where_it_was_copied() -> None:
    """Of the two nobody can tell (chaos seed 1004101, episode 27). Not of rows that only say the same word."""
    assert _told(("Kochi", "Wants a card"))
    assert _told(("Kochi", "Wants a card"), ("Kochi", "Wants a card"))
    assert not _told(("Kochi", "Moved"), ("Kochi", "Asks for Saturday"))
    assert not _told(("Delhi", "Wants a card"))
