"""Folding, tidying, blanks and mojibake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import cell_text, fold, is_blank, mend, plain_signs, tidy, tidy_lines


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Email id ", "email ID"),
        ("Parent Mobile no.", "parent mobile no"),
        ("E-mail", "e mail"),
        ("phone_number", "Phone Number"),
        ("Child's Name", "childs name"),
        ("Child’s\u00a0Name", "childs name"),
        ("Number  ", "NUMBER"),
        ("ｆｕｌｌ ｎａｍｅ", "full name"),
        ("STRASSE", "straße"),
        ("name\u200b", "name"),
        ("അരവിന്ദ\u0d7b", "അരവിന്ദ\u0d28\u0d4d\u200d"),
        ("সৎ", "সত\u09cd\u200d"),
    ],
)
def test_fold_makes_equal_what_people_mean_alike(left: str, right: str) -> None:
    assert fold(left) == fold(right)


def test_fold_keeps_the_vowel_signs_of_indian_scripts() -> None:
    assert fold("किताब") != fold("कतब")
    assert fold(" नाम: ") == "नाम"
    assert fold("അവ\u0d7b") != fold("അവന")


@given(st.text())
def test_fold_and_tidy_are_idempotent(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert tidy_lines(tidy_lines(text)) == tidy_lines(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "N/A", "n.a.", "nil", "None", "#REF!", "#N/A", "...", "NULL", "No", "not available"]
)
def test_blank_words(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["Nil Sharma", "Noa", "0", "Neha", "Uma", "value", "x-ray"])
def test_words_that_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("cell", "text"), [(9876543210.0, "9876543210"), (7, "7"), (True, "TRUE"), (None, ""), (2.5, "2.5"), ("a ", "a ")]
)
def test_cell_text(cell: str | float | bool | None, text: str) -> None:
    assert cell_text(cell) == text


def test_plain_signs_reads_digits_of_every_script() -> None:
    assert plain_signs("९८७६–५४ ３２१") == "9876-54 321"


@pytest.mark.parametrize("text", ["Renée", "रिया", "José Ñandú", "naïve – “quoted”"])
def test_mend_takes_mojibake_back(text: str) -> None:
    assert mend(text.encode().decode("latin-1")) == text
    assert mend(text) == text
