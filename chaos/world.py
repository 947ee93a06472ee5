"""The stage: a local sheet server that misbehaves on request, a spreadsheet on it, the app's account and a person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

from chaos.inside import Inside, InsideAdapter
from sync import local
from sync.access import DRIVE_BASE, RebasedHTTPClient, open_client, read_key

Json = dict[str, Any]
PERSON = "meera"
TIMEOUT = 60
Client = TypeVar("Client", bound=RebasedHTTPClient)


@dataclass(slots=True)
class World:
    """A running server. Close it. `inside` is None in a worker process, which comes by HTTP."""

    base: str
    key: Path
    inside: Inside | None = None
    credentials: Any = None
    session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def begin(cls, folder: Path) -> World:
        """A sheet server that misbehaves on request, without quotas, its data in `folder`."""
        inside = Inside.begin(folder)
        world = cls(inside.base, folder / "credentials.json", inside)
        world.join(world.session)
        return world

    def join(self, session: requests.Session) -> None:
        """Lets a session ask the server in this process without a socket."""
        session.trust_env = False
        if self.inside:
            session.mount(self.base, InsideAdapter(self.inside))

    def client(self, kind: type[Client]) -> Client:
        """A client of the app's account; all share one sign-in, which each process makes once."""
        if self.credentials is None:
            self.credentials = open_client(read_key(self.key, None), self.base).auth
        http = kind(self.credentials)
        http.base = self.base
        http.set_timeout(TIMEOUT)
        self.join(http.session)
        return http

    def close(self) -> None:
        self.session.close()
        if self.inside:
            self.inside.close()

    def ask(self, method: str, path: str, **given: Any) -> requests.Response:
        """A request to `/_local`."""
        return self.session.request(method, f"{self.base}/_local/{path}", timeout=TIMEOUT, **given)

    def book(self, name: str, following: bool = True, committed: bool = True) -> Book:
        """A new spreadsheet that both accounts may write to, with Google's open questions answered one way."""
        switches = {"metadata_follows_sort": following, "returned_cells_are_committed": committed}
        self.ask("POST", "switches", json=switches).raise_for_status()
        http = self.client(RebasedHTTPClient)
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
