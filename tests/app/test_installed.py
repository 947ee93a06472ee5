from __future__ import annotations

import json
import re

from flask import Flask
from flask.testing import FlaskClient


def test_the_manifest_names_icons_that_are_there(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert (told["name"], told["start_url"], told["display"]) == ("Bumuk Library CRM", "/", "standalone")
    for icon in told["icons"]:
        found = client.get(icon["src"])
        assert (found.status_code, found.mimetype) == (200, icon["type"])
    assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])


def test_the_service_worker_keeps_only_what_holds_no_data(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    (kept,) = re.findall(r"const KEPT = (\[.*?\]);", answer.text)
    assert json.loads(kept)[0] == "/offline"
    for address in json.loads(kept):
        assert address.startswith(("/static/", "/offline"))
        assert client.get(address).status_code == 200


def test_the_page_for_no_connection_asks_for_no_one(app: Flask) -> None:
    page = app.test_client().get("/offline")
    assert page.status_code == 200
    assert "Nothing is lost" in page.text
    assert "Set-Cookie" not in page.headers


def test_every_page_names_the_manifest(client: FlaskClient, app: Flask) -> None:
    for page in (client.get("/").text, app.test_client().get("/login").text):
        assert 'rel="manifest" href="/manifest.webmanifest"' in page
