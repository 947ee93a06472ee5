from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.app.book import TODAY, fill, lead, put


def counts(page: str) -> list[int]:
    views = page.split('<nav class="views"')[1].split("</nav>")[0]
    return [int(found) for found in re.findall(r'<span class="count"[^>]*>([\d,]+)</span>', views)]


def names(page: str) -> list[str]:
    return re.findall(r'class="grow"><a href="[^"]*"><bdi>(.*?)</bdi>', page)


def test_overdue_today_and_the_next_seven_days(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = client.get("/follow-ups").text
    assert counts(page) == [2, 3, 3]
    assert names(page) == ["Deepak Chauhan", "Imran Khan"]
    assert names(client.get("/follow-ups?when=today").text) == ["Farah Siddiqui", "Neelam Yadav", "Arjun Menon"]
    week = client.get("/follow-ups?when=week").text
    assert names(week) == ["Shalini Iyer", "Nandini Krishnamurthy-Raghavan", "Kavita Joshi"]
    assert "Tue 24-11-2026" in re.sub(r"<[^>]+>", "", week)


def test_by_person(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = client.get("/follow-ups?with=Vikram").text
    assert counts(page) == [1, 1, 1]
    assert names(page) == ["Imran Khan"]
    assert 'aria-label="1, overdue, Vikram"' in page


def test_the_first_span_in_which_somebody_stands(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(
            conn, [lead(0, next_follow_up=TODAY + timedelta(days=7)), lead(1, next_follow_up=TODAY + timedelta(days=8))]
        )
    assert names(client.get("/follow-ups").text) == ["Deepak Chauhan"]
    empty = client.get("/follow-ups?when=today").text
    assert "Nobody is due today." in empty
    assert "1 in the next seven days" in empty


@pytest.mark.parametrize("asked", ["", "when=nonsense", "with=Nobody", "with=%00", "with=%F0%9F%90%A6"])
def test_what_cannot_be_meant_shows_the_usual(client: FlaskClient, book: Engine, asked: str) -> None:
    assert client.get(f"/follow-ups?{asked}").status_code == 200


def test_pages_follow_each_other(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, next_follow_up=TODAY) for n in range(70)])
    first = client.get("/follow-ups?when=today").text
    onward = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert onward is not None
    second = client.get(onward[1].replace("&amp;", "&")).text
    assert (len(names(first)), len(names(second))) == (50, 20)
    assert not set(names(first)) & set(names(second))
    assert client.get("/follow-ups?when=today&cursor=forged").status_code == 400


def test_who_must_not_be_contacted_is_not_there(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, do_not_contact=True)])
    assert counts(client.get("/follow-ups").text) == [0, 0, 0]


def test_hostile_cells(client: FlaskClient, engine: Engine) -> None:
    bad = '"><script>alert(1)</script>'
    with engine.begin() as conn:
        put(conn, [lead(0, full_name=bad, assigned_to=bad, status=bad, phone_number=bad, child_name=bad)])
    page = client.get("/follow-ups").text
    assert "<script>alert" not in page
    assert "tel:" not in page
