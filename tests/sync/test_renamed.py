"""Columns of which nobody can say what stands in them: a lead that holds something there is not deleted."""

from __future__ import annotations

import pytest

from core.fields import NAMES
from core.model import ChangeState
from sync.renamed import unclear
from tests.sync.conftest import Book
from tests.sync.test_deleting import delete, state_of

WHOLE = ("lead_id", "full_name", "city", "email", "Remarks")


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (WHOLE, set()),
        (("lead_id", "full_name", "city", "email", "Remarks", "New"), set()),
        (("lead_id", "full_name", "city", "Remarks"), set()),
        (("lead_id", "full_name", "city", "Post", "Remarks"), {3}),
        (("lead_id", "New", "full_name", "city", "Post", "Remarks"), {4}),
        (("Post", "lead_id", "full_name", "Town", "Remarks"), {0, 3}),
        (("Town", "lead_id", "full_name", "email", "Remarks"), {0}),
        (("lead_id", "full_name", "city", "city", "Remarks"), {2, 3}),
    ],
)
def test_which(header: tuple[str, ...], columns: set[int]) -> None:
    assert unclear(header, WHOLE) == columns


def test_a_word_that_nobody_saw_is_not_thrown_away_with_columns_that_were_moved_and_renamed(book: Book) -> None:
    desk, link, master = book
    lead, notes = desk.column("lead_id")[1], NAMES.index("notes")
    (gone,) = delete(link, lead)
    master.update([["likes owls"]], f"{chr(ord('A') + notes)}3")
    master.update([["Own words", "Kid"]], f"{chr(ord('A') + notes)}1")
    source = {"sheetId": master.id, "dimension": "COLUMNS", "startIndex": notes, "endIndex": notes + 1}
    desk.book.batch_update({"requests": [{"moveDimension": {"source": source, "destinationIndex": 0}}]})
    desk.cycle(link)
    assert lead in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.PENDING
    master.update_acell("A1", "notes")
    master.update_cell(1, master.row_values(1).index("Kid") + 1, "child_name")
    for _ in range(2):
        desk.cycle(link)
    assert lead in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.BLOCKED
