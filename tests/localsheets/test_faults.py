"""Rules of misbehaving: what they match, how often they hit, the same at every run; what they do on the wire."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests

from localsheets.asked import Asked
from localsheets.errors import ApiError
from localsheets.faults import Faults

from .running import PATIENCE, Server, client, serving, until

S = "/v4/spreadsheets"
TOKEN = "recorded"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


# -- the rules alone --------------------------------------------------------------------------------------------------


def hits(rule: dict[str, Any], count: int, asked: Asked | None = None, account: str = "") -> list[int]:
    faults = Faults()
    faults.add([rule])
    return [i for i in range(count) if faults.strike(asked or Asked("GET", "/v4/x"), account)]


def test_count_skip_and_no_limit() -> None:
    assert hits({"action": 503}, 5) == [0]
    assert hits({"action": 503, "count": 2, "skip": 1}, 5) == [1, 2]
    assert hits({"action": 503, "count": None}, 4) == [0, 1, 2, 3]
    assert hits({"action": 503, "count": 0}, 4) == []
    assert len(hits({"action": 503, "chance": 1}, 4)) == 4


def test_chance_is_the_same_at_every_run_and_another_for_another_seed() -> None:
    rule = {"action": 503, "chance": 0.3, "seed": 7}
    found = hits(rule, 1000)
    assert found == hits(rule, 1000)
    assert found != hits({**rule, "seed": 8}, 1000)
    assert 230 < len(found) < 370
    assert hits({**rule, "count": 3}, 1000) == found[:3]


def test_a_rule_is_about_path_method_body_and_account() -> None:
    asked = Asked("POST", "/v4/spreadsheets/s1:batchUpdate", body=b'{"requests": [{"deleteNamedRange": {}}]}')
    for rule, hit in (
        ({"path": ":batchUpdate$"}, True),
        ({"path": "^POST /v4/spreadsheets/s1:"}, True),
        ({"path": "^/v4"}, False),
        ({"path": "values"}, False),
        ({"method": "POST"}, True),
        ({"method": "GET"}, False),
        ({"holds": "deleteNamedRange"}, True),
        ({"holds": "addNamedRange"}, False),
        ({"account": "a@x"}, True),
        ({"account": "b@x"}, False),
    ):
        assert bool(hits({**rule, "action": 503}, 1, asked, "a@x")) is hit, rule


def test_the_first_fault_is_taken_and_every_person() -> None:
    faults = Faults()
    person = {"action": "person", "as": "meera", "deed": "sort", "by": "A"}
    faults.add([person, {"action": 500}, {"action": 503}, person])
    first = [rule.number for rule in faults.strike(Asked("GET", "/v4/x"), "")]
    second = [rule.number for rule in faults.strike(Asked("GET", "/v4/x"), "")]
    assert (first, second) == ([1, 2, 4], [3])


@pytest.mark.parametrize(
    "rule",
    [
        {}, {"action": "explode"}, {"action": 200}, {"action": True}, {"action": 503, "chanse": 1}, {"action": None},
        {"action": 503, "chance": 2}, {"action": 503, "chance": "x"}, {"action": 503, "count": -1},
        {"action": 503, "count": 1.5}, {"action": 503, "path": "("}, {"action": 503, "path": 5},
        {"action": 503, "when": "later"}, {"action": 503, "when": "unseen"}, {"action": "hang"},
        {"action": "hang", "seconds": -1}, {"action": "late", "seconds": 5, "answer": "never"},
        {"action": "truncate", "keep": 1}, {"action": "refuse"}, {"action": "refuse", "status": "403"},
        {"action": "person"}, {"action": "person", "as": "x"}, {"action": "person", "as": "x", "deed": "dance"},
        {"action": "person", "as": "x", "requests": {}}, {"action": "person", "as": 5, "deed": "sort"},
        {"action": 503, "message": 5}, {"action": 503, "seed": "x"}, {"action": 503, "account": 5}, [], "503", None,
    ],
)  # fmt: skip
def test_a_rule_that_is_not_understood_is_refused_and_none_is_taken(rule: Any) -> None:
    faults = Faults()
    with pytest.raises(ApiError) as refused:
        faults.add([{"action": 503}, rule])
    assert refused.value.code == 400
    assert faults.rules == []


# -- on the wire ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota", "--faults") as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    yield running
    running.ask("DELETE", "/_local/faults?late=drop")
    running.clock(reset=True)


@pytest.fixture
def sid(server: Server) -> str:
    return str(server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"])


def rule(server: Server, **given: Any) -> int:
    status, _, body = server.ask("POST", "/_local/faults", given)
    assert status == 200, body
    return int(body["rules"][0]["id"])


def log(server: Server) -> list[dict[str, Any]]:
    return list(server.ask("GET", "/_local/faults")[2]["log"])


def put(server: Server, sid: str, cell: str, value: Any) -> requests.Response:
    url = f"{server.base}{S}/{sid}/values/{cell}?valueInputOption=RAW"
    return requests.put(url, json={"values": [[value]]}, headers=HEADERS, timeout=PATIENCE)


def cell(server: Server, sid: str, where: str) -> Any:
    values = server.ask("GET", f"{S}/{sid}/values/{where}", token=TOKEN)[2].get("values", [[None]])
    return values[0][0]


@pytest.mark.parametrize(
    ("status", "word", "message"),
    [
        (400, "INVALID_ARGUMENT", "Request contains"),
        (401, "UNAUTHENTICATED", "invalid authentication"),
        (403, "PERMISSION_DENIED", "The caller does not have permission"),
        (404, "NOT_FOUND", "Requested entity was not found."),
        (429, "RESOURCE_EXHAUSTED", "'Write requests' and limit 'Write requests per minute per user' of service"),
        (500, "INTERNAL", "Internal error encountered."),
        (503, "UNAVAILABLE", "The service is currently unavailable."),
        (504, "DEADLINE_EXCEEDED", "Deadline expired"),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_refusals_in_googles_words_before_and_after(
    server: Server, sid: str, status: int, word: str, message: str, when: str
) -> None:
    rule(server, path="/values/", action=status, when=when)
    answer = put(server, sid, "A1", "x")
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
    assert answer.json()["error"]["status"] == word
    assert message in answer.json()["error"]["message"]
    assert cell(server, sid, "A1") == ("x" if when == "after" else None)


def test_own_words_a_whole_body_and_the_502_page(server: Server, sid: str) -> None:
    rule(server, path="/values/", action="refuse", status=400, message="Try another day")
    rule(server, path="/values/", action="refuse", status=403, body={"error": {"code": 403, "message": "disabled"}})
    rule(server, path="/values/", action=502)
    assert put(server, sid, "A1", "x").json()["error"]["message"] == "Try another day"
    assert put(server, sid, "A1", "x").json() == {"error": {"code": 403, "message": "disabled"}}
    page = put(server, sid, "A1", "x")
    assert (page.status_code, page.headers["Content-Type"]) == (502, "text/html; charset=UTF-8")
    assert put(server, sid, "A1", "x").status_code == 200


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_connection_gives_no_byte(server: Server, sid: str, when: str) -> None:
    rule(server, path="^PUT", action="cut", when=when)
    with pytest.raises(requests.ConnectionError) as lost:
        put(server, sid, "A1", "x")
    assert "Connection aborted" in str(lost.value)
    assert cell(server, sid, "A1") == ("x" if when == "after" else None)


def test_a_truncated_body_is_short_and_the_request_was_applied(server: Server, sid: str) -> None:
    rule(server, path="^PUT", action="truncate", keep=0.3)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        put(server, sid, "A1", "x")
    assert cell(server, sid, "A1") == "x"
    assert put(server, sid, "A1", "y").status_code == 200


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_hang_lasts_by_the_servers_clock_and_others_are_served_meanwhile(server: Server, sid: str, when: str) -> None:
    server.clock(set=5_000_000_000, stopped=True)
    rule(server, path="^PUT", action="hang", seconds=100, when=when)
    found: list[int] = []
    waiting = threading.Thread(target=lambda: found.append(put(server, sid, "A1", "x").status_code))
    waiting.start()
    until(lambda: log(server))
    assert cell(server, sid, "A1") == ("x" if when == "after" else None)
    server.clock(advance=99)
    assert waiting.is_alive()
    server.clock(advance=1)
    waiting.join(PATIENCE)
    assert found == [200]
    assert cell(server, sid, "A1") == "x"


def test_a_client_that_gives_up_while_the_server_hangs_has_written_all_the_same(server: Server, sid: str) -> None:
    server.clock(set=5_000_000_000, stopped=True)
    rule(server, path="^PUT", action="hang", seconds=100)
    url = f"{server.base}{S}/{sid}/values/A1?valueInputOption=RAW"
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.put(url, json={"values": [["x"]]}, headers=HEADERS, timeout=0.2)
    server.clock(advance=100)
    until(lambda: cell(server, sid, "A1") == "x")


@pytest.mark.parametrize("answer", ["cut", 503])
def test_a_late_request_lands_over_later_ones_by_the_driven_clock(server: Server, sid: str, answer: Any) -> None:
    server.clock(set=5_000_000_000, stopped=True)
    number = rule(server, path="^PUT", action="late", seconds=180, answer=answer)
    if answer == "cut":
        with pytest.raises(requests.ConnectionError):
            put(server, sid, "A1", "late")
    else:
        assert put(server, sid, "A1", "late").status_code == 503
    assert put(server, sid, "A1", "later request").status_code == 200
    server.clock(advance=179)
    assert cell(server, sid, "A1") == "later request"
    waiting = server.ask("GET", "/_local/faults")[2]["late"]
    assert [(one["rule"], one["due"]) for one in waiting] == [(number, 5_000_000_180)]
    began = time.monotonic()
    server.clock(advance=1)
    assert cell(server, sid, "A1") == "late"
    assert time.monotonic() - began < 60  # by the driven clock, not by waiting three minutes
    writes = server.ask("GET", f"/_local/history?spreadsheetId={sid}&cell=A1")[2]["writes"]
    assert [(one["after"], one["at"]) for one in writes] == [
        ("later request", 5_000_000_000), ("late", 5_000_000_180),
    ]  # fmt: skip
    assert writes[1]["requestId"] == waiting[0]["requestId"]


def test_late_requests_land_without_anyone_asking_when_the_clock_runs(server: Server, sid: str) -> None:
    rule(server, path="^PUT", action="late", seconds=0.2)
    with pytest.raises(requests.ConnectionError):
        put(server, sid, "A1", "late")
    until(lambda: cell(server, sid, "A1") == "late")


def test_a_late_batch_is_refused_when_it_no_longer_fits(server: Server, sid: str) -> None:
    server.clock(set=5_000_000_000, stopped=True)
    fence = {"addNamedRange": {"namedRange": {"namedRangeId": "fence", "name": "fence", "range": {"sheetId": 0}}}}
    rule(server, path=":batchUpdate$", action="late", seconds=180, answer=503)
    assert server.ask("POST", f"{S}/{sid}:batchUpdate", {"requests": [fence]}, TOKEN)[0] == 503
    assert server.ask("POST", f"{S}/{sid}:batchUpdate", {"requests": [fence]}, TOKEN)[0] == 200
    server.clock(advance=180)
    last = log(server)[-1]
    assert (last["what"], last["status"]) == ("applied late", 400)
    assert "fence" in last["refused"]


def test_a_late_request_without_a_good_token_is_refused_at_once(server: Server, sid: str) -> None:
    rule(server, path="^PUT", action="late", seconds=5)
    answer = requests.put(
        f"{server.base}{S}/{sid}/values/A1", json={}, headers={"Authorization": "Bearer x"}, timeout=9
    )
    assert answer.status_code == 401
    assert server.ask("GET", "/_local/faults")[2]["late"] == []


def test_late_requests_may_be_dropped_and_outlive_their_rules(server: Server, sid: str) -> None:
    server.clock(set=5_000_000_000, stopped=True)
    rule(server, path="^PUT", action="late", seconds=180, answer=504, count=2)
    for _ in range(2):
        put(server, sid, "A1", "late")
    assert len(server.ask("DELETE", "/_local/faults")[2]["late"]) == 2
    server.ask("DELETE", "/_local/faults?late=drop")
    server.clock(advance=1000)
    assert cell(server, sid, "A1") is None


def test_late_requests_are_charged_when_they_come_and_survive_their_token(tmp_path: Path) -> None:
    with serving(tmp_path, "--faults") as strict:
        gc = client(strict)
        book = gc.create("late")
        strict.clock(set=5_000_000_000, stopped=True)
        book.sheet1.update([["x"]], "A1")
        rule(strict, path="^PUT", action="late", seconds=4000, answer=503, count=None)
        found = []
        for number in range(70):
            with pytest.raises(gspread.exceptions.APIError) as refused:
                book.sheet1.update([[number]], "A1")
            found.append(refused.value.response.status_code)
        assert found == [503] * 59 + [429] * 11
        strict.ask("DELETE", "/_local/faults")
        strict.clock(advance=4000)
        assert book.sheet1.acell("A1").value == "58"


def append(server: Server, sid: str, value: str, option: str = "") -> Any:
    query = "valueInputOption=RAW" + (f"&insertDataOption={option}" if option else "")
    return server.ask("POST", f"{S}/{sid}/values/Sheet1!A1:append?{query}", {"values": [[value, value]]}, TOKEN)


def appended_at_once(server: Server, sid: str, count: int, option: str = "") -> list[str]:
    answers: list[Any] = []

    def one(number: int) -> None:
        answers.append(append(server, sid, f"v{number}", option))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert [status for status, _, _ in answers] == [200] * count
    assert all(body["updates"]["updatedCells"] == 2 for _, _, body in answers)
    return [row[0] for row in server.ask("GET", f"{S}/{sid}/values/Sheet1!A:A", token=TOKEN)[2]["values"]]


def test_appends_at_once_lose_rows_as_googles_do(server: Server, sid: str) -> None:
    append(server, sid, "first")
    number = rule(server, path=":append", action="lose_append", count=None, wait=5)
    found = appended_at_once(server, sid, 4)
    listed = server.ask("GET", "/_local/faults")[2]["rules"]
    overwritten = next(one["hits"] for one in listed if one["id"] == number)
    assert overwritten > 0
    assert len(found) == 1 + 4 - overwritten
    assert len(set(found)) == len(found)


def test_appends_one_after_the_other_or_by_inserting_lose_nothing(server: Server, sid: str) -> None:
    rule(server, path=":append", action="lose_append", count=None, wait=0.01)
    for number in range(3):
        append(server, sid, f"one{number}")
    found = appended_at_once(server, sid, 4, "INSERT_ROWS")
    assert len(found) == len(set(found)) == 7


def test_the_list_counts_and_the_log_tells(server: Server, sid: str) -> None:
    rule(server, path="^PUT", action=503, count=2)
    for _ in range(3):
        put(server, sid, "A1", "x")
    listed = server.ask("GET", "/_local/faults")[2]
    assert [(one["seen"], one["hits"], one["action"]) for one in listed["rules"]] == [(3, 2, 503)]
    assert [(one["what"], one["status"]) for one in listed["log"]] == [("503", None)] * 2
    last = listed["log"][-1]["n"]
    assert server.ask("GET", f"/_local/faults?after={last - 1}")[2]["log"] == listed["log"][-1:]
    assert server.ask("GET", f"/_local/faults?after={last}")[2]["log"] == []
    assert server.ask("GET", "/_local/faults?after=x")[0] == 400
    assert server.ask("DELETE", "/_local/faults")[2]["rules"] == []
    assert put(server, sid, "A1", "y").status_code == 200
    assert server.ask("POST", "/_local/faults", {"rules": 5})[0] == 400
    assert server.ask("POST", "/_local/faults", b"[")[0] == 400
    assert server.ask("PUT", "/_local/faults", {})[0] == 405


def test_each_answer_names_its_request(server: Server, sid: str) -> None:
    number = put(server, sid, "A1", "x").headers["X-Local-Request"]
    writes = server.ask("GET", f"/_local/history?spreadsheetId={sid}&requestId={number}")[2]["writes"]
    assert [one["after"] for one in writes] == ["x"]


def test_without_the_switch_there_are_no_faults(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-quota") as plain:
        for method, path in (("GET", "faults"), ("POST", "faults"), ("DELETE", "faults"), ("POST", "people")):
            status, _, body = plain.ask(method, f"/_local/{path}", {} if method == "POST" else None)
            assert status == 403
            assert "--faults" in body["error"]["message"]
        assert "X-Local-Request" not in plain.ask("POST", S, {}, TOKEN)[1]


def test_a_hanging_server_still_ends(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-quota", "--faults") as hanging:
        sid = hanging.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"]
        hanging.clock(set=5_000_000_000, stopped=True)
        rule(hanging, path="^PUT", action="hang", seconds=100)
        failed: list[bool] = []

        def write() -> None:
            try:
                put(hanging, sid, "A1", "x")
            except requests.ConnectionError:
                failed.append(True)

        waiting = threading.Thread(target=write)
        waiting.start()
        until(lambda: log(hanging))
        hanging.process.terminate()
        assert hanging.process.wait(PATIENCE) == 0
        waiting.join(PATIENCE)
        assert failed == [True]
