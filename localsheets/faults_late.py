"""Requests that are applied late: received and held until the server's clock has passed, then done as if they had just
come, after whatever was done meanwhile. Nothing of it outlives the process, as nothing was promised to anyone."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .asked import Answer, Asked

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """One request that waits; it carries its account and id, for its token may have expired by then."""

    due: float
    number: int
    asked: Asked = field(compare=False)
    rule: int = field(compare=False)


@dataclass(slots=True)
class Late:
    """All that wait, the first due first."""

    waiting: list[Held] = field(default_factory=list)
    _last: int = 0

    def hold(self, asked: Asked, due: float, rule: int) -> None:
        """Keeps a request until `due` (unix seconds of the server's clock)."""
        self._last += 1
        heapq.heappush(self.waiting, Held(due, self._last, asked, rule))

    def due(self, now: float) -> bool:
        """Whether something is to be applied now; safe to ask from any thread."""
        waiting = self.waiting[:1]
        return bool(waiting) and waiting[0].due <= now

    def run_due(self, now: float, do: Callable[[Asked], Answer]) -> list[tuple[Held, Answer]]:
        """Applies what is due, in the order in which it is due; each with what the client would have been told."""
        done = []
        while self.due(now):
            held = heapq.heappop(self.waiting)
            done.append((held, do(held.asked)))
        return done

    def drop(self) -> None:
        """Forgets all of it: it will never have been applied."""
        self.waiting.clear()

    def listed(self) -> list[Json]:
        """What waits, for GET /_local/faults."""
        return [
            {
                "rule": one.rule, "due": one.due, "requestId": one.asked.request_id,
                "request": f"{one.asked.method} {one.asked.path}", "account": one.asked.account,
            }
            for one in sorted(self.waiting)
        ]  # fmt: skip
