from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store import state
from store.config import save_config_source
from store.state import SyncStatus
from tests.app.book import NOW, TODAY, fill, lead, put
from tests.app.test_lead_actions import send, standing
from tests.app.test_matters import rename


def counts(page: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(r"<strong>([\d,]+)</strong><b>", page)]


def name(page: str) -> str:
    found = re.search(r"data-landing><bdi>(.*?)</bdi>", page)
    return found[1] if found else ""


def test_groups_are_counted(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = client.get("/").text
    assert counts(page) == [2, 3, 1]
    assert "oldest 9 days" in page
    assert name(page) == "Deepak Chauhan"
    assert "Overdue</span> · 1 of 2" in page
    assert "to call</span>" in page


def test_today_is_the_librarys_day(client: FlaskClient, engine: Engine) -> None:
    """The clock stands at 05:12 UTC, 10:42 in Kolkata: both days are the 22nd; the edge is in test_queues."""
    fill(engine, 10)
    assert '<time datetime="2026-11-22">22-11-2026</time>' in client.get("/").text


def test_an_outcome_brings_the_next_card_and_undo_brings_it_back(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    page = client.get("/?group=overdue").text
    follows = re.search(r'name="back" value="(.*?)"', page)
    here = re.search(r'name="undo_back" value="(.*?)"', page)
    assert follows is not None
    assert here is not None
    fields = {
        "outcome": "Interested",
        "back": follows[1].replace("&amp;", "&"),
        "undo_back": here[1].replace("&amp;", "&"),
    }
    answer = send(client, "/leads/LTEST00000/outcome", fields, "/")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert name(page) == "Imran Khan"
    assert counts(page)[0] == 1
    assert "Marked Interested" in page
    change = re.search(r'name="change_id" value="(.*?)"', page)
    assert change is not None
    undone = send(
        client, "/leads/LTEST00000/undo", {"change_id": change[1], "back": fields["undo_back"], "request": "r2"}, "/"
    )
    page = client.get(undone.location).text
    assert name(page) == "Deepak Chauhan"
    assert counts(page)[0] == 2


def test_the_last_of_a_queue_leads_to_an_empty_state_with_the_next(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(2)])
        state.write_status(conn, SyncStatus(last_cycle_at=NOW, last_good_at=NOW))
    page = client.get("/?group=overdue").text
    assert "Nobody is overdue." in page
    assert "1 due today." in page
    assert name(client.get("/").text) == "Farah Siddiqui"  # the first queue in which somebody stands


def test_an_empty_book(client: FlaskClient, engine: Engine) -> None:
    assert "The sheet has not been read yet." in client.get("/").text


@pytest.mark.parametrize(
    "asked",
    ["group=nonsense", "lead=LNOBODY", "lead=%00", "with=Nobody", "group=new&lead=LTEST00000", "with=%F0%9F%90%A6"],
)
def test_what_cannot_be_meant_shows_the_usual(client: FlaskClient, book: Engine, asked: str) -> None:
    assert client.get(f"/?{asked}").status_code == 200


def test_whose_leads(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    team = [["name", "email", "role", "active"], ["Neha", "", "staff", True], ["Vikram", "", "staff", True]]
    with engine.begin() as conn:
        save_config_source(conn, [], team)  # type: ignore[arg-type]  # rows of cells
    assert counts(client.get("/?with=Vikram").text) == [1, 1, 1]
    assert counts(client.get("/?with=Neha").text) == [1, 2, 0]
    assert "with=Vikram" in client.get("/").text


def test_the_new_stay_new_when_their_status_is_renamed(client: FlaskClient, engine: Engine) -> None:
    """They say the old word until somebody lets them follow; whoever comes in meanwhile says the new one."""
    with engine.begin() as conn:
        put(conn, [lead(n, status="New Lead", last_contacted=None, next_follow_up=None) for n in range(6)])
    rename(engine, "New Lead", "Enquiry")
    with engine.begin() as conn:
        put(conn, [lead(6, status="Enquiry", last_contacted=None, next_follow_up=None)], 9)
    page = client.get("/").text
    assert counts(page) == [0, 0, 7]
    assert "1 of 7" in page
    assert ("New, never called", "7") in re.findall(r"</svg>([^<]*)</a><b>(.*?)</b>", client.get("/dashboard").text)
    assert 'href="/leads?status=Enquiry&amp;status=New+Lead&amp;contacted=never">2 more, never called' in page


def test_snooze_takes_the_lead_off_today(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    send(client, "/leads/LTEST00000/snooze", {"day": "2026-11-25"}, "/")
    assert standing(engine, "LTEST00000").next_follow_up is not None
    page = client.get("/").text
    assert counts(page)[0] == 1
    assert "Snoozed until 25-11-2026" in page


def test_hostile_cells_on_the_card(client: FlaskClient, engine: Engine) -> None:
    bad = '"><script>alert(1)</script>{{7*7}}'
    with engine.begin() as conn:
        put(
            conn, [lead(0, full_name=bad, city=bad, notes=bad, child_name=bad, email=bad, phone_number=bad, status=bad)]
        )
    page = client.get("/").text
    assert "<script>alert" not in page
    assert "49" not in name(page)


@pytest.mark.parametrize("status", ["Interested", "New Lead"])
def test_who_must_not_be_contacted_is_never_on_today(client: FlaskClient, engine: Engine, status: str) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, do_not_contact=True, next_follow_up=TODAY, status=status, last_contacted=None)])
    for address in ("/", "/?group=new", "/?lead=LTEST00000"):
        page = client.get(address).text
        assert counts(page) == [0, 0, 0]
        assert "Deepak" not in page
        assert "tel:" not in page
        assert "wa.me" not in page
