from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.columns import recognise, shape_to_json
from core.model import Disposition, Issue, LedgerEntry
from core.near import pair_key
from store import issues, kept, ledger, left_out, outbox, tabs
from store.config import default_config
from store.ledger import PlacedEntry
from store.tabs import TabState
from tests.app.conftest import SHEET, csrf, sign_in

ROW = "/attention/rows/8/fp:0"


def wait(engine: Engine) -> None:
    """A row of a source tab that could not become a lead, with two doubts."""
    header, cells = ("Name", "Phone", "Date"), ("kavita <b>", "", 45963)
    shape = shape_to_json(recognise(header, [("Asha", "98155 50001", 45963)] * 3, default_config()))
    doubts = [
        Issue("Mela", 5, "There is no phone in this row.", "phone_number", True),
        Issue("Mela", 5, "The age may be a date.", "child_age", True),
    ]
    with engine.begin() as conn:
        tabs.put_tab(conn, TabState(8, "Mela", "source", header, shape, rows=5))
        ledger.put(conn, [PlacedEntry(LedgerEntry(8, "fp:0", "key", Disposition.ATTENTION, ()), 5, cells)])
        issues.replace(conn, 8, [("fp:0", one) for one in doubts])


def press(client: FlaskClient, address: str) -> str:
    page = client.get("/attention").text
    assert address.endswith("take-back") or f'action="{address}"' in page or "Nothing needs" in page
    form = {"csrf_token": csrf(page), "request": "r"}
    answer = client.post(address, data=form)
    assert (answer.status_code, answer.location) == (303, "/attention")
    return client.get("/attention").text


def test_rows_that_are_no_leads_stand_first(client: FlaskClient, book: Engine) -> None:
    page = client.get("/attention").text
    assert "Diwali Mela</bdi>, row 12" in page
    assert "nine digits" in page
    assert "School visit" not in page
    assert "School visit" in client.get("/attention?check=1").text


def test_a_row_says_what_it_holds_and_where_it_stands(client: FlaskClient, engine: Engine) -> None:
    wait(engine)
    page = client.get("/attention").text
    assert page.count("Mela</bdi>, row 5") == 1, "one card a row, however many doubts"
    assert "There is no phone in this row." in page
    assert "The age may be a date." in page
    assert "<dt><bdi>Name</bdi></dt><dd><bdi>kavita &lt;b&gt;</bdi></dd>" in page
    assert "02-11-2025" in page, "a day reads as a day"
    assert f'href="{SHEET}?gid=8#gid=8&amp;range=A5"' in page


def test_a_row_is_left_out_by_one_click_and_comes_back(client: FlaskClient, engine: Engine) -> None:
    wait(engine)
    for _ in range(2):  # a double click is one
        page = press(client, f"{ROW}/leave-out")
        assert "Nothing needs attention." in page
    with engine.connect() as conn:
        assert left_out.among(conn, 8, ["fp:0", "fp:1"]) == {"fp:0"}
        assert left_out.concerns(kept.untold(conn, 10))
    page = press(client, f"{ROW}/take-back")
    assert "It is on the list again" in page
    assert "There is no phone in this row." in page


def test_a_row_that_is_another_by_now_does_not_come_back(client: FlaskClient, engine: Engine) -> None:
    wait(engine)
    press(client, f"{ROW}/leave-out")
    with engine.begin() as conn:
        ledger.remove(conn, 8, ["fp:0"])
    assert "This row is another by now" in press(client, f"{ROW}/take-back")
    with engine.connect() as conn:
        assert issues.count(conn) == 0


def test_a_row_is_added_by_hand_with_what_it_says_and_leaves_the_list(client: FlaskClient, engine: Engine) -> None:
    wait(engine)
    form = client.get("/leads/new?row=8:fp:0").text
    assert 'value="kavita &lt;b&gt;"' in form or 'value="Kavita &lt;b&gt;"' in form
    assert 'name="row" value="8:fp:0"' in form
    fields = {"csrf_token": csrf(form), "request": "r", "row": "8:fp:0", "full_name": "Kavita Joshi"}
    refused = client.post("/leads/new", data=fields | {"phone_number": "12"})
    assert refused.status_code == 422
    assert 'name="row" value="8:fp:0"' in refused.text
    added = client.post("/leads/new", data=fields | {"phone_number": "98155 77777"})
    assert added.status_code == 303
    assert "Nothing needs attention." in client.get("/attention").text
    with engine.connect() as conn:
        (change,) = outbox.pending(conn, 10)
    undo = {"csrf_token": fields["csrf_token"], "request": "u", "change_id": change.change_id}
    client.post(f"{added.location}/undo", data=undo)
    assert "There is no phone in this row." in client.get("/attention").text, "without the lead the row waits again"


@pytest.mark.parametrize("row", ["", "8", "8:nothing", "x:fp:0", "99999999999999:fp", "8:%00", "-8:fp:0"])
def test_a_row_that_nobody_knows_is_a_blank_form(client: FlaskClient, engine: Engine, row: str) -> None:
    wait(engine)
    answer = client.get(f"/leads/new?row={row}")
    assert answer.status_code == 200
    assert "kavita" not in answer.text.casefold()


