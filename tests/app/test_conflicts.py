from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.acting import Doer, Done
from app.undoing import take_back
from core.model import Change, ChangeKind, ChangeState, Conflict, Value
from store import conflicts, mirror, outbox
from tests.app.book import NOW, lead, put
from tests.app.conftest import sign_in
from tests.app.test_lead_actions import pending, send, standing

PHONE: Mapping[str, tuple[Value, Value]] = {"phone_number": ("+919815550105", "+919815599999")}


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


def disagree(
    engine: Engine, fields: Mapping[str, tuple[Value, Value]], over: Sequence[str], **stands: object
) -> list[str]:
    """A change of these fields of the lead LTEST00005, lost over some of them. Returns the conflicts' ids."""
    with engine.begin() as conn:
        put(conn, [lead(5, **({"city": "Agra"} | stands))], first_row=7)
        outbox.enqueue(conn, [Change("CX", "LTEST00005", ChangeKind.UPDATE, fields, "Neha Arora", NOW)])
        outbox.mark(conn, ["CX"], ChangeState.CONFLICT)
        standing = mirror.lead(conn, "LTEST00005")
        lost = [Conflict("LTEST00005", name, *fields[name], getattr(standing, name)) for name in over]
        conflicts.add(conn, "CX", lost, NOW)
        return [one.conflict_id for one in conflicts.open_conflicts(conn, 100).items]


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


def test_the_sheets_is_one_click_and_the_note_is_kept(client: FlaskClient, engine: Engine) -> None:
    found = lose(engine)
    page = choose(client, found, "theirs")
    after = standing(engine, "LTEST00005")
    assert (after.status, after.notes, after.last_contacted) == ("Member", "22-11-2026 Neha: Interested", NOW)
    assert "Kept the sheet’s value. Last contacted, Notes are saved too" in page


def test_the_sheets_changes_nothing_where_only_that_was_set(client: FlaskClient, engine: Engine) -> None:
    found = disagree(engine, {"city": ("Delhi", "Kochi"), "lead_score": (57, 60)}, ["city"])[0]
    assert "Saved too" not in client.get("/conflicts").text
    page = choose(client, found, "theirs")
    assert pending(engine) == []
    assert "Kept the sheet’s value</" in page


def test_a_corrected_phone_is_saved_when_only_the_city_is_decided(client: FlaskClient, engine: Engine) -> None:
    (found,) = disagree(engine, PHONE | {"city": ("Delhi", "Kochi")}, ["city"])
    assert "Saved too, whichever you keep: Phone <b><bdi>(981) 559-9999</bdi></b>" in client.get("/conflicts").text
    for _ in range(2):
        page = choose(client, found, "theirs")
    after = standing(engine, "LTEST00005")
    assert (after.city, after.phone_number) == ("Agra", "+919815599999")
    assert "Phone is saved too" in page
    (change,) = pending(engine)
    assert change.fields.keys() >= PHONE.keys()
    assert "city" not in change.fields


def test_do_not_contact_is_saved_when_only_the_day_is_decided(client: FlaskClient, engine: Engine) -> None:
    """And the day that was decided stays, though else nobody who must not be contacted is due."""
    day = date(2026, 12, 5)
    fields = {"do_not_contact": (None, True), "next_follow_up": (date(2026, 11, 24), None)}
    (found,) = disagree(engine, fields, ["next_follow_up"], next_follow_up=day)
    assert "Do not contact <b><bdi>Yes</bdi></b>" in client.get("/conflicts").text
    choose(client, found, "theirs")
    after = standing(engine, "LTEST00005")
    assert (after.do_not_contact, after.next_follow_up) == (True, day)


def test_what_was_typed_since_meets_the_merge(client: FlaskClient, engine: Engine) -> None:
    """The change begins where the one that lost began, so another phone in the sheet is a conflict, not overwritten."""
    fields = PHONE | {"city": ("Delhi", "Kochi")}
    (found,) = disagree(engine, fields, ["city"], phone_number="+919815500000")
    assert "Saved too" not in client.get("/conflicts").text
    choose(client, found, "theirs")
    (change,) = pending(engine)
    assert change.fields["phone_number"] == PHONE["phone_number"]
    with engine.begin() as conn:
        outbox.mark(conn, [change.change_id], ChangeState.CONFLICT)
    send(client, f"/conflicts/{found}/undo", {}, "/conflicts")
    assert "stands open again" in client.get("/conflicts").text
    assert pending(engine) == [], "what never got there is not undone"


def test_what_cannot_be_set_any_more_does_not_hold_up_a_decision(client: FlaskClient, engine: Engine) -> None:
    fields = PHONE | {"city": ("Delhi", "Kochi"), "next_follow_up": (None, date(2026, 12, 5))}
    (found,) = disagree(engine, fields, ["city"], do_not_contact=True, next_follow_up=None)
    choose(client, found, "theirs")
    after = standing(engine, "LTEST00005")
    assert (after.phone_number, after.next_follow_up) == ("+919815599999", None)


