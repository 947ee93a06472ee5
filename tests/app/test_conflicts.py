from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.model import Change, ChangeKind, ChangeState, Conflict, Value
from store import conflicts, mirror, outbox
from tests.app.book import NOW, lead, put
from tests.app.conftest import sign_in
from tests.app.test_lead_actions import pending, send, standing


def lose(engine: Engine, actor: str = "Neha Arora") -> str:
    """A change whose status met another in the sheet; its note was held back with it. Returns the conflict's id."""
    fields: dict[str, tuple[Value, Value]] = {
        "status": ("Initial Contact", "Interested"),
        "notes": (None, "22-11-2026 Neha: Interested"),
        "last_contacted": (None, NOW),
        "lead_score": (57, 60),
    }
    with engine.begin() as conn:
        put(conn, [lead(5, last_contacted=None)], first_row=7)
        outbox.enqueue(conn, [Change("CX", "LTEST00005", ChangeKind.UPDATE, fields, actor, NOW)])
        outbox.mark(conn, ["CX"], ChangeState.CONFLICT)
        conflicts.add(conn, "CX", [Conflict("LTEST00005", "status", "Initial Contact", "Interested", "Member")], NOW)
        return conflicts.open_conflicts(conn, 100).items[-1].conflict_id


def choose(client: FlaskClient, conflict_id: str, keep: str) -> str:
    answer = send(client, f"/conflicts/{conflict_id}", {"keep": keep}, "/conflicts")
    assert (answer.status_code, answer.location) == (303, "/conflicts")
    return client.get("/conflicts").text


def test_a_conflict_in_plain_words(client: FlaskClient, engine: Engine) -> None:
    lose(engine)
    page = client.get("/conflicts").text
    assert "You set <b><bdi>Interested</bdi></b> on 22-11-2026 10:42; the sheet says <b><bdi>Member</bdi></b>." in page
    assert "was <bdi>Initial Contact</bdi>" in page
    assert "Use mine: <bdi>Interested</bdi>" in page
    assert "Keep the sheet’s: <bdi>Member</bdi>" in page
    assert "1 to decide" in page
    assert "revision" not in page.replace("data-revision", "")


def test_mine_is_one_click_and_takes_the_note_along(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    page = choose(client, found, "ours")
    after = standing(engine, "LTEST00005")
    assert (after.status, after.notes, after.last_contacted) == ("Interested", "22-11-2026 Neha: Interested", NOW)
    assert "Nothing to decide." in page
    assert "Kept Interested" in page
    assert len(pending(engine)) == 1


def test_the_sheets_is_one_click_and_changes_nothing(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    page = choose(client, found, "theirs")
    assert standing(engine, "LTEST00005").status == "Member"
    assert pending(engine) == []
    assert "Kept the sheet’s value" in page


def test_both_keeps_the_status_and_the_note(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    choose(client, found, "both")
    after = standing(engine, "LTEST00005")
    assert (after.status, after.notes, after.last_contacted) == ("Member", "22-11-2026 Neha: Interested", NOW)


@pytest.mark.parametrize("keep", ["ours", "theirs", "both"])
def test_every_decision_can_be_taken_back_and_taken_again(client: FlaskClient, engine: Engine, keep: str) -> None:
    found = lose(engine)
    before = standing(engine, "LTEST00005")
    for n in range(2):
        choose(client, found, keep)
        send(client, f"/conflicts/{found}/undo", {"request": f"u{n}"}, "/conflicts")
        after = standing(engine, "LTEST00005")
        assert (after.status, after.notes, after.last_contacted) == (before.status, before.notes, before.last_contacted)
        assert "1 to decide" in client.get("/conflicts").text
    choose(client, found, keep)
    assert standing(engine, "LTEST00005").status == ("Interested" if keep == "ours" else "Member")


def test_a_double_click_decides_once_and_the_slower_person_is_told(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    choose(client, found, "ours")
    choose(client, found, "ours")
    assert len(pending(engine)) == 1
    assert "the other way" in choose(client, found, "theirs")
    assert len(pending(engine)) == 1


def test_two_fields_of_one_change_are_two_decisions(client: FlaskClient, engine: Engine) -> None:
    """Choosing the status does not choose the follow-up, which has a card of its own."""
    lose(engine)
    day = date(2026, 12, 24)
    with engine.begin() as conn:
        put(conn, [lead(5, next_follow_up=day)], first_row=7)
        other = Conflict("LTEST00005", "next_follow_up", date(2026, 11, 22), date(2026, 11, 29), day)
        conflicts.add(conn, "CX", [other], NOW)
        status, due = (one.conflict_id for one in conflicts.open_conflicts(conn, 9).items)
    choose(client, status, "ours")
    assert standing(engine, "LTEST00005").next_follow_up == day
    choose(client, due, "ours")
    after = standing(engine, "LTEST00005")
    assert (after.status, after.next_follow_up) == ("Interested", date(2026, 11, 29))
    assert (after.notes or "").count("Interested") == 1


def test_the_sheet_moved_on_since(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    with engine.begin() as conn:
        put(conn, [lead(5, status="Follow Up 1")], first_row=7)
    assert "Follow Up 1</bdi></b> by now." in client.get("/conflicts").text
    choose(client, found, "ours")
    (change,) = pending(engine)
    assert change.fields["status"] == ("Follow Up 1", "Interested")


def test_a_lead_that_was_deleted_meanwhile(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    with engine.begin() as conn:
        mirror.set_state(conn, ["LTEST00005"], "deleted")
    page = client.get("/conflicts").text
    assert "no longer in the sheet" in page
    assert "no longer in Master" in choose(client, found, "ours")
    assert "Nothing to decide." in choose(client, found, "theirs")


def test_what_cannot_be_chosen(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    assert send(client, f"/conflicts/{found}", {"keep": "mine"}, "/conflicts").status_code == 400
    assert send(client, "/conflicts/nothing", {"keep": "ours"}, "/conflicts").status_code == 303
    assert "no conflict with this id" in client.get("/conflicts").text
    assert client.post(f"/conflicts/{found}", data={"keep": "ours"}).status_code == 400
    assert client.get("/conflicts?cursor=rubbish").status_code == 400
    assert pending(engine) == []


def test_a_viewer_decides_nothing(app: Flask, engine: Engine) -> None:
    found = lose(engine)
    viewer = sign_in(app, engine, "viewer")
    assert send(viewer, f"/conflicts/{found}", {"keep": "ours"}, "/conflicts").status_code == 403
    assert send(viewer, f"/conflicts/{found}/undo", {}, "/conflicts").status_code == 403


def test_many_conflicts_come_in_pages(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n) for n in range(25)])
        for n in range(25):
            conflicts.add(conn, f"C{n}", [Conflict(f"LTEST{n:05}", "city", "a", "<b>b</b>", "\u202ec")], NOW)
    page = client.get("/conflicts").text
    assert page.count("In the sheet now") == 20
    assert "<b>b</b>" not in page
    address = page.split('class="btn plain" href="/conflicts?cursor=')[1].split('"')[0]
    assert client.get(f"/conflicts?cursor={address}").text.count("In the sheet now") == 5
