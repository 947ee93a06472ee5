"""Misbehaving on request: the rules by which the server refuses, breaks off, delays, or lets a person come in between.

`--faults` makes it possible; without it `/_local/faults` is 403. Rules decide (this module), `faults_acting` acts on
them, `faults_late` holds what is applied late, `faults_appends` loses rows as Google does, `people` knows what people
do.

    POST /_local/faults {"rules": [RULE, …]}  (or one RULE alone)  -> {"rules": [{"id": 1, …}]}
    GET /_local/faults  -> {"rules": [{…, "id", "seen", "hits"}], "log": [HIT, …], "late": [waiting, …]}
                        the last 1000 lines of the log; ?after=n those behind line n (10,000 are kept)
    DELETE /_local/faults           rules and log go; what waits to be applied late still comes (?late=drop drops it)

A RULE says which requests, how often, and what happens:

    "path"      a regular expression, searched for in "METHOD /path" (still percent-encoded, without query)
    "method"    only this method              "holds"    a regular expression that the body must contain
    "account"   only requests of this account "skip"     how many matching requests pass first (0)
    "count"     hits at most: 1 unless there is a chance; null: no limit
    "chance"    0..1, drawn for each matching request from a generator with the rule's own "seed" (0): the same
                requests in the same order are hit at every run
    "when"      "before" (default): the request is not applied; "after": applied, the answer is what is lost
    "action"    one of

    {"path": ":batchUpdate$", "action": "refuse", "status": 403}          or "message", or the whole "body"
    {"path": "/values", "chance": 0.1, "seed": 7, "action": 429}          Google's words; also 400, 401, 404, 500 …
    {"path": ":batchUpdate$", "when": "after", "action": "cut"}           the connection ends before any byte
    {"path": "^GET", "action": "truncate", "keep": 0.5}                   this share of the body, then the end
    {"path": ":batchUpdate$", "action": "hang", "seconds": 30}            by the server's clock; then it is answered
    {"path": ":batchUpdate$", "action": "late", "seconds": 180, "answer": "cut"}
                the client gets "cut" (default) or a status (503, 504); the request itself is applied when the server's
                clock has passed, even after later requests; refused if by then it must be
    {"path": ":append", "count": null, "action": "lose_append"}
                values:append with OVERWRITE: one that arrives while another to the same tab is not yet answered
                is written where that one wrote; both are told that all went well. Answers are held for "wait"
                (0.2) real seconds so that requests can meet
    {"path": ":batchUpdate$", "action": "person", "as": "meera", "deed": "sort", "tab": "Master", "by": "city"}
    {"path": "^GET", "when": "after", "action": "person", "as": "meera", "requests": [{"sortRange": {…}}]}
                somebody acts before (after) the matching request is handled; see `people` for the deeds. For a
                person there is also "when": "unseen": the deed comes first, but the answer shows the cells as if it
                had not (that answers show the committed state is not promised by Google)

All people whose rule hits act, in the order of the rules; of the other actions the first whose rule hits is taken.
"""

from __future__ import annotations

import random
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from .asked import Asked
from .errors import bad_request
from .faults_actions import Action, LoseAppend, Person, read_action
from .faults_late import Late

Json = dict[str, Any]
When = Literal["before", "after", "unseen"]
LONGEST_LOG = 10_000
MOST_RULES = 1000
_NAMES = {"path", "method", "holds", "account", "skip", "count", "chance", "seed", "when", "action"}


@dataclass(slots=True, eq=False)
class Rule:
    """One rule at work: what it matches, what it has seen and hit so far."""

    number: int
    given: Json
    path: re.Pattern[str]
    method: str | None
    holds: re.Pattern[bytes] | None
    account: str | None
    skip: int
    count: int | None
    chance: float
    when: When
    action: Action
    draws: random.Random
    seen: int = 0
    hits: int = 0

    def matches(self, asked: Asked, account: str) -> bool:
        """Whether a request of an account ("" unknown) is one of those that the rule is about."""
        return (
            (self.method is None or self.method == asked.method)
            and (self.account is None or self.account == account)
            and self.path.search(f"{asked.method} {asked.path}") is not None
            and (self.holds is None or self.holds.search(asked.body) is not None)
        )

    def meets(self) -> bool:
        """Counts a matching request: whether the rule may hit it."""
        self.seen += 1
        return self.seen > self.skip and (self.count is None or self.hits < self.count)

    def draw(self) -> bool:
        """Lets chance decide, the same at every run."""
        return self.chance >= 1 or self.draws.random() < self.chance


