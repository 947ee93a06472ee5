from __future__ import annotations

from datetime import timedelta

import pytest

from app.shown import showing
from app.timeline import Event, events
from core.model import Value
from store.activity import ActivityEntry
from store.config import default_config
from tests.app.book import NOW, TODAY

SHOWN = showing(default_config(), TODAY)


def entry(change: str, actor: str, field: str, old: Value, new: Value, why: str = "", days: int = 0) -> ActivityEntry:
    return ActivityEntry(NOW - timedelta(days=days), change, "L1", actor, field, old, new, why)


def one(*entries: ActivityEntry) -> Event:
    (event,) = events(entries, SHOWN)
    return event


def test_the_fields_of_one_change_are_one_event_in_masters_order() -> None:
    event = one(
        entry("C1", "Neha", "next_follow_up", None, TODAY), entry("C1", "Neha", "status", "New Lead", "Interested")
    )
    assert [change.label for change in event.changes] == ["Status", "Next follow-up"]
    assert event.title == "Neha"


def test_two_changes_are_two_events() -> None:
    told = events([entry("C2", "sheet", "city", "A", "B"), entry("C1", "sheet", "city", "", "A", days=1)], SHOWN)
    assert [event.title for event in told] == ["Typed into the sheet"] * 2


def test_a_new_lead_names_its_rows() -> None:
    why = "same phone · Library leads, row 45; new · Quiz registrations, row 5"
    event = one(entry("C1", "sync", "lead", None, "Gauri", why))
    assert event.title == "Taken in from the sheet"
    assert event.rows == (
        "Library leads, row 45: same phone",
        "Quiz registrations, row 5: matched with no other lead",
    )
    assert event.changes == ()


@pytest.mark.parametrize(
    ("actor", "title"),
    [("sync", "Brought up to date from the sheet"), ("sheet", "Typed into the sheet"), ("ai", "AI proposed")],
)
def test_who_it_was(actor: str, title: str) -> None:
    assert one(entry("C1", actor, "city", "A", "B")).title == title


def test_values_read_as_on_every_page() -> None:
    event = one(
        entry("C1", "Neha", "phone_number", None, "+919815550142"),
        entry("C1", "Neha", "last_contacted", None, NOW),
        entry("C1", "Neha", "Bus route", None, 7),
    )
    words = {change.label: change.new for change in event.changes if change.label != "Last contacted"}
    assert words == {"Phone": "(981) 555-0142", "Bus route": "7"}


def test_a_long_change_is_folded_and_a_huge_value_clipped() -> None:
    names = ("full_name", "city", "email", "status", "priority", "notes")
    event = one(*(entry("C1", "Neha", name, None, "x" * 50_000) for name in names))
    assert (len(event.changes), event.at_once) == (6, 3)
    assert max(len(change.new) for change in event.changes) <= 300
