from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from core.model import Change, ChangeKind, Lead
from store import activity, mirror, outbox, users
from store.activity import ActivityEntry
from store.schema import outbox as outbox_table
from tests.app.book import NOW, TODAY, lead, put
from tests.app.conftest import csrf, sign_in

FARAH = "/leads/LTEST00002"


def send(client: FlaskClient, address: str, fields: dict[str, str] | None = None, page: str = FARAH) -> TestResponse:
    token = csrf(client.get(page).text)
    return client.post(address, data={"csrf_token": token, "request": "r1"} | (fields or {}))


def pending(engine: Engine) -> list[Change]:
    with engine.connect() as conn:
        return [change for change in outbox.pending(conn, 100) if change.change_id != "C9"]


def standing(engine: Engine, lead_id: str = "LTEST00002") -> Lead:
    with engine.connect() as conn:
        found = mirror.lead(conn, lead_id)
        assert found is not None
        return found


@pytest.mark.parametrize(
    ("outcome", "more", "status", "days"),
    [
        ("No answer", {}, "Interested", 7),
        ("Call later", {"day": "2026-11-25"}, "Interested", 3),
        ("Interested", {}, "Interested", 7),
        ("Visit booked", {"day": "28-11-2026"}, "Interested", 6),
        ("Joined", {}, "Member", None),
        ("Not interested", {"reason": "Too far"}, "Lost - No Response", None),
    ],
)
def test_an_outcome_sets_what_its_button_said(
    client: FlaskClient, book: Engine, outcome: str, more: dict[str, str], status: str, days: int | None
) -> None:
    answer = send(client, f"{FARAH}/outcome", {"outcome": outcome} | more)
    assert (answer.status_code, answer.location) == (303, FARAH)
    after = standing(book)
    assert after.status == status
    assert after.last_contacted == NOW
    assert after.notes is not None
    assert after.notes.startswith(f"22-11-2026 Neha Arora: {outcome}")
    if days is not None:
        assert after.next_follow_up == TODAY + timedelta(days=days)
    told = client.get(FARAH).text
    assert f"Marked {outcome} · next follow-up" in told
    assert "saving…" in told
    assert f"Marked {outcome}" not in client.get(FARAH).text  # said once


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("outcome", {"outcome": "Whatever"}, 400),
        ("outcome", {}, 400),
        ("outcome", {"outcome": "Not interested", "reason": " "}, 422),
        ("outcome", {"outcome": "Visit booked", "day": "2026-11-01"}, 422),
        ("outcome", {"outcome": "Call later", "day": "soon"}, 422),
        ("snooze", {"day": ""}, 422),
        ("snooze", {"day": "22-11-2026"}, 422),
        ("snooze", {"day": "31-02-2027"}, 422),
        ("note", {"text": "  "}, 422),
        ("note", {"text": "x" * 60_000}, 422),
        ("edit", {"phone_number": "12", "was.phone_number": "(981) 555-0102"}, 422),
        ("edit", {"full_name": "A", "was.full_name": "Farah Siddiqui", "status": "Gone", "was.status": "x"}, 422),
    ],
)
def test_what_is_refused_changes_nothing_and_says_why(
    client: FlaskClient, book: Engine, address: str, fields: dict[str, str], status: int
) -> None:
    before = standing(book)
    answer = send(client, f"{FARAH}/{address}", fields)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert pending(book) == []
    assert standing(book) == before


def test_a_double_click_is_one_change(client: FlaskClient, book: Engine) -> None:
    for _ in range(3):
        assert send(client, f"{FARAH}/outcome", {"outcome": "No answer"}).status_code == 303
    assert len(pending(book)) == 1
    assert (standing(book).notes or "").count("No answer") == 1


def test_a_repeat_after_the_outbox_forgot_is_still_one_change(client: FlaskClient, book: Engine) -> None:
    note = {"text": "asked for the story hour"}
    send(client, f"{FARAH}/note", note)
    (change,) = pending(book)
    after = standing(book)
    with book.begin() as conn:  # it came into the sheet, and the database is a new one that was read back from there
        told = [
            ActivityEntry(change.at, change.change_id, change.lead_id, change.actor, name, *pair)
            for name, pair in change.fields.items()
        ]
        activity.append(conn, told)
        conn.execute(outbox_table.delete())
        put(conn, [after], first_row=4)
    assert send(client, f"{FARAH}/note", note).status_code == 303
    assert pending(book) == []
    assert (standing(book).notes or "").count("asked for the story hour") == 1
    assert send(client, f"{FARAH}/note", note | {"request": "r2"}).status_code == 303
    assert len(pending(book)) == 1, "another form is another note"