@dataclass(slots=True)
class Faults:
    """All rules of a server in their order, what they did, and what waits to be applied late."""

    rules: list[Rule] = field(default_factory=list)
    log: deque[Json] = field(default_factory=lambda: deque(maxlen=LONGEST_LOG))
    late: Late = field(default_factory=Late)
    _last: int = 0
    _lines: int = 0

    def note(self, line: Json) -> None:
        """Puts a line into the log; `n` counts them."""
        self._lines += 1
        self.log.append({"n": self._lines, **line})

    def add(self, given: list[Json]) -> list[Rule]:
        """Takes rules in, all or none; ApiError 400 names what is wrong."""
        if len(self.rules) + len(given) > MOST_RULES:
            raise bad_request(f"There are more than {MOST_RULES} rules.")
        made = [read_rule(one, self._last + i) for i, one in enumerate(given, 1)]
        self._last += len(made)
        self.rules += made
        return made

    def clear(self) -> None:
        """Forgets rules and log."""
        self.rules.clear()
        self.log.clear()

    def strike(self, asked: Asked, account: str) -> list[Rule]:
        """The rules that hit this request: every person's, and at most one other."""
        found: list[Rule] = []
        taken = False
        for rule in self.rules:
            person = isinstance(rule.action, Person)
            if (taken and not person) or not rule.matches(asked, account) or not rule.meets():
                continue
            if isinstance(rule.action, LoseAppend):  # it hits only when a second one comes
                found.append(rule)
                taken = True
            elif rule.draw():
                rule.hits += 1
                found.append(rule)
                taken = taken or not person
        return found

    def listed(self) -> list[Json]:
        """The rules as they were given, with what they have seen and hit."""
        return [{**rule.given, "id": rule.number, "seen": rule.seen, "hits": rule.hits} for rule in self.rules]


def _pattern(given: Json, name: str) -> str | None:
    text = given.get(name)
    if text is None:
        return None
    if not isinstance(text, str):
        raise bad_request(f"{name!r} must be a regular expression.")
    try:
        re.compile(text)
    except re.error as error:
        raise bad_request(f"{name!r} is no regular expression: {error}.") from None
    return text


def _whole(given: Json, name: str, default: int) -> int:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise bad_request(f"{name!r} must be a whole number.")
    return value


def _count(given: Json) -> int | None:
    """Hits at most: one unless it says so or leaves it to chance."""
    if given.get("count", 0) is None or ("count" not in given and "chance" in given):
        return None
    return _whole(given, "count", 1)


def _text(given: Json, name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request(f"{name!r} must be a text.")
    return value


def _chance(given: Json) -> float:
    value = given.get("chance", 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise bad_request("'chance' must be a number from 0 to 1.")
    return float(value)


def _when(given: Json, action: Action) -> When:
    when = given.get("when", "before")
    if when == "unseen" and isinstance(action, Person):
        return "unseen"
    if when not in ("before", "after"):
        raise bad_request("'when' must be 'before' or 'after' (for a person also 'unseen').")
    return "before" if when == "before" else "after"


def read_rule(given: Json, number: int) -> Rule:
    """A rule from JSON; ApiError 400 for what it does not understand, so that no typing mistake makes a rule mild."""
    if not isinstance(given, dict):
        raise bad_request("A rule must be a JSON object.")
    action, used = read_action(given)
    unknown = sorted(given.keys() - _NAMES - used)
    if unknown and not isinstance(action, Person):
        raise bad_request(f"Unknown in a rule with the action {given.get('action')!r}: {', '.join(unknown)}.")
    holds = _pattern(given, "holds")
    return Rule(
        number=number,
        given=given,
        path=re.compile(_pattern(given, "path") or ""),
        method=_text(given, "method"),
        holds=re.compile(holds.encode()) if holds is not None else None,
        account=_text(given, "account"),
        skip=_whole(given, "skip", 0),
        count=_count(given),
        chance=_chance(given),
        when=_when(given, action),
        action=action,
        draws=random.Random(_whole(given, "seed", 0)),  # noqa: S311  # repeatable on purpose
    )
