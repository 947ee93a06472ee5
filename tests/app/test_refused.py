"""What was saved and the sheet did not take: told with its reason, set again or dismissed by one click."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.leads import fields_of
from core.model import Change, ChangeKind, ChangeState, Value
from store import covered, outbox
from tests.app.book import NOW, lead, put
from tests.app.conftest import sign_in
from tests.app.test_lead_actions import pending, send, standing

ARJUN = "/leads/LTEST00004"
FORMULA = "City: the sheet has a formula or other words there, which stay"
TO_KOCHI: Mapping[str, tuple[Value, Value]] = {"city": ("Gurugram", "Kochi"), "lead_score": (57, 60)}


def block(
    engine: Engine,
    why: str = FORMULA,
    kind: ChangeKind = ChangeKind.UPDATE,
    fields: Mapping[str, tuple[Value, Value]] = TO_KOCHI,
    made_by: str = "",
    **more: str,
) -> str:
    """A change of Arjun Menon that was said to be saved, and that the sheet did not take."""
    named = {"change_id": "CB", "lead_id": "LTEST00004", "actor": "Neha Arora"} | more
    with engine.begin() as conn:
        if named["change_id"] == "CB":
            put(conn, [lead(4)])
        outbox.enqueue(conn, [Change(kind=kind, fields=fields, at=NOW, why=made_by, **named)])
        outbox.mark(conn, [named["change_id"]], ChangeState.BLOCKED, why)
    return named["change_id"]


def told(client: FlaskClient, page: str) -> str:
    return unescape(client.get(page).text)


@pytest.mark.parametrize("page", [ARJUN, "/conflicts"])
def test_a_saved_edit_that_the_sheet_refuses_is_told(client: FlaskClient, engine: Engine, page: str) -> None:
    block(engine)
    said = told(client, page)
    assert "City: <b><bdi>Kochi</bdi></b>" in said
    assert f"<bdi>{FORMULA}</bdi>." in said
    assert "<bdi>You</bdi>, 22-11-2026 10:42" in said
    assert "Set it again" in said
    assert "Score: <b>" not in said, "nobody set that"
    assert "1 to decide" in told(client, "/conflicts")


def test_a_deletion_that_was_not_carried_out_is_told(client: FlaskClient, engine: Engine) -> None:
    why = "It was changed in the sheet since (City): look at it, and delete it again"
    fields = {name: (value, None) for name, value in fields_of(lead(4)).items()}
    block(engine, why, ChangeKind.DELETE, fields)
    assert "Arjun Menon</bdi></a>: not deleted" in told(client, "/conflicts")
    assert why in told(client, ARJUN)
    assert "Set it again" not in told(client, ARJUN)
    send(client, f"{ARJUN}/delete", {"sure": "1"}, ARJUN)
    assert "not deleted" not in told(client, "/conflicts"), "it is deleted by now"


@pytest.mark.parametrize("state", [ChangeState.PENDING, ChangeState.DONE, ChangeState.CONFLICT])
def test_what_was_taken_or_may_be_is_not_told(client: FlaskClient, engine: Engine, state: ChangeState) -> None:
    made = block(engine)
    with engine.begin() as conn:
        outbox.mark(conn, [made], state)
    assert "Set it again" not in told(client, ARJUN) + told(client, "/conflicts")
    assert "Nothing to decide." in told(client, "/conflicts")


def test_what_follows_from_an_edit_in_the_sheet_is_nobodys(client: FlaskClient, engine: Engine) -> None:
    block(engine, actor="sync", made_by="follows from an edit in the sheet")
    assert "Nothing to decide." in told(client, "/conflicts")
    block(engine, actor="sync", made_by="phone · Contact form, row 27", change_id="CR")
    assert "1 to decide" in told(client, "/conflicts"), "a row of the sheet says something"


def test_set_again_begins_from_what_the_sheet_says_now(client: FlaskClient, engine: Engine) -> None:
    block(engine, fields={"city": ("Gurugram", "Kochi"), "notes": (None, "Comes on Saturday")})
    with engine.begin() as conn:
        put(conn, [lead(4, city="Delhi", notes="Rang twice")])
    for _ in range(2):
        answer = send(client, "/refused/CB/again", {"back": ARJUN}, ARJUN)
        assert (answer.status_code, answer.location) == (303, ARJUN)
    (change,) = pending(engine)
    assert (change.fields["city"], change.actor) == (("Delhi", "Kochi"), "Neha Arora")
    assert standing(engine, "LTEST00004").notes == "Rang twice\nComes on Saturday"
    assert "Nothing to decide." in told(client, "/conflicts")


def test_set_again_takes_no_later_call_back(client: FlaskClient, engine: Engine) -> None:
    block(engine, fields={"city": ("Gurugram", "Kochi"), "last_contacted": (None, NOW - timedelta(days=3))})
    with engine.begin() as conn:
        put(conn, [lead(4, last_contacted=NOW)])
    send(client, "/refused/CB/again", {}, "/conflicts")
    assert standing(engine, "LTEST00004").city == "Kochi"
    assert standing(engine, "LTEST00004").last_contacted == NOW


def test_set_again_where_the_sheet_says_it_already(client: FlaskClient, engine: Engine) -> None:
    block(engine)
    with engine.begin() as conn:
        put(conn, [lead(4, city="Kochi")])
    send(client, "/refused/CB/again", {}, "/conflicts")
    assert pending(engine) == []
    assert "Nothing to decide." in told(client, "/conflicts")


def test_who_wants_to_hear_no_more_of_it_can_change_their_mind(client: FlaskClient, engine: Engine) -> None:
    block(engine)
    for _ in range(2):
        send(client, "/refused/CB/dismiss", {}, "/conflicts")
    assert "Nothing to decide." in told(client, "/conflicts")
    assert "Kochi" not in told(client, ARJUN)
    send(client, "/refused/CB/take-back", {}, "/conflicts")
    assert "Kochi" in told(client, ARJUN)
    assert pending(engine) == []


def test_a_bulk_change_is_dismissed_as_one(client: FlaskClient, engine: Engine) -> None:
    block(engine)
    for n in range(25):
        block(engine, change_id=f"G.{n}", group="G")
    page = told(client, "/conflicts")
    assert page.count("Set it again") == 20
    assert page.count("Dismiss all 25 of this bulk change") == 19
    address = page.split('class="btn plain" href="/conflicts?untaken=')[1].split('"')[0]
    assert told(client, f"/conflicts?untaken={address}").count("Set it again") == 6
    assert client.get("/conflicts?untaken=rubbish").status_code == 400
    send(client, "/refused/G.3/dismiss", {"all": "1"}, "/conflicts")
    assert told(client, "/conflicts").count("Set it again") == 1


def test_what_waits_for_merged_cells_says_so_and_goes_by_itself(client: FlaskClient, engine: Engine) -> None:
    why = "City: merged cells cover it in the sheet. It goes there when they are taken apart"
    block(engine, why)
    with engine.begin() as conn:
        covered.add(conn, ["CB"])
    assert why in told(client, ARJUN)
    assert "Set it again" not in told(client, ARJUN)
    assert "Dismiss" not in told(client, ARJUN)
    send(client, "/refused/CB/again", {}, "/conflicts")
    assert send(client, "/refused/CB/dismiss", {}, "/conflicts").status_code == 400
    assert pending(engine) == []


@pytest.mark.parametrize("page", [ARJUN, "/conflicts"])
def test_what_waits_for_merged_cells_that_shall_stay_is_undone_where_it_is_told(
    client: FlaskClient, engine: Engine, page: str
) -> None:
    block(engine)
    with engine.begin() as conn:
        covered.add(conn, ["CB"])
    assert f'action="{ARJUN}/undo"' in told(client, page).split('id="r-CB"')[1].split("</article>")[0]
    assert send(client, f"{ARJUN}/undo", {"change_id": "CB", "back": page}, page).location == page
    assert "Kochi" not in told(client, page)
    assert "Nothing to decide." in told(client, "/conflicts")


def test_a_lead_that_is_gone_since(client: FlaskClient, engine: Engine) -> None:
    block(engine, "This lead is no longer in the sheet", lead_id="LTEST00009")
    assert "A lead that was deleted</bdi>: not in the sheet" in told(client, "/conflicts")
    assert "Set it again" not in told(client, "/conflicts")
    send(client, "/refused/CB/again", {}, "/conflicts")
    assert "no longer in Master" in told(client, "/conflicts")


def test_only_who_may_write_and_only_with_the_forms_token(app: Flask, client: FlaskClient, engine: Engine) -> None:
    block(engine)
    viewer = sign_in(app, engine, "viewer")
    assert "Kochi" in told(viewer, ARJUN)
    for what in ("again", "dismiss", "take-back"):
        assert send(viewer, f"/refused/CB/{what}", {}, "/conflicts").status_code == 403
        assert client.post(f"/refused/CB/{what}").status_code == 400
    assert pending(engine) == []
