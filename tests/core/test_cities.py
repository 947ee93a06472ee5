"""Cities: aliases, case, and cells that say more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cities import known_part, parse
from core.model import Cell
from tests.core.shipped import CONFIG


@pytest.mark.parametrize(
    ("cell", "city"),
    [
        ("Bombay", "Mumbai"),
        (" bangalore ", "Bengaluru"),
        ("GURGAON", "Gurugram"),
        ("delhi", "Delhi"),
        ("New Delhi", "New Delhi"),
        ("Delhi.", "Delhi"),
        ("Andheri West, Mumbai 400053", "Mumbai"),
        ("Mumbai, Maharashtra", "Mumbai"),
        ("Mumbai 400053", "Mumbai"),
        ("hoshiarpur", "Hoshiarpur"),
        ("HOSHIARPUR", "Hoshiarpur"),
        ("दिल्ली", "दिल्ली"),
        ("Sector 45", "Sector 45"),
        ("", None),
        ("NA", None),
        (None, None),
        ("110001", None),
        ("Dwarka - New Delhi", "New Delhi"),
        ("Koramangala bangalore", "Bengaluru"),
        ("Noida Sector 62", "Noida"),
        ("South Delhi", "South Delhi"),
        ("Delhi Road", "Delhi Road"),
        ("Mumbai, India", "Mumbai"),
    ],
)
def test_cities(cell: Cell, city: str | None) -> None:
    assert parse(cell, CONFIG).city == city


def test_what_a_cell_says_beside_the_city_is_told() -> None:
    assert parse("Andheri West, Mumbai 400053", CONFIG).words == "Andheri West, Mumbai 400053"
    assert parse("Bombay", CONFIG).words == ""
    assert parse("110001", CONFIG).words == "110001"


def test_a_city_at_the_end_of_an_address() -> None:
    assert known_part("12 MG Road, Bangalore 560001", CONFIG) == "Bengaluru"
    assert known_part("Bangalore Road 12", CONFIG) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_cell_is_read_and_reading_again_changes_nothing(cell: Cell) -> None:
    city = parse(cell, CONFIG).city
    if city is not None and city.isascii():
        assert parse(city, CONFIG).city == city
