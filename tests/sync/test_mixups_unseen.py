"""A sort of some columns in a Master too large to read at once, of which a look shows but a hot row: the rows of those
whose names came there are read with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import gspread
import pytest

from app.acting import Doer
from app.mixups import put_back
from core import reading
from core.field_checks import Refusal
from store import mirror, mixups
from sync.cycle import run_cycle
from sync.link import Link
from tests.sync.conftest import HEADER, NOW, Desk, person
from tests.sync.test_mixups import web
from tests.sync.test_outgoing import by_id, change, enqueue

LEADS = 60
HOT = 50  # the row of the one lead that every cycle shows
LIMITS = {"WHOLE_ROWS": 10, "WINDOW_ROWS": 20, "SOURCE_ROWS": 10, "END_ROWS": 3, "HOT_GAP": 0}

Large = tuple[Desk, Link, gspread.Worksheet, Callable[[int], None]]


@pytest.fixture
def large(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Large:
    """Sixty leads of which an edit has made one hot, and cycles days later: the next window shows neither it nor the
    rows around."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(LEADS))])
    link = desk.link()
    desk.cycle(link)
    for name, limit in LIMITS.items():
        monkeypatch.setattr(reading, name, limit)
    now = [NOW + timedelta(days=5)]

    def cycles(count: int) -> None:
        for _ in range(count):
            now[0] += timedelta(seconds=10)
            run_cycle(link, now[0], attended=True)

    cycles(4)
    master = desk.book.worksheet("Master")
    enqueue(link, change(1, str(master.acell(f"A{HOT}").value), city=("Pune", "Kochi"), updated_at=(NOW, now[0])))
    cycles(3)
    while (link.turn + 1) % reading.windows(LEADS + 1):
        cycles(1)
    return desk, link, master, cycles


def frozen(link: Link) -> set[str]:
    with link.engine.connect() as conn:
        return {one.lead_id for one in mixups.every(conn)}


def put_all_back(link: Link) -> None:
    with link.engine.connect() as conn:
        found = mixups.incidents(conn, 1)
    with web(link).app_context():
        for one in found:
            assert not isinstance(put_back(one.incident, Doer("Neha")), Refusal)


def test_a_hot_lead_whose_name_was_sorted_away_out_of_sight_freezes_too(large: Large) -> None:
    desk, link, master, cycles = large
    names, ids = by_id(desk, "full_name"), master.col_values(1)
    master.sort((2, "des"), range=f"B{HOT - 8}:B{HOT + 6}")
    cycles(1)
    assert frozen(link) == {ids[HOT - 1], ids[HOT - 3]}, "the two have each other's names"
    cycles(4)
    assert len(frozen(link)) == 14, "all but the one in the middle"
    put_all_back(link)
    cycles(6)
    assert by_id(desk, "full_name") == names
    assert not frozen(link)


def test_the_last_one_of_a_ring_freezes_though_its_look_shows_no_other(large: Large) -> None:
    """It has the name of a lead that is frozen since another look."""
    desk, link, master, cycles = large
    names = by_id(desk, "full_name")
    ring = [HOT, HOT - 4, HOT - 6, 35]  # each gets the next one's name
    said = [str(master.cell(row, 2).value) for row in ring]
    for row, name in zip(ring, [*said[1:], said[0]], strict=True):
        master.update_cell(row, 2, name)
    cycles(1)
    last = str(master.acell("A35").value)
    assert len(frozen(link)) == 3
    assert last not in frozen(link)
    cycles(4)
    assert last in frozen(link)
    put_all_back(link)
    cycles(6)
    assert by_id(desk, "full_name") == names


@pytest.mark.parametrize("field", ["full_name", "email"])
def test_what_another_lead_out_of_sight_has_too_is_typed(large: Large, field: str) -> None:
    """As of a sister, or by a common name."""
    _, link, master, cycles = large
    column = master.row_values(1).index(field) + 1
    lead, word = str(master.cell(HOT, 1).value), str(master.cell(HOT - 5, column).value)
    master.update_cell(HOT, column, word)
    cycles(1)
    with link.engine.connect() as conn:
        found = mirror.lead(conn, lead)
    assert found is not None
    assert getattr(found, field) == word
    cycles(4)
    assert not frozen(link)
