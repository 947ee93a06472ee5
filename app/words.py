"""How values read on a page: days dd-mm-yyyy, times 24 h on the library's clock, flags as words."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask

from core.model import Value


def day(value: date) -> str:
    return f"{value:%d-%m}-{value.year:04}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A UTC moment on the clock of `zone`."""
    return f"{day(at.astimezone(zone))} {at.astimezone(zone):%H:%M}"


def counted(number: int) -> str:
    """1240 as "1,240"."""
    return f"{number:,}"


def value(canonical: Value, zone: ZoneInfo) -> str:
    """Any field's value as a word; "" for a blank."""
    match canonical:
        case None:
            return ""
        case bool():
            return "Yes" if canonical else "No"
        case datetime():
            return moment(canonical, zone)
        case date():
            return day(canonical)
        case _:
            return str(canonical)


def install(app: Flask, zone: ZoneInfo) -> None:
    """Jinja's filters `day`, `moment` (on the library's clock) and `counted`."""
    app.add_template_filter(day)
    app.add_template_filter(counted)
    app.jinja_env.filters["moment"] = partial(moment, zone=zone)
