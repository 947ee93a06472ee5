"""The ways in which people and programs spoil one value of a lead. Each takes the truth and a chance, and gives a cell.

Where it stands: `benchmarks.messy` builds rows from these.
"""

from __future__ import annotations

import random
from datetime import date

from core.dates import EPOCH
from core.model import Cell

NBSP = "\u00a0"
_DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


# Canonical city or status -> what people type for it.
CITIES = {
    "Mumbai": (
        "Mumbai",
        "mumbai",
        "MUMBAI",
        "Bombay",
        "bombay ",
        "Mumbai.",
        "Andheri, Mumbai",
        "Mumbai 400053",
        "Mumbai, Maharashtra",
    ),
    "Bengaluru": ("Bengaluru", "Bangalore", "BANGALORE", "banglore", "Blr", "Indiranagar, Bangalore"),
    "Delhi": ("Delhi", "delhi", "DELHI ", "Delhi, India"),
    "Gurugram": ("Gurgaon", "gurugram", "GURGAON"),
    "Chennai": ("Madras", "chennai"),
    "Kolkata": ("Calcutta", "KOLKATA"),
    "Pune": ("Poona", "pune "),
    "Hoshiarpur": ("Hoshiarpur", "hoshiarpur", "HOSHIARPUR"),
}
STATUSES = {
    "New Lead": ("New", "new lead", "NEW LEAD"),
    "Follow Up 1": ("follow up 1", "FU1", "Follow-up 1", "call back"),
    "Interested": ("interested", "INTERESTED", "Very interested"),
    "Member": ("Joined", "member", "Converted"),
    "Lost - No Response": ("no response", "Not reachable", "lost - no response", "Not interested"),
    "Re-engage Later": ("later", "After exams", "Re-engage later"),
}
REMARKS = ("asked to send details on whatsapp", "wants weekend slots only", "will discuss at home", "")


def phone(digits: str, chance: random.Random) -> Cell:
    """One mobile of ten digits, as forms and hands write it."""
    a, b = digits[:5], digits[5:]
    number = int(digits)
    forms: tuple[Cell, ...] = (
        *(
            digits,
            digits,
            digits,
            number,
            number,
            float(number),
            f"{number}.0",
            float(f"91{digits}"),
            f"{float(number):.9E}",
        ),
        *(
            f"+91{digits}",
            f"+91 {a} {b}",
            f"+91-{digits}",
            f"91{digits}",
            f"0{digits}",
            f"0091{digits}",
            f"091{digits}",
        ),
        *(
            f"+91-{a}-{b}",
            f"+91 (0) {a} {b}",
            f"{a} {b}",
            f"{a}-{b}",
            f"{a}.{b}",
            f"{digits[:4]} {digits[4:7]} {digits[7:]}",
        ),
        *(
            f"({digits[:3]}) {digits[3:6]}-{digits[6:]}",
            f"+91{NBSP}{a}{NBSP}{b}",
            f" {digits} ",
            f"{a}–{b}",
            f"'{digits}",
        ),
        *(
            digits.translate(_DEVANAGARI),
            f"+91 {a}{b}\n",
            f"(+91) {a}{b}",
            f"+ 91 {digits}",
            f"91 {a} {b}",
            f"{digits},",
        ),
        *(f"Mob: {digits}", f"Ph. {a}-{b}", f"{digits} (wife)", f"{digits} - father", f"call after 6 pm {a} {b}"),
        *(
            f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
            f"{digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:8]} {digits[8:]}",
        ),
        *(
            f"tel:+91{digits}",
            f"https://wa.me/91{digits}",
            f"\u200e+91 {a} {b}\u202c",
            f"+91{digits} WhatsApp",
            f"M-{digits}",
        ),
    )
    return chance.choice(forms)


def two_phones(first: str, second: str, chance: random.Random) -> Cell:
    """Two mobiles in one cell."""
    between = chance.choice((" / ", "/", ", ", ",", " or ", "\n", " & ", "; ", " and ", "  ", " | "))
    return f"{first[:5]} {first[5:]}{between}{second}" if between != "  " else f"{first} {second}"


def landline(national: str, code: int, chance: random.Random) -> Cell:
    """A landline (`national` of ten digits, the first `code` of them the area's)."""
    area, local = national[:code], national[code:]
    forms = (
        f"0{area}-{local}",
        f"0{area} {local}",
        f"({'0' + area}) {local}",
        f"+91 {area} {local}",
        f"0{area}{local}",
        f"+91-{area}-{local}",
    )
    return chance.choice(forms)


def bad_phone(digits: str, chance: random.Random) -> Cell:
    """What nobody can call."""
    forms: tuple[Cell, ...] = (
        "",
        None,
        "NA",
        "not given",
        "-",
        digits[:9],
        digits + "7",
        int(digits[:8]),
        "9.87654E+09",
        f"{float(digits):.5E}",
        "(212) 555-7890",
        "12345",
        "0000000000",
        "1234567890",
        "no phone",
        "will share later",
        digits[:5],
        True,
        "9999999999",
    )
    return chance.choice(forms)


