from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

PAGES = ["/leads", "/leads/LTEST00002", "/attention", "/nowhere"]


@pytest.mark.parametrize("address", [*PAGES, "/healthz", "/login", "/static/base.css", "/api/v1/sync"])
def test_every_answer_is_protected(client: FlaskClient, book: Engine, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_pages_keep_the_policy(client: FlaskClient, book: Engine, address: str) -> None:
    """No inline script, style or handler; nothing from another host."""
    page = client.get(address).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)
    for source in re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]+)"', page):
        assert source.startswith("/static/") or source == "/manifest.webmanifest"


def test_hsts_only_over_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    assert "Strict-Transport-Security" in client.get("/healthz", base_url="https://localhost").headers


def test_pages_are_not_kept_by_others(client: FlaskClient, book: Engine) -> None:
    assert client.get("/leads").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/login/x").headers["Cache-Control"] == "no-store"


def test_an_address_with_its_digest_is_kept_for_long(client: FlaskClient, book: Engine) -> None:
    address = re.search(r'href="(/static/base\.css\?v=[0-9a-f]+)"', client.get("/leads").text)
    assert address
    assert "immutable" in client.get(address[1]).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/base.css").headers["Cache-Control"]