def test_another_button_of_the_same_form_is_another_request(client: FlaskClient, book: Engine) -> None:
    """The answer to the first click was lost; the person presses something else in the same form."""
    send(client, f"{FARAH}/outcome", {"outcome": "No answer"})
    send(client, f"{FARAH}/outcome", {"outcome": "Joined"})
    assert standing(book).status == "Member"
    assert len(pending(book)) == 2


def test_the_same_name_of_another_person_is_another_request(app: Flask, client: FlaskClient, book: Engine) -> None:
    """A request is its person's own: nobody can make another's click come to nothing."""
    send(client, f"{FARAH}/note", {"text": "one"})
    with book.begin() as conn:
        other = users.put_user(conn, "Vikram", "vikram@example.com", "staff")
        link = "/login/" + users.create_link(conn, other.user_id, NOW, 15)
    second = app.test_client()
    second.post(link, data={"csrf_token": csrf(second.get(link).text)})
    send(second, f"{FARAH}/note", {"text": "two"})
    assert len(pending(book)) == 2


def test_without_the_form_s_token_nothing_happens(client: FlaskClient, book: Engine) -> None:
    for address in ("outcome", "snooze", "note", "edit", "undo", "do-not-contact"):
        assert client.post(f"{FARAH}/{address}", data={"outcome": "Joined", "text": "x"}).status_code == 400
    assert pending(book) == []


def test_who_may_only_look_sees_no_forms_and_changes_nothing(app: Flask, book: Engine) -> None:
    viewer = sign_in(app, book, "viewer")
    for page in (FARAH, "/", "/conflicts"):
        assert "How did it go?" not in viewer.get(page).text
    assert viewer.get(f"{FARAH}/edit").status_code == 403
    for address in ("outcome", "snooze", "note", "edit", "undo", "do-not-contact"):
        assert send(viewer, f"{FARAH}/{address}", {"outcome": "Joined"}).status_code == 403
    assert pending(book) == []


def test_the_button_says_what_it_does_and_does_it(client: FlaskClient, engine: Engine) -> None:
    for n, status in enumerate(("New Lead", "Initial Contact", "Follow Up 3", "Interested", "Member", None)):
        with engine.begin() as conn:
            put(conn, [lead(n, status=status)], first_row=n + 2)
        page = client.get(f"/leads/LTEST{n:05}").text
        said = re.search(r"<span>No answer<small>(.*?)</small>", page)
        assert said is not None
        send(client, f"/leads/LTEST{n:05}/outcome", {"outcome": "No answer"}, f"/leads/LTEST{n:05}")
        after = standing(engine, f"LTEST{n:05}")
        assert after.next_follow_up is not None
        assert said[1] in (f"try {after.next_follow_up:%d-%m-%Y}", f"now {after.status}")


def test_do_not_contact_takes_the_buttons_away(client: FlaskClient, book: Engine) -> None:
    send(client, f"{FARAH}/do-not-contact", {"on": "1", "reason": "moved away"})
    after = standing(book)
    assert (after.do_not_contact, after.next_follow_up) == (True, None)
    page = client.get(FARAH).text
    assert "asked not to be called" in page
    assert "tel:" not in page
    assert "wa.me" not in page
    assert "mailto:" not in page
    assert send(client, f"{FARAH}/snooze", {"day": "2026-12-01", "request": "r2"}).status_code == 422
    assert send(client, f"{FARAH}/outcome", {"outcome": "No answer", "request": "r3"}).status_code == 422
    send(client, f"{FARAH}/do-not-contact", {"on": "0", "request": "r4"})
    assert standing(book).do_not_contact is False


