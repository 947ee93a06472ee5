"""Bulk actions: one request, one group, one undo; a lead that refuses stops nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.acting import Doer
from app.together import STILL_GOING, Together, act_on_all, take_back_all
from core.commands import AddNote, SetFields, Snooze
from core.model import ChangeState, Lead
from store import counters, covered, groups, mirror, outbox, search, state
from store.mirror import SheetLead
from store.search import LeadQuery
from store.values import moment_text
from tests.app.book import NOW, lead, put

FAR = date(2031, 1, 1)
BULK = "/api/v1/leads/bulk"


def statuses(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        return dict(counters.by(conn, "status"))


def mark_all(engine: Engine, state: ChangeState) -> None:
    """As a flush does it: what was written is the base, and the changes are that far."""
    with engine.begin() as conn:
        ids = [change.change_id for change in outbox.pending(conn, 100_000)]
        leads = mirror.leads(conn, search.ids(conn, LeadQuery()))
        rows = mirror.rows_of(conn, [one.lead_id for one in leads])
        mirror.put_synced(conn, [SheetLead(one, rows[one.lead_id], "") for one in leads])
        outbox.mark(conn, ids, state)


def test_all_that_match_are_changed_in_one_group_and_undone_as_one(api: FlaskClient, book: Engine) -> None:
    before = statuses(book)
    answer = api.post(BULK, json={"filter": {"city": "delhi"}, "changes": {"status": "Member"}})
    assert answer.status_code == 202
    told = answer.get_json()
    with book.connect() as conn:
        matching = search.count(conn, LeadQuery(city="Delhi"))
    already = told["refused"].get("Nothing to change: the lead says this already.", 0)
    assert told["size"] + already == matching
    assert told["states"]["pending"] == told["size"] > 3
    assert statuses(book)["Member"] == before["Member"] + told["size"]

    mark_all(book, ChangeState.DONE)
    found = api.get(f"/api/v1/groups/{told['group_id']}").get_json()
    assert (found["states"]["done"], found["why"]) == (told["size"], "Status: Member")

    undone = api.post(f"/api/v1/groups/{told['group_id']}/undo").get_json()
    assert undone["size"] == told["size"]
    assert statuses(book) == before
    again = api.post(f"/api/v1/groups/{told['group_id']}/undo").get_json()
    assert again["group_id"] == undone["group_id"]
    assert statuses(book) == before
    listed = api.get("/api/v1/groups?limit=1").get_json()
    assert len(listed["groups"]) == 1
    assert listed["next_cursor"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_group_that_was_undone_and_redone_is_undone_again(api: FlaskClient, book: Engine, whole: bool) -> None:
    """Not where somebody has taken the undo of one lead back: asked again, the first undo is meant."""
    ids = ["LTEST00001", "LTEST00002"]
    begun = api.post(BULK, json={"lead_ids": ids, "changes": {"city": "Agra"}}).get_json()["group_id"]
    first = api.post(f"/api/v1/groups/{begun}/undo").get_json()["group_id"]
    with book.connect() as conn:
        (one,) = [change for change, lead_id in groups.changes(conn, first) if lead_id == ids[0]]
    assert api.post(f"/api/v1/groups/{first}/undo" if whole else f"/api/v1/changes/{one}/undo").status_code == 202
    second, retried = (api.post(f"/api/v1/groups/{begun}/undo").get_json()["group_id"] for _ in range(2))
    assert (second == retried, second == first) == (True, not whole)
    with book.connect() as conn:
        assert [one.city for one in mirror.leads(conn, ids)] == ["Noida" if whole else "Agra", "Delhi"]


def test_the_same_request_again_changes_nothing(api: FlaskClient, book: Engine) -> None:
    asked = {"lead_ids": ["LTEST00001", "LTEST00002"], "changes": {"city": "Agra"}, "request": "r1"}
    first, second = (api.post(BULK, json=asked).get_json() for _ in range(2))
    assert first["group_id"] == second["group_id"]
    with book.connect() as conn:
        assert len([c for c in outbox.pending(conn, 100) if c.group]) == 2


def test_what_is_newer_stays_and_is_told(api: FlaskClient, book: Engine) -> None:
    ids = ["LTEST00001", "LTEST00002", "LTEST00005"]
    begun = api.post(BULK, json={"lead_ids": ids, "changes": {"city": "Agra"}}).get_json()
    api.patch("/api/v1/leads/LTEST00002", json={"changes": {"city": "Surat"}})
    undone = api.post(f"/api/v1/groups/{begun['group_id']}/undo").get_json()
    assert undone["size"] == 2
    assert list(undone["examples"]) == ["LTEST00002"]
    assert "changed again since" in undone["examples"]["LTEST00002"]
    with book.connect() as conn:
        cities = [one.city for one in mirror.leads(conn, ids)]
    assert cities == ["Noida", "Surat", "Delhi"]


@pytest.mark.parametrize("waits", [True, False])
def test_what_waits_for_merged_cells_is_taken_back_with_the_rest(api: FlaskClient, book: Engine, waits: bool) -> None:
    asked = {"lead_ids": ["LTEST00001", "LTEST00002"], "changes": {"city": "Agra"}}
    begun = api.post(BULK, json=asked).get_json()["group_id"]
    with book.begin() as conn:
        covering = next(one.change_id for one in outbox.pending(conn, 10) if one.lead_id == "LTEST00002")
        outbox.mark(conn, [covering], ChangeState.BLOCKED)
        covered.add(conn, [covering] if waits else [])
    undone = api.post(f"/api/v1/groups/{begun}/undo").get_json()
    assert (undone["size"], list(undone["examples"])) == ((2, []) if waits else (1, ["LTEST00002"]))
    with book.connect() as conn:
        assert covered.waiting(conn) == []
        assert [one.city for one in mirror.leads(conn, asked["lead_ids"])] == ["Noida", "Delhi"]


def test_what_waits_for_merged_cells_is_asked_once_for_many_leads(
    api: FlaskClient, book: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"LTEST{n:05}" for n in range(9)]
    begun = api.post(BULK, json={"lead_ids": ids, "changes": {"city": "Agra"}}).get_json()["group_id"]
    asked: list[list[str]] = []
    known = covered.waiting
    monkeypatch.setattr(covered, "waiting", lambda conn: asked.append(known(conn)) or known(conn))
    undone = api.post(f"/api/v1/groups/{begun}/undo").get_json()
    assert undone["size"] == len(ids) > len(asked) > 0


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"colour": "red"}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"status": []}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"status": [], "city": "Delhi"}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"status": None, "q": " ", "overdue": False}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"status": {"not": "Member"}}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"city": "Delhi", "q": ["", "farah"]}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"lead_ids": "LTEST00001", "changes": {"city": "Agra"}}, 422, "lead_ids"),
        ({"lead_ids": ["LTEST00001"], "changes": {}}, 422, "changes"),
        ({"lead_ids": ["LTEST00001"], "changes": {"status": "Frobnicated"}}, 422, "status"),
        ({"lead_ids": ["LTEST00001"], "changes": {"lead_score": 5}}, 422, "lead_score"),
        ({"lead_ids": [], "changes": {"city": "Agra"}}, 409, None),
        ({"lead_ids": ["LNOBODY"], "changes": {"city": "Agra"}}, 404, None),
        ({"lead_ids": ["\ud800"], "changes": {"city": "Agra"}}, 404, None),
        ({"filter": {"\ud800": "x"}, "changes": {"city": "Agra"}}, 422, "filter"),
        ({"filter": {"city": "\ud800"}, "changes": {"city": "Agra"}}, 409, None),
        ({"filter": {"follow_up": "\ud800"}, "changes": {"city": "Agra"}}, 400, "follow_up"),
    ],
)
def test_what_cannot_be_meant_begins_nothing(
    api: FlaskClient, book: Engine, asked: dict[str, object], status: int, field: str | None
) -> None:
    answer = api.post(BULK, data=json.dumps(asked))
    assert answer.status_code == status, answer.text
    assert answer.get_json()["error"].get("field") == field
    assert api.get("/api/v1/groups").get_json()["groups"] == []


def test_a_filter_of_many_kinds_of_values_finds_whom_the_list_finds(api: FlaskClient, book: Engine) -> None:
    asked = {"city": ["Rohini", None], "status": None, "overdue": True, "score_from": 10}
    answer = api.post(BULK, json={"filter": asked, "changes": {"lead_type": "Late"}})
    found = api.get("/api/v1/leads?city=Rohini&overdue=true&score_from=10").get_json()["total"]
    assert (answer.status_code, answer.get_json()["size"]) == (202, found)
    assert found < api.get("/api/v1/leads").get_json()["total"]


def test_a_group_that_nobody_knows(api: FlaskClient, book: Engine) -> None:
    assert api.get("/api/v1/groups/G0").status_code == 404
    assert api.post("/api/v1/groups/G0/undo").status_code == 404


def test_each_lead_is_decided_by_itself(app: Flask, engine: Engine) -> None:
    """More leads than are taken at once, one of which must not be contacted."""
    with engine.begin() as conn:
        put(conn, [lead(n, do_not_contact=n == 7) for n in range(1_200)])
    with app.app_context():
        made = act_on_all(LeadQuery(), lambda _: Snooze(FAR), "Snoozed", Doer("Neha", "r"))
        assert isinstance(made, Together)
        assert (made.group.size, list(made.examples)) == (1_199, ["LTEST00007"])
    with engine.connect() as conn:
        assert groups.progress(conn, made.group).pending == 1_199
        assert counters.due(conn, FAR, FAR) == 1_199
    with app.app_context():
        back = take_back_all(made.group.group_id, Doer("Neha", "u"))
        assert isinstance(back, Together)
        assert back.group.size == 1_199
    with engine.connect() as conn:
        back_again, base = mirror.lead(conn, "LTEST00042"), mirror.base(conn, "LTEST00042")
        assert back_again is not None
        assert base is not None
        assert back_again.next_follow_up == base.next_follow_up


def test_cut_short_it_goes_on_by_the_same_request(app: Flask, engine: Engine) -> None:
    """Killed between two portions: what is put down stands under its group, nobody was told "saved", and the same
    request completes it, each lead once."""
    with engine.begin() as conn:
        put(conn, [lead(n) for n in range(700)])
    by, asked = Doer("Neha", "r"), iter(range(500))

    def dies(_: Lead) -> AddNote:
        next(asked)  # StopIteration at the 501st lead stands for the kill
        return AddNote("Summer camp")

    def lives(_: Lead) -> AddNote:
        return AddNote("Summer camp")

    with app.app_context():
        with pytest.raises(StopIteration):
            act_on_all(LeadQuery(), dies, "Noted", by)
        with engine.connect() as conn:
            (half,) = groups.recent(conn, 10).items
            assert (half.size, groups.progress(conn, half).pending) == (400, 400)
            assert groups.going(conn, half.group_id) == NOW
        assert take_back_all(half.group_id, Doer("Neha", "u")) == STILL_GOING
        made = act_on_all(LeadQuery(), lives, "Noted", by)
        again = act_on_all(LeadQuery(), lives, "Noted", by)
    assert isinstance(made, Together)
    assert isinstance(again, Together)
    assert (made.group.group_id, made.group.size, made.fresh, again.fresh) == (half.group_id, 700, True, False)
    with engine.connect() as conn:
        assert groups.going(conn, half.group_id) is None
        assert outbox.pending_count(conn) == 700
        notes = [one.notes for one in mirror.leads(conn, search.ids(conn, LeadQuery()))]
    assert all(text and text.count("Summer camp") == 1 for text in notes)


def test_what_was_cut_short_for_good_is_undone_as_far_as_it_came(app: Flask, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n) for n in range(300)])
    asked = iter(range(250))

    def dies(_: Lead) -> SetFields:
        next(asked)
        return SetFields({"city": "Agra"})

    with app.app_context():
        with pytest.raises(StopIteration):
            act_on_all(LeadQuery(), dies, "City", Doer("Neha", "r"))
        with engine.begin() as conn:
            (half,) = groups.recent(conn, 10).items
            state.put(conn, f"group going: {half.group_id}", moment_text(NOW - timedelta(minutes=2)))
    with app.app_context():
        made = take_back_all(half.group_id, Doer("Neha", "u"))
        assert isinstance(made, Together)
        assert made.group.size == half.size == 200
        late = act_on_all(LeadQuery(), lambda _: SetFields({"city": "Agra"}), "City", Doer("Neha", "r"))
    assert isinstance(late, Together)
    assert not late.fresh  # it does not begin again behind its undo
    with engine.connect() as conn:
        assert search.count(conn, LeadQuery(city="Agra")) == 0


def test_others_write_between_two_portions_and_who_no_longer_matches_is_left_alone(app: Flask, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, city="Delhi") for n in range(450)])
    moved = ("LTEST00001", "LTEST00430")  # one of the portion that is being decided, one of a later one

    def ask(one: Lead) -> SetFields:
        if one.lead_id == "LTEST00000" and one.notes != "Camp":
            with engine.begin() as conn:  # no lock is held while it is decided
                rows = mirror.rows_of(conn, moved)
                leads = mirror.leads(conn, moved)
                mirror.put_synced(conn, [SheetLead(replace(x, city="Pune"), rows[x.lead_id], "") for x in leads])
        return SetFields({"notes": "Camp"})

    with app.app_context():
        made = act_on_all(LeadQuery(city="Delhi", q="98"), ask, "Camp", Doer("Neha", "r"))
    assert isinstance(made, Together)
    assert sorted(made.examples) == sorted(moved), made.refused
    assert "no longer matches" in made.examples[moved[0]]
    assert made.group.size == 448
