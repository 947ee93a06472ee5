"""The stage: a local sheet server that misbehaves on request, a spreadsheet on it, the app's account and a person's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from sync import local
from sync.access import DRIVE_BASE, RebasedHTTPClient, open_client, read_key

Json = dict[str, Any]
PERSON = "meera"
TIMEOUT = 60


@dataclass(slots=True)
class World:
    """A running server. Close it."""

    base: str
    key: Path
    process: subprocess.Popen[str]
    session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def begin(cls, folder: Path) -> World:
        """Starts `python -m localsheets` on a free port, its data in `folder`."""
        command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(folder), "--no-quota", "--faults"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own server
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("ready "):
            raise RuntimeError(f"the sheet server did not start: {line!r}")
        return cls(line.split()[1], folder / "credentials.json", process)

    def close(self) -> None:
        self.session.close()
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method: str, path: str, **given: Any) -> requests.Response:
        """A request to `/_local`."""
        return self.session.request(method, f"{self.base}/_local/{path}", timeout=TIMEOUT, **given)

    def book(self, name: str, following: bool = True, committed: bool = True) -> Book:
        """A new spreadsheet that both accounts may write to, with Google's open questions answered one way."""
        switches = {"metadata_follows_sort": following, "returned_cells_are_committed": committed}
        self.ask("POST", "switches", json=switches).raise_for_status()
        http = open_client(read_key(self.key, None), self.base)
        sid = local.create(http, name, "Asia/Kolkata", None)
        person = self.ask("POST", "accounts", json={"name": PERSON}).json()["email"]
        let_in = {"type": "user", "role": "writer", "emailAddress": person}
        http.request("post", f"{DRIVE_BASE}/drive/v3/files/{sid}/permissions", json=let_in)
        return Book(self, sid, http, person)


@dataclass(slots=True)
class Book:
    """A spreadsheet. `refused` counts deeds that did not fit the sheet as it stood."""

    world: World
    sid: str
    http: RebasedHTTPClient
    person: str
    refused: int = 0

    def deed(self, given: Json) -> bool:
        """A person does something now (see `localsheets.people`); whether the sheet let them."""
        answer = self.world.ask("POST", "people", json={"as": PERSON, "spreadsheetId": self.sid, **given})
        self.refused += answer.status_code != 200
        return answer.status_code == 200

    def rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """How the server shall misbehave from now on."""
        answer = self.world.ask("POST", "faults", json={"rules": list(rules)})
        if answer.status_code != 200:
            raise ValueError(f"{answer.text} for {rules}")

    def behave(self) -> Json:
        """No rule any more; what they did. What waits to be applied late still comes."""
        did: Json = self.world.ask("GET", "faults").json()
        self.world.ask("DELETE", "faults")
        return did

    def pass_time(self, seconds: float) -> None:
        """What is due within so many seconds is applied; then the server's clock is right again."""
        self.world.ask("POST", "clock", json={"advance": seconds})
        self.world.ask("POST", "clock", json={"reset": True})

    def history(self, after: str | None) -> list[Json]:
        """All lines behind a place."""
        found: list[Json] = []
        while True:
            params = {"spreadsheetId": self.sid, "limit": "10000"} | ({"after": after} if after else {})
            page = self.world.ask("GET", "history", params=params).json()
            found += page["writes"]
            if "next" not in page:
                return found
            after = page["next"]

    def tabs(self) -> dict[str, int]:
        """Title -> sheetId."""
        properties = self.http.fetch_sheet_metadata(self.sid, params={"fields": "sheets.properties"})["sheets"]
        return {one["properties"]["title"]: one["properties"]["sheetId"] for one in properties}

    def values(self, title: str) -> list[list[Any]]:
        """A tab as it stands, formulas as formulas."""
        params: Any = {"valueRenderOption": "FORMULA", "dateTimeRenderOption": "SERIAL_NUMBER"}
        found: list[list[Any]] = self.http.values_get(self.sid, f"'{title}'", params=params).get("values", [])
        return found
