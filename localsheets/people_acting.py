"""Does what people do (see `people`): a deed becomes ordinary API calls of its account on the running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from . import a1, people
from .accounts import email_for
from .asked import Answer, Asked
from .engine import Engine
from .errors import bad_request
from .people_sight import Deed, Json, Step, Tab, Typed


@dataclass(frozen=True, slots=True)
class LiveLook:
    """A spreadsheet as it is now."""

    engine: Engine
    sid: str

    def tab(self, named: object) -> Tab:
        """A tab by title, by sheetId, or (None) the first; ApiError 400."""
        for sheet in self.engine.get(self.sid, fields="sheets.properties")["sheets"]:
            properties = sheet["properties"]
            if named is None or named in (properties["title"], properties["sheetId"]):
                grid = properties["gridProperties"]
                return Tab(properties["sheetId"], properties["title"], grid["rowCount"], grid["columnCount"])
        raise bad_request(f"There is no tab {named!r}.")

    def header(self, tab: Tab) -> list[str]:
        """The texts of row 1."""
        read: Any = self.engine.values_get(self.sid, f"{a1.quoted(tab.title)}!1:1")
        body: Json = orjson.loads(read) if isinstance(read, bytes) else read
        rows: list[list[str]] = body.get("values", [[]])
        return rows[0] if rows else []


def act(deed: Deed, sid: str, engine: Engine, do: Callable[[Asked], Answer]) -> Answer:
    """Does a deed on a spreadsheet; the answer of its last call, or of the first that was refused. ApiError for a deed
    that does not fit the sheet."""
    answer = Answer(200, b"{}")
    for asked in _calls(people.steps(deed, LiveLook(engine, sid)), sid, email_for(deed.account).lower()):
        answer = do(asked)
        if answer.status != 200:
            break
    return answer


def _calls(steps: list[Step], sid: str, account: str) -> Iterator[Asked]:
    """The calls that do the steps: neighbouring requests in one batchUpdate, typing as values.update."""
    batch: list[Json] = []
    for step in steps:
        if isinstance(step, Typed):
            if batch:
                yield _batch(batch, sid, account)
                batch = []
            yield _typing(step, sid, account)
        else:
            batch.append(step)
    if batch:
        yield _batch(batch, sid, account)


def _batch(requests: list[Json], sid: str, account: str) -> Asked:
    body = orjson.dumps({"requests": requests})
    return Asked("POST", f"/v4/spreadsheets/{quote(sid, safe='')}:batchUpdate", body=body, account=account)


def _typing(typed: Typed, sid: str, account: str) -> Asked:
    path = f"/v4/spreadsheets/{quote(sid, safe='')}/values/{quote(typed.where, safe='')}"
    body = orjson.dumps({"values": typed.values})
    return Asked("PUT", path, (("valueInputOption", "USER_ENTERED"),), body, account=account)
