"""Which column is which after people moved, inserted, renamed and doubled headers."""

import pytest

from sync.aligned import aligned


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (["a", "b", "c"], ["a", "b", "c"], {0: 0, 1: 1, 2: 2}),
        (["a", "b", "c"], ["c", "a", "b"], {0: 1, 1: 2, 2: 0}),
        (["a", "b", "c"], ["a", "new", "b", "c"], {0: 0, 1: 2, 2: 3}),
        (["a", "b", "c"], ["a", "Town", "c"], {0: 0, 1: 1, 2: 2}),  # renamed: known by its neighbours
        (["a", "", "c"], ["a", "Remarks", "c"], {0: 0, 1: 1, 2: 2}),
        (["a", "b", "c"], ["a", "c"], {0: 0, 2: 1}),
        (["a", "b", "c", "d"], ["a", "c", "c", "d"], {0: 0, 1: 1, 2: 2, 3: 3}),  # doubled
        (["a", "", "c", "d"], ["a", "d"], {0: 0, 3: 1}),
        (["c", "a", "b", "c", "d"], ["c", "a", "c", "d"], {0: 0, 1: 1, 3: 2, 4: 3}),  # doubled, a neighbour deleted
        (["c", "a", "c", "d"], ["c", "a", "new", "c", "d"], {0: 0, 1: 1, 2: 3, 3: 4}),  # a neighbour inserted
        (["a", "b"], ["a", "Town"], {0: 0, 1: 1}),  # up to the open right side
        (["a", "b"], ["a", "new", "new", "Town"], {0: 0}),  # which of the three? (chaos seed 1003601, episode 143)
        (["c", "b", "c", "d"], ["c", "b", "c", "c", "d"], {0: 0, 1: 1, 3: 4}),  # which of the two?
    ],
)
def test_columns_are_known_again(before: list[str], after: list[str], wanted: dict[int, int]) -> None:
    found = aligned(before, after)
    assert {column: found.get(column) for column in range(len(before))} == {
        column: wanted.get(column) for column in range(len(before))
    }
