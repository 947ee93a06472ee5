"""Dates read: one cell at a time, its day order decided beforehand from its whole column (`core.date_orders`).

Where it stands: `normalise` reads source cells with it, `cells` Master's, forms and the API use `parse_typed`.
`tomorrow`, `10`, `12 Aug` are no dates here: a wrong date is never accepted, a doubtful one is said.
Serial numbers count days from 1899-12-30 (Google Sheets, Excel).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.model import Cell
from core.text import cell_text, is_blank, plain_signs

EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050  # 1950-01-01 to 2100-01-01
_YEARS = range(1950, 2100)

_TIME = re.compile(
    r"(?:^|[T ,]\s*(?:at\s+|@\s*)?)(?P<h>\d{1,2})"
    r"(?:(?P<sep>[:.])(?P<m>\d{2})(?:(?P=sep)(?P<s>\d{2})(?:[.,]\d{1,6})?)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<zone>Z|UTC|IST|GMT)?\s*(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?$",
    re.ASCII | re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,4})\s*([-/. \\_|,])\s*(\d{1,2})\s*\2\s*(\d{1,4})", re.ASCII)
# The commonest texts, each with a time behind it or none. Whatever they do not fit is looked at closer.
_CLOCK = (
    r"(?:[ T](?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?: ?(?P<half>[AaPp])[Mm])?"
    r"(?: GMT(?P<offset>[+-]\d\d?:\d\d))?)?"
)
_PLAIN = re.compile(r"(\d\d?)( ?([-/.]) ?)(\d\d?)\2(\d{4}|\d\d)" + _CLOCK, re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/])(\d\d?)\2(\d\d?)" + _CLOCK, re.ASCII)
_DAY_NAME = r"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?i:day)?(?:, | ))?"
_NAMED = re.compile(
    rf"{_DAY_NAME}(?:(\d\d?)(?:st|nd|rd|th)?(?: of |[ -]|)([A-Za-z]{{3,9}})(?:, |[ -]|)"
    rf"|([A-Za-z]{{3,9}})[ -](\d\d?)(?:st|nd|rd|th)?(?:, |[ -]))(\d{{4}}|\d\d){_CLOCK}",
    re.ASCII,
)
_ASIDE = re.compile(r"\s*\([^)\d]*\)$|\s*-\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$", re.IGNORECASE)
_LABEL = re.compile(r"^(?:dated?|on|dt)\b[ .:\-]*(?=\d)", re.IGNORECASE)
_SLIPS = re.compile(r"(\d{1,4})\s*([-/.|,\\_])\2?\s*(\d{1,2})\s*\2{1,2}\s*'?(\d{1,4})", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[., ]*", re.IGNORECASE)
_WORDS = re.compile(r"(\d+)(?:st|nd|rd|th)?(?=[^\d]|$)|([^\W\d_][^\s\d.,/\-]*)", re.IGNORECASE)
_WORD_NOISE = frozenset(("of", "the", "st", "nd", "rd", "th", "date", "dated", "on", "dt"))
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan जनवरी", "february feb febuary फरवरी फ़रवरी", "march mar मार्च", "april apr अप्रैल", "may मई",
            "june jun जून", "july jul जुलाई", "august aug अगस्त", "september sep sept सितंबर सितम्बर",
            "october oct अक्टूबर अक्तूबर", "november nov नवंबर नवम्बर", "december dec दिसंबर दिसम्बर",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


class Order(StrEnum):
    """How numbers of a date stand. UNKNOWN: only dates that can be read one way are accepted."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class DateReading:
    """`day` in the library's time zone, None if blank or in doubt; `seconds` since its midnight where the cell holds a
    time; `doubt` is the reason, "" if certain; `words` the cell's text where there is a doubt."""

    day: date | None = None
    seconds: int | None = None
    doubt: str = ""
    words: str = ""


_DAY_FIRST, _UNKNOWN = Order.DAY_FIRST, Order.UNKNOWN  # looked up once: this is where columns spend their time


@dataclass(frozen=True, slots=True)
class Numbers:
    """A date of three numbers whose order has to be decided. `style` is its separator, with "t" where a time follows:
    cells of one style were written by one hand or program."""

    first: int
    second: int
    year: int
    style: str

    def read(self, order: Order) -> date | None:
        """The day under `order`; under UNKNOWN only where one reading is possible."""
        if order is _DAY_FIRST and 0 < self.second < 13 and 0 < self.first < 29:
            return _day(self.year, self.second, self.first)
        day_first, month_first = _day(self.year, self.second, self.first), _day(self.year, self.first, self.second)
        if day_first is None or month_first is None or day_first == month_first:
            return day_first or month_first
        if order is _UNKNOWN:
            return None
        return day_first if order is _DAY_FIRST else month_first

    @property
    def evidence(self) -> Order:
        """The order that this date proves, if it can only be read one way."""
        if 0 < self.first < 13 and 0 < self.second < 13:
            return _UNKNOWN
        day_first, month_first = _day(self.year, self.second, self.first), _day(self.year, self.first, self.second)
        if (day_first is None) == (month_first is None):
            return Order.UNKNOWN
        return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


