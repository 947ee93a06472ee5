"""Phone cells: every way in which forms and hands write a number, and what cannot be a number."""

import random
from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import PhoneFormat
from core.model import Cell
from core.phones import display, parse
from tests.core.shipped import CONFIG

ONE = "+919876543210"


@pytest.mark.parametrize(
    "cell",
    [
        "9876543210",
        " 9876543210 ",
        9876543210,
        9876543210.0,
        "9876543210.0",
        919876543210.0,
        "+919876543210",
        "+91 98765 43210",
        "+91-98765-43210",
        "91 98765 43210",
        "919876543210",
        "09876543210",
        "0 98765 43210",
        "00919876543210",
        "0091 98765 43210",
        "0919876543210",
        "+91 (0) 98765 43210",
        "+091 98765 43210",
        "+91 0919876543210",
        "91919876543210",
        "91/9876543210",
        "98765/43210",
        "98765_43210",
        "+91 98765\n43210",
        "+91 09876543210",
        "(+91) 98765 43210",
        "+ 91 9876543210",
        "98765-43210",
        "98765.43210",
        "987-654-3210",
        "(987) 654-3210",
        "987 654 3210",
        "9876 543 210",
        "98 76 54 32 10",
        "98765\u00a043210",
        "98765–43210",
        "98765‑43210",
        "\u200e+91 98765 43210\u202c",
        "'9876543210",
        "९८७६५४३२१०",
        "9.876543210E+09",
        "9876543210,",
        "9,876,543,210",
        "Mob: 9876543210",
        "Ph. 98765-43210",
        "M-9876543210",
        "tel:+919876543210",
        "https://wa.me/919876543210",
        "whatsapp 9876543210",
        "9876543210 (whatsapp)",
        "+91\t9876543210\n",
        "９８７６５４３２１０",
        "9876543210 / 9876543210",
        "+919876543210 / 09876543210",
    ],
)
def test_one_mobile(cell: Cell) -> None:
    reading = parse(cell, CONFIG)
    assert reading.phones == (ONE,)
    assert not reading.doubt


@pytest.mark.parametrize(
    "cell",
    [
        "98765 43210 / 99999 88888",
        "9876543210,9999988888",
        "9876543210\n9999988888",
        "9876543210 or 9999988888",
        "98765432109999988888",
        "9876543210 9999988888",
        "98765 43210 99999 88888",
        "+91 98765 43210 & +91 99999 88888",
        "9876543210; 9999988888",
        "9876543210|9999988888",
        "Father 9876543210, Mother 9999988888",
        "9876543210 और 9999988888",
        "+919876543210 +919999988888",
        "9876543210-9999988888",
    ],
)
def test_two_mobiles_in_the_order_of_the_cell(cell: Cell) -> None:
    reading = parse(cell, CONFIG)
    assert reading.phones == (ONE, "+919999988888")
    assert not reading.doubt


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("022 2345 6789", "+912223456789"),
        ("022-23456789", "+912223456789"),
        ("(022) 23456789", "+912223456789"),
        ("080-41234567", "+918041234567"),
        ("+91 11 4123 4567", "+911141234567"),
        ("0120-4123456", "+911204123456"),
        (2223456789, "+912223456789"),
        ("011 41234567 ext 12", "+911141234567"),
        ("+1 (212) 555-7890", "+12125557890"),
        ("+971 50 123 4567", "+971501234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_landlines_and_foreign_numbers(cell: Cell, phone: str) -> None:
    assert parse(cell, CONFIG).phones == (phone,)


@pytest.mark.parametrize(
    "cell",
    [
        "98765",
        "987654321",
        "98765432101",
        "12345678",
        "0000000000",
        "9999999999",
        "1234567890",
        "9.87654E+09",
        "9.87654321E+09",
        "(212) 555-7890",
        "212-555-7890",
        "1-212-555-7890",
        True,
        12.5,
        "not given but later",
        "98765O3210",
        "987654321.0",
        "+9876543210",
        1e300,
        "98765 43210 1",
        "+91 98765 432",
        "5.0",
        "२",
        "²³¹",
        "98765 4321x",
        9.87e9,
        919877000000.0,
        "919877000000.0",
    ],
)
def test_what_cannot_be_called_is_doubted_and_its_words_kept(cell: Cell) -> None:
    reading = parse(cell, CONFIG)
    assert reading.phones == ()
    assert reading.doubt
    assert reading.words


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "NA", "n/a", "nil", "same as above", "Yes"])
def test_blank_phones(cell: Cell) -> None:
    assert parse(cell, CONFIG).phones == ()
    assert parse(cell, CONFIG).doubt == ""


@pytest.mark.parametrize(
    "cell",
    [
        *("9876543210 (wife)", "call after 6 pm 9876543210", "Flat 12, 9876543210", "9876543210 / 12345"),
        *("98765 43210, 43211", "9876543210 or 11"),
    ],
)
def test_words_around_a_number_are_kept(cell: str) -> None:
    reading = parse(cell, CONFIG)
    assert reading.phones == (ONE,)
    assert reading.words == cell


def test_our_own_format_is_our_own_number_only_in_our_own_cell() -> None:
    assert parse("(212) 555-7890", CONFIG, own_format=True).phones == ("+912125557890",)
    assert parse("(222) 345-6789", CONFIG).phones == ("+912223456789",)  # no such area in America


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.from_regex(r"[\d +()./-]{0,40}")))
def test_any_cell_is_read_and_what_is_read_is_a_number(cell: Cell) -> None:
    reading = parse(cell, CONFIG)
    for phone in reading.phones:
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone, None))
    if reading.doubt:
        assert reading.words
    assert len(set(reading.phones)) == len(reading.phones)


@given(st.integers(6_000_000_000, 9_999_999_999))
def test_display_and_back(number: int) -> None:
    phone = f"+91{number}"
    for form in PhoneFormat:
        config = replace(CONFIG, phone_format=form)
        reading = parse(display(phone, config), config, own_format=True)
        assert reading.phones == (phone,) or len(set(str(number))) == 1


def test_quick_way_agrees_with_the_library_on_mobiles() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        number = f"{chance.randint(6, 9)}{chance.randint(0, 999_999_999):09}"
        valid = phonenumbers.is_valid_number(phonenumbers.parse(number, "IN"))
        assert bool(parse(number, CONFIG).phones) == valid


def test_display_groups_only_numbers_of_the_own_region() -> None:
    assert display("+919876543210", CONFIG) == "(987) 654-3210"
    assert display("+12125557890", CONFIG) == "+1 212-555-7890"
    assert display("+919876543210", replace(CONFIG, phone_format=PhoneFormat.INTERNATIONAL)) == "+91 98765 43210"
    assert display("rubbish", CONFIG) == "rubbish"


def test_another_region_reads_its_own_numbers() -> None:
    american = replace(CONFIG, phone_region="US")
    assert parse("(212) 555-7890", american).phones == ("+12125557890",)
    assert display("+12125557890", american) == "(212) 555-7890"
    assert parse("9876543210", american).phones == ()


@pytest.mark.parametrize("cell", ["9876500000", "98765 00000", "+919876500000", 9876540000, "98765-00000 (wife)"])
def test_zeros_that_somebody_typed_are_a_number(cell: Cell) -> None:
    assert parse(cell, CONFIG).phones[0][3:8] == "98765"
    assert not parse(cell, CONFIG).doubt
