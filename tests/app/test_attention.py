from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.model import Issue
from core.near import pair_key
from store import issues, kept, tabs
from store.tabs import TabState
from tests.app.conftest import csrf, sign_in


def test_rows_that_are_no_leads_stand_first(client: FlaskClient, book: Engine) -> None:
    page = client.get("/attention").text
    assert "Diwali Mela</bdi>, row 12" in page
    assert "nine digits" in page
    assert "School visit" not in page
    assert "School visit" in client.get("/attention?check=1").text


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
    form = {"csrf_token": csrf(viewer.get("/attention").text), "role": "source"}
    assert viewer.post("/attention/tabs/9", data=form).status_code == 403


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
