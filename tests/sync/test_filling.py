"""Which cells of Master a formula elsewhere may fill."""

from __future__ import annotations

import pytest

from sync.filling import filled_columns


@pytest.mark.parametrize(
    ("top", "filled"),
    [
        ((("a", "b", "c", "d"),), set()),
        ((("a", '={"b";ARRAYFORMULA(A2:A)}', "c", "d"),), {1, 2}),
        ((("a", "b", "c", "d"), ("", "", "=QUERY(A:B)")), {2}),
        ((("a", "b", "c", "d"), ('=UPPER("x")', '=SPLIT("x y"," ")', "", "z")), {1, 2}),
        ((), set()),
    ],
)
def test_the_columns_that_formulas_at_the_top_may_fill(top: tuple[tuple[str, ...], ...], filled: set[int]) -> None:
    assert filled_columns(top, {0, 3}) == filled
