from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.acting import id_of
from app.factory import create_app
from core.commands import AddNote, decide
from core.model import Change, ChangeKind, ChangeState, Lead
from store import mirror, outbox
from store.config import default_config
from tests.app.book import NOW, lead, put
from tests.app.conftest import api_client, settings

FARAH = "/api/v1/leads/LTEST00002"


def pending(engine: Engine) -> list[Change]:
    """What waits in the outbox, but for the change that the book begins with."""
    with engine.connect() as conn:
        return [change for change in outbox.pending(conn, 100) if change.change_id != "C9"]


def standing(engine: Engine, lead_id: str) -> Lead:
    with engine.connect() as conn:
        found = mirror.lead(conn, lead_id)
        assert found is not None
        return found


def test_a_change_is_in_the_outbox_before_it_is_answered(api: FlaskClient, book: Engine) -> None:
    answer = api.patch(FARAH, json={"changes": {"city": "Noida", "next_follow_up": "2026-12-01"}})
    assert answer.status_code == 202
    told = answer.get_json()
    assert told["state"] == "pending"
    assert (told["lead"]["city"], told["lead"]["next_follow_up"]) == ("Noida", "2026-12-01")
    (change,) = pending(book)
    assert change.change_id == told["change_id"]
    assert change.fields["city"] == ("Delhi", "Noida")
    assert change.actor == "a test"
    assert api.get(f"/api/v1/changes/{told['change_id']}").get_json()["state"] == "pending"


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("phone_number", "98155 50777", "+919815550777"),
        ("phone_number", "+91 (981) 555-0777", "+919815550777"),
        ("phone_number", 9815550777, "+919815550777"),
        ("phone_number", "+1 212 555 0100", "+12125550100"),
        ("other_phones", "98155 50777 / 98155 50778", "+919815550777, +919815550778"),
        ("next_follow_up", "24-12-2026", "2026-12-24"),
        ("next_follow_up", None, None),
        ("last_contacted", "2026-11-20T10:30:00+05:30", "2026-11-20T05:00:00Z"),
        ("status", "interested", None),
        ("priority", "urgent", "Urgent"),
        ("child_age", 7, 7),
        ("child_age", "7", 7),
        ("child_age", 0, 0),
        ("do_not_contact", True, True),
        ("do_not_contact", "yes", True),
        ("email", " FARAH@Example.com ", "FARAH@example.com"),
        ("notes", "नमस्ते\nline two", "नमस्ते\nline two"),
        ("city", "=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_values_are_taken_by_the_kind_of_their_field(
    api: FlaskClient, book: Engine, field: str, given: object, kept: object
) -> None:
    answer = api.patch(FARAH, json={"changes": {field: given}})
    if field == "status":  # she is Interested already
        assert answer.status_code == 200
        assert answer.get_json()["state"] == "done"
        return
    assert answer.status_code == 202, answer.text
    assert answer.get_json()["lead"][field] == kept
    assert api.get(FARAH).get_json()["lead"][field] == kept


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("nonsense", "x"),
        ("lead_id", "LOTHER"),
        ("lead_score", 99),
        ("created_at", "2026-01-01"),
        ("next_follow_up", "31-02-2026"),
        ("next_follow_up", 45963),
        ("next_follow_up", True),
        ("last_contacted", "9999-12-31T23:59:59-14:00"),
        ("phone_number", ""),
        ("phone_number", None),
        ("phone_number", "12"),
        ("phone_number", "98155 50777 (mother)"),
        ("other_phones", "98155 50777 (mother), 98155 50778"),
        ("phone_number", ["+919815550777"]),
        ("email", "not an address"),
        ("status", "Whatever"),
        ("status", ""),
        ("status", 3),
        ("priority", "sky-high"),
        ("assigned_to", "Nobody At All"),
        ("child_age", 1.5),
        ("child_age", -1),
        ("child_age", 400),
        ("child_age", True),
        ("do_not_contact", "perhaps"),
        ("do_not_contact", 1),
        ("city", {"a": 1}),
        ("city", "x" * 501),
        ("notes", "x" * 50_001),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(api: FlaskClient, book: Engine, field: str, given: object) -> None:
    before = standing(book, "LTEST00002")
    answer = api.patch(FARAH, json={"changes": {"full_name": "Farah Khan", field: given}})
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["error"]["field"] == field
    assert answer.get_json()["error"]["message"].endswith(".")
    assert pending(book) == []
    assert standing(book, "LTEST00002") == before


