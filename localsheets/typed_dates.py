"""Dates, times and durations as a person types them, by the locale's order of day and month. Used by `entered`.

Answers are serial numbers: days since 1899-12-30, times as fractions of a day, with the pattern Google Sheets gives the
cell: the locale's own where the typing looks like it, else the one typed (2025-08-12 stays 2025-08-12). Two-digit years
are 1930 to 2029. A date that does not exist, or 25/12/2025 in a month-first locale, stays text.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from .formats import NumberFormat
from .locales import ENGLISH_DAYS, ENGLISH_MONTHS, Locale

EPOCH = dt.date(1899, 12, 30).toordinal()
_CENTURY_TURN = 30
_NUMERIC = re.compile(r"([0-9]{1,4})([/.-]) ?([0-9]{1,2})\2 ?([0-9]{1,4})")
_WORD = re.compile(r"[^\W\d_]+")
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})")
_TIME = re.compile(
    r"(?:([0-9]{1,5}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,3}))?)?|([0-9]{1,2})(?= ?[ap]))(?: ?([ap])\.?m\.?)?",
    re.IGNORECASE,
)
_WITH_TIME = re.compile(
    r"(.*[^ ,:])(?:,? +)([0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,3})?)?)?(?: ?[ap]\.?m\.?)?)", re.IGNORECASE
)

Typed = tuple[float, NumberFormat]


def _serial(year: int, month: int, day: int) -> int | None:
    try:
        return dt.date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return None


def _year(digits: str) -> int | None:
    if len(digits) == 4:
        return int(digits)
    if len(digits) > 2:
        return None
    return int(digits) + (2000 if int(digits) < _CENTURY_TURN else 1900)


def _letters(part: str, letter: str, zero_filled: bool) -> str:
    if letter == "y":
        return "yyyy" if len(part) == 4 else "yy"
    return letter * 2 if zero_filled or part.startswith("0") else letter


def _pattern(parts: list[tuple[str, str]], separator: str, locale: Locale) -> str:
    """The pattern for (letter, digits) parts: the locale's own if it has the same order, else as typed."""
    written = [digits for letter, digits in parts if letter != "y"]
    padded = any(digits.startswith("0") for digits in written)
    year_first = parts[0][0] == "y"
    zero_filled = padded or (year_first and all(len(digits) == 2 for digits in written))
    typed = separator.join(_letters(digits, letter, zero_filled) for letter, digits in parts)
    plain = separator.join("yyyy" if letter == "y" else letter for letter, _ in parts)
    own = re.sub(r"([dm])\1", r"\1", locale.date)
    long_year = all(len(digits) == 4 for letter, digits in parts if letter == "y")
    return locale.date if own == plain and not padded and long_year else typed


def _orders(first: str, third: str, locale: Locale) -> str:
    if len(first) == 4:
        return "ymd"
    if len(third) == 4 and locale.order == "YMD":
        return "mdy" if locale.name.startswith("en") else "dmy"
    return locale.order.lower()


def _allowed_separator(separator: str, locale: Locale) -> bool:
    return separator != "." or "." in locale.date


def _numeric_date(text: str, locale: Locale) -> Typed | None:
    found = _NUMERIC.fullmatch(text)
    if not found or not _allowed_separator(found[2], locale):
        return None
    parts = list(zip(_orders(found[1], found[4], locale), (found[1], found[3], found[4]), strict=True))
    digits = dict(parts)
    year = _year(digits["y"])
    if year is None or len(digits["d"]) > 2 or len(digits["m"]) > 2:
        return None
    serial = _serial(year, int(digits["m"]), int(digits["d"]))
    return None if serial is None else (serial, NumberFormat("DATE", _pattern(parts, found[2], locale)))


def _yearless_date(text: str, locale: Locale, today: dt.date | None) -> Typed | None:
    found = _DAY_AND_MONTH.fullmatch(text)
    if not found or today is None or not _allowed_separator(found[2], locale):
        return None
    month_first = locale.order != "DMY"
    month, day = (found[1], found[3]) if month_first else (found[3], found[1])
    serial = _serial(today.year, int(month), int(day))
    pattern = f"m{found[2]}d" if month_first else f"d{found[2]}m"
    return None if serial is None else (serial, NumberFormat("DATE", pattern))


@lru_cache(maxsize=64)
def _month_numbers(locale: Locale) -> dict[str, int]:
    numbers: dict[str, int] = {"sept": 9}
    for names in (ENGLISH_MONTHS, tuple(name[:3] for name in ENGLISH_MONTHS), locale.months, locale.short_months):
        numbers |= {name.lower().rstrip("."): number for number, name in enumerate(names, 1)}
    return numbers


@lru_cache(maxsize=64)
def _day_names(locale: Locale) -> frozenset[str]:
    names = (*ENGLISH_DAYS, *(name[:3] for name in ENGLISH_DAYS), *locale.days, *locale.short_days)
    return frozenset(name.lower().rstrip(".") for name in names)


