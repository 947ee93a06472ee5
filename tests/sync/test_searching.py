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
    return Search(turn, {0: 0, 1: 1}, now).places()


def test_of_rows_that_have_the_id_that_went_astray_the_one_is_meant_that_it_was_written_to() -> None:
    """Somebody pasted a page over the tab meanwhile, an L1 among it (chaos seed 3601, episode 254)."""
    assert _misnamed("Agra", "Pune") == [(2, 0)]


def test_and_a_copy_of_it() -> None:
    assert _misnamed("Pune", "Agra", "Pune") == [(1, 0), (3, 0)]


def test_where_somebody_went_on_in_the_one_row_it_is_that() -> None:
    assert _misnamed("Typed") == [(1, 0)]