@dataclass(frozen=True, slots=True)
class Look:
    """What a text cell says before its column's order is known: its day where the form says all, else three numbers;
    `seconds` since midnight; `offset` in minutes from UTC. `text` is the cell tidied, "" if blank."""

    text: str
    day: date | None = None
    numbers: Numbers | None = None
    seconds: int | None = None
    offset: int | None = None

    def read(self, order_of: Callable[[str], Order]) -> date | None:
        """The day; `order_of` says what order the cells of a style (`Numbers.style`) have."""
        if self.day is None and self.numbers is not None:
            return self.numbers.read(order_of(self.numbers.style))
        return self.day


def from_serial(serial: float) -> tuple[date, int]:
    """Day and seconds since its midnight of a serial number."""
    seconds = round(serial * 86400)
    return EPOCH + timedelta(days=seconds // 86400), seconds % 86400


def read(cell: Cell, order_of: Callable[[str], Order], zone: ZoneInfo) -> DateReading:
    """Reads a date cell; `order_of` says what order the cells of a style (`Numbers.style`) have in its column."""
    if isinstance(cell, bool) or cell is None:
        return DateReading() if cell is None else _doubt("it is not a date", cell_text(cell))
    if isinstance(cell, int | float):
        return _read_number(cell, order_of)
    seen = look(cell)
    day = seen.read(order_of)
    if day is None:
        if not seen.text:
            return DateReading()
        return _doubt(_why(seen.numbers) if seen.numbers else "it is not a date", seen.text)
    if seen.offset is not None and seen.seconds is not None:
        return _shifted(day, seen.seconds, seen.offset, zone)
    return DateReading(day, seen.seconds)


@lru_cache(maxsize=20_000)
def look(cell: str) -> Look:
    """Looks at a text cell. Remembered: a column is looked at for its order first, and then read."""
    body = cell.strip(" ")
    return _quick_look(body) or _closer_look(plain_signs(cell).strip("'\"`,;. "))


def _quick_look(text: str) -> Look | None:
    """What `_closer_look` says of the commonest texts; None leaves it to that."""
    found = _PLAIN.fullmatch(text)
    if found:
        numbers = _numbers(found[1], found[4], found[5], found[3] + "t" if found["h"] else found[3])
        return _with_clock(found, None, numbers) if numbers else None
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        day = _day(int(found[1]), int(found[3]), int(found[4]))
        return _with_clock(found, day, None) if day else None
    if _SERIAL.fullmatch(text):
        day = certain_day(text)
        return Look(text, day) if day else None
    found = _NAMED.fullmatch(text)
    month = _MONTHS.get((found[2] or found[3]).lower()) if found else None
    day = _day(_full_year(found[5]), month, int(found[1] or found[4])) if found and month else None
    return _with_clock(found, day, None) if found and day else None


def _with_clock(found: re.Match[str], day: date | None, numbers: Numbers | None) -> Look:
    if not found["h"]:
        return Look(found[0], day, numbers)
    hour, minute, second, half, offset = found.group("h", "m", "s", "half", "offset")
    seconds = _seconds(int(hour), int(minute), int(second or 0), half)
    return Look(found[0], day, numbers, seconds, _offset(None, offset) if offset else None)


def _seconds(hour: int, minute: int, second: int, half: str | None) -> int:
    """Seconds since midnight; `half` of the day where the clock has twelve hours: "a", "p"."""
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half in "pP" else 0)
    return hour * 3600 + minute * 60 + second


def _closer_look(text: str) -> Look:
    if is_blank(text):
        return Look("")
    body, seconds, offset = split_time(_LABEL.sub("", _ASIDE.sub("", text)))
    body = _SLIPS.sub(r"\1\2\3\2\4", body, 1) if _SLIPS.fullmatch(body) else body  # 12//08/2025, 12/8/'25
    return Look(text, certain_day(body), read_numbers(body, timed=seconds is not None), seconds, offset)


def _read_number(cell: float, order_of: Callable[[str], Order]) -> DateReading:
    if _FIRST_SERIAL <= cell < _LAST_SERIAL:
        day, seconds = from_serial(cell)
        return DateReading(day, seconds if cell % 1 else None)
    text = cell_text(cell)
    numbers = read_numbers(text, timed=False)
    found = certain_day(text) or (numbers.read(order_of(numbers.style)) if numbers else None)
    return DateReading(found) if found else _doubt("the number is not a date", text)


def _doubt(reason: str, text: str) -> DateReading:
    return DateReading(None, None, reason, text)


def _why(numbers: Numbers) -> str:
    if numbers.year not in _YEARS:
        return "its year cannot be right"
    if numbers.evidence is Order.UNKNOWN and _day(numbers.year, numbers.second, numbers.first) is None:
        return "there is no such day"
    return "day and month could be either way round"