@lru_cache(maxsize=64)
def _named_shapes(locale: Locale) -> tuple[re.Pattern[str], ...]:
    names = "|".join(re.escape(name) for name in sorted(_month_numbers(locale), key=len, reverse=True))
    month, day, year = rf"(?P<m>{names})\.?", r"(?P<d>[0-9]{1,2})\.?", r"(?P<y>[0-9]{4}|[0-9]{2})"
    shapes = (
        rf"{day}(?P<s>[ -]|/){month}(?:(?:,? |-|/){year})?",
        rf"{month}(?P<s>[ -]){day}(?:(?:, ?| |-){year})?",
        rf"{month}(?P<s>[ -])(?P<y>[0-9]{{4}})",
        rf"(?P<y>[0-9]{{4}})(?P<s>[ -]){month}(?P=s){day}",
    )
    return tuple(re.compile(shape, re.IGNORECASE) for shape in shapes)


def _named_pattern(found: re.Match[str], weekday: str) -> str:
    written = found.groupdict()
    spots = sorted((found.start(name), name) for name in ("d", "m", "y") if written.get(name) is not None)
    letters = {"d": "dd" if (written.get("d") or "").startswith("0") else "d", "y": "y" * len(written.get("y") or "")}
    letters["m"] = "mmmm" if len(found["m"]) > 4 else "mmm"
    made = ""
    for number, (_, name) in enumerate(spots):
        separator = found["s"] if number else ""
        if number and name == "y" and "," in found.group():
            separator = ", "
        made += separator + letters[name]
    return weekday + made


def _named_date(text: str, locale: Locale, today: dt.date | None) -> Typed | None:
    """Dates with the month's name, in English or the locale's language: 7 Dec 2025, December 7, 2025, Dec 2025."""
    word = _WORD.match(text)
    if word and word[0].lower() not in _month_numbers(locale) and word[0].lower() not in _day_names(locale):
        return None
    weekday = ""
    first, _, rest = text.partition(" ")
    if first.lower().rstrip(",.") in _day_names(locale) and rest:
        weekday = ("dddd" if len(first.rstrip(",.")) > 4 else "ddd") + (", " if first.endswith(",") else " ")
        text = rest.strip()
    for shape in _named_shapes(locale):
        found = shape.fullmatch(text)
        if not found:
            continue
        written = found.groupdict()
        year = _year(written["y"]) if written.get("y") else (today.year if today else None)
        if year is None:
            return None
        serial = _serial(year, _month_numbers(locale)[found["m"].lower()], int(written.get("d") or 1))
        return None if serial is None else (serial, NumberFormat("DATE", _named_pattern(found, weekday)))
    return None


def parse_date(text: str, locale: Locale, today: dt.date | None) -> Typed | None:
    """A date without a time; one without a year takes `today`'s, and is text where `today` is not known."""
    return (
        _numeric_date(text, locale)
        or _yearless_date(text, locale, today)
        or (_named_date(text, locale, today) if _wordy(text) else None)
    )


def _wordy(text: str) -> bool:
    return any(character.isalpha() for character in text)


def parse_time(text: str) -> Typed | None:
    """A time of day (10:30, 10:30 pm, 10:30:15.250) or, from 24 hours on, a duration (30:15:00)."""
    found = _TIME.fullmatch(text)
    if not found or (found[5] and not found[6]):
        return None
    hours, minutes, seconds = int(found[1] or found[5]), int(found[2] or 0), int(found[3] or 0)
    if minutes > 59 or seconds > 59 or (found[6] and not 1 <= hours <= 12):
        return None
    pattern = ("" if found[5] else ":mm") + (":ss" if found[3] else "") + (".000" if found[4] else "")
    if found[6]:
        hours = hours % 12 + (12 if found[6].lower() == "p" else 0)
        pattern = f"h{pattern or ':mm'} am/pm"
    else:
        pattern = ("[h]:mm:ss" + (".000" if found[4] else "")) if hours >= 24 else _hour_letters(found[1]) + pattern
    thousandths = int((found[4] or "0").ljust(3, "0"))
    milliseconds = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
    return milliseconds / 86_400_000, NumberFormat("TIME", pattern)


def _hour_letters(digits: str) -> str:
    return "hh" if digits.startswith("0") else "h"


def parse_moment(text: str, locale: Locale, today: dt.date | None) -> Typed | None:
    """A date, a time, a duration or a date with a time, as serial number and format; None where it is none of these."""
    found = _WITH_TIME.fullmatch(text) if ":" in text or text[-1:] in "mM." else None
    if found:
        date = parse_date(found[1], locale, today)
        time = parse_time(found[2])
        if date and time and time[0] < 1:
            return date[0] + time[0], NumberFormat("DATE_TIME", f"{date[1].pattern} {time[1].pattern}")
    return parse_time(text) or parse_date(text, locale, today)
