"""How projects of this kind usually clean a sheet: pandas, a function applied to each column, duplicates dropped.

A peer for benchmarks, not to be tuned. Both functions take a frame with the columns full_name, phone_number, email,
city and lead_date, all text with missing as NaN, and give it back cleaned and without duplicates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import dateparser
import pandas as pd
import phonenumbers
from dateutil import parser as dateutil_parser

_Cleaner = Callable[[Any], str | None]


def _ten_digits(cell: Any) -> str | None:
    digits = re.sub(r"\D", "", str(cell)) if pd.notna(cell) else ""
    last = digits[-10:]
    return f"({last[:3]}) {last[3:6]}-{last[6:]}" if len(last) == 10 else None


def _looks_like_email(cell: Any) -> str | None:
    text = str(cell).strip().lower() if pd.notna(cell) else ""
    return text if re.match(r"^[\w.+-]+@[\w-]+\.[\w.-]+$", text) else None


def _title_case(cell: Any) -> str | None:
    return str(cell).strip().title() if pd.notna(cell) else None


def _day_first(cell: Any) -> str | None:
    try:
        return dateutil_parser.parse(str(cell), dayfirst=True).date().isoformat() if pd.notna(cell) else None
    except (ValueError, OverflowError):
        return None


def _by_phonenumbers(cell: Any) -> str | None:
    try:
        number = phonenumbers.parse(str(cell), "IN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _by_dateparser(cell: Any) -> str | None:
    found = dateparser.parse(str(cell), settings={"DATE_ORDER": "DMY"}) if pd.notna(cell) else None
    return found.date().isoformat() if found else None


def _cleaned(frame: pd.DataFrame, phone: _Cleaner, day: _Cleaner) -> pd.DataFrame:
    frame = frame.copy()
    frame["phone_number"] = frame["phone_number"].apply(phone)
    frame["email"] = frame["email"].apply(_looks_like_email)
    frame["full_name"] = frame["full_name"].apply(_title_case)
    frame["city"] = frame["city"].apply(_title_case)
    frame["lead_date"] = frame["lead_date"].apply(day)
    frame = frame[frame["phone_number"].isna() | ~frame.duplicated(subset=["phone_number"])]
    return frame[frame["email"].isna() | ~frame.duplicated(subset=["email"])]


def usual(frame: pd.DataFrame) -> pd.DataFrame:
    """Regular expressions and dateutil."""
    return _cleaned(frame, _ten_digits, _day_first)


def with_libraries(frame: pd.DataFrame) -> pd.DataFrame:
    """A library for each value."""
    return _cleaned(frame, _by_phonenumbers, _by_dateparser)
