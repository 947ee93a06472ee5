"""Rarer ways in which people spoil a value than those of `messes`: each stood in nobody's list until it was met.

Where it stands: one tab of `benchmarks.messy` is made of these.
"""

from __future__ import annotations

import random
from datetime import date

from core.model import Cell

HEADER: tuple[Cell, ...] = ("CustomerName", "MobileNo.", "E-MailId", "ChildNameAndAge", "CityLocation *", "EnquiryDate")
CITY_FORMS = ("{0} - 560034", "{0}, India", "Sector 45 {0}", "{0} sector 45", "{0}.", "{0}\n")


def phone(digits: str, chance: random.Random) -> Cell:
    """One mobile of ten digits."""
    a, b = digits[:5], digits[5:]
    pairs = " ".join(digits[at : at + 2] for at in range(0, 10, 2))
    wide = "".join(chr(0xFF10 + int(digit)) for digit in digits)
    forms = (
        f"+91.{digits}", f"+91/{digits}", f"+91 0{digits}", f"91 91{digits}", f"\u200b{digits}\u200b", pairs, wide,
        f"{a}/{b}", f"{a}_{b}", f"{a}\n{b}", f"{digits} / {digits}", f"{digits}.", f"#{digits}", f"Amma {digits}",
        f"api.whatsapp.com/send?phone=91{digits}", f"{digits[0]}.{digits[1:]}E+09", f"{digits} \U0001f4f1",
    )  # fmt: skip
    return chance.choice(forms)


def email(address: str, chance: random.Random) -> Cell:
    """One address; the truth is the address without case."""
    local, _, domain = address.partition("@")
    forms = (
        f"{local} @{domain}", f"{local}@ {domain}", f"Email: {address}", f"{address},", f"\u00a0{address}",
        f"{address}?", f"{local}@{domain.replace('.', ' .', 1)}", f"Mail id - {address}", address.upper() + "\n",
    )  # fmt: skip
    return chance.choice(forms)


def name(text: str, chance: random.Random) -> str:
    """A name of two words."""
    first, last = text.split(" ", 1)
    forms = (f"{first} {last.upper()}", f"{first.lower()} {last}", text.swapcase(), f"{text}!", f"{text} \U0001f338")
    return chance.choice(forms)


def child(kid: str, age: int, chance: random.Random) -> str:
    """One child and its age, with something beside them."""
    forms = (
        "{0} is {1} years old", "{1} yrs {0}", "{0} ({1} yrs, girl)", "{0} {1}/F", "{0}, {1} years, Class 2",
        "Name: {0} Age: {1}", "{0} (UKG) {1}", "{0} ({1} y.o.)", "{0} \U0001f600 {1}", "{0}={1}",
        "{0} ({1} years), Parent: Asha", "1) {0} {1}", "{0} ({1})years",
    )  # fmt: skip
    return chance.choice(forms).format(kid, age)


def day_first(day: date, chance: random.Random) -> Cell:
    """A date, the day first where that is open."""
    forms = (
        f"Date: {day:%d/%m/%Y}", f"on {day:%d-%m-%Y}", f"{day:%d//%m//%Y}", f"{day.day}/{day.month}/'{day:%y}",
        f"{day:%d/%m/%Y} ({day:%a})", f"{day:%a %b %d %Y} 10:30:00 GMT+0530 (India Standard Time)", f"{day:%d,%m,%Y}",
    )  # fmt: skip
    return chance.choice(forms)
