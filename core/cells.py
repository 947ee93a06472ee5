"""Cells of Master to canonical values and back.

Where it stands: the sync decodes what it reads from Master and encodes what it writes; forms and the API decode what
people type. `decode(encode(v)) == v` for every canonical value (moments to the second). Days and moments are serial
numbers counted from 1899-12-30 in the library's time zone.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core import emails, phones, picklists
from core.config import Config
from core.dates import EPOCH, Order, from_serial, read
from core.fields import Kind
from core.model import Cell, Value
from core.text import cell_text, is_blank, tidy, tidy_lines

_NUMBER_FORMATS = {Kind.DAY: "dd-mm-yyyy", Kind.MOMENT: "dd-mm-yyyy hh:mm"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that is no value of its field: what stands there, and why it is none, for a person."""

    text: str
    reason: str


def number_format(kind: Kind) -> str | None:
    """The number format of a column of this kind, None where it needs none."""
    return _NUMBER_FORMATS.get(kind)


def decode(kind: Kind, cell: Cell, config: Config) -> Value | Doubt:
    """The canonical value of a cell; None where it is blank; a `Doubt` where it cannot be one. Never raises."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    text = cell_text(cell)
    if kind in (Kind.IDENTITY, Kind.TEXT, Kind.LONG_TEXT):
        return worded(kind, text)
    if kind in (Kind.PHONE, Kind.PHONES):
        return _phones(kind, cell, config)
    if kind is Kind.EMAIL:
        return _email(text, config)
    if kind in (Kind.DAY, Kind.MOMENT):
        return _date(kind, cell, config)
    if kind is Kind.WHOLE:
        return _whole(cell, text)
    if kind is Kind.FLAG:
        known = picklists.flag(cell)
        return known if known is not None or is_blank(text) else Doubt(text, "it is neither yes nor no")
    return _listed(kind, tidy(text), config)


def worded(kind: Kind, value: Value) -> Value:
    """Words as their cell will say them when it is read, None for blank ones; values of other kinds as they are."""
    if isinstance(value, str) and kind is Kind.LONG_TEXT:
        return tidy_lines(value) or None
    if isinstance(value, str) and kind in (Kind.IDENTITY, Kind.TEXT):
        return tidy(value) or None
    return value


def _phones(kind: Kind, cell: Cell, config: Config) -> Value | Doubt:
    found = phones.parse(cell, config, own_format=True)
    if found.doubt or (kind is Kind.PHONE and len(found.phones) > 1):
        return Doubt(cell_text(cell), found.doubt or "it holds more than one number")
    return ", ".join(found.phones) or None


def _email(text: str, config: Config) -> Value | Doubt:
    found = emails.parse(text, config)
    if len(found.emails) == 1 and not found.words:
        return found.emails[0]
    if not found.emails and not found.doubt:
        return None
    return Doubt(text, found.doubt or "it holds more than one address")


def _date(kind: Kind, cell: Cell, config: Config) -> Value | Doubt:
    """A serial number, or a text as `dates.parse_typed` takes it (the day first: it was typed into our column)."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell) or not 1 <= cell < 2_900_000:
            return Doubt(cell_text(cell), "the number is not a date")
        day, seconds = from_serial(cell)
        return day if kind is Kind.DAY else _instant(day, seconds, config)
    text = cell_text(cell)
    found = read(cell, lambda _: Order.DAY_FIRST, config.timezone)
    if found.day is None:
        return None if is_blank(text) else Doubt(text, found.doubt or "it is not a date")
    return found.day if kind is Kind.DAY else _instant(found.day, found.seconds or 0, config)


def _instant(day: date, seconds: int, config: Config) -> datetime:
    local = datetime.combine(day, time(0)) + timedelta(seconds=seconds)
    return local.replace(tzinfo=config.timezone).astimezone(UTC)


def _whole(cell: Cell, text: str) -> Value | Doubt:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        exact = abs(cell) < 2**53 and float(cell).is_integer()  # beyond that the sheet rounds
        return int(cell) if exact else Doubt(text, "it is not a whole number")
    plain = text.strip().replace(",", "")
    if re.fullmatch(r"[+-]?\d{1,15}(?:\.0+)?", plain, re.ASCII):
        return int(plain.split(".")[0])
    return None if is_blank(text) else Doubt(text, "it is not a whole number")


def _listed(kind: Kind, text: str, config: Config) -> Value | Doubt:
    if is_blank(text):
        return None
    if kind is Kind.PERSON:  # someone who has left the team keeps the leads
        return picklists.person(text, config) or text
    if kind is Kind.STATUS:
        known = picklists.former_status(text, config) or picklists.status(text, config)
    else:
        known = picklists.priority(text, config)
    return known if known is not None else Doubt(text, f"it is not a {kind.value} of the library")


def encode(kind: Kind, value: Value, config: Config) -> Cell:
    """What goes into the cell for a canonical value; None for blank. Moments are rounded to the second."""
    if value is None:
        return None
    if isinstance(value, datetime):
        local = value.astimezone(config.timezone)
        seconds = local.hour * 3600 + local.minute * 60 + local.second + (local.microsecond >= 500_000)
        return (local.date() - EPOCH).days + seconds / 86400
    if isinstance(value, date):
        return (value - EPOCH).days
    if kind is Kind.PHONE and isinstance(value, str):
        return phones.display(value, config)
    if kind is Kind.PHONES and isinstance(value, str):
        return ", ".join(phones.display(phone.strip(), config) for phone in value.split(","))
    return value
