"""A row whose id would come under merged cells, in a Master too large to read at once: told until it is over, whatever
the next window shows."""

from __future__ import annotations

import gspread
import pytest

from store import issues
from sync import adopting, hidden
from sync.link import Link
from tests.sync.conftest import Desk
from tests.sync.test_merged import merge, unmerge
from tests.sync.test_windows import ROWS, large, round_of

__all__ = ["large"]

Large = tuple[Desk, Link, gspread.Worksheet]


@pytest.fixture
def covered(large: Large) -> Large:
    """Somebody has typed a row below a lead's, whose id cell is merged with the one above."""
    desk, link, tab = large
    round_of(desk, link)
    row = ["", "Ravi Iyer", "98150 99999"]
    desk.book.worksheet("Master").insert_row(row, 30, value_input_option="RAW")  # type: ignore[arg-type]
    merge(desk, (28, 30), (0, 1))
    for _ in range(3):
        round_of(desk, link)
    return desk, link, tab


def told(link: Link) -> list[int]:
    """The rows that are told of."""
    with link.engine.connect() as conn:
        return [
            one.issue.row for one in issues.page(conn, 50).items if "merged cells cover its lead_id" in one.issue.reason
        ]


def test_a_row_under_a_merge_is_told_of_once_and_comes_to_rest(covered: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was forgotten with each window that showed other rows, and told anew, for a refused write, in each round."""
    desk, link, _ = covered
    tried: list[int] = []
    monkeypatch.setattr(adopting, "_adopt", lambda *_: tried.append(1))
    said, reads = [], 0
    for _ in range(3):
        for _ in range(4):
            reads += desk.cycle(link).reads
            said.append(told(link))
    assert said == [[30]] * 12
    assert not tried
    assert reads == 12 + 3, "the row itself, whenever its window comes"


def test_it_gets_its_id_when_the_merge_is_taken_apart(covered: Large) -> None:
    desk, link, _ = covered
    unmerge(desk)
    round_of(desk, link)
    assert len({one for one in desk.column("lead_id") if one}) == ROWS + 1
    assert told(link) == []
    assert not hidden.some(link)


@pytest.mark.parametrize("deed", ["cleared", "moved"])
def test_what_is_told_goes_with_the_row(covered: Large, deed: str) -> None:
    desk, link, _ = covered
    master = desk.book.worksheet("Master")
    if deed == "cleared":
        master.batch_clear(["A30:AC30"])
    else:
        master.insert_row(["", "", "", "", "---"], 10, value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(2):
        round_of(desk, link)
    assert told(link) == ([] if deed == "cleared" else [31])
    assert hidden.some(link) == (deed == "moved")
