"""Serial dates and durations under a date pattern, in the locale's names of months and days. For `display`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .locales import Locale
from .patterns import Piece, Section
from .typed_dates import EPOCH

_DAY = 86_400_000
_FIRST, _LAST = 1, dt.date.max.toordinal()


@dataclass(frozen=True, slots=True)
class _Moment:
    day: dt.date
    milliseconds: int  # of the day
    elapsed: int  # all of it since the epoch, not negative


def _padded(number: int, piece: Piece) -> str:
    return f"{number:02d}" if len(piece.text) > 1 else str(number)


def _month(moment: _Moment, width: int, locale: Locale) -> str:
    month = moment.day.month
    if width == 3:
        return locale.short_months[month - 1]
    if width == 4:
        return locale.months[month - 1]
    if width >= 5:
        return locale.months[month - 1][0]
    return f"{month:02d}" if width == 2 else str(month)


def _day(moment: _Moment, width: int, locale: Locale) -> str:
    if width == 3:
        return locale.short_days[moment.day.weekday()]
    if width >= 4:
        return locale.days[moment.day.weekday()]
    return f"{moment.day.day:02d}" if width == 2 else str(moment.day.day)


def _elapsed(moment: _Moment, piece: Piece) -> str:
    unit = {"h": 3_600_000, "m": 60_000, "s": 1000}[piece.text[0]]
    return str(moment.elapsed // unit).rjust(len(piece.text), "0")


def _half_of_day(moment: _Moment, written: str) -> str:
    afternoon = moment.milliseconds >= _DAY // 2
    if "/" in written and len(written) == 3:
        return written[2] if afternoon else written[0]
    return "PM" if afternoon else "AM"


def _shown(piece: Piece, moment: _Moment, locale: Locale, twelve_hours: bool) -> str:
    kind, width = piece.kind, len(piece.text)
    seconds = moment.milliseconds // 1000
    if kind == "year":
        return f"{moment.day.year:04d}" if width > 2 else f"{moment.day.year % 100:02d}"
    if kind == "month":
        return _month(moment, width, locale)
    if kind == "day":
        return _day(moment, width, locale)
    if kind == "hour":
        hour = seconds // 3600
        return _padded((hour + 11) % 12 + 1 if twelve_hours else hour, piece)
    if kind == "minute":
        return _padded(seconds // 60 % 60, piece)
    if kind == "second":
        return _padded(seconds % 60, piece)
    if kind == "fraction":
        return locale.decimal + f"{moment.milliseconds % 1000:03d}"[: width - 1]
    if kind == "ampm":
        return _half_of_day(moment, piece.text)
    return _elapsed(moment, piece) if kind == "elapsed" else piece.text


def show_moment(section: Section, serial: float, locale: Locale) -> str:
    """A serial number under a date section; outside the years 1 to 9999 there is no date to show: #NUM!."""
    if abs(serial) > _LAST:
        return "#NUM!"
    milliseconds = round(serial * _DAY)
    only_elapsed = any(piece.kind == "elapsed" for piece in section.pieces)
    minus = "-" if only_elapsed and milliseconds < 0 else ""
    if minus:
        milliseconds = -milliseconds
    days, rest = divmod(milliseconds, _DAY)
    if not _FIRST <= days + EPOCH <= _LAST:
        return "#NUM!"
    moment = _Moment(dt.date.fromordinal(days + EPOCH), rest, milliseconds)
    return minus + "".join(_shown(piece, moment, locale, section.twelve_hours) for piece in section.pieces)
