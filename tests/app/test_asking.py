from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict

from app.asking import BLANK, Asked, page_limit, parse
from app.errors import Refused
from store import search
from store.search import LeadQuery
from tests.app.book import TODAY


@pytest.fixture
def asks(app: Flask, book: Engine) -> Iterator[Engine]:
    with app.test_request_context():
        yield book


def parsed(engine: Engine, **args: str | list[str]) -> Asked:
    with engine.connect() as conn:
        return parse(conn, MultiDict(args))


def test_words_are_taken_as_the_book_writes_them(asks: Engine) -> None:
    asked = parsed(asks, status="MEMBER", city=" delhi ", assigned_to="neha")
    assert dict(asked.picks) == {"status": ("Member",), "city": ("Delhi",), "assigned_to": ("Neha",)}


def test_a_word_that_the_book_does_not_know_stays(asks: Engine) -> None:
    assert parsed(asks, city="Atlantis").query(TODAY).city == ("Atlantis",)


def test_blank_filters_nothing_and_the_mark_asks_for_blanks(asks: Engine) -> None:
    assert parsed(asks, status="", city="  ") == Asked()
    assert parsed(asks, city=BLANK).query(TODAY).city == ("",)


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


def test_several_filters_and_several_values_at_once(asks: Engine) -> None:
    asked = parsed(asks, status=["member", "Interested", "MEMBER"], city=[BLANK, "delhi"], score_from="60", q="x")
    assert asked.picks == {"status": ("Member", "Interested"), "city": ("", "Delhi")}
    assert asked.address() == "/leads?q=x&status=Member&status=Interested&city=-&city=Delhi&score_from=60"
    assert asked.without("status").without("score").address() == "/leads?q=x&city=-&city=Delhi"


@pytest.mark.parametrize(
    ("given", "canonical", "first", "last"),
    [
        (
            {"follow_up_from": "2026-12-01", "follow_up_to": "3/12/2026"},
            "follow_up_from=01-12-2026&follow_up_to=03-12-2026",
            9,
            11,
        ),
        ({"follow_up": "week"}, "follow_up_from=today&follow_up_to=%2B6", 0, 6),
        ({"follow_up_to": "+7"}, "follow_up_to=%2B7", None, 7),
        ({"follow_up": "overdue"}, "overdue=1", None, None),
    ],
)
def test_days_are_read_as_people_write_them(
    asks: Engine, given: dict[str, str], canonical: str, first: int | None, last: int | None
) -> None:
    asked = parsed(asks, **given)
    assert asked.address() == "/leads?" + canonical
    days = [None if n is None else TODAY + timedelta(days=n) for n in (first, last)]
    assert [asked.query(TODAY).due_from, asked.query(TODAY).due_to] == days


def test_last_contacted_goes_by_the_librarys_midnight(asks: Engine) -> None:
    query = parsed(asks, contacted_from="20-11-2026", contacted_to="21-11-2026").query(TODAY, ZoneInfo("Asia/Kolkata"))
    assert query.contacted_from == datetime(2026, 11, 19, 18, 30, tzinfo=UTC)
    assert query.contacted_before == datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert parsed(asks, contacted="never").query(TODAY).never_contacted


@pytest.mark.parametrize("asked", ["contacted_to=31-12-9999", "contacted_from=01-01-0001", "contacted_from=0001-01-01"])
def test_a_day_at_an_end_of_the_calendar_bounds_nothing(client: FlaskClient, book: Engine, asked: str) -> None:
    with book.connect() as conn:
        contacted = search.count(conn, LeadQuery()) - search.count(conn, LeadQuery(never_contacted=True))
    assert f"{contacted} of 38" in client.get(f"/leads?{asked}").text
    assert client.get(f"/leads/export.csv?{asked}").text.count("\n") == contacted + 1


def test_me_is_whoever_looks(asks: Engine) -> None:
    asked = parsed(asks, assigned_to=["me", "vikram"])
    assert asked.query(TODAY, me="Neha").assigned_to == ("Neha", "Vikram")
    assert asked.address() == "/leads?assigned_to=me&assigned_to=Vikram"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("follow_up_from", "31-02-2026"), ("lead_to", "soon"), ("contacted_from", "+99999"), ("score_from", "101"),
        ("score_to", "-1"), ("score_from", "٣"), ("follow_up", "sometimes"), ("contacted", "overdue"),
        ("lead_from", "2026"),
    ],
)  # fmt: skip
def test_what_is_no_day_or_score_is_named(asks: Engine, name: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        parsed(asks, **{name: text})
    assert (refused.value.fault.status, refused.value.fault.field) == (400, name)


@pytest.mark.parametrize("text", ["0", "-3", "501", "1.5", "ten", "1e2", "٣", "9" * 30])
def test_a_limit_out_of_bounds(text: str) -> None:
    with pytest.raises(Refused) as refused:
        page_limit({"limit": text}, 50, 500)
    assert (refused.value.fault.status, refused.value.fault.field) == (400, "limit")


def test_a_limit_within_bounds() -> None:
    assert [page_limit({"limit": text}, 50, 500) for text in ("", "1", "500", " 7 ")] == [50, 1, 500, 7]