def split_time(text: str) -> tuple[str, int | None, int | None]:
    """Cuts a time from the end of `text`: what is left, seconds since midnight, minutes from UTC where it says."""
    match = _TIME.search(text)
    if not match or not (match["m"] or match["half"]) or match.start() == 0:
        return text, None, None
    before = text[: match.start()].rstrip(" ,-")
    if match["sep"] == "." and not match["half"] and not match["s"] and not _is_day(before):
        return text, None, None  # 12 08.25 is no date and a time
    hour, minute, second = int(match["h"]), int(match["m"] or 0), int(match["s"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return text, None, None
    half = (match["half"] or "")[:1]
    return before, _seconds(hour, minute, second, half), _offset(match["zone"], match["offset"])


def _is_day(text: str) -> bool:
    return _NUMERIC.fullmatch(text) is not None or _named_month(text) is not None


def _offset(zone: str | None, offset: str | None) -> int | None:
    if offset:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        return (1 if offset[0] == "+" else -1) * (int(hours) * 60 + int(minutes))
    return {"z": 0, "utc": 0, "gmt": 0, "ist": 330}.get((zone or "").lower())


def _shifted(day: date, seconds: int, offset: int, zone: ZoneInfo) -> DateReading:
    """The library's day and time of an instant that names its distance from UTC."""
    utc = datetime.combine(day, time(0)) + timedelta(seconds=seconds, minutes=-offset)
    local = utc.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    return DateReading(local.date(), local.hour * 3600 + local.minute * 60 + local.second)


def certain_day(body: str) -> date | None:
    """The day of a text that needs no order: year first, a named month, a serial number. Else None."""
    numeric = _NUMERIC.fullmatch(body)
    if numeric:
        return _day(int(numeric[1]), int(numeric[3]), int(numeric[4])) if len(numeric[1]) == 4 else None
    if _COMPACT.fullmatch(body):
        return _day(int(body[:4]), int(body[4:6]), int(body[6:])) if int(body[:4]) >= 1990 else None
    if _SERIAL.fullmatch(body):
        serial = float(body)
        return from_serial(serial)[0] if _FIRST_SERIAL <= serial < _LAST_SERIAL else None
    return _named_month(_WEEKDAY.sub("", body))


def _named_month(text: str) -> date | None:
    """`12th Aug 2025`, `Aug 12, 2025`, `12-Aug-25`, `2025 Aug 12`: one month's name, a day and a year."""
    month, numbers = 0, []
    for match in _WORDS.finditer(text.casefold()):
        word = match[2]
        if match[1]:
            numbers.append(match[1])
        elif word in _MONTHS and not month:
            month = _MONTHS[word]
        elif word not in _WORD_NOISE:
            return None
    if not month or len(numbers) != 2:
        return None
    first, second = numbers
    if len(first) == 4:
        return _day(int(first), month, int(second)) if len(second) < 3 else None
    return _day(_full_year(second), month, int(first)) if len(first) < 3 else None


def read_numbers(body: str, *, timed: bool) -> Numbers | None:
    """The three numbers of a date whose order has to be decided, None if the text is not of that kind."""
    if _COMPACT.fullmatch(body):
        return Numbers(int(body[:2]), int(body[2:4]), int(body[4:]), "8")
    numeric = _NUMERIC.fullmatch(body)
    if not numeric or len(numeric[1]) > 2:
        return None
    return _numbers(numeric[1], numeric[3], numeric[4], numeric[2] + ("t" if timed else ""))


def _numbers(first: str, second: str, last: str, style: str) -> Numbers | None:
    year = _full_year(last)
    # 25-08-12 may be year first: no library's lead is of 2012 written so.
    if len(last) == 2 and year < 2015 and 15 <= int(first) <= 35:
        return None
    return Numbers(int(first), int(second), year, style)


def _full_year(text: str) -> int:
    """Two digits are of this century up to 69; one or three digits are no year."""
    if len(text) == 2:
        return 2000 + int(text) if int(text) < 70 else 1900 + int(text)
    return int(text) if len(text) == 4 else 0


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_typed(text: str) -> date | None:
    """The day that a person typed into a form or sent to the API: `dd-mm-yyyy` (also with / or .) or ISO 8601
    (`yyyy-mm-dd`, a time behind it is ignored); a month's name is fine too. None for a blank.

    Raises ValueError with a sentence for the person where it is none of these."""
    body = split_time(plain_signs(text))[0]
    if not body:
        return None
    numbers = read_numbers(body, timed=False)
    typed = numbers if numbers and len(body) > 5 else None
    day = certain_day(body) if not body.isdigit() else None
    if day is None and typed is not None and not body.isdigit():
        day = _day(typed.year, typed.second, typed.first)
    if day is None:
        raise ValueError(f"“{text.strip()[:40]}” is not a date; write it as 31-12-2026")
    return day
