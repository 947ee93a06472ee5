from __future__ import annotations

import pytest

from app.shown import child, clipped, email_address, showing
from store.config import default_config
from tests.app.book import TODAY, lead

SHOWN = showing(default_config(), TODAY)


@pytest.mark.parametrize(
    ("days", "words", "late"),
    [
        (-400, "400 days late", True),
        (-1, "1 day late", True),
        (0, "today", False),
        (1, "tomorrow", False),
        (1500, "in 1,500 days", False),
    ],
)
def test_follow_ups_in_words(days: int, words: str, late: bool) -> None:
    from datetime import timedelta

    told = SHOWN.follow_up(lead(0, next_follow_up=TODAY + timedelta(days=days)))
    assert told is not None
    assert (told.words, told.late) == (words, late)


def test_who_must_not_be_contacted_is_never_late() -> None:
    told = SHOWN.follow_up(lead(0, do_not_contact=True))
    assert told is not None
    assert (told.words, told.late) == ("", False)


@pytest.mark.parametrize(
    "number", ["javascript:alert(1)", "98155", "+91 98155", "", "+0123456789", "tel:+919815550100"]
)
def test_only_a_number_can_be_dialled(number: str) -> None:
    told = SHOWN.phone(number)
    assert told is None or (told.tel, told.whatsapp) == ("", "")


@pytest.mark.parametrize("email", ["a b@example.com", "x<y@example.com", '"@example.com', "nobody", "a@b@c\n"])
def test_only_an_address_can_be_written_to(email: str) -> None:
    assert email_address(email) == ""


def test_what_stands_in_a_mailto_is_quoted() -> None:
    assert email_address("a?cc=b@example.com") == "mailto:a%3Fcc%3Db@example.com"


def test_children() -> None:
    assert child(lead(0, child_name=None)) == "age 10"
    assert child(lead(0, child_age=None)) == "Myra"
    assert child(lead(0, child_age=0)) == "Myra, 0"


def test_clipped() -> None:
    assert clipped("abcdef", 4) == "abc…"
    assert clipped(None, 4) == ""


def test_a_word_that_is_no_status_is_shown_as_it_is() -> None:
    row = SHOWN.row(lead(0, status="Maybe?", priority="ASAP"))
    assert row.status is not None
    assert (row.status.label, row.status.tone) == ("Maybe?", "plain")
    assert row.priority is not None
    assert row.priority.label == "ASAP"
