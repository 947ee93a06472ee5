"""How values read on a page: days dd-mm-yyyy, times 24 h on the library's clock, flags as words."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from app.database import local
from core.model import Value


def day(value: date) -> str:
    return value.strftime("%d-%m-%Y")


def moment(at: datetime) -> str:
    """A UTC moment on the library's clock."""
    return local(at).strftime("%d-%m-%Y %H:%M")


def value(canonical: Value) -> str:
    """Any field's value as a word; "" for a blank."""
    match canonical:
        case None:
            return ""
        case bool():
            return "Yes" if canonical else "No"
        case datetime():
            return moment(canonical)
        case date():
            return day(canonical)
        case _:
            return str(canonical)


def install(app: Flask) -> None:
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(value)
