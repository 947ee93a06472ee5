"""Whose spreadsheet, and behind which fence: what people do to the fence is healed, not waited for."""

from __future__ import annotations

from contextlib import suppress

import pytest

from sync.errors import FenceLost
from sync.sheets import metadata
from tests.sync.conftest import HEADER, Desk, person


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


def test_a_newcomer_is_not_driven_out_by_a_fence_that_was_lost(desk: Desk) -> None:
    """The first installation loses its fence to the second and stays read-only, however often it tries."""
    tab = desk.add_tab("Form", [HEADER, person(1)])
    old, new = desk.link("old", installation="old"), desk.link("new", installation="new")
    desk.cycle(old)
    desk.cycle(new)
    tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(Exception, match="taken this spreadsheet over"):
            desk.cycle(old)
    assert desk.cycle(new).created == 1