def test_an_edit_sends_only_what_was_changed(client: FlaskClient, book: Engine) -> None:
    """What others changed while the form stood open is not put back."""
    fields = {"city": "Noida", "was.city": "Delhi", "child_name": "Zoya", "was.child_name": "Zoya"}
    with book.begin() as conn:
        put(conn, [lead(2, child_name="Zoya Maryam")], first_row=4)
    assert send(client, f"{FARAH}/edit", fields).status_code == 303
    (change,) = pending(book)
    assert change.fields["city"] == ("Delhi", "Noida")
    assert standing(book).child_name == "Zoya Maryam"


def test_a_form_that_is_older_than_the_sheet_is_for_the_merge(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        put(conn, [lead(2, city="Gurugram")], first_row=4)
    send(client, f"{FARAH}/edit", {"city": "Noida", "was.city": "Delhi"})
    (change,) = pending(book)
    assert change.fields["city"] == ("Delhi", "Noida")  # the sheet says Gurugram: a conflict, not an overwrite


def test_the_whole_form_sent_as_it_was_changes_nothing(client: FlaskClient, engine: Engine) -> None:
    """Whatever stands in the cells: a form that nobody touched is no change, one field touched is one field."""
    odd = lead(
        2,
        notes="\n  first line\r\n\tsecond  \n\nlast \n",
        other_phones="+919815550111, +12125550100",
        last_contacted=NOW.replace(second=41, microsecond=7),
        priority="Nobody knows",
        city='<b>"Delhi" & co</b>',
        assigned_to="Gone Person",
        do_not_contact=None,
        email="not an address",
    )
    with engine.begin() as conn:
        put(conn, [odd])
    for page in (FARAH, f"{FARAH}/edit"):
        fields = form_fields(client.get(page).text)
        answer = client.post(f"{FARAH}/edit", data=fields)
        assert answer.status_code == 303, answer.text
        assert pending(engine) == []
    touched = form_fields(client.get(f"{FARAH}/edit").text) | {"child_name": "Zoe"}
    client.post(f"{FARAH}/edit", data=touched)
    (change,) = pending(engine)
    assert set(change.fields) - {"lead_score"} == {"child_name", "updated_at"}


def form_fields(page: str) -> dict[str, str]:
    """The last edit form of a page as a browser would send it."""
    form = page.split('/edit" hx-boost="true"')[-1].split("</form>")[0]
    found = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
    for name, attributes in re.findall(r'name="([^"]+)"([^>]*)>', form):
        value = re.search(r' value="([^"]*)"', attributes)
        if value:
            found[name] = unescape(value[1])
    for name, text in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S):
        found[name] = unescape(text).replace("\r\n", "\n").replace("\n", "\r\n")
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        assert chosen is not None, name
        found[name] = unescape(chosen[1])
    return found


def test_what_was_typed_is_kept_with_the_error_beside_it(client: FlaskClient, book: Engine) -> None:
    fields = {
        "full_name": "Farah <Khan>",
        "was.full_name": "Farah Siddiqui",
        "phone_number": "98x",
        "was.phone_number": "(981) 555-0102",
    }
    page = send(client, f"{FARAH}/edit", fields).text
    assert 'value="Farah &lt;Khan&gt;"' in page
    assert 'value="98x" autocomplete="off"' in page
    assert 'aria-describedby="f-phone_number-error"' in page
    assert 'id="f-phone_number-error"' in page
    typed = send(client, f"{FARAH}/edit", {"next_follow_up": "32-13-2026", "was.next_follow_up": "22-11-2026"}).text
    assert 'value="32-13-2026"' in typed
    assert "f-next_follow_up-error" in typed
    note = "y" * 51_000
    assert note in send(client, f"{FARAH}/note", {"text": note}).text


def test_a_status_tells_its_next_follow_up_before_it_is_chosen(client: FlaskClient, book: Engine) -> None:
    page = client.get(FARAH).text
    said = re.search(r'<option value="Member">Member, next (\d\d-\d\d-\d{4})</option>', page)
    assert said is not None
    send(client, f"{FARAH}/edit", {"status": "Member", "was.status": "Interested"})
    due = standing(book).next_follow_up
    assert due is not None
    assert f"{due:%d-%m-%Y}" == said[1]


