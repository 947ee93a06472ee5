"""Typing into a cell: the cases of Google Sheets, locale by locale, and hostile input."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.entered import Entered, parse
from localsheets.formats import NumberFormat

TODAY = dt.date(2026, 5, 1)


def serial(year: int, month: int, day: int) -> int:
    return (dt.date(year, month, day) - dt.date(1899, 12, 30)).days


@pytest.mark.parametrize(
    ("text", "value", "kind", "pattern"),
    [
        ("42", 42, None, None),
        ("0042", 42, None, None),
        ("-5", -5, None, None),
        ("+5", 5, None, None),
        ("42.01", 42.01, None, None),
        (".5", 0.5, None, None),
        ("1.", 1, None, None),
        (" 12 ", 12, None, None),
        ("(5)", -5, None, None),
        ("9876543210", 9876543210, None, None),
        ("+919876543210", 919876543210, None, None),
        ("1,234", 1234, "NUMBER", "#,##0"),
        ("1,234.5", 1234.5, "NUMBER", "#,##0.00"),
        ("12,34,567", 1234567, "NUMBER", "#,##0"),
        ("12%", 0.12, "PERCENT", "0%"),
        ("12.3%", 0.123, "PERCENT", "0.00%"),
        ("1,200%", 12, "PERCENT", "#,##0%"),
        ("$5", 5, "CURRENCY", '"$"#,##0'),
        ("$5.25", 5.25, "CURRENCY", '"$"#,##0.00'),
        ("-$5", -5, "CURRENCY", '"$"#,##0'),
        ("$-5", -5, "CURRENCY", '"$"#,##0'),
        ("($1,000)", -1000, "CURRENCY", '"$"#,##0'),
        ("€5", 5, "CURRENCY", "[$€]#,##0"),
        ("₹ 500", 500, "CURRENCY", "[$₹]#,##0"),
        ("1e5", 100000, "SCIENTIFIC", "0.00E+00"),
        ("1.5E-3", 0.0015, "SCIENTIFIC", "0.00E+00"),
    ],
)
def test_numbers_in_the_united_states(text: str, value: float, kind: str | None, pattern: str | None) -> None:
    number_format = NumberFormat(kind, pattern or "") if kind else None
    assert parse(text, "en_US", TODAY) == Entered("number", value, number_format)


@pytest.mark.parametrize(
    ("locale", "text", "value", "pattern"),
    [
        ("de_DE", "1.234,5", 1234.5, "#,##0.00"),
        ("de_DE", "1.234", 1234, "#,##0"),
        ("de_DE", "5 €", 5, '#,##0\\ "€"'),
        ("de_DE", "12,5 %", 0.125, "0.00%"),
        ("fr_FR", "1 234,5", 1234.5, "#,##0.00"),
        ("fr_FR", "1\u202f234", 1234, "#,##0"),
        ("fr_FR", "3,50 €", 3.5, '#,##0.00\\ "€"'),
        ("en_IN", "₹1,23,456.50", 123456.5, '"₹"#,##0.00'),
        ("en_GB", "£5", 5, '"£"#,##0'),
    ],
)
def test_numbers_by_locale(locale: str, text: str, value: float, pattern: str) -> None:
    got = parse(text, locale, TODAY)
    assert (got.kind, got.value) == ("number", value)
    assert got.number_format is not None
    assert got.number_format.pattern == pattern


@pytest.mark.parametrize("text", ["1,5", "2,5"])
def test_a_decimal_comma_is_text_in_the_united_states(text: str) -> None:
    assert parse(text, "en_US") == Entered("text", text)
    assert parse(text, "de_DE").kind == "number"


@pytest.mark.parametrize(
    ("locale", "text", "day", "pattern"),
    [
        ("en_US", "12/7/2025", (2025, 12, 7), "m/d/yyyy"),
        ("en_US", "01/02/2020", (2020, 1, 2), "mm/dd/yyyy"),
        ("en_US", "1/2/20", (2020, 1, 2), "m/d/yy"),
        ("en_US", "1/2/30", (1930, 1, 2), "m/d/yy"),
        ("en_US", "12-7-2025", (2025, 12, 7), "m-d-yyyy"),
        ("en_US", "2025-08-12", (2025, 8, 12), "yyyy-mm-dd"),
        ("en_US", "2025/8/12", (2025, 8, 12), "yyyy/m/d"),
        ("en_US", "7 Dec 2025", (2025, 12, 7), "d mmm yyyy"),
        ("en_US", "07-Dec-25", (2025, 12, 7), "dd-mmm-yy"),
        ("en_US", "Dec 7, 2025", (2025, 12, 7), "mmm d, yyyy"),
        ("en_US", "december 7 2025", (2025, 12, 7), "mmmm d yyyy"),
        ("en_US", "Sunday, December 7, 2025", (2025, 12, 7), "dddd, mmmm d, yyyy"),
        ("en_US", "Dec 2025", (2025, 12, 1), "mmm yyyy"),
        ("en_US", "Dec 7", (2026, 12, 7), "mmm d"),
        ("en_US", "12/7", (2026, 12, 7), "m/d"),
        ("en_GB", "12/7/2025", (2025, 7, 12), "dd/mm/yyyy"),
        ("en_GB", "25/12/2025", (2025, 12, 25), "dd/mm/yyyy"),
        ("en_IN", "12/7/2025", (2025, 7, 12), "dd/mm/yyyy"),
        ("en_IN", "12-08-2025", (2025, 8, 12), "dd-mm-yyyy"),
        ("de_DE", "12.7.2025", (2025, 7, 12), "dd.mm.yyyy"),
        ("de_DE", "7. Dezember 2025", (2025, 12, 7), "d mmmm yyyy"),
        ("fr_FR", "12/07/2025", (2025, 7, 12), "dd/mm/yyyy"),
        ("fr_FR", "7 déc. 2025", (2025, 12, 7), "d mmm yyyy"),
        ("sv_SE", "2025-12-07", (2025, 12, 7), "yyyy-mm-dd"),
    ],
)
def test_dates(locale: str, text: str, day: tuple[int, int, int], pattern: str) -> None:
    assert parse(text, locale, TODAY) == Entered("number", serial(*day), NumberFormat("DATE", pattern))


@pytest.mark.parametrize(
    ("text", "minutes", "kind", "pattern"),
    [
        ("10:30", 630, "TIME", "h:mm"),
        ("09:05", 545, "TIME", "hh:mm"),
        ("10:30 PM", 1350, "TIME", "h:mm am/pm"),
        ("12:15am", 15, "TIME", "h:mm am/pm"),
        ("10:30:00", 630, "TIME", "h:mm:ss"),
        ("10 pm", 1320, "TIME", "h:mm am/pm"),
        ("25:30", 1530, "TIME", "[h]:mm:ss"),
        ("1/1/1900 10:30", 2 * 1440 + 630, "DATE_TIME", "m/d/yyyy h:mm"),
        ("1900-01-01 10:30:00", 2 * 1440 + 630, "DATE_TIME", "yyyy-mm-dd h:mm:ss"),
    ],
)
def test_times_and_moments(text: str, minutes: int, kind: str, pattern: str) -> None:
    got = parse(text, "en_US", TODAY)
    assert got.kind == "number"
    assert got.value == pytest.approx(minutes / 1440, abs=1e-12)
    assert got.number_format == NumberFormat(kind, pattern)


@pytest.mark.parametrize(
    "text",
    [
        "abc", " abc ", "1,23", "1.5.2", "98765 43210", "(212) 555-7890", "080-2345-6789", "1-800-555", "25/12/2025",
        "2/29/2023", "12:75", "13:00 pm", "0:00 pm", "2025-13-01", "5$", "1e999", "=", "infinity", "nan",
        "१२३", "１２", "--5",
        "5-", "12.7.2025",
        "2020-01-01T10:00:00", "1_000", "0x1F", "#hashtag", "#", "-foo", "Dec 32, 2025", "May", "12%%",
    ],
)  # fmt: skip
def test_text_stays_as_typed(text: str) -> None:
    assert parse(text, "en_US", TODAY) == Entered("text", text)


def test_a_date_without_a_year_is_text_where_today_is_not_known() -> None:
    assert parse("12/7", "en_US").kind == "text"
    assert parse("Dec 7", "en_US").kind == "text"


@pytest.mark.parametrize(
    ("locale", "text", "value"),
    [
        ("en_US", "true", True),
        ("en_US", "FALSE", False),
        ("de_DE", "wahr", True),
        ("fr_FR", "FAUX", False),
        ("de_DE", "TRUE", True),
    ],
)
def test_truth(locale: str, text: str, value: bool) -> None:
    assert parse(text, locale) == Entered("bool", value)


def test_formulas_errors_apostrophes_and_blanks() -> None:
    assert parse("=SUM(A1:A2)", "en_US") == Entered("formula", "=SUM(A1:A2)")
    assert parse("+A1", "en_US") == Entered("formula", "=+A1")
    assert parse("+91 98765 43210", "en_US") == Entered("formula", "=+91 98765 43210")
    assert parse("#N/A", "en_US") == Entered("error", "#N/A")
    assert parse("'007", "en_US") == Entered("text", "007")
    assert parse("'=A1", "en_US") == Entered("text", "=A1")
    assert parse("", "en_US") == Entered("blank", None)
    assert parse("  ", "en_US") == Entered("text", "  ")


@given(st.text(max_size=80), st.sampled_from(["en_US", "de_DE", "fr_FR", "en_IN", "ko_KR", "xx_XX", ""]))
def test_nothing_typed_can_fail(text: str, locale: str) -> None:
    got = parse(text, locale, TODAY)
    assert got.kind in {"number", "text", "bool", "formula", "error", "blank"}
    if got.kind == "number":
        assert got.value == got.value
        assert abs(float(got.value or 0)) != float("inf")


def test_long_input_is_quick_text() -> None:
    for text in ("1," * 20_000, "9" * 50_000, "1/" * 25_000, " " * 50_000 + "1x", "(" * 50_000):
        assert parse(text, "en_US", TODAY).kind == "text"
