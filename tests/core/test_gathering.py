"""What the columns of one row say together."""

import pytest

from core.gathering import MOST_NOTES
from core.model import Cell
from tests.core.test_normalise import drafts

LONG = "x" * (MOST_NOTES - 10)


@pytest.mark.parametrize("header", ["Comments", "Child Name", "Anything else"])
def test_notes_that_do_not_fit_are_said(header: str) -> None:
    names: tuple[Cell, ...] = ("Mobile", "Remarks", "Alternate Mobile", header)
    row: tuple[Cell, ...] = ("9876543210", LONG, "9876543211 ask for the grandmother", "Aarav")
    (draft, *_), (short, *_) = drafts(names, row, (row[0], "likes owls", *row[2:]))
    assert len(str(draft.fields["notes"])) == MOST_NOTES
    assert [issue.reason for issue in draft.issues] == [
        "The notes are too long: the lead has the first 40,000 signs of them"
    ]
    assert not short.issues
