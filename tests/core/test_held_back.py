from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.held_back import held_back, rest_of
from core.model import Change, ChangeKind, Value
from store.config import default_config
from tests.app.book import NOW, TODAY, lead

WEEK = TODAY + timedelta(days=7)
ARJUN = lead(4, last_contacted=None)  # Initial Contact, due today
INTERESTED: Mapping[str, tuple[Value, Value]] = {
    "status": ("Initial Contact", "Interested"),
    "next_follow_up": (TODAY, WEEK),
    "notes": (None, "22-11-2026 Neha: Interested"),
    "last_contacted": (None, NOW),
    "lead_score": (57, 60),
}


def change(fields: Mapping[str, tuple[Value, Value]]) -> Change:
    return Change("CX", "LTEST00004", ChangeKind.UPDATE, fields, "Neha", NOW)


def test_held_back_is_what_people_set_and_nobody_disagreed_about() -> None:
    assert held_back(change(INTERESTED), {"status"}).keys() == {"next_follow_up", "notes", "last_contacted"}


def test_the_day_that_followed_from_the_status_goes_with_it() -> None:
    rest = rest_of(change(INTERESTED), {"status"}, replace(ARJUN, status="Member"), default_config())
    assert rest.keys() == {"notes", "last_contacted"}


def test_a_day_that_was_agreed_stays() -> None:
    agreed = change({**INTERESTED, "next_follow_up": (TODAY, date(2026, 12, 24))})
    assert "next_follow_up" in rest_of(agreed, {"status"}, replace(ARJUN, status="Member"), default_config())
    assert "next_follow_up" in rest_of(change(INTERESTED), {"notes"}, ARJUN, default_config()), "the status stands"


@pytest.mark.parametrize(
    ("name", "pair", "stands", "goes"),
    [
        ("phone_number", ("+919815550104", "+919815599999"), "+919815550104", True),
        ("phone_number", ("+919815550104", "+919815599999"), "+919815599999", False),  # said already
        ("phone_number", ("+919815550104", "+919815599999"), "+919815500000", True),  # for the merge to decide
        ("last_contacted", (None, NOW), NOW + timedelta(hours=1), False),  # the later call is the last one
        ("priority", ("Medium", "Urgent"), "Medium", True),
    ],
)
def test_what_the_lead_says_already_stays_out(name: str, pair: tuple[Value, Value], stands: Value, goes: bool) -> None:
    standing = replace(ARJUN, city="Agra", **{name: stands})  # type: ignore[arg-type]  # a test names the field
    made = change({name: pair, "city": ("Delhi", "Kochi")})
    assert (name in rest_of(made, {"city"}, standing, default_config())) is goes
