from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine

from app.asking import BLANK, Asked
from app.filters import Pick, chips, pick_words, picks, sorts
from store.config import default_config
from tests.app.book import lead, put

CONFIG = default_config()


@pytest.fixture
def conn(app: Flask, book: Engine) -> Iterator[Connection]:
    with app.test_request_context(), book.connect() as opened:
        yield opened


def pick(conn: Connection, asked: Asked, name: str) -> Pick:
    return next(found for found in picks(conn, CONFIG, asked) if found.name == name)


def test_statuses_stand_in_their_own_order_with_their_counts(conn: Connection) -> None:
    options = pick(conn, Asked(), "status").options
    assert [option.label for option in options] == [status.label for status in CONFIG.statuses]
    assert sum(option.count or 0 for option in options) == 38


def test_what_is_picked_is_said_on_the_button(conn: Connection) -> None:
    asked = Asked(picks=MappingProxyType({"city": ("Delhi",)}))
    found = pick(conn, asked, "city")
    assert (found.words, found.chosen) == ("Delhi", True)
    assert [option.label for option in found.options if option.chosen] == ["Delhi"]
    assert [chip.label for chip in chips(asked)] == ["Delhi"]
    assert chips(asked)[0].without == "/leads"


def test_a_picked_value_that_the_book_lost_can_still_be_taken_back(conn: Connection) -> None:
    found = pick(conn, Asked(picks=MappingProxyType({"city": ("Atlantis",)})), "city")
    assert ("Atlantis", 0) in [(option.label, option.count) for option in found.options]


def test_blanks_can_be_picked_where_there_are_some(app: Flask, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, city=None), lead(1)])
    with app.test_request_context(), engine.connect() as conn:
        assert (BLANK, 1) in [(option.value, option.count) for option in pick(conn, Asked(), "city").options]


def test_a_thousand_cities_are_not_all_offered(app: Flask, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, city=f"City {n}") for n in range(1000)])
    with app.test_request_context(), engine.connect() as conn:
        assert len(pick(conn, Asked(), "city").options) < 60


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (("Interested", "New Lead"), "Interested, New Lead"),
        (("Interested", "Initial Contact"), "Interested +1"),
        (("Member", "New Lead", "Interested"), "Member +2"),
        (("",), "Status: none"),
    ],
)
def test_several_values_are_said_shortly(values: tuple[str, ...], words: str) -> None:
    assert pick_words(Asked(picks=MappingProxyType({"status": values})))[0].words == words


@pytest.mark.parametrize(
    ("bounds", "name", "words", "chosen"),
    [
        ({"follow_up_from": "today", "follow_up_to": "+6"}, "follow_up", "In the next 7 days", "week"),
        ({"follow_up_from": "01-12-2026"}, "follow_up", "Follow-up from 01-12-2026", None),
        ({"follow_up": "none"}, "follow_up", "No follow-up set", "none"),
        ({"contacted_to": "-30"}, "contacted", "30 days ago or more", "not30"),
        ({"contacted": "never"}, "contacted", "Never", "never"),
        ({"score_from": "60", "score_to": "80"}, "score", "Score 60 to 80", None),
        ({"lead_to": "-5"}, "lead", "Lead since to -5", None),
        ({}, "follow_up", "Follow-up", ""),
    ],
)
def test_days_and_scores_are_said(
    app: Flask, bounds: dict[str, str], name: str, words: str, chosen: str | None
) -> None:
    asked = Asked(bounds=MappingProxyType(bounds))
    found = next(one for one in pick_words(asked) if one.name == name)
    assert (found.words, found.chosen) == (words, bool(bounds))
    assert next((option.value for option in found.options if option.chosen), None) == (
        chosen if found.options else None
    )
    with app.test_request_context():
        assert [chip.without for chip in chips(asked)] == ["/leads"] * bool(bounds)


def test_a_sort_from_the_table_is_kept_by_the_form() -> None:
    assert [option.value for option in sorts(Asked(sort="-city")) if option.chosen] == ["-city"]
