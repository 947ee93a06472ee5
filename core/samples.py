"""Sample data for a first run: four messy tabs in the four formats that libraries' forms have.

Where it stands: `sync` writes these tabs into an empty spreadsheet of the local server; nothing else uses them. People
are made up, their phones are of the kind (981) 555-0142 and their addresses end in example.org. The same
seed and day give the same tabs; the people overlap, so that duplicates, siblings and bad rows are there to be seen.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import EPOCH
from core.model import Cell

FIRST = (
    "Aditi", "Ananya", "Anil", "Arjun", "Asha", "Bhavna", "Deepa", "Devika", "Farhan", "Gauri", "Harish", "Imran",
    "Ishita", "Jaya", "Karan", "Kavita", "Lakshmi", "Leela", "Manoj", "Meera", "Mohan", "Nandini", "Nikhil", "Pooja",
    "Pranav", "Rahul", "Ramesh", "Rekha", "Rohan", "Sana", "Sandeep", "Shalini", "Sneha", "Sunita", "Tara", "Uma",
    "Varun", "Vidya", "Yusuf", "Zoya",
)  # fmt: skip
LAST = (
    "Agarwal", "Bose", "Chatterjee", "D'Souza", "Desai", "Fernandes", "Ghosh", "Gupta", "Iyer", "Jain", "Kapoor",
    "Khan", "Kulkarni", "Mehta", "Menon", "Mishra", "Nair", "Patel", "Pillai", "Rao", "Reddy", "Saxena", "Shah",
    "Sharma", "Singh", "Sinha", "Thomas", "Trivedi", "Varma", "Verma",
)  # fmt: skip
CHILDREN = (
    "Aarav", "Anaya", "Anvi", "Dhruv", "Diya", "Emma", "Ishaan", "Kabir", "Kiara", "Mira", "Myra", "Neel", "Reyansh",
    "Ria", "Rudra", "Saanvi", "Tanvi", "Vihaan", "Zain", "Zara",
)  # fmt: skip
_CITIES = (
    "Delhi", "delhi ", "NEW DELHI", "Gurgaon", "Noida", "Bangalore", "Bombay", "Mumbai", "pune",
    "Dwarka, New Delhi 110075",
)  # fmt: skip
_SOURCES = ("Website", "insta", "Instagram", "FB", "Friend", "walk in", "Google", "School visit", "WhatsApp group", "")
_TYPES = ("Hot", "warm", "Cold", "", "")
_NOTES = (
    "Wants weekend timings",
    "Asked about fees",
    "Interested in story hour",
    "Has two children",
    "Lives close by",
    "",
    "",
    "",
)
_RESPONSES = (
    "Interested", "No response", "Follow up 1", "Call back", "Will join next month", "Asked to send the fee chart",
    "not reachable",
    "Joined", "", "", "", "After exams",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleTab:
    """A tab's title and its rows, the header first."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Family:
    parent: str
    phone: str  # ten digits
    email: str
    city: str
    children: tuple[tuple[str, int], ...]


def sample_tabs(seed: int, today: date) -> tuple[SampleTab, ...]:
    """The four tabs, with dates of the sixty days before `today`."""
    chance = random.Random(seed)  # noqa: S311 -- made-up people need no secrecy
    families = tuple(_family(chance, number) for number in range(210))
    return (
        _tab("Library leads", _LIBRARY, 120, _library_row, families, chance, today),
        _tab("Quiz registrations", _QUIZ, 90, _quiz_row, families, chance, today),
        _tab("Contact form", _CONTACT, 80, _contact_row, families, chance, today),
        _tab("Story-hour contacts", _STORY, 60, _story_row, families, chance, today),
    )


_LIBRARY: tuple[Cell, ...] = (
    "full_name",
    "phone_number",
    "email",
    "city",
    "lead_source",
    "lead_type",
    "notes",
    "Date contacted ",
)
_QUIZ: tuple[Cell, ...] = ("Email Address", "Parent Mobile no.", "Child Name and Age", "City ")
_CONTACT: tuple[Cell, ...] = (
    "Timestamp",
    "Name ",
    "Contact Number",
    "Email Address",
    "Location",
    "Any response ",
    "How many books a month?",
)
_STORY: tuple[Cell, ...] = ("Customer Name", "Mobile", "Email ID", "City Location", "", "Lead source ")

