"""The stage: a local sheet server that misbehaves on request, a spreadsheet on it, the app's account and a person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import orjson
import requests

from chaos.inside import Inside, InsideAdapter
from localsheets.asked import Asked
from sync import local
from sync.access import DRIVE_BASE, RebasedHTTPClient, open_client, read_key

Json = dict[str, Any]
PERSON = "meera"
TIMEOUT = 60
Client = TypeVar("Client", bound=RebasedHTTPClient)


_NO_QUERY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of `/_local`."""

    status: int
    body: Json


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

    def ask(self, method: str, path: str, body: Json | None = None, query: Mapping[str, str] = _NO_QUERY) -> Said:
        """A request to `/_local`."""
        if self.inside:
            told = orjson.dumps(body) if body is not None else b""
            asked = Asked(method, f"/_local/{path}", tuple(query.items()), told, headers=self._headers)
            answer = self.inside.ask(asked)
            return Said(answer.status, orjson.loads(answer.body))
        url = f"{self.base}/_local/{path}"
        response = self.session.request(method, url, json=body, params=query, timeout=TIMEOUT)
        return Said(response.status_code, response.json())

    @property
    def _headers(self) -> dict[str, str]:
        return {"Host": self.base.removeprefix("http://")}

    def book(self, name: str, following: bool = True, committed: bool = True, covered: bool = True) -> Book:
        """A new spreadsheet that both accounts may write to, with Google's open questions answered one way."""
        switches = {
            "metadata_follows_sort": following,
            "returned_cells_are_committed": committed,
            "covered_cells_keep_values": covered,
        }
        self.ask("POST", "switches", switches)
        http = self.client(RebasedHTTPClient)
        sid = local.create(http, name, "Asia/Kolkata", None)
        person = self.ask("POST", "accounts", {"name": PERSON}).body["email"]
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
        answer = self.world.ask("POST", "people", {"as": PERSON, "spreadsheetId": self.sid, **given})
        self.refused += answer.status != 200
        return answer.status == 200

    def rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """How the server shall misbehave from now on."""
        answer = self.world.ask("POST", "faults", {"rules": list(rules)})
        if answer.status != 200:
            raise ValueError(f"{answer.body} for {rules}")

    def behave(self) -> Json:
        """No rule any more; what they did. What waits to be applied late still comes."""
        did = self.world.ask("GET", "faults").body
        self.world.ask("DELETE", "faults")
        return did

    def pass_time(self, seconds: float) -> None:
        """What is due within so many seconds is applied; then the server's clock is right again."""
        self.world.ask("POST", "clock", {"advance": seconds})
        self.world.ask("POST", "clock", {"reset": True})

    def history(self, after: str | None, sheet_id: int) -> list[Json]:
        """All lines of a tab behind a place."""
        found: list[Json] = []
        while True:
            params = {"spreadsheetId": self.sid, "limit": "10000", "sheetId": str(sheet_id)}
            params |= {"after": after} if after else {}
            page = self.world.ask("GET", "history", query=params).body
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
