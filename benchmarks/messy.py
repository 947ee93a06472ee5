"""Makes messy leads with the truth beside them: `python -m benchmarks.messy --rows N --seed S --out DIR`.

People are made up; their phones are of the kind (981) 555-0142 and their addresses are of example.org. The same seed
gives the same rows. Seven tabs: the four formats of the seed document, a tab of rarer slips, a tab whose dates stand in
both orders, and the long questions of a real form.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks import messes, odd_messes
from benchmarks.truth import Truth
from core.model import Cell
from core.samples import CHILDREN, FIRST, LAST
from core.text import cell_text


@dataclass(frozen=True, slots=True)
class MessyTab:
    """A tab as the sheet gives it. `locale` is its spreadsheet's."""

    title: str
    locale: str
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    truths: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A made-up household."""

    number: int
    parent: str
    phones: tuple[str, ...]  # ten digits each
    landline: int  # digits of the area code, 0 where the first phone is a mobile
    email: str
    city: str
    children: tuple[tuple[str, int], ...]


def family(number: int, chance: random.Random) -> Family:
    """Household `number`; its phones are its own."""
    parent = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    mobile = f"{600 + number // 1000 % 400}5550{number % 1000:03}"
    phones: tuple[str, ...] = (mobile,)
    code = 0
    if chance.random() < 0.02:
        code = 2
        phones = (f"22{2555_0000 + number % 10000}",)
    elif chance.random() < 0.08:
        phones = (mobile, f"{600 + number // 1000 % 400}5551{number % 1000:03}")
    kids = chance.sample(CHILDREN, chance.choice((1, 1, 1, 2)))
    email = f"{parent.split()[0]}.{number}@example.{chance.choice(('org', 'com', 'in'))}".lower()
    return Family(
        number,
        parent,
        phones,
        code,
        email,
        chance.choice(tuple(messes.CITIES)),
        tuple((kid, chance.randint(2, 12)) for kid in kids),
    )


class _Tab:
    """Grows one tab row by row."""

    def __init__(self, title: str, chance: random.Random) -> None:
        self.title, self.chance = title, chance
        self.rows: list[tuple[Cell, ...]] = []
        self.truths: list[Truth] = []

    def phone(self, who: Family) -> tuple[Cell, tuple[str, ...]]:
        """The phone cell of a row and its truth; none where it is spoiled for good."""
        chance = self.chance
        if chance.random() < 0.04:
            return messes.bad_phone(who.phones[0], chance), ()
        if who.landline:
            return messes.landline(who.phones[0], who.landline, chance), ("+91" + who.phones[0],)
        if len(who.phones) > 1 and chance.random() < 0.5:
            return messes.two_phones(who.phones[0], who.phones[1], chance), tuple("+91" + one for one in who.phones)
        return messes.phone(who.phones[0], chance), ("+91" + who.phones[0],)

    def email(self, who: Family) -> tuple[Cell, str | None]:
        spoiled = self.chance.random()
        if spoiled < 0.1:
            return self.chance.choice(("", "na", None, "-", "N/A")), None
        if spoiled < 0.13:
            return self.chance.choice(
                ("asha@", "@example.org", "asha example.org", "asha@example", "asha@@example.org", "www.example.org")
            ), None
        return messes.email(who.email, self.chance), who.email


_Maker = Callable[[_Tab, Family, date], tuple[tuple[Cell, ...], Truth]]


def _truth(tab: _Tab, who: Family, phones: tuple[str, ...], **more: object) -> Truth:
    return Truth(tab.title, len(tab.rows) + 2, who.number, phones, good=bool(phones), **more)  # type: ignore[arg-type]


def _day_cell(tab: _Tab, day: date, order: str) -> tuple[Cell, date | None]:
    chance = tab.chance.random()
    if chance < 0.02:
        return messes.bad_date(tab.chance), None
    if chance < 0.04:
        return "", None
    return (messes.sure_date(day, tab.chance) if chance < 0.4 else messes.plain_date(day, order, tab.chance)), day


def _library(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    (phone, phones), (mail, email), (when, true_day) = tab.phone(who), tab.email(who), _day_cell(tab, day, "dmy")
    status = tab.chance.choice(tuple(messes.STATUSES))
    row = (
        messes.name(who.parent, tab.chance),
        phone,
        mail,
        tab.chance.choice(messes.CITIES[who.city]),
        "insta",
        "hot",
        tab.chance.choice(messes.REMARKS),
        when,
        tab.chance.choice(messes.STATUSES[status]),
        "",
    )
    truth = _truth(tab, who, phones, email=email, name=who.parent, city=who.city, status=status, day=true_day)
    return row, truth


def _quiz(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    (phone, phones), (mail, email) = tab.phone(who), tab.email(who)
    kids = who.children if tab.chance.random() < 0.7 else who.children[:1]
    row = (
        messes.form_timestamp(day, tab.chance),
        mail,
        phone,
        messes.children(kids, tab.chance),
        tab.chance.choice(messes.CITIES[who.city]),
    )
    return row, _truth(tab, who, phones, email=email, children=kids, city=who.city, day=day)


def _contact(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    (phone, phones), (mail, email) = tab.phone(who), tab.email(who)
    row = (
        messes.sure_date(day, tab.chance),
        messes.name(who.parent, tab.chance),
        phone,
        mail,
        tab.chance.choice(messes.CITIES[who.city]),
        tab.chance.choice(messes.REMARKS),
    )
    return row, _truth(tab, who, phones, email=email, name=who.parent, city=who.city, day=day)


def _custom(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    (phone, phones), (mail, email), (when, true_day) = tab.phone(who), tab.email(who), _day_cell(tab, day, "mdy")
    row = (messes.name(who.parent, tab.chance), phone, mail, tab.chance.choice(messes.CITIES[who.city]), when)
    return row, _truth(tab, who, phones, email=email, name=who.parent, city=who.city, day=true_day)


def _mixed(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    phone, phones = tab.phone(who)
    dmy = tab.chance.random() < 0.5
    when = f"{day.day}/{day.month}/{day.year}" if dmy else f"{day.month}/{day.day}/{day.year}"
    open_day = day.day < 13 and day.day != day.month
    row = (messes.name(who.parent, tab.chance), phone, when)
    return row, _truth(tab, who, phones, name=who.parent, day=None if open_day else day, undecidable=open_day)


def _form(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    (phone, phones), (mail, email) = tab.phone(who), tab.email(who)
    kid, age = who.children[0]
    stamp = f"{day:%Y/%m/%d} {tab.chance.randint(1, 12)}:05:33 {tab.chance.choice(('AM', 'PM'))} GMT+5:30"
    row = (
        stamp,
        mail,
        messes.name(who.parent, tab.chance),
        phone,
        messes.name(kid, tab.chance),
        tab.chance.choice((age, f"{age} years", str(age))),
        "Yes",
    )
    return row, _truth(tab, who, phones, email=email, name=who.parent, children=((kid, age),), day=day)


def _odd(tab: _Tab, who: Family, day: date) -> tuple[tuple[Cell, ...], Truth]:
    chance, (kid, age), digits = tab.chance, who.children[0], who.phones[-1 if who.landline else 0]
    phones = ("+91" + digits,) if len(digits) == 10 and digits[0] in "6789" else ()
    row = (
        odd_messes.name(who.parent, chance),
        odd_messes.phone(digits, chance) if phones else "",
        odd_messes.email(who.email, chance),
        odd_messes.child(kid, age, chance),
        chance.choice(odd_messes.CITY_FORMS).format(who.city),
        odd_messes.day_first(day, chance),
    )
    kids = ((kid, age),)
    return row, _truth(tab, who, phones, email=who.email, name=who.parent, children=kids, city=who.city, day=day)


_TABS: tuple[tuple[str, str, tuple[Cell, ...], _Maker, int], ...] = (
    (
        "Library leads",
        "en_IN",
        (
            "full_name",
            "phone_number",
            "email",
            "city",
            "lead_source",
            "lead_type",
            "notes",
            "Date contacted ",
            "Status",
            "",
        ),
        _library,
        6,
    ),
    ("Quiz", "en_US", ("Timestamp", "Email Address", "Parent Mobile no.", "Child Name and Age", "City"), _quiz, 5),
    (
        "Contact form",
        "en_US",
        ("Timestamp", "Name", "Contact Number", "Email Address", "Location", "Any response "),
        _contact,
        4,
    ),
    ("Custom", "en_IN", ("Customer Name", "Mobile", "Email ID", "City Location", "Date"), _custom, 3),
    ("Event book", "en_IN", odd_messes.HEADER, _odd, 2),
    ("Both orders", "en_IN", ("Name ", "Number ", "Date"), _mixed, 1),
    (
        "Registration",
        "en_IN",
        (
            "Timestamp",
            "Email address",
            "Parent's full name *",
            "WhatsApp number (10 digits)",
            "What is your child's name?",
            "Child's age (in years)",
            "Are you on WhatsApp?",
        ),
        _form,
        3,
    ),
)


def tabs(rows: int, seed: int) -> tuple[MessyTab, ...]:
    """About `rows` rows over all tabs. Each family comes 1.35 times on the average."""
    chance = random.Random(seed)
    families = [family(number, chance) for number in range(max(4, rows * 3 // 4))]
    seen: dict[tuple[int, str], tuple[str, int]] = {}
    found = []
    for title, locale, header, make, share in _TABS:
        tab = _Tab(title, chance)
        for _ in range(max(3, rows * share // 22)):
            day = date(2026, 11, 20) - timedelta(days=chance.randint(0, 600))
            row, truth = make(tab, chance.choice(families), day)
            tab.truths.append(_with_duplicate(truth, seen))
            tab.rows.append(row)
        found.append(MessyTab(title, locale, header, tuple(tab.rows), tuple(tab.truths)))
    return tuple(found)


def _with_duplicate(truth: Truth, seen: dict[tuple[int, str], tuple[str, int]]) -> Truth:
    """Marks a row whose phone came before with the same child, or with no child."""
    if not truth.good:
        return truth
    who = truth.children[0][0] if truth.children else ""
    first = seen.setdefault((truth.family, who), (truth.tab, truth.row))
    return (
        truth
        if first == (truth.tab, truth.row)
        else Truth(**(asdict(truth) | {"children": truth.children, "duplicate_of": first}))
    )


def write(found: tuple[MessyTab, ...], out: Path) -> None:
    """A CSV for each tab, and `truth.jsonl` with a line for each row."""
    out.mkdir(parents=True, exist_ok=True)
    for tab in found:
        with (out / f"{tab.title}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([[cell_text(cell) for cell in row] for row in (tab.header, *tab.rows)])
    with (out / "truth.jsonl").open("w", encoding="utf-8") as file:
        for tab in found:
            file.writelines(
                json.dumps(asdict(truth) | {"locale": tab.locale, "cells": row}, default=str, ensure_ascii=False) + "\n"
                for truth, row in zip(tab.truths, tab.rows, strict=True)
            )


def clean_frame_rows(rows: int, seed: int) -> list[tuple[str, ...]]:
    """Rows of name, phone, e-mail, city and date as one CSV of a library holds them: text, two in three values as they
    should be typed, the rest spoiled in all the ways of `messes`. Families come 1.3 times on the average."""
    chance = random.Random(seed)
    families = [family(number, chance) for number in range(max(4, rows * 3 // 4))]
    tab = _Tab("", chance)
    found = []
    for _ in range(rows):
        who = chance.choice(families)
        day = date(2026, 11, 20) - timedelta(days=chance.randint(0, 600))
        plain: tuple[Cell, ...] = (who.parent, who.phones[0], who.email, who.city, f"{day:%d/%m/%Y}")
        spoiled = (
            lambda who=who: messes.name(who.parent, chance),
            lambda who=who: tab.phone(who)[0],
            lambda who=who: tab.email(who)[0],
            lambda who=who: chance.choice(messes.CITIES[who.city]),
            lambda day=day: _day_cell(tab, day, "dmy")[0],
        )
        found.append(
            tuple(
                cell_text(cell if chance.random() < 2 / 3 else spoil())
                for cell, spoil in zip(plain, spoiled, strict=True)
            )
        )
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="messy leads with their truth")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    found = tabs(asked.rows, asked.seed)
    write(found, asked.out)
    print(f"{sum(len(tab.rows) for tab in found)} rows in {len(found)} tabs written to {asked.out}")


if __name__ == "__main__":
    main()
