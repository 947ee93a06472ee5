"""A copied formula is the same formula; anything else that looks alike is not."""

import pytest

from sync.worth import content_of, left_out, moved, relative, worth


def test_a_copy_of_a_formula_is_known_again() -> None:
    assert worth('=A2&$B$1&"A2"', 1, 4) == worth('=A12&$B$1&"A2"', 11, 4)
    assert worth("=A2", 1, 4) != worth("=A2", 2, 4)
    assert relative("=SUM(B2:C$3)+'A1 x'!Z9+LOG10(2)", 1, 1) == "=SUM(R[0]C[0]:R3C[1])+'A1 x'!R[7]C[24]+LOG10(2)"


@pytest.mark.parametrize(("one", "other"), [("1", 1), (True, 1), ("true", True), ("a", "A"), ("=A1", "A1")])
def test_kinds_are_told_apart(one: object, other: object) -> None:
    assert worth(one, 0, 0) != worth(other, 0, 0)  # type: ignore[arg-type]


def test_blanks_say_nothing() -> None:
    assert worth(None, 0, 0) == worth("", 0, 0) == ""
    assert worth(2, 0, 0) == worth(2.0, 5, 5)
    assert content_of(("a", "", None)) == content_of(("a",)) != content_of(("", "a"))


def test_a_name_says_which_columns_it_leaves_out() -> None:
    name = content_of(("a", "filled", "", "b"), 4, {1, 2})
    assert left_out(name) == {1, 2}
    assert name == content_of(("a", "", "something else", "b"), 9, left_out(name))
    assert name != content_of(("a", "filled", "", "b"), 4)
    assert name != content_of(("a", "", "", "c"), 4, {1, 2})
    assert (left_out(content_of(("a",))), left_out("")) == (frozenset(), frozenset())


def test_a_formula_is_read_further_down_and_where_its_columns_went() -> None:
    gone = {1: 1, 2: 3, 3: 4}
    assert moved('=A2&$D$2&"C2"+SUM(C2:D$9)', 3, gone) == '=A5&$E$2&"C2"+SUM(D5:E$9)'
    assert moved("=Team!C2:D2+'C1 x'!C2+C2", 1, gone) == "=Team!C3:D3+'C1 x'!C3+D3"
    assert moved("=A2+A9", -2, {}) == "=#REF!+A7"
    assert moved("=== nothing", 3, gone) == "=== nothing"