_RowMaker = Callable[[_Family, random.Random, date], tuple[Cell, ...]]


def _tab(
    title: str,
    header: tuple[Cell, ...],
    count: int,
    make: _RowMaker,
    families: tuple[_Family, ...],
    chance: random.Random,
    today: date,
) -> SampleTab:
    """`count` rows; one in twelve repeats a family of this tab, the others are drawn from all of them."""
    drawn = chance.sample(families, min(count, len(families)))
    for at in range(len(drawn)):
        if at and chance.random() < 1 / 12:
            drawn[at] = drawn[chance.randrange(at)]
    return SampleTab(title, (header, *(make(family, chance, _day(chance, today)) for family in drawn)))


def _family(chance: random.Random, number: int) -> _Family:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    phone = f"{chance.choice(('981', '987', '991', '701', '836', '962'))}5550{number:03}"
    names = chance.sample(CHILDREN, chance.choice((1, 1, 1, 2, 2)))
    email = f"{first}.{last}{number}@example.org".lower().replace("'", "")
    return _Family(
        f"{first} {last}", phone, email, chance.choice(_CITIES), tuple((name, chance.randint(2, 12)) for name in names)
    )


def _day(chance: random.Random, today: date) -> date:
    return today - timedelta(days=chance.randint(0, 60))


def _phone(family: _Family, chance: random.Random) -> Cell:
    """The phone as people type it; one in twenty-five cannot be used."""
    phone = family.phone
    if chance.random() < 0.04:
        return chance.choice(("", "98765", "not given", "9.81555E+09"))
    typed: tuple[Cell, ...] = (
        *(
            phone,
            phone,
            int(phone),
            float(phone),
            f"0{phone}",
            f"91{phone}",
            f"+91-{phone}",
            f"{phone[:5]}-{phone[5:]}",
        ),
        *(f"+91 {phone[:5]} {phone[5:]}", f"({phone[:3]}) {phone[3:6]}-{phone[6:]}"),
        *(f"{phone} / 990555{phone[-4:]}", f"{phone} (father)"),
    )
    return chance.choice(typed)


def _name(name: str, chance: random.Random) -> str:
    return chance.choice((name, name, name, name.upper(), name.lower(), f"  {name} "))


def _email(family: _Family, chance: random.Random) -> str:
    email = family.email
    if chance.random() < 0.03:
        return email.replace("@example.org", "@gmial.com")
    return chance.choice((email, email, email, email.upper(), f" {email}", "", "na"))


def _library_row(family: _Family, chance: random.Random, day: date) -> tuple[Cell, ...]:
    texts = (f"{day:%d/%m/%Y}", f"{day:%d-%m-%y}", f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%b %Y}")
    when: Cell = chance.choice((*texts, (day - EPOCH).days))
    who: tuple[Cell, ...] = (_name(family.parent, chance), _phone(family, chance), _email(family, chance), family.city)
    return (*who, chance.choice(_SOURCES), chance.choice(_TYPES), chance.choice(_NOTES), when)


def _quiz_row(family: _Family, chance: random.Random, day: date) -> tuple[Cell, ...]:
    form = chance.choice(("{0} ({1} years)", "{0} ({1}yr)", "{0} - age {1}", "{0}, {1}", "{0} {1} yrs"))
    said = [form.format(name, age) for name, age in family.children]
    if day.day % 3 == 0:
        said = said[:1]
    return (_email(family, chance), _phone(family, chance), " & ".join(said), family.city)


def _contact_row(family: _Family, chance: random.Random, day: date) -> tuple[Cell, ...]:
    moment = (day - EPOCH).days + chance.randint(8 * 3600, 21 * 3600) / 86400
    who: tuple[Cell, ...] = (_name(family.parent, chance), _phone(family, chance), _email(family, chance), family.city)
    return (moment, *who, chance.choice(_RESPONSES), chance.choice((2, 4, 6, 10, "")))


def _story_row(family: _Family, chance: random.Random, day: date) -> tuple[Cell, ...]:
    who: tuple[Cell, ...] = (_name(family.parent, chance), _phone(family, chance), _email(family, chance), family.city)
    return (*who, "x" if day.day == 1 else "", chance.choice(_SOURCES))
