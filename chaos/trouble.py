"""Trouble for one request of the worker: a fault of the server, a person's deed right before or after it, or both.

`TroubledClient` arms the server for exactly the request that it is meant for, so that every hit is known by its step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from chaos.world import PERSON, Book
from sync.access import RebasedHTTPClient

Json = dict[str, Any]
LATE_SECONDS = 500_000  # by the server's clock, which the simulation drives: they come when it says so

FAULTS: dict[str, Json] = {
    "429": {"action": 429},
    "400": {"action": 400},
    "503 before": {"action": 503},
    "503 after": {"action": 503, "when": "after"},
    "cut before": {"action": "cut"},
    "cut after": {"action": "cut", "when": "after"},
    "truncated": {"action": "truncate", "keep": 0.5},
    "late": {"action": "late", "seconds": LATE_SECONDS, "answer": "cut"},
    "late 503": {"action": "late", "seconds": LATE_SECONDS, "answer": 503},
}
READS = ("poll", "settle", "aim", "mend read", "read back", "look around")
WRITES = ("write", "mend write", "set up")
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens at the first request of a phase. `action` names the deed; `when` it comes: before, after, or unseen
    by the answer."""

    phase: str
    fault: str = NOTHING
    action: str = NOTHING
    deed: Json | None = None
    when: str = "before"

    def rules(self) -> Iterator[Json]:
        if self.deed:
            yield {**self.deed, "path": "/spreadsheets", "action": "person", "as": PERSON, "when": self.when}
        if self.fault != NOTHING:
            yield {"path": "/spreadsheets", **FAULTS[self.fault]}

    def text(self) -> str:
        return json.dumps([self.phase, self.fault, self.action, self.deed, self.when])

    @classmethod
    def read(cls, text: str) -> Trouble:
        return cls(*json.loads(text))


@dataclass(slots=True)
class Phases:
    """The steps of a flush as they pass, and what each request is for. `at` is called with every step."""

    at: Callable[[str], None] = field(default=lambda step: None)  # noqa: ARG005  # the quiet one
    last: str = ""
    mending: bool = False
    polled: bool = False

    def step(self, name: str) -> None:
        self.last = name
        self.mending = name == "mend" or (self.mending and name in ("send", "sent"))
        self.polled = self.polled and name != "read"
        self.at(name)

    def aside(self) -> Phases:
        """Those of a flush that goes by itself, while these stand still."""
        return Phases(self.at, polled=True)

    def of(self, endpoint: str) -> str:
        """The phase of the request that is about to be sent."""
        if endpoint.endswith(":batchUpdate"):
            return "set up" if self.last == "set up" else "mend write" if self.mending else "write"
        if self.last == "read" and not self.polled:
            self.polled = True
            return "poll"
        known = {"read": "settle", "settle": "settle", "mend": "mend read", "look around": "look around"}
        return "read back" if self.last.startswith("read ") else known.get(self.last, "aim")


class TroubledClient(RebasedHTTPClient):
    """gspread's transport as in production, with trouble."""

    book: Book
    phases: Phases
    troubles: list[Trouble]
    hit: Callable[[Trouble], None]
    answered: Callable[[str], None]  # called with the phase of each request whose answer is there

    def request(self, method: Any, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        phase = self.phases.of(endpoint)
        answer = self._troubled(phase, method, endpoint, *args, **kwargs)
        self.answered(phase)
        return answer

    def _troubled(self, phase: str, method: Any, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        trouble = next((one for one in self.troubles if one.phase == phase), None)
        if trouble is None:
            return super().request(method, endpoint, *args, **kwargs)
        self.troubles.remove(trouble)
        self.book.rules(list(trouble.rules()))
        try:
            return super().request(method, endpoint, *args, **kwargs)
        finally:
            did = self.book.behave()
            acted = [line for line in did["log"] if line["what"].startswith("person")]
            if all(rule["hits"] for rule in did["rules"]) and all(line["status"] == 200 for line in acted):
                self.hit(trouble)
