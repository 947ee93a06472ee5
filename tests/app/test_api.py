from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.factory import create_app
from core.fields import NAMES
from store import users
from tests.app.book import NOW, fill, lead, put
from tests.app.conftest import api_client, settings, sign_in


def test_leads_carry_every_field(api: FlaskClient, book: Engine) -> None:
    told = api.get("/api/v1/leads?q=0102").get_json()
    assert told["total"] == 1
    assert told["next_cursor"] is None
    found = told["leads"][0]
    assert set(found) == {*NAMES, "display", "extra"}
    assert found["phone_number"] == "+919815550102"
    assert found["display"] == {"phone_number": "(981) 555-0102", "other_phones": None}
    assert found["next_follow_up"] == "2026-11-22"
    assert found["last_contacted"] == "2026-11-18T05:12:00Z"
    assert found["lead_score"] == 78


def test_pages_follow_each_other(api: FlaskClient, engine: Engine) -> None:
    fill(engine, 25)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        told = api.get(f"/api/v1/leads?limit=7&cursor={cursor}").get_json()
        assert told["total"] == 25
        seen += [found["lead_id"] for found in told["leads"]]
        cursor = told["next_cursor"]
    assert len(seen) == len(set(seen)) == 25


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ("status=interested", 9),  # eight, and one whose edit is on its way
        ("status=Interested&assigned_to=Neha&overdue=true", 4),
        ("overdue=false&priority=urgent", 4),
        ("city=Delhi&source=School visit", 4),
        ("status=&priority=&assigned_to=&source=&city=&overdue=&q=", 38),
    ],
)
def test_filters(api: FlaskClient, book: Engine, asked: str, total: int) -> None:
    assert api.get(f"/api/v1/leads?{asked}").get_json()["total"] == total


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("limit=-1", "limit"),
        ("overdue=maybe", "overdue"),
        ("cursor=x", "cursor"),
    ],
)
def test_a_bad_parameter_is_named(api: FlaskClient, book: Engine, asked: str, field: str) -> None:
    answer = api.get(f"/api/v1/leads?{asked}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["field"] == field
    assert set(answer.get_json()["error"]) == {"code", "message", "field"}


def test_one_lead(api: FlaskClient, book: Engine) -> None:
    assert api.get("/api/v1/leads/LTEST00002").get_json()["lead"]["full_name"] == "Farah Siddiqui"


@pytest.mark.parametrize("address", ["leads/LNOBODY00", "leads/LNOBODY00/activity", "changes/nothing", "nowhere"])
def test_what_is_not_there(api: FlaskClient, book: Engine, address: str) -> None:
    answer = api.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert set(answer.get_json()["error"]) == {"code", "message"}


def test_a_method_that_is_not_there_answers_in_json(api: FlaskClient) -> None:
    assert api.delete("/api/v1/leads").get_json()["error"]["code"] == "wrong_method"


def test_activity_newest_first(api: FlaskClient, book: Engine) -> None:
    told = api.get("/api/v1/leads/LTEST00002/activity?limit=2").get_json()
    assert [entry["actor"] for entry in told["activity"]] == ["Neha", "Neha"]
    rest = api.get(f"/api/v1/leads/LTEST00002/activity?cursor={told['next_cursor']}").get_json()
    assert [entry["actor"] for entry in rest["activity"]] == ["sheet", "sync"]
    assert rest["activity"][0]["old"] == "Rohini"


def test_a_change_says_how_far_it_is(api: FlaskClient, book: Engine) -> None:
    told = api.get("/api/v1/changes/C9").get_json()
    assert told["state"] == "pending"
    assert told["changes"] == {"status": "Interested"}
    assert told["lead"]["status"] == "Interested"


def test_a_change_that_only_activity_tells_of_is_told(api: FlaskClient, book: Engine) -> None:
    (line,) = (one for one in activity_of(api) if one["change_id"] == "C2")
    told = api.get("/api/v1/changes/C2").get_json()
    assert (told["state"], told["kind"], told["lead_id"]) == ("done", "update", "LTEST00002")
    assert (told["changes"], told["actor"], told["at"]) == ({line["field"]: line["new"]}, line["actor"], line["at"])
    assert told["lead"]["lead_id"] == "LTEST00002"
    assert api.get("/api/v1/changes/C0").status_code == 404


def activity_of(api: FlaskClient) -> list[dict[str, str]]:
    told: list[dict[str, str]] = api.get("/api/v1/leads/LTEST00002/activity?limit=50").get_json()["activity"]
    return told


def test_conflicts(api: FlaskClient, book: Engine) -> None:
    told = api.get("/api/v1/conflicts").get_json()
    (found,) = told["conflicts"]
    assert (found["lead_id"], found["field"], found["ours"], found["theirs"]) == (
        "LTEST00004",
        "status",
        "Interested",
        "Member",
    )


def test_sync(api: FlaskClient, book: Engine) -> None:
    assert api.get("/api/v1/sync").get_json() == {
        "last_cycle_at": "2026-11-22T05:12:00Z",
        "lag_seconds": 1.5,
        "pending": 1,
        "conflicts": 1,
        "attention": 2,
        "calls_last_minute": 12,
        "latency": {"to_sheet": None, "to_app": None},  # nothing measured yet
    }


def test_sync_before_the_first_cycle(api: FlaskClient) -> None:
    told = api.get("/api/v1/sync").get_json()
    assert told["last_cycle_at"] is None
    assert told["lag_seconds"] is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "Bearer \u00fc", "bumuk_x"])
