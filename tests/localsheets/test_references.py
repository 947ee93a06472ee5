from __future__ import annotations

import pytest

from localsheets import references
from localsheets.follow import Deleted, Inserted, Moved


@pytest.mark.parametrize(
    ("formula", "copied"),
    [
        ("=A1+$B$2+C$3+$D4", "=B3+$B$2+D$3+$D6"),
        ("=SUM(A1:B2, 'My tab'!A1)", "=SUM(B3:C4, 'My tab'!B3)"),
        ('="A1"&A1', '="A1"&B3'),
        ("=LOG10(A1)", "=LOG10(B3)"),
        ("=SUM(A:A)+SUM(1:1)", "=SUM(B:B)+SUM(3:3)"),
        ("=name_A1 + x.A1", "=name_A1 + x.A1"),
    ],
)
def test_copying_moves_what_is_not_pinned(formula: str, copied: str) -> None:
    assert references.copied(formula, 2, 1) == copied


def test_copying_off_the_sheet_breaks_the_reference() -> None:
    assert references.copied("=A1", -1, 0) == "=#REF!"


@pytest.mark.parametrize(
    ("formula", "shift", "expected"),
    [
        ("=A5+Other!A5", Inserted("ROWS", 0, 2), "=A7+Other!A5"),
        ("=SUM(A1:A10)", Inserted("ROWS", 5, 1), "=SUM(A1:A11)"),
        ("=SUM(A1:A10)", Deleted("ROWS", 4, 6), "=SUM(A1:A8)"),
        ("=A5", Deleted("ROWS", 4, 5), "=#REF!"),
        ("=$B$1", Inserted("COLUMNS", 0, 1), "=$C$1"),
        ("=A1", Moved("ROWS", 0, 1, 3), "=A3"),
        ("=SUM(B:C)", Inserted("COLUMNS", 2, 1), "=SUM(B:D)"),
    ],
)
def test_references_follow(formula: str, shift: object, expected: str) -> None:
    assert references.followed(formula, "Home", "home", shift) == expected  # type: ignore[arg-type]
