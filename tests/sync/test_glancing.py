"""Rows that a partial look shows elsewhere than before, in a Master too large to read at once: copies get ids of their
own, and rows that others were put above stay who they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import gspread
import pytest

from core import reading
from store import mirror
from sync import glancing
from sync.cycle import run_cycle
from sync.link import Link
from tests.sync.conftest import NOW, Desk
from tests.sync.test_outgoing import change, enqueue
from tests.sync.test_windows import ROWS, large

__all__ = ["large"]

HOT = 31  # the row that every cycle shows

Large = tuple[Desk, Link, gspread.Worksheet]


@pytest.fixture
def cycles(large: Large, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """So many cycles, days later, and their reads: an edit has made one lead hot, and the next window shows neither it
    nor the rows around."""
    desk, link, _ = large
    monkeypatch.setattr(reading, "HOT_RANGES", 200)
    monkeypatch.setattr(reading, "HOT_GAP", 0)
    later = NOW + timedelta(days=5)

    def run(count: int) -> list[int]:
        return [run_cycle(link, later, attended=True).reads for _ in range(count)]

    run(4)
    enqueue(link, change(1, desk.column("lead_id")[HOT - 2], city=("Pune", "Kochi"), updated_at=(NOW, later)))
    run(1)
    while (link.turn + 1) % reading.windows(ROWS + 1) == 1:
        run(1)
    return run


def names(desk: Desk) -> dict[str, str]:
    return {row["lead_id"]: row["full_name"] for row in desk.master() if row["lead_id"]}


def test_a_copy_beside_a_hot_row_does_not_take_the_leads_id(large: Large, cycles: Callable[[int], list[int]]) -> None:
    """The hot read shows the copy alone: it counted from then on, and the lead was told to be whoever it became."""
    desk, link, _ = large
    before = names(desk)
    master = desk.book.worksheet("Master")
    copied = [str(cell) for cell in master.row_values(HOT - 1)]
    master.insert_row(copied, HOT, value_input_option="RAW")  # type: ignore[arg-type]
    cycles(1)
    master.update([["Bina Rao", "9815550099", "bina@example.org"]], f"B{HOT}", value_input_option="RAW")
    cycles(6)
    after = names(desk)
    assert before.items() <= after.items()
    assert [name for lead_id, name in after.items() if lead_id not in before] == ["Bina Rao"]
    with link.engine.connect() as conn:
        found = mirror.lead(conn, copied[0])
    assert found
    assert found.full_name == copied[1]


@pytest.mark.parametrize("count", [1, 7])
def test_rows_put_in_above_a_hot_row_cost_a_look_and_change_nobody(
    large: Large, cycles: Callable[[int], list[int]], count: int
) -> None:
    desk, link, _ = large
    before = names(desk)
    desk.book.worksheet("Master").insert_rows([["", "", "", "", "---"]] * count, 20, value_input_option="RAW")
    reads = cycles(2 * reading.windows(ROWS + 1))
    assert max(reads) == 2
    assert names(desk) == before
    rows = {row["lead_id"]: number for number, row in enumerate(desk.master(), 2) if row["lead_id"]}
    with link.engine.connect() as conn:
        assert mirror.rows_of(conn, list(rows)) == rows
    assert cycles(4) == [1] * 4


@pytest.fixture
def many(large: Large, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """So many cycles, ten seconds apart, and their reads, where three rows are many; whole rows come round far too late
    to help."""
    _, link, _ = large
    monkeypatch.setattr(glancing, "_COPIES", 2)
    monkeypatch.setattr(reading, "SOURCE_ROWS", 1)
    link.turn = 8
    moments = (NOW + timedelta(seconds=10 * number) for number in range(1_000))

    def run(count: int) -> list[int]:
        return [run_cycle(link, next(moments), attended=True).reads for _ in range(count)]

    run(4)
    return run


def test_many_rows_copied_out_of_one_window_into_another_get_ids_of_their_own(
    large: Large, many: Callable[[int], list[int]]
) -> None:
    """Each was the lead's own row whenever its window came, and the original in its turn."""
    desk, link, _ = large
    before = names(desk)
    master = desk.book.worksheet("Master")
    copied = master.get("A5:AC8")
    master.insert_rows([[*row[:4], "Kochi", *row[5:]] for row in copied], 50, value_input_option="RAW")
    many(8)
    after = names(desk)
    assert before.items() <= after.items()
    assert len(after) == ROWS + 4
    assert not [line for line in desk.book.worksheet("Activity").get_all_values() if line[4] == "city"]
    with link.engine.connect() as conn:
        assert {one.city for one in mirror.leads(conn, [str(row[0]) for row in copied])} == {"Pune"}
    assert many(4) == [1] * 4


def test_many_rows_that_were_moved_cost_one_look_at_the_ids(large: Large, many: Callable[[int], list[int]]) -> None:
    desk, link, _ = large
    before = names(desk)
    desk.book.worksheet("Master").sort((2, "des"), range=f"A2:AC{ROWS + 1}")
    assert max(many(8)) == 2
    assert names(desk) == before
    rows = {row["lead_id"]: number for number, row in enumerate(desk.master(), 2)}
    with link.engine.connect() as conn:
        assert mirror.rows_of(conn, list(rows)) == rows
    assert many(4) == [1] * 4
