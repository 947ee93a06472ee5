"""What one flush carries: so many leads, under 2 MB, nothing lost and nothing out of order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.model import Change, ChangeKind
from core.portions import FLUSH_BYTES, portions, weight
from tests.core.library import NOW


def change(number: int, length: int) -> Change:
    return Change(f"C{number}", f"L{number}", ChangeKind.UPDATE, {"notes": (None, "न" * length)}, "Asha", NOW)


@given(st.lists(st.integers(0, 60_000), max_size=80), st.integers(1, 10))
def test_nothing_is_lost_and_every_part_fits(lengths: list[int], most: int) -> None:
    changes = [change(n, length) for n, length in enumerate(lengths)]
    parts = list(portions(changes, most))
    assert [one for part in parts for one in part] == changes
    for part in parts:
        assert 1 <= len(part) <= most
        assert len(part) == 1 or sum(map(weight, part)) <= FLUSH_BYTES


def test_a_bulk_of_ten_thousand_small_changes_takes_twenty_flushes() -> None:
    changes = [change(n, 20) for n in range(10_000)]
    assert [len(part) for part in portions(changes, 500)] == [500] * 20


def test_full_notes_go_a_few_at_a_time() -> None:
    changes = [change(n, 50_000) for n in range(20)]
    assert max(len(part) for part in portions(changes, 500)) * 50_000 * 3 * 3 < 2_000_000