def email(address: str, chance: random.Random) -> Cell:
    """An address as typed; the truth is the address without case."""
    return chance.choice(
        (
            address,
            address,
            address,
            address.upper(),
            f" {address} ",
            f"{address}.",
            f"<{address}>",
            f"mailto:{address}",
            address.title(),
        )
    )


def name(text: str, chance: random.Random) -> str:
    """A name as typed; its truth is `text`."""
    return chance.choice(
        (
            text,
            text,
            text,
            text.upper(),
            text.lower(),
            f"  {text}",
            text.replace(" ", "  "),
            text.replace(" ", NBSP),
            f"{text},",
        )
    )


def children(kids: tuple[tuple[str, int], ...], chance: random.Random) -> str:
    """Names and ages of one or two children in a cell."""
    form = chance.choice(
        (
            "{0} ({1} years)",
            "{0} ({1}yr)",
            "{0} - age {1}",
            "{0}, {1}",
            "{0} {1} yrs",
            "{0} {1} yrs 6 months",
            "{0} ({1})",
            "{0}-{1}yrs",
            "{0}, {1} years old",
            "{0}: {1}",
            "{0} age {1}",
            "{0} {1}",
            "{0} ({1} y)",
            "{0} / {1} years",
            "{0} ({1} Years old)",
            "{0} ({1}+)",
        )
    )
    between = chance.choice((" & ", " and ", ", ", "; ", "\n", " / ", " + "))
    return between.join(form.format(kid, age) for kid, age in kids)


def plain_date(day: date, order: str, chance: random.Random) -> Cell:
    """A date under one day order, in the many styles that leave no doubt once the order is known."""
    numbers = (day.day, day.month) if order == "dmy" else (day.month, day.day)
    two = f"{numbers[0]:02}", f"{numbers[1]:02}"
    forms: tuple[Cell, ...] = (
        *(f"{two[0]}/{two[1]}/{day.year}", f"{numbers[0]}/{numbers[1]}/{day.year}", f"{two[0]}-{two[1]}-{day.year}"),
        *(
            f"{numbers[0]}-{numbers[1]}-{day:%y}",
            f"{numbers[0]}.{numbers[1]}.{day:%y}",
            f"{two[0]}.{two[1]}.{day.year}",
        ),
        *(
            f"{numbers[0]}/{numbers[1]}/{day:%y}",
            f" {two[0]}/{two[1]}/{day.year} ",
            f"{two[0]} / {two[1]} / {day.year}",
        ),
    )
    return chance.choice(forms)


def sure_date(day: date, chance: random.Random) -> Cell:
    """A date that can be read one way only."""
    number, nth = day.day, f"{day.day}{_nth(day.day)}"
    serial = (day - EPOCH).days
    forms: tuple[Cell, ...] = (
        *(
            day.isoformat(),
            f"{day:%Y/%m/%d}",
            f"{day.isoformat()} 14:05",
            f"{day.isoformat()}T09:30:00",
            f"{nth} {day:%b} {day.year}",
        ),
        *(
            f"{day:%b} {number}, {day.year}",
            f"{number}-{day:%b}-{day.year}",
            f"{number}-{day:%b}-{day:%y}",
            f"{day:%B} {number} {day.year}",
        ),
        *(
            f"{day:%A}, {number} {day:%B} {day.year}",
            f"{nth} of {day:%B}, {day.year}",
            f"{number} {day:%b} {day:%y}",
            f"{number}{day:%b}{day.year}",
        ),
        *(
            serial,
            float(serial),
            serial + 0.604,
            str(serial),
            f"{serial}.25",
            int(f"{day:%Y%m%d}"),
            f"{day:%Y/%m/%d} 2:05:33 PM GMT+5:30",
        ),
    )
    return chance.choice(forms)


def form_timestamp(day: date, chance: random.Random) -> str:
    """What a form of a month-first spreadsheet writes."""
    hour, minute, second = chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59)
    if chance.random() < 0.2:
        return (
            f"{day.month}/{day.day}/{day.year} {hour % 12 or 12}:{minute:02}:{second:02} {'PM' if hour > 11 else 'AM'}"
        )
    return f"{day.month}/{day.day}/{day.year} {hour}:{minute:02}:{second:02}"


def bad_date(chance: random.Random) -> Cell:
    """What is no day, or no one can tell which."""
    return chance.choice(
        (
            "31/02/2025",
            "tomorrow",
            "10",
            10,
            "12 Aug",
            "Aug 2025",
            "32/13/2025",
            "00/08/2025",
            "last week",
            "30.02.2026",
            "5/2025",
            True,
            "29/02/2025",
        )
    )


def _nth(number: int) -> str:
    return "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
