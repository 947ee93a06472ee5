"""Nothing answered is lost: two clients at once, and kill -9 in a loop under load."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .running import Server, serving, start

S = "/v4/spreadsheets"
TOKEN = "recorded"
APPEND = "/values/Sheet1!A1:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS"


def column(server: Server, sid: str) -> list[str]:
    values = server.ask("GET", f"{S}/{sid}/values/Sheet1!A:A", token=TOKEN)[2].get("values", [])
    return [row[0] for row in values]


def test_clients_appending_at_once_lose_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-quota") as server:
        sid = server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"]

        def write(name: str) -> None:
            for number in range(40):
                status, _, body = server.ask("POST", f"{S}/{sid}{APPEND}", {"values": [[f"{name}{number}"]]}, TOKEN)
                assert status == 200, body

        writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        found = column(server, sid)
        assert sorted(found) == sorted(f"{name}{number}" for name in "abcd" for number in range(40))
        for name in "abcd":
            mine = [value for value in found if value.startswith(name)]
            assert mine == [f"{name}{number}" for number in range(40)]


class Load:
    """Writes until the server dies; remembers what was answered with 200 and what was only sent."""

    def __init__(self, server: Server, sid: str, name: str, answered: list[str], sent: set[str]) -> None:
        self.server, self.sid, self.name, self.answered, self.sent = server, sid, name, answered, sent
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.server.base).netloc, timeout=20)
        number = 0
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                value = f"{self.name}-{number}"
                number += 1
                self.sent.add(value)
                body = json.dumps({"values": [[value, "x" * 50]]})
                headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
                connection.request("POST", f"{S}/{self.sid}{APPEND}", body, headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    self.answered.append(value)


@pytest.mark.parametrize("rounds", [5])
def test_kill_nine_in_a_loop_under_load(tmp_path: Path, rounds: int) -> None:
    server = start(tmp_path, "--no-quota")
    sid = server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"]
    answered: list[str] = []
    sent: set[str] = set()
    for number in range(rounds):
        before = len(answered)
        loads = [Load(server, sid, f"{number}{name}", answered, sent) for name in "abc"]
        for load in loads:
            load.thread.start()
        while len(answered) < before + 30 + 17 * number:
            assert server.process.poll() is None
        server.kill()
        for load in loads:
            load.thread.join()
        server = start(tmp_path, "--no-quota")
        found = column(server, sid)
        assert set(answered) <= set(found)
        assert set(found) <= sent
        assert len(found) == len(set(found))
    writes = server.ask("GET", f"/_local/history?spreadsheetId={sid}&limit=10000")[2]["writes"]
    told = json.dumps(writes)
    assert all(f'"{value}"' in told for value in answered)
    server.kill()
