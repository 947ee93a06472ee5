"""What is read when: everything of small books; of large ones the hot rows always, the rest in turn."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading import (
    HOT_GAP,
    SOURCE_TURNS,
    WINDOW_ROWS,
    Ask,
    Sized,
    asks,
    hot_rows,
    joined,
    sees_everything,
    window,
    windows,
)

sizes = st.integers(0, 400_000)


def rows_of(found: tuple[Ask, ...], size: int) -> int:
    return sum((size if ask.last is None else ask.last) - ask.first for ask in found)


def test_twenty_thousand_rows_are_seen_at_once() -> None:
    assert sees_everything([Sized(1, True, 12_000), Sized(2, False, 8_000)])
    assert not sees_everything([Sized(1, True, 12_001), Sized(2, False, 8_000)])


@given(sizes, st.integers(0, 10_000), st.lists(st.integers(0, 400_000), max_size=30))
def test_header_first_end_last_and_no_overlap(size: int, turn: int, hot: list[int]) -> None:
    found = asks(Sized(1, True, size), turn, hot)
    assert found[0].first == 0
    assert found[-1].last is None
    for before, after in pairwise(found):
        assert before.last is not None
        assert before.last <= after.first


@given(sizes)
def test_every_row_of_master_comes_round(size: int) -> None:
    seen: set[int] = set()
    master = Sized(1, True, size)
    for turn in range(windows(size)):
        shown = window(master, turn)
        for ask in (*asks(master, turn, []), *([Ask(1, *shown)] if shown else [])):
            seen.update(range(ask.first, min(size, ask.last if ask.last is not None else size), 997))
            seen.update({ask.first, *(() if ask.last is None else (ask.last - 1,))})
    wanted = set(range(0, size, WINDOW_ROWS))
    assert wanted <= seen
    assert windows(size) <= 8 or size > 400_000


@pytest.mark.parametrize("master", [True, False])
@given(size=st.integers(1, 400_000))
def test_every_row_comes_round_whole_within_the_hour(master: bool, size: int) -> None:
    covered = [False] * size
    for turn in range(SOURCE_TURNS):
        for ask in asks(Sized(2, master, size), turn, []):
            last = size if ask.last is None else min(ask.last, size)
            covered[ask.first : last] = [True] * (last - ask.first)
    assert all(covered)


def test_no_window_is_no_window() -> None:
    assert window(Sized(1, True, 340_000), None) is None
    assert window(Sized(1, True, 340_000), 6) == (300_001, 339_950)
    assert window(Sized(1, True, 40), 0) is None


def test_hot_rows_are_read_in_few_ranges() -> None:
    found = asks(Sized(1, True, 340_000), 0, [100_000, 100_000 + HOT_GAP, 200_000])
    assert Ask(1, 100_000, 100_000 + HOT_GAP + 1) in found
    assert Ask(1, 200_000, 200_001) in found
    assert rows_of(found, 340_000) < WINDOW_ROWS + 100


def test_where_the_window_shows_everybody_few_are_read_whole_besides() -> None:
    for rows, turn, most in ((20_001, 3, 200), (50_001, 3, 200), (50_002, 3, 2_000), (20_001, None, 2_000)):
        assert hot_rows(Sized(1, True, rows), turn) == most


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda t: (t[0], t[0] + t[1]))))
def test_joined_spans_hold_the_same_rows(spans: list[tuple[int, int]]) -> None:
    found = list(joined(spans))
    assert {r for a, b in found for r in range(a, b)} == {r for a, b in spans for r in range(a, b)}
    assert all(before[1] < after[0] for before, after in pairwise(found))
