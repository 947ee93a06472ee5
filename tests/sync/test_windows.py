"""A Master too large to read in every cycle: hot rows and ends at once, the rest in turn, nothing missed.

The limits are made small, so that sixty rows are a large book.
"""

from __future__ import annotations

from datetime import date, timedelta

import gspread
import pytest
from gspread.utils import rowcol_to_a1

from core import reading
from core.model import Cell, Lead
from store import mirror
from sync import glancing
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


def test_a_short_tab_beside_a_large_book_costs_no_read_of_its_own(large: tuple[Desk, Link, gspread.Worksheet]) -> None:
    desk, link, _ = large
    short = desk.add_tab("Event", [HEADER, person(700)])
    reports = [desk.cycle(link) for _ in range(4)]
    assert sum(one.created for one in reports) == 1
    assert round_of(desk, link) == [1] * reading.windows(ROWS + 1)
    short.append_row(list(person(701)), value_input_option="RAW")  # type: ignore[arg-type]
    report = desk.cycle(link)
    assert (report.created, report.reads, report.writes) == (1, 1, 1)


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


def test_a_lead_whose_row_was_cleared_is_deleted_and_one_moved_far_is_followed(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    desk, link, _ = large
    round_of(desk, link)
    master = desk.book.worksheet("Master")
    ids = [str(cell) for cell in master.col_values(1)]
    master.batch_clear(["A30:AC30", "A40:AC41"])  # in the middle of a window, and at the end of one
    moved = {"sheetId": master.id, "dimension": "ROWS", "startIndex": 49, "endIndex": 50}
    desk.book.batch_update({"requests": [{"moveDimension": {"source": moved, "destinationIndex": 9}}]})
    for _ in range(4):
        round_of(desk, link)
    with link.engine.begin() as conn:
        assert [mirror.lead(conn, ids[row - 1]) for row in (30, 40, 41)] == [None] * 3
        assert mirror.count(conn) == ROWS - 3
        assert mirror.rows_of(conn, [ids[49]]) == {ids[49]: 10}
    assert round_of(desk, link) == [1] * reading.windows(ROWS + 1)


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
        """How many of the next cycles, ten seconds apart, move the window on; each is one read, and one more of the row
        where the window shows an edit."""
        before = link.turn
        for _ in range(count):
            report = run_cycle(link, NOW + next(cycles) * timedelta(seconds=10), attended=True)
            assert report.reads == 1 + report.writes
        return link.turn - before

    assert windows(60) == 60
    assert windows(30) == 5
    lead_id = desk.column("lead_id")[40]
    desk.book.worksheet("Master").update_acell("E42", "Kochi")
    rounds = reading.windows(ROWS + 1)
    assert windows(rounds) == rounds
    assert city(link, lead_id) == "Kochi"


def test_whatever_people_type_is_seen_by_the_window_and_our_own_columns_within_the_hour(
    large: tuple[Desk, Link, gspread.Worksheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cell of each column of another row, and a column of their own; whole rows come round far too late to help."""
    desk, link, _ = large
    monkeypatch.setattr(reading, "SOURCE_ROWS", 1)
    monkeypatch.setattr(glancing, "HOT_GAP", 0)
    master = desk.book.worksheet("Master")
    master.add_cols(1)
    typed: dict[str, Cell] = {
        "full_name": "Somebody Else", "phone_number": "9822211111", "email": "new@example.org", "city": "Kochi",
        "lead_date": 45_900, "status": "Member", "priority": "Urgent", "lead_source": "Radio", "lead_type": "Cold",
        "assigned_to": "Neha", "next_follow_up": 46_400, "last_contacted": 46_300.5, "notes": "typed",
        "child_name": "Ria", "child_age": 7, "other_phones": "9822211112", "do_not_contact": True, "shelf": "blue",
    }  # fmt: skip
    header = [str(cell) for cell in master.row_values(1)] + ["shelf"]
    master.update_cell(1, len(header), "shelf")
    round_of(desk, link)
    ids = master.col_values(1)
    where = {name: 8 + 3 * at for at, name in enumerate(typed)}
    cells = [{"range": rowcol_to_a1(where[n], header.index(n) + 1), "values": [[v]]} for n, v in typed.items()]
    master.batch_update(
        [*cells, {"range": rowcol_to_a1(51, header.index("household") + 1), "values": [["H1"]]}], raw=True
    )
    link.turn = 2  # no whole row of those typed in is among the next three
    round_of(desk, link)
    with link.engine.begin() as conn:
        found = {name: mirror.lead(conn, str(ids[where[name] - 1])) for name in typed}
    seen = {n: one.extra.get(n) if n == "shelf" else getattr(one, n) for n, one in found.items() if one}
    assert seen | {"last_contacted": None} == {
        **typed, "phone_number": "+919822211111", "other_phones": "+919822211112", "lead_date": date(2025, 8, 31),
        "next_follow_up": date(2027, 1, 13), "last_contacted": None,
    }  # fmt: skip
    assert seen["last_contacted"]
    assert household(link, ids[50]) != "H1"
    link.turn = 48  # whole rows 49, 50 and 51 (0-based) come next
    round_of(desk, link)
    assert household(link, ids[50]) == "H1"


def household(link: Link, lead_id: str | None) -> str | None:
    with link.engine.begin() as conn:
        found = mirror.lead(conn, str(lead_id))
    return found.household if found else None


def test_columns_moved_and_taken_away_are_followed_and_nobody_changes(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    desk, link, _ = large
    round_of(desk, link)
    before = leads_of(link)
    master = desk.book.worksheet("Master")
    moved = {"sheetId": master.id, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}
    desk.book.batch_update({"requests": [{"moveDimension": {"source": moved, "destinationIndex": 20}}]})
    for _ in range(2):
        round_of(desk, link)
    assert leads_of(link) == before
    width = len(master.row_values(1))
    master.delete_columns(width)  # updated_at, and the grid grows narrower
    for _ in range(2):
        round_of(desk, link)
    assert leads_of(link) == before
    assert round_of(desk, link) == [1] * reading.windows(ROWS + 1)


def leads_of(link: Link) -> dict[str, Lead]:
    with link.engine.begin() as conn:
        return {one.lead_id: one for one in mirror.every_lead(conn)}


def test_a_row_without_an_id_gets_one_and_a_line_of_somebodys_own_is_left_alone(
    large: tuple[Desk, Link, gspread.Worksheet],
) -> None:
    desk, link, _ = large
    round_of(desk, link)
    master = desk.book.worksheet("Master")
    master.insert_row(["", "Ravi Iyer", "98150 99999"], 30, value_input_option="RAW")  # type: ignore[arg-type]
    master.insert_row(["", "", "", "", "--- old ones below ---"], 12, value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(3):
        round_of(desk, link)
    assert len({lead for lead in desk.column("lead_id") if lead}) == ROWS + 1
    assert round_of(desk, link) == [1] * reading.windows(ROWS + 1)


@pytest.mark.parametrize("at", [24, 36, 58, ROWS + 2])
def test_a_copied_row_gets_an_id_of_its_own_wherever_it_was_put(
    large: tuple[Desk, Link, gspread.Worksheet], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Beside the other one, further down in the same window, in another window, at the end."""
    desk, link, _ = large
    monkeypatch.setattr(glancing, "HOT_GAP", 0)
    round_of(desk, link)
    master = desk.book.worksheet("Master")
    copied = master.row_values(23)
    master.insert_row(copied, at, value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(2):
        round_of(desk, link)
    ids = desk.column("lead_id")
    assert len(set(ids)) == len(ids) == ROWS + 1
    assert ids[21] == copied[0]
