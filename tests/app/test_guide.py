from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.guide import DOCS, slug_of, tasks_of

TEXT = (DOCS / "guide.md").read_text("utf-8")


def test_every_task_has_a_page_and_is_listed(client: FlaskClient) -> None:
    listed = client.get("/help").text
    titles = re.findall(r"(?m)^## (.+)$", TEXT)
    assert len(titles) >= 15
    for title in titles:
        assert f"/help/{slug_of(title)}" in listed
        page = client.get(f"/help/{slug_of(title)}")
        assert (page.status_code, title.replace("’", "’") in page.text) == (200, True)
        assert 'style="' not in page.text


def test_its_pictures_are_there(client: FlaskClient) -> None:
    named = set(re.findall(r"\]\(pictures/([^)]+)\)", TEXT))
    assert named
    for name in named:
        assert client.get(f"/help/pictures/{name}").mimetype == "image/png", name


def test_what_one_task_says_of_another_leads_there(client: FlaskClient) -> None:
    for anchor in re.findall(r"\]\(#([^)]+)\)", TEXT):
        assert client.get(f"/help/{anchor}").status_code == 200


def test_html_in_the_guide_is_text() -> None:
    (task,) = tasks_of("## A\n\n<script>alert(1)</script>", "/p/")
    assert "<script>" not in task.html


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fREADME.md"])
def test_there_is_no_other_help(client: FlaskClient, name: str) -> None:
    assert client.get(f"/help/{name}").status_code == 404
    assert client.get(f"/help/pictures/{name}").status_code == 404


def test_help_is_reachable_from_every_page(client: FlaskClient) -> None:
    for address in ("/", "/leads", "/dashboard", "/follow-ups", "/team", "/conflicts", "/attention", "/leads/new"):
        assert 'href="/help"' in client.get(address).text, address


def test_it_is_behind_the_sign_in(app: Flask) -> None:
    assert app.test_client().get("/help").status_code == 302
