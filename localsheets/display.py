"""What a cell shows: FORMATTED_VALUE of any value under its number format, in the spreadsheet's locale.

Last step of every formatted read. Without a format a number shows as Google's "Automatic": whole numbers in full up to
15 digits, others with ten significant digits, very large and very small ones as 1.23457E+15.
"""

from __future__ import annotations

import math
from functools import lru_cache

from .formats import NumberFormat
from .locales import Locale, locale_of
from .patterns import Piece, Section, sections_of
from .shown_dates import show_moment
from .shown_numbers import show_digits, show_fraction

__all__ = ["NumberFormat", "default_pattern", "show"]

AUTOMATIC_DIGITS = 10
FULL_BELOW, SCIENTIFIC_BELOW = 1e15, 1e-9


def default_pattern(kind: str, locale: Locale) -> str:
    """The pattern of a number format type that names none; "" is Automatic."""
    patterns = {
        "NUMBER": "#,##0.00", "PERCENT": "0.00%", "SCIENTIFIC": "0.00E+00", "CURRENCY": locale.currency_pattern,
        "DATE": locale.date, "TIME": locale.time, "DATE_TIME": locale.date_time,
    }  # fmt: skip
    return patterns.get(kind, "")


def automatic(value: float, decimal: str = ".") -> str:
    """A number without a format; `decimal` is the locale's decimal sign."""
    if not math.isfinite(value):
        return "#NUM!"
    size = abs(value)
    if size < FULL_BELOW and value == int(value):
        return str(int(value))
    if size >= FULL_BELOW or size < SCIENTIFIC_BELOW:
        mantissa, _, power = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.').replace('.', decimal)}E{power}"
    decimals = max(AUTOMATIC_DIGITS - 1 - math.floor(math.log10(size)), 0)
    shown = f"{value:.{decimals}f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace(".", decimal)


def _holds(condition: tuple[str, float], value: float) -> bool:
    operator, bound = condition
    results = {
        "<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound, "=": value == bound,
        "<>": value != bound,
    }  # fmt: skip
    return results[operator]


def _chosen(sections: tuple[Section, ...], value: float) -> tuple[Section, bool]:
    """The section for a number, and whether the section itself says that the number is negative."""
    numeric = [section for section in sections if section.kind != "text"] or list(sections[:1])
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(section.condition, value):
                return section, section.condition is not None and section.condition[0] in ("<", "<=") and value < 0
        return numeric[-1], False
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], False


def _show_number(section: Section, value: float, locale: Locale, sign_is_shown: bool) -> str:
    size, minus = abs(value), "-" if value < 0 and not sign_is_shown else ""
    if any(piece.kind == "slash" for piece in section.pieces):
        return minus + show_fraction(section.pieces, size)
    return minus + show_digits(section.pieces, size, locale)


def _literals(pieces: tuple[Piece, ...], kind: str, filling: str) -> str:
    return "".join(filling if piece.kind == kind else piece.text for piece in pieces)


def show_pattern(pattern: str, value: float, locale: Locale) -> str:
    """A number (or serial date) under a pattern."""
    section, sign_is_shown = _chosen(sections_of(pattern), value)
    if section.kind == "date":
        return show_moment(section, value, locale)
    if section.kind == "number":
        return _show_number(section, value, locale, sign_is_shown)
    if section.kind == "literal":
        return _literals(section.pieces, "", "")
    size = abs(value) if sign_is_shown else value
    return _literals(section.pieces, section.kind, automatic(size, locale.decimal))


def _show_text(value: str, pattern: str) -> str:
    text_sections = [section for section in sections_of(pattern) if section.kind == "text"]
    return _literals(text_sections[-1].pieces, "text", value) if text_sections else value


@lru_cache(maxsize=65536)
def _show_formatted(value: float, number_format: NumberFormat, locale_name: str) -> str:
    locale = locale_of(locale_name)
    pattern = number_format.pattern or default_pattern(number_format.type, locale)
    if not pattern or not math.isfinite(value):
        return automatic(value, locale.decimal)
    return show_pattern(pattern, value, locale)


def show(kind: str, value: object, number_format: NumberFormat | None, locale: str) -> str:
    """What the cell shows. `kind` is number, text, bool, error or blank (of the effective value); never fails."""
    if kind == "text":
        return _show_text(str(value), number_format.pattern) if number_format and number_format.pattern else str(value)
    if kind == "number" and isinstance(value, (int, float)):
        if number_format is None:
            if type(value) is int and -FULL_BELOW < value < FULL_BELOW:
                return str(value)
            return automatic(value, locale_of(locale).decimal)
        return _show_formatted(value, number_format, locale)
    if kind == "bool":
        facts = locale_of(locale)
        return facts.true if value else facts.false
    return "" if value is None else str(value)
