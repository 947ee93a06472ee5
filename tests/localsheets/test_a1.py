from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets import a1
from localsheets.a1 import Box
from localsheets.errors import ApiError


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("A1", Box(0, 1, 0, 1)),
        ("B2:A1", Box(0, 2, 0, 2)),
        ("D4:A1", Box(0, 4, 0, 4)),
        ("A2:C", Box(1, None, 0, 3)),
        ("A2:2", Box(1, 2, 0, None)),
        ("2:5", Box(1, 5, 0, None)),
        ("A:C", Box(0, None, 0, 3)),
        ("C:A", Box(0, None, 0, 3)),
        ("$B$2:$C$3", Box(1, 3, 1, 3)),
        ("R2C3:R4C5", Box(1, 4, 2, 5)),
        ("aa10", Box(9, 10, 26, 27)),
    ],
)
def test_cells(text: str, box: Box) -> None:
    parsed = a1.parse_cells(text)
    assert parsed is not None
    assert parsed[0] == box


@pytest.mark.parametrize("text", ["", "A0", "Sheet1", "A", "5", "A1:B2:C3", "A1:", ":B2", "ÄÄ1", "['1', '2']"])
def test_what_is_no_range(text: str) -> None:
    assert a1.parse_cells(text) is None


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Sheet1", "Sheet1"), ("D3", "'D3'"), ("My tab", "'My tab'"), ("It's", "'It''s'"), ("2020", "'2020'"),
        ("R1C1", "'R1C1'"),
        ("_crm", "_crm"), ("🌵 x", "'🌵 x'"), ("Лист", "'Лист'"),
    ],
)  # fmt: skip
def test_titles_are_quoted_only_where_needed(title: str, shown: str) -> None:
    assert a1.quoted(title) == shown
    assert a1.split_title(f"{shown}!A1:B2") == (title, "A1:B2")


def test_a_quoted_title_alone_and_a_broken_one() -> None:
    assert a1.split_title("'D3'") == ("D3", None)
    assert a1.split_title("a!b!A1") == ("a!b", "A1")
    with pytest.raises(ApiError, match="Unable to parse range"):
        a1.split_title("'never closed!A1")


@given(st.integers(0, 18_277))
def test_letters_there_and_back(column: int) -> None:
    assert a1.column_number(a1.letters(column)) == column
