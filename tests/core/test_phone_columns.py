"""The quick ways of a column say what the careful way says of each cell."""

from __future__ import annotations

import random

import phonenumbers
from hypothesis import example, given
from hypothesis import strategies as st

from core.model import Cell
from core.phone_columns import Wordings, indian_mobiles
from core.phones import _indian_numbers, parse
from tests.core.shipped import CONFIG

NUMBERLIKE = st.text(alphabet="0123456789987 +-()'.,/\0\n\u00a0–\u200e९८७", max_size=18) | st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+91 ", "91", "91 ", "0", "'", "(0", "0091", "+9 1", "\u200e+91\u202c"]),
    st.integers(5_999_999_999, 10_000_000_000) | st.sampled_from([9999999999, 9112345678]),
    st.sampled_from(["", ".0", ",", " ", ".00,", "\0", "-"]),
)
AROUND = st.text(alphabet="0123916 +-()'.,/\nabx&|x–\u00a0९", max_size=9) | st.sampled_from(
    ["Mob: ", " (wife)", "91", "+91", "+1 ", "0", "1-", "022 ", "x", "ext ", " or ", "call after 6 pm ", "E+", "tel:"]
)
MOBILE = st.integers(6_000_000_000, 9_999_999_999).map(str)
GAP = st.sampled_from(["", " ", "-", ".", "  "])


@given(st.lists(NUMBERLIKE | st.floats() | st.integers() | st.booleans() | st.none(), max_size=6))
def test_a_column_reads_as_its_cells_do(cells: list[Cell]) -> None:
    for cell, found in zip(cells, indian_mobiles(cells, lambda _: None), strict=True):
        if found is not None:
            reading = parse(cell, CONFIG)
            assert (reading.phones, reading.doubt, reading.words) == ((found,), "", "")
    assert len(indian_mobiles(cells, lambda _: None)) == len(cells)


@given(st.lists(MOBILE, min_size=2, max_size=5), AROUND, GAP, AROUND)
@example(["9876543210", "9999999999", "9123456780"], "", "", " (wife)")
@example(["6505550123", "9876543210"], "+1 ", "", "")
@example(["9112345678", "9876543210"], "91 ", "", "")
def test_the_same_words_around_another_mobile_say_the_same(
    mobiles: list[str], before: str, gap: str, behind: str
) -> None:
    wordings = Wordings(CONFIG)
    for mobile in mobiles:
        cell = f"{before}{mobile[:5]}{gap}{mobile[5:]}{behind}"
        assert wordings.read(cell) == parse(cell, CONFIG)


def test_landlines_are_those_of_the_library() -> None:
    chance = random.Random(3)
    starts = ["22", "11", "80", "44", "20", "2717", "79", "33", "40", "261", "484"]
    for _ in range(3_000):
        number = (chance.choice(starts) + str(chance.randrange(10**9)).zfill(9))[:10]
        if number[0] in "2345678":
            known = phonenumbers.is_valid_number(phonenumbers.PhoneNumber(91, int(number)))
            assert bool(_indian_numbers().fullmatch(number)) == known, number
