"""kill -9 in a loop under mixed load: what was answered is there, batches are whole or absent, the history agrees with
the cells, the version never goes back, and what was refused on request was not applied."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from .running import PATIENCE, Server, start

S = "/v4/spreadsheets"
TOKEN = "recorded"
COLUMNS = 4


def text(value: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": value}}


@dataclass
class Told:
    """What the clients know: each batch's token, whether it was answered 200 or refused."""

    answered: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)


class Client:
    """Writes until the server dies: batches that touch several rows and shapes, each with a token of its own."""

    def __init__(self, server: Server, sid: str, name: str, told: Told) -> None:
        self.server, self.sid, self.name, self.told = server, sid, name, told
        self.draws = random.Random(name)
        self.thread = threading.Thread(target=self.run)

    def requests(self, token: str) -> list[dict[str, Any]]:
        """A batch that is whole only if COLUMNS rows carry its token, among inserts, moves, deletes and sorts."""
        rows = [{"values": [text(f"{token}/{i}"), text(token)]} for i in range(COLUMNS)]
        batch: list[dict[str, Any]] = [{"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}}]
        line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
        extra = self.draws.choice(["insert", "sort", "move", "none", "none"])
        if extra == "insert":
            batch.append({"insertDimension": {"range": line}})
        elif extra == "sort":
            whole = {"sheetId": 0, "startRowIndex": 1}
            batch.append({"sortRange": {"range": whole, "sortSpecs": [{"dimensionIndex": 1}]}})
        elif extra == "move":
            batch.append({"moveDimension": {"source": line, "destinationIndex": 4}})
        return batch

    def run(self) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.server.base).netloc, timeout=PATIENCE)
        number = 0
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                token = f"{self.name}-{number}"
                number += 1
                self.told.sent.add(token)
                body = json.dumps({"requests": self.requests(token)})
                headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
                connection.request("POST", f"{S}/{self.sid}:batchUpdate", body, headers)
                answer = connection.getresponse()
                answer.read()
                (self.told.answered if answer.status == 200 else self.told.refused).add(token)


def history(server: Server, sid: str) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        page = server.ask("GET", f"/_local/history?spreadsheetId={sid}&limit=10000{after}")[2]
        yield from page["writes"]
        if "next" not in page:
            return
        after = f"&after={page['next']}"


def rebuilt(server: Server, sid: str) -> list[list[str]]:
    """The cells as the history alone tells them."""
    cells: dict[tuple[int, int], Any] = {}
    for one in history(server, sid):
        if one["row"] >= 0:
            assert cells.get((one["rowId"], one["columnId"]), "") == one["before"]
            cells[one["rowId"], one["columnId"]] = one["after"]
    rows = server.ask("GET", f"/_local/rows?spreadsheetId={sid}&sheetId=0")[2]["rows"]
    return [[cells.get((row, column), "") for column in range(2)] for row in rows]


def padded(server: Server, sid: str, count: int) -> list[list[str]]:
    values = server.ask("GET", f"{S}/{sid}/values/Sheet1!A:B", token=TOKEN)[2].get("values", [])
    found = [row + [""] * (2 - len(row)) for row in values]
    return found + [["", ""]] * (count - len(found))


def check(server: Server, sid: str, told: Told) -> None:
    cells = rebuilt(server, sid)
    found = padded(server, sid, len(cells))
    assert found == cells
    by_token: dict[str, list[str]] = {}
    for part, token in found:
        if token and part != "head":
            by_token.setdefault(token, []).append(part)
    for token, parts in by_token.items():
        assert sorted(parts) == [f"{token}/{i}" for i in range(COLUMNS)], "half of a batch, or twice"
    assert told.answered <= set(by_token) <= told.sent
    assert not told.refused & set(by_token)


@pytest.mark.parametrize("rounds", [4])
def test_kill_nine_under_mixed_load(tmp_path: Path, rounds: int) -> None:
    server = start(tmp_path, "--no-quota", "--faults")
    sid = server.ask("POST", S, {}, TOKEN)[2]["spreadsheetId"]
    server.ask("PUT", f"{S}/{sid}/values/A1?valueInputOption=RAW", {"values": [["head", "token"]]}, TOKEN)
    told = Told()
    version = 0
    for number in range(rounds):
        rule = {"path": ":batchUpdate$", "action": 503, "chance": 0.1, "seed": number}
        assert server.ask("POST", "/_local/faults", rule)[0] == 200
        before = len(told.answered)
        clients = [Client(server, sid, f"{number}{name}", told) for name in "abc"]
        for client in clients:
            client.thread.start()
        while len(told.answered) < before + 25 + 13 * number:
            assert server.process.poll() is None
        server.kill()
        for client in clients:
            client.thread.join(PATIENCE)
        server = start(tmp_path, "--no-quota", "--faults")
        check(server, sid, told)
        found = int(server.ask("GET", f"/drive/v3/files/{sid}?fields=version", token=TOKEN)[2]["version"])
        assert found >= version + len(told.answered) - before
        version = found
    assert told.refused
    assert len(told.answered) > 25 * rounds
    server.kill()
