"""What a person's typing means: USER_ENTERED values become numbers, dates, TRUE, formulas or text with a number format.

First step of every USER_ENTERED write. The rules are those of typing into Google Sheets in a spreadsheet of this
locale; they damage data on purpose as Google does: 007 is 7, +919876543210 is a number, and `+91 98765 43210`, because
of its plus, is taken for a formula (which then shows #ERROR!). Text stays as typed, blanks around it included.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from .formats import NumberFormat
from .locales import Locale, locale_of
from .typed_dates import parse_moment
from .typed_numbers import parse_number

__all__ = ["Entered", "NumberFormat", "parse"]

ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
LONGEST_NUMBER = 400
LONGEST_DATE = 60
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Entered:
    """`kind` is number, text, bool, formula, error or blank; `number_format` is the one that Google would set, or None.

    `value`: int or float (dates: days since 1899-12-30), str, bool, a formula with its "=", an error's name, or None.
    """

    kind: str
    value: float | str | bool | None
    number_format: NumberFormat | None = None


BLANK = Entered("blank", None)


@lru_cache(maxsize=64)
def _booleans(locale: Locale) -> dict[str, bool]:
    return {"TRUE": True, "FALSE": False, locale.true.upper(): True, locale.false.upper(): False}


def _moment_or_number(stripped: str, locale: Locale, today: dt.date | None) -> Entered | None:
    """Numbers first: only a locale with dots in its dates can mean a date by 1.5, and there it has a decimal comma."""
    number = parse_number(stripped, locale) if len(stripped) <= LONGEST_NUMBER else None
    if number:
        return Entered("number", *number)
    moment = parse_moment(stripped, locale, today) if len(stripped) <= LONGEST_DATE else None
    return Entered("number", *moment) if moment else None


def parse(text: str, locale: str, today: dt.date | None = None) -> Entered:
    """What typing `text` into a cell of a spreadsheet with this locale stores; never fails, unknown things are text.

    `today` gives the year to dates typed without one (12/7, 7 Dec); where it is None they stay text.
    """
    if not text:
        return BLANK
    first = text[0]
    if first == "'":
        return Entered("text", text[1:])
    if first == "=":
        return Entered("formula", text) if len(text) > 1 else Entered("text", text)
    facts = locale_of(locale)
    stripped = text.strip()
    if _DIGIT.search(stripped):
        found = _moment_or_number(stripped, facts, today)
        if found:
            return found
    boolean = _booleans(facts).get(stripped.upper()) if len(stripped) <= 12 else None
    if boolean is not None:
        return Entered("bool", boolean)
    if stripped.upper() in ERRORS and stripped[0] == "#":
        return Entered("error", stripped.upper())
    if first == "+" and len(stripped) > 1:
        return Entered("formula", "=" + text)
    return Entered("text", text)