def test_undo_from_the_toast_and_from_the_timeline(client: FlaskClient, book: Engine) -> None:
    before = standing(book)
    send(client, f"{FARAH}/outcome", {"outcome": "Joined"})
    page = client.get(FARAH).text
    (change,) = pending(book)
    assert page.count(f'value="{change.change_id}"') == 2  # the toast's and the timeline's
    assert send(client, f"{FARAH}/undo", {"change_id": change.change_id}).status_code == 303
    after = standing(book)
    assert replace(after, updated_at=before.updated_at, lead_score=before.lead_score) == before
    again = send(client, f"{FARAH}/undo", {"change_id": change.change_id, "request": "r9"})
    assert again.status_code == 303
    assert "nothing left of this change" in client.get(FARAH).text
    assert len(pending(book)) == 2


def test_an_edit_that_was_typed_into_the_sheet_can_be_undone(client: FlaskClient, book: Engine) -> None:
    send(client, f"{FARAH}/undo", {"change_id": "C2"})
    assert standing(book).city == "Rohini"
    send(client, f"{FARAH}/undo", {"change_id": "C1", "request": "r2"})
    assert "changed since it was added" in client.get(FARAH).text
    send(client, f"{FARAH}/undo", {"change_id": "nothing", "request": "r3"})
    assert "no change with this id" in client.get(FARAH).text


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_the_page_that_follows_is_ours(client: FlaskClient, book: Engine, address: str) -> None:
    answer = send(client, f"{FARAH}/note", {"text": "x", "back": address})
    assert answer.location == "/"


@pytest.mark.parametrize("gone", ["LNOBODY00", "LTEST00006"])
def test_a_lead_that_is_gone(client: FlaskClient, book: Engine, gone: str) -> None:
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00006"], "deleted")
    for address in ("outcome", "note", "edit"):
        fields = {"outcome": "Joined", "text": "x", "city": "x", "was.city": ""}
        assert send(client, f"/leads/{gone}/{address}", fields).status_code == 404
    assert client.get(f"/leads/{gone}/edit").status_code == 404


def test_a_lead_is_deleted_and_restored(client: FlaskClient, book: Engine) -> None:
    before = standing(book)
    page = client.get(FARAH).text
    assert 'action="/leads/LTEST00002/delete"' in page
    unsure = send(client, f"{FARAH}/delete", {"why": "spam"})
    assert (unsure.status_code, pending(book)) == (422, [])
    for _ in range(2):  # a double click
        answer = send(client, f"{FARAH}/delete", {"why": "spam <b>", "sure": "1"}, page="/leads")
        assert (answer.status_code, answer.location) == (303, "/leads")
    (change,) = pending(book)
    assert (change.kind, change.why) == (ChangeKind.DELETE, "spam <b>")
    listed = client.get("/leads").text
    assert f"Deleted {before.full_name}" in unescape(listed)
    assert f'value="{change.change_id}"' in listed  # the toast can take it back

    gone = client.get(FARAH)
    assert gone.status_code == 404
    assert "This lead was deleted." in gone.text
    assert "spam &lt;b&gt;" in gone.text
    buttons = re.findall(r'name="change_id" value="([^"]+)"', gone.text)
    assert buttons == [change.change_id]  # nothing else can be undone on a lead that is not there
    assert "Restore" in gone.text

    back = send(client, f"{FARAH}/undo", {"change_id": change.change_id, "request": "r2", "back": FARAH})
    assert (back.status_code, back.location) == (303, FARAH)
    assert client.get(FARAH).status_code == 200
    assert replace(standing(book), updated_at=before.updated_at, lead_score=before.lead_score) == before
    assert client.get("/leads/LNOBODY00").status_code == 404


def test_who_may_only_look_deletes_nothing(app: Flask, book: Engine) -> None:
    viewer = sign_in(app, book, role="viewer")
    assert "/delete" not in viewer.get(FARAH).text
    assert send(viewer, f"{FARAH}/delete", {"sure": "1"}).status_code == 403
    assert standing(book).lead_id == "LTEST00002"
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00002"], "deleted")
    assert "Restore</" not in viewer.get(FARAH).text


def test_a_refusal_on_today_comes_back_as_today(client: FlaskClient, book: Engine) -> None:
    here = "/?group=overdue&lead=LTEST00000"
    fields = {"outcome": "Visit booked", "day": "01-01-2020", "undo_back": here, "back": "/?group=overdue"}
    answer = send(client, "/leads/LTEST00000/outcome", fields)
    assert answer.status_code == 422
    assert "<h1>Today</h1>" in answer.text
    assert "That day is over." in answer.text
