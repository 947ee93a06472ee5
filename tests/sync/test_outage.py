"""Google is away for minutes: edits queue up meanwhile, and drain in their order when it is back."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import requests

from core.model import Change, ChangeKind, ChangeState
from store import outbox
from sync.access import RebasedHTTPClient, open_client, read_key
from sync.worker import Worker
from tests.sync.conftest import NOW, ROWS, Book
from tests.sync.test_outgoing import by_id, change, enqueue, state_of


def queue(ids: list[str]) -> list[Change]:
    """Forty edits of six leads, each standing on the one before; a lead made meanwhile, and an edit of it."""
    towns = dict.fromkeys(ids, "Pune")
    made: list[Change] = []
    for n in range(40):
        lead = ids[n * 5 % ROWS]
        made.append(change(n, lead, city=(towns[lead], f"Town {n}")))
        towns[lead] = f"Town {n}"
    fresh = {"full_name": (None, "Meera Nair"), "phone_number": (None, "+919815599999"), "city": (None, "Thrissur")}
    made.append(Change("C9000000000000001", "LMADE0000001", ChangeKind.CREATE, fresh, "Neha", NOW))
    made.append(change(9001, "LMADE0000001", city=("Thrissur", "Kollam")))
    return made


def test_edits_of_an_outage_drain_in_their_order(book: Book) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    there = link.sheets.http
    link.sheets.http = open_client(read_key(desk.server.key, None), "http://127.0.0.1:1")
    worker, edits, waits = Worker(link, 10), queue(ids), []
    for at in range(0, len(edits), 7):  # one turn every minute or so
        enqueue(link, *edits[at : at + 7])
        waits.append(worker.turn())
        worker.edits()  # between cycles nothing is tried either
    assert timedelta(seconds=sum(waits)) > timedelta(minutes=5)
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == len(edits)
    master.sort((1, "des"), range=f"A2:AC{ROWS + 1}")  # people were not away
    master.update_acell("N2", "2026-11-30")
    link.sheets.http = there
    for _ in range(5):
        assert worker.turn() == 10
    assert worker.failures == 0
    towns = by_id(desk, "city")
    last = {one.lead_id: one.fields["city"][1] for one in edits}
    assert {lead: towns[lead] for lead in last} == last
    assert {state_of(link, one) for one in edits} == {ChangeState.DONE}
    told = defaultdict(list)
    for _, change_id, lead, _, field, *_ in desk.book.worksheet("Activity").get_all_values()[1:]:
        if field in ("city", "lead") and change_id in {one.change_id for one in edits}:
            told[lead].append(change_id)
    for lead in last:
        assert told[lead] == [one.change_id for one in edits if one.lead_id == lead], "in their order, each once"
    assert desk.cycle(link).writes == 0


class Forgetful(RebasedHTTPClient):
    """The line breaks right after Google has applied a batch: its answer never comes."""

    broken = False

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        answer = super().request(method, endpoint, *args, **kwargs)
        if endpoint.endswith(":batchUpdate") and not self.broken:
            self.broken = True
            raise requests.ConnectionError("the line broke")
        return answer


def test_edits_that_build_on_one_another_are_no_conflict_where_their_answer_was_lost(book: Book) -> None:
    desk, link, _ = book
    lead = desk.column("lead_id")[0]
    edits = [change(1, lead, city=("Pune", "Kochi")), change(2, lead, city=("Kochi", "Agra"))]
    enqueue(link, *edits)
    link.sheets.http = Forgetful(desk.http.auth)
    link.sheets.http.base = desk.http.base
    worker = Worker(link, 10)
    worker.turn()
    assert worker.failures == 1
    assert worker.turn() == 10
    assert by_id(desk, "city")[lead] == "Agra"
    worker.turn()
    assert [state_of(link, one) for one in edits] == [ChangeState.DONE] * 2
    told = [row[5:7] for row in desk.book.worksheet("Activity").get_all_values() if row[2] == lead and row[4] == "city"]
    assert told == [["Pune", "Kochi"], ["Kochi", "Agra"]]
    assert desk.cycle(link).writes == 0
