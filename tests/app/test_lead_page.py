from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.columns import recognise, shape_to_json
from core.model import Disposition, LedgerEntry
from core.scoring import priority, score
from store import ledger, mirror, tabs
from store.config import default_config
from store.ledger import PlacedEntry
from store.tabs import TabState
from tests.app.book import NOW, lead, put


def test_a_deleted_lead_is_gone(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00002"], "deleted")
    answer = client.get("/leads/LTEST00002")
    assert answer.status_code == 404
    assert "There is no lead LTEST00002" in answer.text


def test_a_lead_tells_what_happened_and_where_it_came_from(client: FlaskClient, book: Engine) -> None:
    page = client.get("/leads/LTEST00002").text
    assert "Typed into the sheet" in page
    assert "Rohini" in page
    assert "farah SIDDIQUI (Mrs)" in page
    assert "Story hour form, row 218" in page
    assert "Taken in from the sheet" in page
    assert "Story hour form, row 218: matched with no other lead" in page
    assert 'href="https://wa.me/919815550102?text=Hello%20Farah%20Siddiqui' in page
    assert (
        'href="mailto:farah2@example.com?subject=Bumuk%20Library%20CRM%3A%20a%20library%20for%20Zoya&amp;body=Dear'
        in page
    )


def test_the_way_back_keeps_the_search(client: FlaskClient, book: Engine) -> None:
    came = {"Referer": "http://localhost/leads?q=kaur"}
    assert 'href="/leads?q=kaur"' in client.get("/leads/LTEST00002", headers=came).text
    elsewhere = {"Referer": "http://evil.example/leads?q=kaur"}
    assert "q=kaur" not in client.get("/leads/LTEST00002", headers=elsewhere).text


def test_the_household_is_this_lead_and_its_family_with_links(client: FlaskClient, engine: Engine) -> None:
    phone = lead(0).phone_number
    with engine.begin() as conn:
        put(conn, [lead(0), lead(1, phone_number=phone), lead(2)])
    page = client.get("/leads/LTEST00000").text
    assert '>Household</h2><span class="quiet small">same phone</span>' in page
    assert '<b><bdi>Myra, 10</bdi></b><br><span class="small quiet"><bdi>this lead</bdi>' in page
    assert '<a href="/leads/LTEST00001"><bdi>Ayaan, 3</bdi></a>' in page
    assert "with Imran Khan" in page
    assert "Zoya" not in page
    assert "Household</h2>" not in client.get("/leads/LTEST00002").text, "nobody else is of its family"


def test_a_number_of_many_is_not_listed_whole(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, phone_number="+919815550000") for n in range(40)])
    page = client.get("/leads/LTEST00000").text
    assert '<a href="/leads?q=%2B919815550000">Everyone with this phone</a>' in page
    assert "/leads/LTEST00020" in page
    assert "/leads/LTEST00021" not in page


def test_a_priority_says_why(client: FlaskClient, engine: Engine) -> None:
    points = score(lead(0), default_config(), NOW)
    ruled, why = priority(points, lead(0), default_config(), NOW)
    with engine.begin() as conn:
        put(conn, [lead(0, priority=ruled, lead_score=points.points), lead(1, priority="Urgent", lead_score=3)])
    page = client.get("/leads/LTEST00000").text
    assert f"From {why}." in page
    assert "By today’s rules" not in page
    page = client.get("/leads/LTEST00001").text
    assert "Chosen by hand. The rules say " in page
    assert "By today’s rules it would be" in page


def test_a_day_in_a_raw_row_reads_as_a_day(client: FlaskClient, engine: Engine) -> None:
    header, cells = ("Name", "Phone", "Date"), ("Deepak", 9815550100.0, 45963)
    shape = shape_to_json(recognise(header, [cells] * 3, default_config()))
    with engine.begin() as conn:
        put(conn, [lead(0)])
        tabs.put_tab(conn, TabState(7, "Mela", "source", header, shape, rows=2))
        made = LedgerEntry(7, "fp:1", "key", Disposition.CREATED, ("LTEST00000",))
        ledger.put(conn, [PlacedEntry(made, 2, cells)])
    page = client.get("/leads/LTEST00000").text
    assert "02-11-2025" in page
    assert "<bdi>9815550100</bdi>" in page


def test_a_row_of_a_tab_that_is_gone_is_left_out(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0)])
        made = LedgerEntry(99, "fp:1", "key", Disposition.CREATED, ("LTEST00000",))
        ledger.put(conn, [PlacedEntry(made, 2, ("raw name",))])
    assert "raw name" not in client.get("/leads/LTEST00000").text


def test_a_place_in_the_history_that_cannot_be_read_is_refused(client: FlaskClient, book: Engine) -> None:
    assert client.get("/leads/LTEST00002?older=rubbish").status_code == 400


def test_a_frozen_lead_says_why(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00002"], "frozen", "Its id stands twice in Master <b>.")
    page = client.get("/leads/LTEST00002").text
    assert "Its id stands twice in Master &lt;b&gt;." in page