def test_signs_that_no_database_holds_are_left_out(api: FlaskClient, book: Engine) -> None:
    body = r'{"changes": {"city": "a\u0000b\ud800c", "\ud800": "x"}}'
    assert api.patch(FARAH, data=body).status_code == 422
    answer = api.patch(FARAH, data=body.replace(r', "\ud800": "x"', ""))
    assert answer.get_json()["lead"]["city"] == "abc"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"changes": []}', 422),
        ('{"changes": {}}', 422),
        ("{}", 422),
        ('{"changes": {"city": "x"}, "base": 3}', 422),
        ('{"changes": {"city": "x"}, "request": 3}', 422),
        ('{"changes": {"child_age": 1' + "0" * 5_000 + "}}", 400),
        ('{"changes": {"child_age": 1e999}}', 422),
        ('{"changes": {"child_age": NaN}}', 422),
        ('{"changes": {"notes": "' + "x" * 2_200_000 + '"}}', 413),
    ],
)
def test_bodies_that_cannot_be_read(api: FlaskClient, book: Engine, body: str, status: int) -> None:
    answer = api.patch(FARAH, data=body, content_type="application/json")
    assert answer.status_code == status, answer.text
    assert set(answer.get_json()["error"]) >= {"code", "message"}
    assert pending(book) == []


def test_a_base_that_is_old_is_carried_so_that_the_merge_decides(api: FlaskClient, book: Engine) -> None:
    """The caller saw Rohini; the sheet says Delhi by now. That is a conflict, not an overwrite."""
    api.patch(FARAH, json={"changes": {"city": "Noida"}, "base": {"city": "Rohini", "full_name": "Farah"}})
    (change,) = pending(book)
    assert change.fields["city"] == ("Rohini", "Noida")
    assert "full_name" not in change.fields


@pytest.mark.parametrize("seen", ["9999-12-31T23:59:00-14:00", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z"])
def test_a_base_that_is_no_moment_is_named(api: FlaskClient, book: Engine, seen: str) -> None:
    body = {"changes": {"last_contacted": "2026-11-22T05:00:00Z"}, "base": {"last_contacted": seen}}
    answer = api.patch(FARAH, json=body)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (422, "last_contacted")
    assert pending(book) == []


def test_a_base_as_the_api_told_it_is_the_lead_itself(api: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(2, notes="  two  blanks \n", last_contacted=NOW.replace(microsecond=123_456))])
    told = api.get(FARAH).get_json()["lead"]
    seen = {name: told[name] for name in ("notes", "last_contacted", "next_follow_up", "phone_number", "city")}
    changes = {"notes": "new", "last_contacted": "2026-11-22T05:00:00Z", "city": told["city"]}
    assert api.patch(FARAH, json={"changes": changes, "base": seen}).status_code == 202
    (change,) = pending(engine)
    assert change.fields["notes"] == ("  two  blanks \n", "new")
    assert change.fields["last_contacted"][0] == NOW.replace(microsecond=123_456)
    assert "city" not in change.fields


def test_a_new_status_sets_what_follows_from_it(api: FlaskClient, book: Engine) -> None:
    told = api.patch("/api/v1/leads/LTEST00004", json={"changes": {"status": "Interested"}}).get_json()["lead"]
    assert told["status"] == "Interested"
    assert told["status_updated_date"] == "2026-11-22"
    assert told["next_follow_up"] > "2026-11-22"


@pytest.mark.parametrize("by", ["header", "body"])
def test_the_same_request_twice_is_one_change(api: FlaskClient, book: Engine, by: str) -> None:
    body: dict[str, object] = {"changes": {"notes": "called"}}
    headers = {"Idempotency-Key": "k1"} if by == "header" else {}
    if by == "body":
        body["request"] = "k1"
    answers = [api.patch(FARAH, json=body, headers=headers) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.get_json()["change_id"] for answer in answers}) == 1
    assert len(pending(book)) == 1


def test_the_same_request_after_the_sheet_moved_on_is_still_one(api: FlaskClient, book: Engine) -> None:
    first = api.patch(FARAH, json={"changes": {"city": "Noida"}, "request": "k"}).get_json()
    with book.begin() as conn:
        outbox.mark(conn, [first["change_id"]], ChangeState.DONE)
        put(conn, [lead(2, city="Gurugram")], first_row=4)
    again = api.patch(FARAH, json={"changes": {"city": "Noida"}, "request": "k"}).get_json()
    assert (again["change_id"], again["state"], again["lead"]["city"]) == (first["change_id"], "done", "Gurugram")
    assert pending(book) == []


def test_a_key_is_its_callers_and_its_leads_own(app: Flask, api: FlaskClient, book: Engine) -> None:
    other = api_client(app, book, "admin")
    for client, where, city in ((api, FARAH, "Noida"), (other, FARAH, "Agra"), (api, f"{FARAH[:-1]}5", "Agra")):
        answer = client.patch(where, json={"changes": {"city": city}, "request": "same"})
        assert answer.get_json()["lead"]["city"] == city
    assert len(pending(book)) == 3


def test_twice_without_a_key_points_to_the_change_that_is_on_its_way(api: FlaskClient, book: Engine) -> None:
    first, second = (api.patch(FARAH, json={"changes": {"city": "Noida"}}) for _ in range(2))
    assert first.get_json()["change_id"] == second.get_json()["change_id"]
    assert len(pending(book)) == 1


