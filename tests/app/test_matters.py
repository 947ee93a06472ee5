"""What the sheet wants decided: told on the page, in the API and in /readyz, and settled by one click."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.model import Value
from core.renaming import former_labels
from core.settings_tab import settings_rows
from store import counters, mirror, mixups, outbox, ownership, stopped
from store.config import default_config, load_config, save_config_source, save_former
from store.mixups import MixUp
from store.ownership import Dispute
from tests.app.book import NOW
from tests.app.conftest import csrf, sign_in

API = "/api/v1/matters"


def rename(engine: Engine, old: str, new: str) -> None:
    """As `sync.looking` does when Settings changes."""
    with engine.begin() as conn:
        before = load_config(conn)
        rows = [[new if cell == old else cell for cell in row] for row in settings_rows(default_config())]
        save_config_source(conn, rows, [])
        save_former(conn, former_labels(before, load_config(conn)))


def mix_up(engine: Engine, incident: str = "G1") -> None:
    was: list[Mapping[str, Value]] = [{"full_name": "Imran Khan"}, {"full_name": "Farah Siddiqui"}]
    with engine.begin() as conn:
        mixups.freeze(
            conn,
            [MixUp(f"LTEST0000{n + 1}", incident, NOW, was[n], was[1 - n]) for n in range(2)],
        )


def post(client: FlaskClient, path: str, **form: str) -> str:
    token = csrf(client.get("/conflicts").text)
    return client.post(path, data={"csrf_token": token, "request": "r", **form}, follow_redirects=True).text


def test_a_renamed_status_is_offered_and_undone(api: FlaskClient, book: Engine, client: FlaskClient) -> None:
    with book.connect() as conn:
        size = counters.one(conn, "status", "Interested")
    rename(book, "Interested", "Keen")
    (matter,) = api.get(API).get_json()["matters"]
    assert (matter["key"], matter["choices"]) == ("renamed:Interested", ["rename"])
    assert f"{size} leads" in matter["words"]
    page = client.get("/conflicts").text
    assert "“Interested” is called “Keen” now" in page

    settled = api.post(f"{API}/renamed:Interested", json={"choice": "rename"})
    assert settled.status_code == 202
    group = settled.get_json()["group_id"]
    with book.connect() as conn:
        assert counters.one(conn, "status", "Keen") == size
        changes = [change for change in outbox.pending(conn, 100) if change.group == group]
        assert {tuple(change.fields) for change in changes} == {("status",)}, "nothing else follows"
    assert api.get(API).get_json()["matters"] == []
    assert api.post(f"/api/v1/groups/{group}/undo").status_code == 202
    with book.connect() as conn:
        assert counters.one(conn, "status", "Interested") == size

    again = api.post(f"{API}/renamed:Interested", json={"choice": "rename"}).get_json()
    assert again["group_id"] != group
    assert api.get(API).get_json()["matters"] == []
    assert api.post(f"{API}/renamed:Interested", json={"choice": "rename"}).status_code == 404


def test_mixed_up_leads_are_put_back_by_one_click(client: FlaskClient, book: Engine) -> None:
    mix_up(book)
    page = client.get("/conflicts").text
    assert "Names or phones of 2 leads are mixed up" in page
    assert "Name was “Imran Khan”, the sheet says “Farah Siddiqui”" in page
    assert "Set aside." in client.get("/leads/LTEST00001").text
    assert "2 leads are put back" in post(client, "/matters/mixup:G1", choice="put_back")
    with book.connect() as conn:
        back = [change for change in outbox.ready(conn, 100) if change.group]
        assert {change.lead_id: dict(change.fields) for change in back} == {
            "LTEST00001": {"full_name": ("Farah Siddiqui", "Imran Khan")},
            "LTEST00002": {"full_name": ("Imran Khan", "Farah Siddiqui")},
        }


def test_the_sheet_may_be_right(api: FlaskClient, book: Engine) -> None:
    mix_up(book)
    assert api.post(f"{API}/mixup:G1", json={"choice": "keep_sheet"}).status_code == 202
    assert api.get(API).get_json()["matters"] == []
    assert api.post(f"{API}/mixup:G1", json={"choice": "put_back"}).status_code == 404


def test_an_edit_of_a_frozen_lead_waits(api: FlaskClient, book: Engine) -> None:
    mix_up(book)
    answer = api.patch("/api/v1/leads/LTEST00001", json={"changes": {"city": "Agra"}})
    assert answer.status_code == 202
    with book.connect() as conn:
        assert answer.get_json()["change_id"] not in {change.change_id for change in outbox.ready(conn, 100)}
        assert answer.get_json()["change_id"] in {change.change_id for change in outbox.pending(conn, 100)}


def test_a_field_whose_header_is_gone_is_named_everywhere(api: FlaskClient, client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        stopped.put(conn, ["city"])
    assert "Master has no column “city” any more" in client.get("/conflicts").text
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "degraded")
    assert ready.get_json()["stopped_fields"] == ["city"]
    assert api.post(f"{API}/stopped:city", json={"choice": "x"}).status_code == 404
    with book.begin() as conn:
        stopped.put(conn, [])
    assert client.get("/readyz").get_json()["status"] == "ok"


def test_whose_the_spreadsheet_is(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        assert ownership.notice(conn, Dispute("copy", "other", "elsewhere", NOW)) == ""
    assert "This spreadsheet is a copy" in client.get("/conflicts").text
    assert "left alone" in post(client, "/matters/ownership:", choice="stay_away")
    assert "This spreadsheet is a copy" not in client.get("/conflicts").text
    with book.begin() as conn:
        assert ownership.notice(conn, Dispute("copy", "other", "elsewhere", NOW)) == "stay_away"
        assert ownership.notice(conn, Dispute("copy", "another", "elsewhere", NOW)) == ""


def test_who_only_looks_does_not_decide(app: Flask, book: Engine) -> None:
    mix_up(book)
    viewer = sign_in(app, book, "viewer")
    token = csrf(viewer.get("/conflicts").text)
    answer = viewer.post("/matters/mixup:G1", data={"csrf_token": token, "choice": "put_back"})
    assert answer.status_code == 403
    with book.connect() as conn:
        assert not [change for change in outbox.pending(conn, 100) if change.group]


def test_the_badge_and_the_heading_count_the_same(client: FlaskClient, book: Engine) -> None:
    mix_up(book)
    mix_up_again = [MixUp("LTEST00006", "G2", NOW, {"full_name": "Nandini"}, {"full_name": "Kavita"})]
    with book.begin() as conn:
        stopped.put(conn, ["city"])
        mixups.freeze(conn, mix_up_again)
    page = client.get("/conflicts").text  # one conflict, two mix-ups and a column
    assert '<span class="when">4 to decide</span>' in page
    assert page.count('<article class="card conflict"') == 4
    assert '>4<span class="sr"> waiting</span>' in page
    assert "4 to decide" in client.get("/dashboard").text
    post(client, "/matters/mixup:G2", choice="keep_sheet")
    assert '<span class="when">3 to decide</span>' in client.get("/conflicts").text


def test_hostile_words_are_shown_as_words(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        said = MixUp("LTEST00001", "G1", NOW, {"full_name": "A"}, {"full_name": "<script>alert(1)</script>"})
        mixups.freeze(conn, [said])
        assert mirror.standing(conn, ["LTEST00001"])["LTEST00001"].state == "frozen"
    page = client.get("/conflicts").text
    assert "<script>alert(1)" not in page
    assert json.dumps("alert(1)")[1:-1] in page
