"""`values:append` that loses rows as Google's does: two appends that are under way at once look up the same end of the
table, and the second writes over the first (tidyverse/googlesheets4#313, theoephraim/node-google-spreadsheet#318).

The first is done and its answer held for a moment; one that comes in that moment is written at the same place. Clients
that append one after the other lose nothing, and INSERT_ROWS is safe.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import orjson

from . import a1
from .asked import Answer, Asked, Postponed
from .errors import ApiError
from .routes import find_call

Json = dict[str, Any]
_OF_APPEND = {"insertDataOption"}


@dataclass(slots=True, eq=False)
class Flight:
    """An append whose answer is held: where it wrote, the table that it found, whether another came."""

    place: str
    table: str | None
    met: bool = False


@dataclass(slots=True)
class Appends:
    """The appends under way, by spreadsheet and tab."""

    flights: dict[tuple[str, str], Flight] = field(default_factory=dict)

    def run(
        self, asked: Asked, wait: float, do: Callable[[Asked], Answer], hit: Callable[[], bool]
    ) -> Answer | Postponed:
        """Does an append; `hit` is asked (and counts) when it would overwrite another. Any other request just runs."""
        key = _key(asked)
        if key is None:
            return do(asked)
        flight = self.flights.get(key)
        if flight is not None and hit():
            flight.met = True
            return _overwriting(asked, key[0], flight, do)
        answer = do(asked)
        made = _flight(answer)
        if made is None or flight is not None:
            return answer
        self.flights[key] = made
        end = time.monotonic() + wait

        def landed() -> Answer:
            self.flights.pop(key, None)
            return answer

        return Postponed(lambda: made.met or time.monotonic() >= end, landed)


def _key(asked: Asked) -> tuple[str, str] | None:
    """(spreadsheet, tab) of an append that overwrites; None for anything else."""
    call = find_call(asked.method, asked.path)
    if call is None or call.name != "spreadsheets.values.append":
        return None
    if (asked.first("insertDataOption") or asked.first("insert_data_option")) in ("INSERT_ROWS", "1"):
        return None
    try:
        title, cells = a1.split_title(call.ids[1])
    except ApiError:
        return None
    if title is None and cells is not None and a1.parse_cells(cells) is None:
        title = cells
    return call.ids[0], (title or "").casefold()


def _flight(answer: Answer) -> Flight | None:
    if answer.status != 200:
        return None
    body = orjson.loads(answer.body)
    where = body.get("updates", {}).get("updatedRange")
    return Flight(where.partition(":")[0], body.get("tableRange")) if where else None


def _overwriting(asked: Asked, sid: str, flight: Flight, do: Callable[[Asked], Answer]) -> Answer:
    """The append as an update of the cells that the other one has just written; answered as an append."""
    query = tuple(pair for pair in asked.query if pair[0] not in _OF_APPEND)
    path = f"/v4/spreadsheets/{quote(sid, safe='')}/values/{quote(flight.place, safe='')}"
    body = asked.body
    given = orjson.loads(body) if body.strip() else {}
    if isinstance(given, dict) and "range" in given:
        body = orjson.dumps({name: value for name, value in given.items() if name != "range"})
    answer = do(replace(asked, method="PUT", path=path, query=query, body=body))
    if answer.status != 200:
        return answer
    table = {"tableRange": flight.table} if flight.table else {}
    told = {"spreadsheetId": sid, **table, "updates": orjson.loads(answer.body)}
    return replace(answer, body=orjson.dumps(told))