def test_many_at_once_with_one_key_are_one_change(app: Flask, book: Engine) -> None:
    clients = [api_client(app, book, "staff")]
    clients += [app.test_client() for _ in range(7)]
    for client in clients:
        client.environ_base.update(clients[0].environ_base)

    def send(client: FlaskClient) -> str:
        answer = client.patch(FARAH, json={"changes": {"city": "Noida"}, "request": "k"})
        assert answer.status_code == 202, answer.text
        return str(answer.get_json()["change_id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, clients))) == 1
    assert len(pending(book)) == 1


def test_the_id_of_a_named_request_is_the_one_that_commands_give() -> None:
    made = decide(AddNote("x"), lead(1), default_config(), NOW, "Neha", "a name")
    assert isinstance(made, Change)
    assert id_of("a name", ChangeKind.UPDATE, made.lead_id) == made.change_id


def test_who_may_only_look_changes_nothing(app: Flask, book: Engine) -> None:
    viewer = api_client(app, book, "viewer")
    body = {"changes": {"city": "Noida"}, "fields": {"phone_number": "98155 50999"}, "keep": "ours"}
    assert viewer.patch(FARAH, json=body).status_code == 403
    for address in ("leads", "changes/C9/undo", "conflicts/C1"):
        assert viewer.post(f"/api/v1/{address}", json=body).status_code == 403
    assert app.test_client().patch(FARAH, json=body).status_code == 401
    assert pending(book) == []


def test_writing_is_limited_too(book: Engine) -> None:
    client = api_client(create_app(settings(api_limit="2 per minute"), book), book, "staff")
    sent = [client.patch(FARAH, json={"changes": {"city": f"City {n}"}}).status_code for n in range(3)]
    assert sent == [202, 202, 429]


@pytest.mark.parametrize("gone", ["LNOBODY00", "LTEST00006", "%00", "a%2Fb"])
def test_a_lead_that_is_not_there(api: FlaskClient, book: Engine, gone: str) -> None:
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00006"], "deleted")
    assert api.patch(f"/api/v1/leads/{gone}", json={"changes": {"city": "Noida"}}).status_code == 404


def test_name_and_phone_are_enough(api: FlaskClient, book: Engine) -> None:
    answer = api.post("/api/v1/leads", json={"fields": {"full_name": "Meera Nair", "phone_number": "98765 43210"}})
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["state"] == "pending"
    made = told["lead"]
    assert (made["phone_number"], made["status"], made["lead_date"]) == ("+919876543210", "New Lead", "2026-11-22")
    assert made["next_follow_up"] == "2026-11-24"
    assert api.get(f"/api/v1/leads/{made['lead_id']}").status_code == 200


def test_a_known_number_answers_with_the_family(api: FlaskClient, book: Engine) -> None:
    fields = {"full_name": "Asif Siddiqui", "phone_number": "(981) 555-0102", "child_name": "Rehan"}
    answer = api.post("/api/v1/leads", json={"fields": fields})
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "known_number"
    assert [one["full_name"] for one in answer.get_json()["family"]] == ["Farah Siddiqui"]
    assert pending(book) == []
    forced = api.post("/api/v1/leads", json={"fields": fields, "force": True})
    assert forced.status_code == 201
    assert len(pending(book)) == 1


def test_a_forced_sibling_joins_the_household(api: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(2, household="H1")])
    fields = {"full_name": "Asif", "phone_number": "9815550102"}
    told = api.post("/api/v1/leads", json={"fields": fields, "force": True}).get_json()
    assert told["lead"]["household"] == "H1"


@pytest.mark.parametrize("key", ["k", ""])
def test_a_lead_sent_twice_is_there_once(api: FlaskClient, book: Engine, key: str) -> None:
    body = {"fields": {"full_name": "Meera", "phone_number": "98765 43210"}, "request": key}
    first, second = (api.post("/api/v1/leads", json=body) for _ in range(2))
    assert first.status_code == 201
    assert second.status_code == (201 if key else 409)
    assert len(pending(book)) == 1
    if key:
        assert second.get_json()["change_id"] == first.get_json()["change_id"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"full_name": "Meera"}, "phone_number"),
        ({"phone_number": "98765 43210", "status": "Nothing"}, "status"),
        ({"phone_number": "98765 43210", "lead_score": 5}, "lead_score"),
        ({"phone_number": "98765 43210", "next_follow_up": "soon"}, "next_follow_up"),
    ],
)
def test_a_lead_that_cannot_be(api: FlaskClient, book: Engine, fields: dict[str, object], field: str) -> None:
    answer = api.post("/api/v1/leads", json={"fields": fields})
    assert answer.status_code == 422
    assert answer.get_json()["error"]["field"] == field
    assert pending(book) == []