def test_without_a_good_token(app: Flask, book: Engine, header: str) -> None:
    answer = app.test_client().get("/api/v1/leads", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.get_json()["error"]["code"] == "not_signed_in"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_is_not_a_token(client: FlaskClient, book: Engine) -> None:
    assert client.get("/api/v1/leads").status_code == 401


def test_a_revoked_token_is_worthless(api: FlaskClient, book: Engine) -> None:
    assert api.get("/api/v1/sync").status_code == 200
    with book.begin() as conn:
        users.revoke_token(conn, users.all_tokens(conn)[0].token_id, NOW)
    assert api.get("/api/v1/sync").status_code == 401


def test_the_use_of_a_token_is_remembered(api: FlaskClient, book: Engine) -> None:
    api.get("/api/v1/sync")
    with book.connect() as conn:
        assert users.all_tokens(conn)[0].last_used_at == NOW


def test_a_viewer_reads_and_no_more(app: Flask, book: Engine) -> None:
    viewer = api_client(app, book, "viewer")
    assert viewer.get("/api/v1/leads").status_code == 200
    answer = viewer.post("/api/v1/sync")
    assert answer.status_code in (403, 405)
    assert "error" in answer.get_json()


def test_too_many_requests(book: Engine) -> None:
    app = create_app(settings(api_limit="2 per minute"), book)
    first, second = api_client(app, book, "staff"), api_client(app, book, "staff")
    assert [first.get("/api/v1/sync").status_code for _ in range(3)] == [200, 200, 429]
    told = first.get("/api/v1/sync")
    assert told.get_json()["error"]["code"] == "too_many_requests"
    assert int(told.headers["Retry-After"]) > 0
    assert second.get("/api/v1/sync").status_code == 200  # counted by token


def test_guesses_are_counted_by_address(book: Engine) -> None:
    client = create_app(settings(api_limit="2 per minute"), book).test_client()
    guesses = [{"Authorization": f"Bearer guess{n}"} for n in range(4)]
    assert [client.get("/api/v1/sync", headers=guess).status_code for guess in guesses] == [401, 401, 429, 429]


def test_a_busy_database_does_not_keep_from_reading(
    api: FlaskClient, book: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("UPDATE tokens", {}, Exception("database is locked"))

    monkeypatch.setattr(users, "touch_token", busy)
    assert api.get("/api/v1/sync").status_code == 200


def test_the_users_own_columns_and_scripts(api: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(
            conn,
            [lead(0, extra={"Bus route": 7, "Ok": True}, notes="नमस्ते <b>", other_phones="+919815550111, +12125550100")],
        )
    found = api.get("/api/v1/leads").get_json()["leads"][0]
    assert found["extra"] == {"Bus route": 7, "Ok": True}
    assert found["notes"] == "नमस्ते <b>"
    assert found["display"]["other_phones"] == "(981) 555-0111, +1 212-555-0100"


def test_pages_and_api_agree(app: Flask, api: FlaskClient, book: Engine) -> None:
    pages = sign_in(app, book)
    for asked in ("q=kaur", "status=Interested", "overdue=1", "city=delhi"):
        total = api.get(f"/api/v1/leads?{asked}").get_json()["total"]
        assert f"{total} of 38" in pages.get(f"/leads?{asked}").text
