"""What cells show: Automatic, the number format types, custom patterns, locales, and hostile patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.display import show
from localsheets.entered import parse
from localsheets.formats import TYPES, NumberFormat

D = 45998  # 2025-12-07, a Sunday


def shown(value: float, kind: str, pattern: str = "", locale: str = "en_US") -> str:
    return show("number", value, NumberFormat(kind, pattern), locale)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2, "2"), (2.0, "2"), (-5, "-5"), (0, "0"), (-0.0, "0"), (1.5, "1.5"), (0.12, "0.12"), (1 / 3, "0.3333333333"),
        (100 / 3, "33.33333333"), (3.14159265358979, "3.141592654"), (0.1 + 0.2, "0.3"), (0.00001, "0.00001"),
        (9876543210, "9876543210"), (919876543210, "919876543210"), (123456789012345, "123456789012345"),
        (1e15, "1E+15"), (1234567890123456, "1.23457E+15"), (1e20, "1E+20"), (0.1 + 0.2 - 0.3, "5.55112E-17"),
        (12345678901.5, "12345678902"), (99999999999.99, "100000000000"),
    ],
)  # fmt: skip
def test_automatic(value: float, text: str) -> None:
    assert show("number", value, None, "en_US") == text


def test_automatic_follows_the_decimal_sign() -> None:
    assert show("number", 1.5, None, "de_DE") == "1,5"
    assert show("number", 1.25e20, None, "de_DE") == "1,25E+20"


@pytest.mark.parametrize(
    ("kind", "locale", "value", "text"),
    [
        ("NUMBER", "en_US", 1234.5, "1,234.50"), ("NUMBER", "en_IN", 12345678.5, "1,23,45,678.50"),
        ("NUMBER", "de_DE", 1234.5, "1.234,50"), ("NUMBER", "fr_FR", 1234567.5, "1\u202f234\u202f567,50"),
        ("PERCENT", "en_US", 0.125, "12.50%"), ("SCIENTIFIC", "en_US", 1234567, "1.23E+06"),
        ("CURRENCY", "en_US", -1234.5, "-$1,234.50"), ("CURRENCY", "en_IN", 123456, "₹1,23,456.00"),
        ("CURRENCY", "de_DE", 1234.5, "1.234,50 €"), ("DATE", "en_US", D, "12/7/2025"),
        ("DATE", "en_GB", D, "07/12/2025"),
        ("DATE", "en_IN", D, "07/12/2025"), ("DATE", "de_DE", D, "07.12.2025"),
        ("TIME", "en_US", 0.9375, "10:30:00 PM"),
        ("TIME", "en_GB", 0.9375, "22:30:00"), ("DATE_TIME", "en_US", D + 0.75, "12/7/2025 18:00:00"),
        ("TEXT", "en_US", 7, "7"),
    ],
)  # fmt: skip
def test_types_without_a_pattern(kind: str, locale: str, value: float, text: str) -> None:
    assert shown(value, kind, "", locale) == text


@pytest.mark.parametrize(
    ("pattern", "value", "text"),
    [
        ("0", 2.5, "3"), ("0", -2.5, "-3"), ("0.00", 1.005, "1.01"), ("#,##0", 1234567, "1,234,567"),
        ("0%", 0.12, "12%"),
        ("00000", 7, "00007"), ('"₹"#,##0', 500, "₹500"), ("[$€]#,##0.00", 5, "€5.00"),
        ("$#,##0.00", 1234, "$1,234.00"),
        ("(###) ###-####", 9876543210, "(987) 654-3210"), ("+00 00000 00000", 919876543210, "+91 98765 43210"),
        ("0;(0)", -5, "(5)"), ("0;(0);-", 0, "-"), ("#,##0.00;[Red](#,##0.00)", -1234.5, "(1,234.50)"),
        ('[<10]0" few";0" many"', 5, "5 few"), ('[<10]0" few";0" many"', 50, "50 many"), ('0.0,,"M"', 1234567, "1.2M"),
        ("# ?/?", 1.5, "1 1/2"), ("?/?", 0.75, "3/4"), ("##0.0E+0", 12345.678, "12.3E+3"), (".00", 0.5, ".50"),
        ("0.##", 1.5, "1.5"), ("0.00E+00", 0, "0.00E+00"), ("0.0E+00", 99999, "1.0E+05"), ("General", 0.5, "0.5"),
        ('"only words"', 5, "only words"), ("0\\x", 5, "5x"), ("_(0_)", 5, " 5 "), ("@", 5, "5"), ('0"a', 5, "5a"),
    ],
)  # fmt: skip
def test_number_patterns(pattern: str, value: float, text: str) -> None:
    assert shown(value, "NUMBER", pattern) == text


@pytest.mark.parametrize(
    ("pattern", "value", "text"),
    [
        ("dd-mm-yyyy", D, "07-12-2025"), ("yyyy-mm-dd", D, "2025-12-07"), ("d/m/yy", D, "7/12/25"),
        ("mmm d, yyyy", D, "Dec 7, 2025"),
        ("dddd, mmmm d, yyyy h:mm am/pm", D + 0.5, "Sunday, December 7, 2025 12:00 PM"), ("ddd mmmmm", D, "Sun D"),
        ("hh:mm:ss.000", 0.4375123, "10:30:01.063"), ("[h]:mm:ss", 1.0625, "25:30:00"), ("[mm]:ss", 0.5, "720:00"),
        ("h:mm a/p", 0.25, "6:00 a"), ("M/d/yyyy H:mm:ss", D + 0.9375, "12/7/2025 22:30:00"),
        ("h \"o'clock\"", 0.5, "12 o'clock"),
        ("[h]:mm", -0.5, "-12:00"), ("yyyy-mm-dd", -1, "1899-12-29"), ("yyyy-mm-dd", 10**9, "#NUM!"),
        ("yyyy-mm-dd hh:mm", D + 79199.9999999 / 86400, "2025-12-07 22:00"),
    ],
)  # fmt: skip
def test_date_patterns(pattern: str, value: float, text: str) -> None:
    assert shown(value, "DATE_TIME", pattern) == text


@pytest.mark.parametrize("value", [1e300, -1e308, 4e6, -1e6])
def test_a_number_that_is_no_date_says_so(value: float) -> None:
    assert shown(value, "DATE", "yyyy-mm-dd") == "#NUM!"


def test_names_follow_the_locale() -> None:
    assert shown(D, "DATE", "dddd, d. mmmm yyyy", "de_DE") == "Sonntag, 7. Dezember 2025"
    assert shown(D, "DATE", "d mmm yyyy", "fr_FR") == "7 déc. 2025"


def test_texts_truths_errors_and_blanks() -> None:
    assert show("text", "x", None, "en_US") == "x"
    assert show("text", "x", NumberFormat("TEXT", '"Dear "@'), "en_US") == "Dear x"
    assert show("text", "x", NumberFormat("NUMBER", "0.00"), "en_US") == "x"
    assert show("bool", True, None, "en_US") == "TRUE"
    assert show("bool", False, None, "de_DE") == "FALSCH"
    assert show("error", "#N/A", None, "en_US") == "#N/A"
    assert show("blank", None, None, "en_US") == ""


@pytest.mark.parametrize(
    "text", ["1,234", "1,234.50", "12%", "12.50%", "$5.25", "2025-08-12", "01/02/2020", "12/7/2025", "10:30 PM"]
)
def test_what_is_typed_shows_as_typed(text: str) -> None:
    entered = parse(text, "en_US")
    assert show("number", entered.value, entered.number_format, "en_US") == text


SIGNS = [*'0#?.,%/;"@_*\\[]<>=$ydmhs:- ', "E+00", "am/pm", "General", "[h]", "[<5]"]
PIECES = st.lists(st.sampled_from(SIGNS), max_size=12)


@given(
    PIECES.map("".join),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(TYPES),
    st.sampled_from(["en_US", "en_IN", "de_DE"]),
)
def test_no_pattern_can_fail(pattern: str, value: float, kind: str, locale: str) -> None:
    assert isinstance(shown(value, kind, pattern, locale), str)
