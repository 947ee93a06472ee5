"""Undo and the decision of a conflict, through the API: each is a change like any other, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.model import Change, ChangeKind, ChangeState, Conflict, Value
from store import activity, conflicts, outbox
from store.activity import ActivityEntry
from tests.app.book import NOW, lead, put
from tests.app.test_api_writing import FARAH, pending, standing
from tests.app.test_together import mark_all


def test_undo_takes_a_change_back_once(api: FlaskClient, book: Engine) -> None:
    made = api.patch(FARAH, json={"changes": {"city": "Noida"}}).get_json()["change_id"]
    first, second = (api.post(f"/api/v1/changes/{made}/undo") for _ in range(2))
    assert first.status_code == second.status_code == 202
    assert first.get_json()["change_id"] == second.get_json()["change_id"]
    assert standing(book, "LTEST00002").city == "Delhi"
    assert len(pending(book)) == 2


@pytest.mark.parametrize("forgotten", [False, True])
def test_what_was_undone_and_redone_is_undone_again(api: FlaskClient, book: Engine, forgotten: bool) -> None:
    """Also where only Activity tells of the first undo and of what took it back."""
    made = api.patch(FARAH, json={"changes": {"city": "Noida"}}).get_json()["change_id"]
    first = api.post(f"/api/v1/changes/{made}/undo").get_json()["change_id"]
    again = api.post(f"/api/v1/changes/{first}/undo").get_json()["change_id"]
    assert standing(book, "LTEST00002").city == "Noida"
    if forgotten:
        told_and_forgotten(book)
    second, retried = (api.post(f"/api/v1/changes/{made}/undo").get_json()["change_id"] for _ in range(2))
    assert len({made, first, again, second}) == 4
    assert retried == second
    assert standing(book, "LTEST00002").city == "Delhi"


def test_an_undo_that_another_edit_followed_is_still_the_same(api: FlaskClient, book: Engine) -> None:
    made = api.patch(FARAH, json={"changes": {"city": "Noida"}}).get_json()["change_id"]
    first = api.post(f"/api/v1/changes/{made}/undo").get_json()["change_id"]
    api.patch(FARAH, json={"changes": {"city": "Noida"}})
    assert api.post(f"/api/v1/changes/{made}/undo").get_json()["change_id"] == first
    assert standing(book, "LTEST00002").city == "Noida"


def told_and_forgotten(book: Engine) -> None:
    """All that waits is in the sheet from now on, and Activity alone tells of it."""
    with book.begin() as conn:
        for one in outbox.pending(conn, 100):
            lines = [(name, *pair, one.why) for name, pair in one.fields.items()]
            activity.append(conn, [ActivityEntry(NOW, one.change_id, one.lead_id, one.actor, *line) for line in lines])
    mark_all(book, ChangeState.DONE)
    with book.begin() as conn:
        outbox.forget_done(conn, NOW + timedelta(days=1))


def test_undo_is_refused_where_something_newer_stands(api: FlaskClient, book: Engine) -> None:
    made = api.patch(FARAH, json={"changes": {"city": "Noida"}}).get_json()["change_id"]
    api.patch(FARAH, json={"changes": {"city": "Agra"}})
    answer = api.post(f"/api/v1/changes/{made}/undo")
    assert answer.status_code == 409
    assert answer.get_json()["error"]["field"] == "city"
    assert "Agra" in answer.get_json()["error"]["message"]
    assert standing(book, "LTEST00002").city == "Agra"


def test_a_change_that_only_activity_knows_is_undone(api: FlaskClient, book: Engine) -> None:
    assert api.post("/api/v1/changes/C0/undo").status_code == 404
    assert api.post("/api/v1/changes/C2/undo").status_code == 202
    assert standing(book, "LTEST00002").city == "Rohini"
    assert api.post("/api/v1/changes/C1/undo", json={"lead_id": "LTEST00002"}).status_code == 409
    assert api.post("/api/v1/changes/C2/undo", json={"lead_id": "LTEST00003"}).status_code == 404


def test_an_added_lead_can_be_taken_back(api: FlaskClient, book: Engine) -> None:
    made = api.post("/api/v1/leads", json={"fields": {"full_name": "M", "phone_number": "98765 43210"}}).get_json()
    assert api.post(f"/api/v1/changes/{made['change_id']}/undo").status_code == 202
    assert api.get(f"/api/v1/leads/{made['lead']['lead_id']}").status_code == 404


def _conflict(api: FlaskClient) -> str:
    (found,) = api.get("/api/v1/conflicts").get_json()["conflicts"]
    return str(found["conflict_id"])


def test_keeping_the_sheets_value_just_decides(api: FlaskClient, book: Engine) -> None:
    found = _conflict(api)
    for _ in range(2):
        answer = api.post(f"/api/v1/conflicts/{found}", json={"keep": "theirs"})
        assert (answer.status_code, answer.get_json()["change_id"]) == (200, None)
    assert pending(book) == []
    assert api.get("/api/v1/conflicts").get_json()["conflicts"] == []
    assert api.post(f"/api/v1/conflicts/{found}", json={"keep": "ours"}).status_code == 409


def test_keeping_ours_is_a_change_of_what_stands_now(api: FlaskClient, book: Engine) -> None:
    found = _conflict(api)
    with book.begin() as conn:
        put(conn, [lead(4, status="Follow Up 1")], first_row=6)
    first, second = (api.post(f"/api/v1/conflicts/{found}", json={"keep": "ours"}) for _ in range(2))
    assert first.status_code == second.status_code == 202
    (change,) = pending(book)
    assert change.fields["status"] == ("Follow Up 1", "Interested")
    assert first.get_json()["change_id"] == second.get_json()["change_id"] == change.change_id
    assert api.get("/api/v1/sync").get_json()["conflicts"] == 0


def test_what_was_held_back_with_the_loser_goes_in_with_ours(api: FlaskClient, book: Engine) -> None:
    """The note of the call, but not the day that a person has set since."""
    later = date(2026, 12, 24)
    fields: dict[str, tuple[Value, Value]] = {
        "status": ("Initial Contact", "Interested"),
        "next_follow_up": (date(2026, 11, 22), date(2026, 11, 29)),
        "notes": (None, "22-11-2026 Neha: Interested"),
        "lead_score": (57, 60),
    }
    change = Change("CX", "LTEST00005", ChangeKind.UPDATE, fields, "Neha", NOW)
    lost = Conflict("LTEST00005", "status", "Initial Contact", "Interested", "Member")
    with book.begin() as conn:
        put(conn, [lead(5, next_follow_up=later, notes="typed by hand")], first_row=7)
        outbox.enqueue(conn, [change])
        outbox.mark(conn, ["CX"], ChangeState.CONFLICT)
        conflicts.add(conn, "CX", [lost], NOW)
    found = api.get("/api/v1/conflicts").get_json()["conflicts"][-1]["conflict_id"]
    told = api.post(f"/api/v1/conflicts/{found}", json={"keep": "ours"}).get_json()["lead"]
    assert told["status"] == "Interested"
    assert told["notes"] == "typed by hand\n22-11-2026 Neha: Interested"
    assert told["lead_id"] == "LTEST00005"


@pytest.mark.parametrize("keep", [None, "both", "mine", 3, ["ours"]])
def test_a_decision_is_ours_or_theirs(api: FlaskClient, book: Engine, keep: object) -> None:
    assert api.post(f"/api/v1/conflicts/{_conflict(api)}", json={"keep": keep}).status_code == 422
    assert api.post("/api/v1/conflicts/nothing", json={"keep": "ours"}).status_code == 404


def test_ours_that_can_no_longer_be_stays_undecided(api: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        conflicts.add(conn, "C7", [Conflict("LTEST00001", "status", "Member", "Removed", "Member")], NOW)
    found = api.get("/api/v1/conflicts").get_json()["conflicts"][-1]["conflict_id"]
    assert api.post(f"/api/v1/conflicts/{found}", json={"keep": "ours"}).status_code == 422
    assert len(api.get("/api/v1/conflicts").get_json()["conflicts"]) == 2


def test_a_change_that_is_told_field_by_field_is_undone_whole(api: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        activity.append(
            conn,
            [
                ActivityEntry(NOW, "C20", "LTEST00001", "sheet", "city", "Agra", "Noida"),
                ActivityEntry(NOW, "C20", "LTEST00001", "sheet", "child_age", 2, 3),
            ],
        )
    told = api.post("/api/v1/changes/C20/undo", json={"lead_id": "LTEST00001"}).get_json()["lead"]
    assert (told["city"], told["child_age"]) == ("Agra", 2)
