"""Whose spreadsheet, and behind which fence: what people do to the fence is healed, not waited for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from gspread.exceptions import APIError

from core.model import Change, ChangeKind
from store import counters, mirror, outbox, search, state
from store.config import default_config
from store.search import LeadQuery
from sync import local
from sync.cycle import taking_over
from sync.errors import FenceLost, OtherSpreadsheet
from sync.layout import add_fence, set_up
from sync.link import Link
from sync.ranges import GridRange
from sync.reading import read
from sync.sheets import FENCE_PREFIX, Sheets, metadata
from sync.tabs import look_around
from tests.sync.conftest import HEADER, NOW, Desk, person


def test_a_fence_that_somebody_deleted_is_put_up_again(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    (fence,) = metadata(link.sheets).fences
    desk.book.batch_update({"requests": [{"deleteNamedRange": {"namedRangeId": fence}}]})
    tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    with pytest.raises(FenceLost):
        desk.cycle(link)
    assert desk.cycle(link).created == 1
    assert desk.column("full_name") == ["Asha Person1", "Asha Person2"]
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)
    assert len(metadata(link.sheets).fences) == 1


@pytest.mark.parametrize("number", [99, 0, -1, 2.5])
def test_a_number_that_somebody_typed_over_the_fence_is_settled(desk: Desk, number: float) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    desk.book.worksheet("_crm").update_acell("B1", number)
    tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    made = 0
    for _ in range(2):
        with suppress(FenceLost):  # after which the next cycle looks around
            made += desk.cycle(link).created
    assert made == 1
    assert desk.column("full_name") == ["Asha Person1", "Asha Person2"]
    assert desk.cycle(link).writes == 0
    assert len(metadata(link.sheets).fences) == 1


@pytest.mark.parametrize("ahead", [1, 5])
def test_a_second_fence_that_a_late_set_up_has_left_holds_nobody_up(desk: Desk, ahead: int) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    (fence,) = metadata(link.sheets).fences
    number = int(fence.removeprefix(FENCE_PREFIX)) + ahead
    left = add_fence(number, desk.book.worksheet("_crm").id)
    desk.book.batch_update({"requests": [left]})
    for n in range(2, 10):
        tab.append_row(list(person(n)), value_input_option="RAW")  # type: ignore[arg-type]
        for _ in range(2):
            with suppress(FenceLost):
                desk.cycle(link)
    assert len(desk.column("full_name")) == 9
    assert desk.cycle(link).writes == 0
    assert len(metadata(link.sheets).fences) == 1


def test_a_set_up_that_was_held_up_on_its_way_puts_no_fence_up_that_was_passed_since(desk: Desk) -> None:
    """Seed 1004501, episode 163: the fence of that number stood again, and let a write through that had been held up
    too."""
    tab = desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    (fence,) = metadata(link.sheets).fences
    desk.book.batch_update({"requests": [{"deleteNamedRange": {"namedRangeId": fence}}]})
    seen = look_around(link.sheets)
    assert seen.head is not None
    late = set_up([], replace(seen.head, fence=seen.head.fence + 1), seen.about.fences, default_config())
    for n in range(2, 5):
        tab.append_row(list(person(n)), value_input_option="RAW")  # type: ignore[arg-type]
        with suppress(FenceLost):
            desk.cycle(link)
    fences = metadata(link.sheets).fences
    with pytest.raises(APIError):
        desk.book.batch_update({"requests": late})
    assert metadata(link.sheets).fences == fences
    assert len(fences) == 1


def test_a_fence_that_is_deleted_again_under_the_same_number_is_put_up_again(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    for n in (2, 3):
        desk.book.batch_update({"requests": [{"deleteNamedRange": {"namedRangeId": metadata(link.sheets).fences[0]}}]})
        desk.book.worksheet("_crm").update_acell("B1", 2)
        tab.append_row(list(person(n)), value_input_option="RAW")  # type: ignore[arg-type]
        for _ in range(3):
            with suppress(FenceLost):
                desk.cycle(link)
    assert len(desk.column("full_name")) == 3
    assert desk.cycle(link).writes == 0
    assert len(metadata(link.sheets).fences) == 1


def test_a_newcomer_is_not_driven_out_by_a_fence_that_was_lost(desk: Desk) -> None:
    """The first installation loses its fence to the second and stays read-only, however often it tries."""
    tab = desk.add_tab("Form", [HEADER, person(1)])
    old, new = desk.link("old", installation="old"), desk.link("new", installation="new")
    desk.cycle(old)
    taking_over(new, NOW)
    tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(Exception, match="taken this spreadsheet over"):
            desk.cycle(old)
    assert desk.cycle(new).created == 1


def other_book(desk: Desk, link: Link) -> Link:
    """The same installation and database, pointed at another spreadsheet."""
    made = local.create(desk.http, "Another library", "Asia/Kolkata", None)
    return replace(link, sheets=Sheets(desk.http, made, attempts=1))


def test_a_database_that_is_pointed_at_another_spreadsheet_begins_anew(desk: Desk) -> None:
    """As whoever tries the samples first and then connects their own sheet."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(5)), ("Nobody", "", "", "")])
    link = desk.link()
    desk.cycle(link)
    other = other_book(desk, link)
    with link.engine.begin() as conn:
        revision = counters.revision(conn)
    assert desk.cycle(other).created == 0
    with link.engine.begin() as conn:
        assert (mirror.count(conn), state.read_status(conn).attention) == (0, 0)
        assert search.page(conn, LeadQuery(q="asha"), 10).total == 0
        assert counters.revision(conn) > revision
    (first, *_) = read(other.sheets, [GridRange(tab.tab.sheet_id) for tab in metadata(other.sheets).tabs])
    assert first == ()
    assert (desk.cycle(other).reads, desk.cycle(other).writes) == (1, 0)
    assert desk.cycle(link).created == 0  # and back again
    with link.engine.begin() as conn:
        assert mirror.count(conn) == len(desk.master()) == 5
        assert state.read_status(conn).attention == 1


def test_edits_for_another_spreadsheet_are_not_let_go(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    lead_id = desk.column("lead_id")[0]
    with link.engine.begin() as conn:
        change = Change("C1", lead_id, ChangeKind.UPDATE, {"city": ("Pune", "Goa")}, "neha@example.org", NOW)
        outbox.enqueue(conn, [change])
    with pytest.raises(OtherSpreadsheet, match="1 edits"):
        desk.cycle(other_book(desk, link))
    with link.engine.begin() as conn:
        assert mirror.count(conn) == 1
    desk.cycle(link)
    assert desk.column("city") == ["Goa"]
