"""A Master too large to read in every cycle: hot rows and ends at once, the rest in turn, nothing missed.

The limits are made small, so that sixty rows are a large book.
"""

from __future__ import annotations

from datetime import timedelta

import gspread
import pytest

from core import reading
from store import mirror
from sync.cycle import run_cycle
from sync.link import Link
from tests.sync.conftest import HEADER, NOW, Desk, person

ROWS = 60


@pytest.fixture
def large(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Link, gspread.Worksheet]:
    """Sixty leads, taken in; from here on the book counts as large."""
    tab = desk.add_tab("Form", [HEADER, *(person(n) for n in range(ROWS))])
    link = desk.link()
    desk.cycle(link)
    monkeypatch.setattr(reading, "WHOLE_ROWS", 10)
    monkeypatch.setattr(reading, "WINDOW_ROWS", 20)
    monkeypatch.setattr(reading, "SOURCE_ROWS", 10)
    monkeypatch.setattr(reading, "HOT_RANGES", 0)
    monkeypatch.setattr(reading, "END_ROWS", 3)
    desk.cycle(link)
    return desk, link, tab


def city(link: Link, lead_id: str) -> str | None:
    with link.engine.begin() as conn:
        found = mirror.lead(conn, lead_id)
        return found.city if found else None


def round_of(desk: Desk, link: Link) -> list[int]:
    """The reads of one round of windows."""
    return [desk.cycle(link).reads for _ in range(reading.windows(ROWS + 1))]


def test_an_idle_round_is_one_read_a_cycle(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, _ = large
    assert round_of(desk, link) == [1] * reading.windows(ROWS + 1)


def test_a_new_row_at_the_end_is_a_lead_in_the_next_cycle(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, tab = large
    tab.append_row(list(person(100)), value_input_option="RAW")  # type: ignore[arg-type]
    report = desk.cycle(link)
    assert (report.created, report.reads, report.writes) == (1, 1, 1)


def test_an_edit_anywhere_in_master_comes_round(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, _ = large
    master = desk.book.worksheet("Master")
    lead_id = master.acell("A33").value
    master.update_acell("E33", "Kochi")
    round_of(desk, link)
    assert lead_id
    assert city(link, lead_id) == "Kochi"


def test_a_row_put_in_at_the_top_moves_the_others_and_changes_none(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    desk, link, tab = large
    tab.insert_row(list(person(200)), 2, value_input_option="RAW")  # type: ignore[arg-type]
    created = sum(desk.cycle(link).created for _ in range(8))
    assert created == 1
    assert len(set(desk.column("lead_id"))) == ROWS + 1


def test_an_edited_source_row_is_met_within_the_hour(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, tab = large
    tab.update_acell("D30", "Kochi")
    reports = [desk.cycle(link) for _ in range(8)]
    assert sum(one.updated for one in reports) == 1
    assert desk.column("city").count("Kochi") == 1


def test_a_deleted_lead_is_missed_only_after_two_looks(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, _ = large
    master = desk.book.worksheet("Master")
    gone = master.acell("A21").value
    assert gone
    master.delete_rows(21)
    desk.cycle(link)
    assert city(link, gone) == "Pune"
    for _ in range(3):
        round_of(desk, link)
    assert city(link, gone) is None
    with link.engine.begin() as conn:
        assert mirror.count(conn) == ROWS - 1


def test_half_of_master_deleted_is_noticed_and_the_rest_goes_on(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, tab = large
    desk.book.worksheet("Master").delete_rows(30, ROWS + 1)
    for _ in range(5):
        round_of(desk, link)
    with link.engine.begin() as conn:
        assert mirror.count(conn) == 28
    tab.append_row(list(person(100)), value_input_option="RAW")  # type: ignore[arg-type]
    assert desk.cycle(link).created == 1


def test_a_whole_sort_loses_nobody(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, _ = large
    desk.book.worksheet("Master").sort((2, "des"), range=f"A2:AC{ROWS + 1}")
    for _ in range(4):
        round_of(desk, link)
    rows = {
        row[0]: number for number, row in enumerate(desk.book.worksheet("Master").get_all_values(), 1) if number > 1
    }
    with link.engine.begin() as conn:
        assert mirror.count(conn) == ROWS
        assert mirror.rows_of(conn, list(rows)) == rows


def test_a_title_put_over_the_header_moves_it_and_imports_nothing(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    desk, link, tab = large
    tab.insert_rows([["Leads of 2026"], []], 1)
    tab.append_row(list(person(300)), value_input_option="RAW")  # type: ignore[arg-type]
    reports = [desk.cycle(link) for _ in range(3)]
    assert sum(one.created for one in reports) == 1
    assert sum(one.attention + one.updated for one in reports) == 0
    assert (reports[-1].reads, reports[-1].writes) == (1, 0)


def test_nobody_at_work_slows_the_window_and_an_edit_brings_it_back(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    desk, link, _ = large
    cycles = iter(range(1_000))

    def windows(count: int) -> int:
        """How many of the next cycles, ten seconds apart, move the window on; each is one read."""
        before = link.turn
        for _ in range(count):
            report = run_cycle(link, NOW + next(cycles) * timedelta(seconds=10), attended=True)
            assert report.reads == 1
        return link.turn - before

    assert windows(60) == 60
    assert windows(30) == 5
    lead_id = desk.column("lead_id")[40]
    desk.book.worksheet("Master").update_acell("E42", "Kochi")
    rounds = reading.windows(ROWS + 1)
    assert windows(rounds) == rounds
    assert city(link, lead_id) == "Kochi"