def test_what_can_only_be_put_right_in_the_sheet_is_not_left_out(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        tabs.put_tab(conn, TabState(3, "Master", "master", ("lead_id",)))
        issues.replace(conn, 3, [("row 4", Issue("Master", 4, "The id stands twice.", "", True))])
    page = client.get("/attention").text
    assert "range=A4" in page
    assert "Leave it out" not in page


def test_the_badge_and_the_heading_count_the_same(client: FlaskClient, engine: Engine) -> None:
    wait(engine)
    with engine.begin() as conn:
        tabs.put_tab(conn, TabState(9, "Copy of Master", "ask", why="it has a lead_id column"))
    page = client.get("/attention").text
    assert '<span class="when">2 to look at</span>' in page
    assert '>2<span class="sr"> to look at</span>' in page


def test_nothing_to_do_is_said_so(client: FlaskClient, engine: Engine) -> None:
    assert "Nothing needs attention." in client.get("/attention").text


def test_a_row_put_right_leaves_the_list(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        issues.clear(conn, 8, ["a"])
    assert "row 12" not in client.get("/attention").text


def test_pages_follow_each_other(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        issues.replace(conn, 8, [(f"f{n}", Issue("Mela", n, f"reason {n}.", "", True)) for n in range(2, 122)])
    address, seen = "/attention", []
    while address:
        page = client.get(address).text
        seen += re.findall(r"reason (\d+)\.", page)
        more = re.search(r'href="(/attention\?[^"]*cursor=[^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == [str(n) for n in range(2, 122)]


def test_hostile_reasons_are_only_text(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        issues.replace(conn, 8, [("a", Issue("<i>Tab", 2, "<script>alert(1)</script>", "<b>", True))])
    page = client.get("/attention").text
    assert "<script>alert" not in page
    assert "&lt;i&gt;Tab" in page


def test_a_person_decides_about_a_tab(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        tabs.put_tab(conn, TabState(9, "Copy of Master", "ask", why="it has a lead_id column"))
    page = client.get("/attention").text
    assert "Is the tab “<bdi>Copy of Master</bdi>” a list of leads?" in page
    form = {"csrf_token": csrf(page), "role": "skip"}
    assert client.post("/attention/tabs/9", data=form).status_code == 302
    assert "Copy of Master" not in client.get("/attention").text
    with engine.connect() as conn:
        assert [tab.role for tab in tabs.all_tabs(conn)] == ["skip"]


def test_a_decision_that_is_none(client: FlaskClient, engine: Engine) -> None:
    token = csrf(client.get("/attention").text)
    assert client.post("/attention/tabs/9", data={"csrf_token": token, "role": "master"}).status_code == 400
    assert client.post("/attention/tabs/9", data={"csrf_token": token, "role": "skip"}).status_code == 404


def test_a_viewer_only_looks(app: Flask, engine: Engine) -> None:
    with engine.begin() as conn:
        tabs.put_tab(conn, TabState(9, "Copy of Master", "ask", why="it has a lead_id column"))
    viewer = sign_in(app, engine, "viewer")
    wait(engine)
    page = viewer.get("/attention").text
    assert "Leave it out" not in page
    form = {"csrf_token": csrf(page), "role": "source"}
    assert viewer.post("/attention/tabs/9", data=form).status_code == 403
    assert viewer.post(f"{ROW}/leave-out", data=form).status_code == 403
    assert viewer.post(f"{ROW}/take-back", data=form).status_code == 403


def test_two_leads_are_told_apart_by_one_click(client: FlaskClient, book: Engine) -> None:
    pair = ("LTEST00002", "LTEST00003")
    with book.begin() as conn:
        issues.add(conn, 8, [("d", Issue("School visit", 9, "perhaps the same person", pair=pair))])
    page = client.get("/attention?check=1").text
    assert page.count("They are two people") == 1
    assert all(f'href="/leads/{lead_id}"' in page for lead_id in pair)
    form = {"csrf_token": csrf(page), "lead": list(pair)}
    assert client.post("/attention/apart", data=form).status_code == 303
    after = client.get("/attention?check=1").text
    assert "Kept as two" in after
    assert "They are two people" not in after
    with book.connect() as conn:
        assert list(kept.of_keys(conn, "apart", [pair_key(pair)])) == [pair_key(pair)]
    assert client.post("/attention/apart", data=form).status_code == 404
    assert client.post("/attention/apart", data=form | {"lead": ["LTEST00002"]}).status_code == 400


@pytest.mark.parametrize("address", ["tabs/{}", "rows/{}/a/leave-out", "rows/{}/a/take-back"])
def test_a_number_that_no_tab_can_have(client: FlaskClient, book: Engine, address: str) -> None:
    form = {"csrf_token": csrf(client.get("/attention").text), "role": "skip"}
    assert client.post(f"/attention/{address.format('9' * 20)}", data=form).status_code == 404
