from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.config import Person
from core.digest import DueList, is_time, letter, readers
from core.model import Lead
from tests.core.library import CONFIG

DAY = date(2026, 11, 22)
NEHA = Person("Neha Arora", "neha@example.org")


def lead(name: str | None = "Farah", late: int = 0, **more: object) -> Lead:
    made = Lead("L1", full_name=name, phone_number="+919815550102", next_follow_up=DAY - timedelta(days=late))
    return replace(made, **more)  # type: ignore[arg-type]  # a test names the fields


def test_a_letter_says_whom_to_call() -> None:
    due = DueList(1, 42, [lead("Deepak", 9, child_name="Myra", child_age=10, status="Interested"), lead()])
    made = letter(NEHA, DAY, due, CONFIG, "Bumuk", "https://crm.example.org")
    assert made.subject == "Bumuk: 42 due today, 1 overdue"
    assert "Good morning Neha,\n\non 22-11-2026 you have 42 due today, 1 overdue.\n" in made.text
    assert (
        "Deepak (Myra, 10)\n  (981) 555-0102 · Interested · 9 days late\n  https://crm.example.org/leads/L1\n"
        in made.text
    )
    assert "Farah\n  (981) 555-0102 · today\n" in made.text
    assert "… and 41 more in the app." in made.text


def test_without_an_address_there_is_nothing_to_press() -> None:
    assert "http" not in letter(NEHA, DAY, DueList(1, 0, [lead(late=1)]), CONFIG, "Bumuk", "").text
    assert "1 day late" in letter(NEHA, DAY, DueList(1, 0, [lead(late=1)]), CONFIG, "Bumuk", "").text


def test_a_cell_cannot_forge_lines() -> None:
    bad = "Asha\r\nBcc: everyone@example.org\n\nBuy now " + "x" * 500
    made = letter(NEHA, DAY, DueList(0, 1, [lead(bad, status=bad, phone_number=None)]), CONFIG, "Bumuk", "")
    assert "\nBcc" not in made.text
    assert max(map(len, made.text.splitlines())) < 250


@pytest.mark.parametrize(
    ("here", "due"),
    [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False), ("00:30", False)],
)
def test_it_is_time_on_the_librarys_clock(here: str, due: bool) -> None:
    hour, minute = map(int, here.split(":"))
    now = datetime(2026, 11, 22, hour, minute, tzinfo=CONFIG.timezone).astimezone(UTC)
    assert is_time(now, time(8), CONFIG) is due


def test_who_gets_it() -> None:
    team = (
        NEHA,
        Person("No address"),
        Person("Viewer", "viewer@example.org", "viewer"),
        Person("Gone", "gone@example.org", active=False),
        Person("Twice", "NEHA@example.org"),
        Person("Vikram", "vikram@example.org", "admin"),
    )
    assert [one.name for one in readers(replace(CONFIG, team=team))] == ["Neha Arora", "Vikram"]