@pytest.mark.parametrize("keep", ["ours", "theirs"])
def test_the_rest_goes_once_with_the_first_of_two_decisions(client: FlaskClient, engine: Engine, keep: str) -> None:
    fields = PHONE | {"city": ("Delhi", "Kochi"), "full_name": ("Shalini", "Shalini I")}
    city, name = disagree(engine, fields, ["city", "full_name"])
    choose(client, city, keep)
    assert standing(engine, "LTEST00005").phone_number == "+919815599999"
    (made,) = pending(engine)
    with engine.begin() as conn:  # it has landed, and somebody took it back in the sheet
        outbox.mark(conn, [made.change_id], ChangeState.DONE)
        put(conn, [lead(5, city="Agra")], first_row=7)
    choose(client, name, keep)
    assert standing(engine, "LTEST00005").phone_number == "+919815550105"


def test_a_first_decision_that_is_taken_back_takes_the_rest_along_again(client: FlaskClient, engine: Engine) -> None:
    fields = PHONE | {"city": ("Delhi", "Kochi"), "full_name": ("Shalini", "Shalini I")}
    city, name = disagree(engine, fields, ["city", "full_name"])
    choose(client, city, "theirs")
    choose(client, name, "theirs")
    send(client, f"/conflicts/{city}/undo", {}, "/conflicts")
    assert standing(engine, "LTEST00005").phone_number == "+919815550105"
    choose(client, city, "theirs")
    assert standing(engine, "LTEST00005").phone_number == "+919815599999"


@pytest.mark.parametrize("keep", ["ours", "theirs"])
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


def test_a_decision_that_stood_again_is_taken_back_again(client: FlaskClient, engine: Engine) -> None:
    """Somebody undoes in the lead's history what had taken it back."""
    found, before = lose(engine), standing(engine, "LTEST00005").status
    for n in range(2):
        choose(client, found, "ours")
        assert standing(engine, "LTEST00005").status == "Interested"
        send(client, f"/conflicts/{found}/undo", {"request": f"u{n}"}, "/conflicts")
        assert standing(engine, "LTEST00005").status == before
        with client.application.app_context():
            assert isinstance(take_back(pending(engine)[-1].change_id, "LTEST00005", Doer("Neha", f"h{n}")), Done)
        assert standing(engine, "LTEST00005").status == "Interested"


def test_a_decision_for_the_sheet_is_none_for_what_was_taken_back_before(client: FlaskClient, engine: Engine) -> None:
    """It is taken back also where the sheet says something else since."""
    (found,) = disagree(engine, {"city": ("Delhi", "Surat")}, ["city"])
    choose(client, found, "ours")
    send(client, f"/conflicts/{found}/undo", {}, "/conflicts")
    choose(client, found, "theirs")
    assert "is saved too" not in choose(client, found, "theirs"), "pressed twice"
    with engine.begin() as conn:
        outbox.mark(conn, [one.change_id for one in outbox.pending(conn, 9)], ChangeState.DONE)
        put(conn, [lead(5, city="Pune")], first_row=7)
    send(client, f"/conflicts/{found}/undo", {}, "/conflicts")
    with engine.connect() as conn:
        assert [one.conflict_id for one in conflicts.open_conflicts(conn, 9).items] == [found]


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


@pytest.mark.parametrize(
    ("other", "stands"),
    [
        ({"status": ("Initial Contact", "Interested")}, {"status": None}),
        ({"phone_number": ("+919815550105", "+919815599999")}, {"phone_number": None}),
        (
            {"next_follow_up": (date(2026, 11, 22), date(2026, 12, 1))},
            {"next_follow_up": date(2026, 12, 5), "do_not_contact": True},
        ),
    ],
)
def test_ours_stands_beside_a_disputed_field_that_could_not_be_set_so(
    client: FlaskClient, engine: Engine, other: Mapping[str, tuple[Value, Value]], stands: Mapping[str, object]
) -> None:
    """Somebody has emptied the status in the sheet: that conflict is no reason against keeping our city."""
    (name,) = other
    wanted = {"city": ("Delhi", "Pune"), **other}
    city, left = disagree(engine, wanted, ["city", name], **stands)
    assert "Kept Pune" in choose(client, city, "ours")
    assert standing(engine, "LTEST00005").city == "Pune"
    assert getattr(standing(engine, "LTEST00005"), name) == stands[name]
    with engine.connect() as conn:
        assert [one.conflict_id for one in conflicts.open_conflicts(conn, 10).items] == [left]
