"""E-mail cells: strict syntax, suggestions that are never applied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emails import EmailReader, distance, parse, suggest_domain
from core.model import Cell
from tests.core.shipped import CONFIG


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("asha@example.org", "asha@example.org"),
        (" Asha.Rao@EXAMPLE.Org ", "Asha.Rao@example.org"),
        ("mailto:asha@example.org", "asha@example.org"),
        ("<asha@example.org>", "asha@example.org"),
        ("asha@example.org.", "asha@example.org"),
        ("asha+lib@example.co.in", "asha+lib@example.co.in"),
        ("Asha Rao <asha@example.org>", "asha@example.org"),
        ("asha\u00a0@example.org".replace("\u00a0", ""), "asha@example.org"),
        ("\ufeffasha@example.org", "asha@example.org"),
        ("asha @example.org", "asha@example.org"),  # a blank beside the @ or a dot can only be a slip
        ("Email: asha@ example . org.", "asha@example.org"),
        ("Asha Rao asha@example.org", "asha@example.org"),
        ("asha@example.org?", "asha@example.org"),
        ("ａｓｈａ@example.org", "asha@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("रिया@example.org", "रिया@example.org"),
    ],
)
def test_addresses(cell: str, address: str) -> None:
    reading = parse(cell, CONFIG)
    assert reading.emails == (address,)
    assert not reading.doubt


@pytest.mark.parametrize(
    "cell",
    [
        "asha",
        "asha@",
        "@example.org",
        "asha@example",
        "asha@@example.org",
        "asha example.org",
        "a..b@example.org",
        "asha rao @example.org",
        "asha rao@example.org",  # whose is rao@example.org?
        "asha,rao@example.org",
        "asha@exa mple.org",
        "asha@-example.org",
        ".asha@example.org",
        "www.example.org",
        9876543210,
        "asha@example.org@x.in",
        "asha(at)example.org",
        "a@b.c1",
        "x" * 70 + "@example.org",
    ],
)
def test_what_is_no_address_is_doubted_and_kept(cell: Cell) -> None:
    reading = parse(cell, CONFIG)
    assert reading.emails == ()
    assert reading.doubt
    assert reading.words


@pytest.mark.parametrize("cell", [None, "", " ", "-", "na", "N/A", "nil", "no email"])
def test_blank(cell: Cell) -> None:
    assert parse(cell, CONFIG).emails == ()
    assert not parse(cell, CONFIG).doubt


def test_two_addresses_in_a_cell() -> None:
    reading = parse("asha@example.org, ravi@example.com", CONFIG)
    assert reading.emails == ("asha@example.org", "ravi@example.com")


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmail.in", "gmail.com"),
        ("yaho.co.in", "yahoo.co.in"),
        ("yahooo.com", "yahoo.com"),
        ("hotmial.com", "hotmail.com"),
        ("rediffmial.com", "rediffmail.com"),
        ("outlok.com", "outlook.com"),
        ("gmail.com", ""),
        ("example.org", ""),
        ("bumuk.in", ""),
        ("ymail.com", ""),
        ("email.com", ""),
        ("iitd.ac.in", ""),
    ],
)
def test_suggestions(domain: str, meant: str) -> None:
    assert suggest_domain(domain, CONFIG.email_domains) == meant


def test_a_suggestion_is_said_and_not_applied() -> None:
    reading = parse("asha@gmial.com", CONFIG)
    assert reading.emails == ("asha@gmial.com",)
    assert "asha@gmail.com" in reading.doubt


def test_distance_counts_swapped_neighbours_once() -> None:
    assert distance("gmial", "gmail") == 1
    assert distance("abc", "abc") == 0
    assert distance("abcdefgh", "a") == 3


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.emails()))
def test_any_cell_is_read_and_reading_again_changes_nothing(cell: Cell) -> None:
    for address in parse(cell, CONFIG).emails:
        assert parse(address, CONFIG).emails == (address,)
        assert address.rpartition("@")[2] == address.rpartition("@")[2].lower()


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "asha",
                    ".",
                    "@",
                    "example.org",
                    "Example.Org",
                    "gmial.com",
                    "rao.k",
                    "'",
                    "<",
                    ">",
                    "mailto:",
                    " ",
                    "a" * 60,
                ]
            ),
            max_size=7,
        ).map("".join),
        max_size=8,
    )
)
def test_a_column_reads_as_its_cells_do(cells: list[str]) -> None:
    reader = EmailReader(CONFIG)
    for _ in range(2):  # it remembers what it has read
        for cell, address in zip(cells, reader.clear_column(cells, reader.read), strict=True):
            reading = parse(cell, CONFIG)
            assert address == reading or ((address,) == reading.emails and not reading.doubt and not reading.words)
