from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.asking import BLANK, Asked, page_limit, parse
from app.errors import Refused
from tests.app.book import TODAY


@pytest.fixture
def asks(app: Flask, book: Engine) -> Iterator[Engine]:
    with app.test_request_context():
        yield book


def parsed(engine: Engine, **args: str) -> Asked:
    with engine.connect() as conn:
        return parse(conn, args)


def test_words_are_taken_as_the_book_writes_them(asks: Engine) -> None:
    asked = parsed(asks, status="MEMBER", city=" delhi ", assigned_to="neha")
    assert dict(asked.picks) == {"status": "Member", "city": "Delhi", "assigned_to": "Neha"}


def test_a_word_that_the_book_does_not_know_stays(asks: Engine) -> None:
    assert parsed(asks, city="Atlantis").query(TODAY).city == "Atlantis"


def test_blank_filters_nothing_and_the_mark_asks_for_blanks(asks: Engine) -> None:
    assert parsed(asks, status="", city="  ") == Asked()
    assert parsed(asks, city=BLANK).query(TODAY).city == ""


def test_overdue_is_before_the_given_day(asks: Engine) -> None:
    assert parsed(asks, overdue="TRUE").query(TODAY).overdue_on == TODAY
    assert parsed(asks, overdue="no").query(TODAY).overdue_on is None


def test_an_address_has_only_what_is_asked(asks: Engine) -> None:
    assert parsed(asks, q="a b", status="member", sort="-lead_score").address() == (
        "/leads?q=a+b&status=Member&sort=-lead_score"
    )
    assert Asked().address() == "/leads"
    assert parsed(asks, city=BLANK).address(cursor="x") == "/leads?city=-&cursor=x"


@bounds(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(q=st.text(max_size=40), city=st.text(max_size=40), overdue=st.booleans())
def test_an_address_asks_again_for_the_same(app: Flask, book: Engine, q: str, city: str, overdue: bool) -> None:
    with app.test_request_context(), book.connect() as conn:
        first = parse(conn, {"q": q, "city": city, "overdue": str(overdue)})
        with app.test_request_context(first.address()) as again:
            assert parse(conn, again.request.args) == first


@pytest.mark.parametrize("text", ["0", "-3", "501", "1.5", "ten", "1e2", "٣", "9" * 30])
def test_a_limit_out_of_bounds(text: str) -> None:
    with pytest.raises(Refused) as refused:
        page_limit({"limit": text}, 50, 500)
    assert (refused.value.fault.status, refused.value.fault.field) == (400, "limit")


def test_a_limit_within_bounds() -> None:
    assert [page_limit({"limit": text}, 50, 500) for text in ("", "1", "500", " 7 ")] == [50, 1, 500, 7]
