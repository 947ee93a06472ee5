"""The strip of saved views: what ships, one's own, shared ones."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store import users, views
from tests.app.book import NOW
from tests.app.conftest import csrf, sign_in


def tabs(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<bdi>([^<]*)</bdi> <span class="quiet">([^<]*)</span></a></li>', page.split('id="views"')[1])


def save(client: FlaskClient, asked: str, name: str, **more: str) -> str:
    page = client.get("/leads?status=Interested").text
    form = {"csrf_token": csrf(page), "asked": asked, "name": name} | more
    answer = client.post("/leads/views", data=form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_what_ships_stands_there_with_its_counts(client: FlaskClient, book: Engine) -> None:
    assert tabs(client.get("/leads").text) == [("All", "38"), ("Due this week", "20"), ("No contact in 30 days", "0")]
    page = client.get("/leads?follow_up=week").text
    assert 'aria-current="true"><bdi>Due this week' in page


def test_a_view_is_saved_shown_and_deleted(client: FlaskClient, book: Engine) -> None:
    assert (
        save(client, "/leads?status=Interested&city=delhi", "  Warm   in Delhi ")
        == "/leads?status=Interested&city=Delhi"
    )
    page = client.get("/leads?city=Delhi&status=Interested").text
    assert "View “Warm in Delhi” saved" in page
    assert ("Warm in Delhi", "5") in tabs(page)
    assert 'aria-current="true"><bdi>Warm in Delhi' in page
    drop = re.search(r'action="(/leads/views/[^"]+/delete)"', page)
    assert drop
    assert client.post(drop[1], data={"csrf_token": csrf(page)}).status_code == 303
    assert len(tabs(client.get("/leads").text)) == 3
    assert client.post(drop[1], data={"csrf_token": csrf(page)}).status_code == 404


@pytest.mark.parametrize(("asked", "name"), [("/leads", "All"), ("/leads?status=Member", "  "), ("/leads?sort=x", "X")])
def test_what_is_no_view_is_not_saved(client: FlaskClient, book: Engine, asked: str, name: str) -> None:
    save(client, asked, name)
    assert "Not saved" in client.get("/leads").text
    with book.connect() as conn:
        assert views.seen_by(conn, users.all_users(conn)[0].user_id) == []


def test_a_shared_view_is_everybodys_to_see_and_its_owners_to_delete(
    app: Flask, client: FlaskClient, book: Engine
) -> None:
    save(client, "?priority=Low", "Quiet ones", shared="1")
    save(client, "?priority=High", "Mine")
    with book.begin() as conn:
        other = users.put_user(conn, "Vikram", "vikram@example.com", "staff")
        link = users.create_link(conn, other.user_id, NOW, 15)
        found = views.seen_by(conn, other.user_id)
    assert [view.name for view in found] == ["Quiet ones"]
    theirs = app.test_client()
    theirs.post("/login/" + link, data={"csrf_token": csrf(theirs.get("/login/" + link).text)})
    page = theirs.get("/leads?priority=Low").text
    assert "Quiet ones" in page
    assert "Delete view" not in page
    answer = theirs.post(f"/leads/views/{found[0].view_id}/delete", data={"csrf_token": csrf(page)})
    assert answer.status_code == 403


def test_a_viewer_shares_nothing(app: Flask, book: Engine) -> None:
    viewer = sign_in(app, book, "viewer")
    save(viewer, "?city=Delhi", "Delhi", shared="1")
    with book.connect() as conn:
        assert [view.shared for view in views.seen_by(conn, users.all_users(conn)[0].user_id)] == [False]


def test_a_hostile_name_is_only_text(client: FlaskClient, book: Engine) -> None:
    save(client, "?city=Delhi", "<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/leads?city=Delhi").text
