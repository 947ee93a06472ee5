"""Many leads changed from the list: ticked ones, all that match; followed, undone, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app import bulk_page
from core.model import Lead
from store import groups, mirror, outbox
from store.groups import Group
from tests.app.book import NOW, lead, put
from tests.app.conftest import csrf, sign_in

TICKED = ["LTEST00001", "LTEST00006"]


def form(client: FlaskClient, address: str = "/leads") -> dict[str, object]:
    page = client.get(address).text.split('id="bulk"')[1]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.split("</form>")[0]))
    return {**fields, "csrf_token": csrf(page)}


def standing(engine: Engine, lead_id: str) -> Lead:
    with engine.connect() as conn:
        found = mirror.lead(conn, lead_id)
        assert found
        return found


def waiting(engine: Engine) -> int:
    with engine.connect() as conn:
        return outbox.pending_count(conn)


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"status": "Member"}, "status", "Member"),
        ({"next_follow_up": "2026-12-24"}, "next_follow_up", "2026-12-24"),
        ({"set": "day", "day": "2026-12-25"}, "next_follow_up", "2026-12-25"),
        ({"assigned_to": ""}, "assigned_to", "None"),
        ({"priority": "urgent"}, "priority", "Urgent"),
    ],
)
def test_ticked_leads_are_changed_and_undone_as_one(
    client: FlaskClient, book: Engine, said: dict[str, str], field: str, value: str
) -> None:
    before = [standing(book, one) for one in TICKED]
    answer = client.post("/leads/bulk", data=form(client) | {"lead": TICKED} | said)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/leads")
    assert {str(getattr(standing(book, one), field)) for one in TICKED} == {value}
    page = client.get("/leads").text
    assert "on 2 leads" in page
    undo = re.search(r'action="(/changes/[^"]+/undo)"', page)
    assert undo
    client.post(undo[1], data={"csrf_token": csrf(page), "request": "u", "back": "/leads"})
    assert [getattr(standing(book, one), field) for one in TICKED] == [getattr(one, field) for one in before]
    assert "Undone on 2 leads" in client.get("/leads").text


def test_all_that_match_and_no_other(client: FlaskClient, book: Engine) -> None:
    fields = form(client, "/leads?status=New+Lead&assigned_to=vikram")
    assert fields["asked"] == "/leads?status=New+Lead&amp;assigned_to=Vikram"
    client.post(
        "/leads/bulk",
        data=fields | {"asked": "/leads?status=New+Lead&assigned_to=Vikram", "all": "1", "priority": "High"},
    )
    with book.connect() as conn:
        changed = {one.lead_id for one in outbox.pending(conn, 100) if one.group}
    assert changed == {f"LTEST000{n}6" for n in range(4)}


def test_a_long_list_is_meant_whole(client: FlaskClient, book: Engine) -> None:
    """Each letter of an Indian script is nine of an address, and what narrows most stands at its end."""
    cities = [f"अहमदाबाद {n}" for n in range(50)]
    with book.begin() as conn:
        put(conn, [lead(200 + n, city=city, next_follow_up=NOW.date()) for n, city in enumerate(cities)], 200)
        put(conn, [lead(300, city=cities[0], next_follow_up=NOW.date() - timedelta(days=1))], 300)
    asked = "/leads?" + urlencode({"city": cities, "overdue": "1"}, doseq=True)
    assert len(asked) > 4_000
    before = waiting(book)
    client.post("/leads/bulk", data=form(client) | {"asked": asked, "all": "1", "priority": "Urgent"})
    assert waiting(book) == before + 1
    assert standing(book, "LTEST00300").priority == "Urgent"


def test_the_same_form_again_changes_nothing_twice(client: FlaskClient, book: Engine) -> None:
    fields = form(client) | {"lead": TICKED, "status": "Member"}
    before = waiting(book)
    for _ in range(2):
        client.post("/leads/bulk", data=fields)
    assert waiting(book) == before + 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"status": "Member"}, "No lead is chosen."),
        ({"lead": TICKED}, "Choose what to change."),
        ({"lead": TICKED, "status": "Nonsense"}, "There is no status “Nonsense”."),
        ({"lead": TICKED, "set": "day", "day": ""}, "Choose a day."),
        ({"lead": TICKED, "set": "day", "day": "31-02-2027"}, "is not a date"),
        ({"lead": TICKED, "next_follow_up": "2020-01-01"}, "Choose a day after today."),
        ({"lead": TICKED, "assigned_to": "Nobody I know"}, "is nobody of the team"),
        ({"lead": ["LNOWHERE01"], "status": "Member"}, "no longer in Master"),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_says_why(
    client: FlaskClient, book: Engine, said: dict[str, object], told: str
) -> None:
    before = waiting(book)
    client.post("/leads/bulk", data=form(client) | said)
    page = client.get("/leads").text
    assert "Nothing was changed." in page
    assert told in page
    assert waiting(book) == before


def test_more_than_it_takes_is_refused(client: FlaskClient, book: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_page, "MOST", 10)
    before = waiting(book)
    client.post("/leads/bulk", data=form(client) | {"all": "1", "status": "Member"})
    assert waiting(book) == before
    assert "Narrow the list" in client.get("/leads").text


def test_a_large_change_shows_how_far_it_has_come(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_page, "_AT_ONCE", 5)
    with engine.begin() as conn:
        put(conn, [lead(n, do_not_contact=n == 3) for n in range(12)])
    answer = client.post("/leads/bulk", data=form(client) | {"all": "1", "next_follow_up": "2027-01-01"})
    page = client.get(answer.headers["Location"]).text
    assert answer.headers["Location"].startswith("/changes/G")
    assert "0 of 10 in the sheet, 10 on their way" in page
    assert (
        "2 left as they are: This lead must not be contacted. (1) Nothing to change: the lead says this already. (1)"
        in page
    )
    assert "Undo on all 10" in page
    assert "Next follow-up: 01-01-2027" in client.get("/changes").text


def test_unknown_groups_and_viewers(app: Flask, client: FlaskClient, book: Engine) -> None:
    token = form(client)["csrf_token"]
    assert client.get("/changes/GNOWHERE").status_code == 404
    assert client.post("/changes/GNOWHERE/undo", data={"csrf_token": token}).status_code == 404
    assert "Nothing was changed in bulk yet" in client.get("/changes").text
    assert client.get("/changes?cursor=x").status_code == 400
    viewer = sign_in(app, book, "viewer")
    assert 'id="bulk"' not in viewer.get("/leads").text
    page = viewer.get("/leads").text
    assert (
        viewer.post("/leads/bulk", data={"csrf_token": csrf(page), "lead": TICKED, "status": "Member"}).status_code
        == 403
    )


def test_a_change_that_was_interrupted_says_so(client: FlaskClient, engine: Engine) -> None:
    group = Group("GCUTSHORT", NOW - timedelta(minutes=5), "Neha", "City: Agra", 0)
    with engine.begin() as conn:
        groups.grow(conn, group, 200, NOW)
    assert "interrupted" not in client.get("/changes/GCUTSHORT").text, "its last portion has just come"
    with engine.begin() as conn:
        groups.grow(conn, group, 50, NOW - timedelta(minutes=2))
    page = client.get("/changes/GCUTSHORT").text
    assert "This was interrupted after 250 leads." in page
    assert "Do it once more from the list" in page
    with engine.begin() as conn:
        groups.ended(conn, "GCUTSHORT")
    assert "interrupted" not in client.get("/changes/GCUTSHORT").text
