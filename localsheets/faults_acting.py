"""Acts on the rules of `faults`: stands between the HTTP shell and the rooms, in the engine's thread.

server -> Misbehaving -> rooms. Without a rule that hits, a request passes through untouched but for the header
`X-Local-Request`, its id in the history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import orjson

from . import people_acting
from .accounts import email_for
from .asked import Answer, Asked, Postponed, Respond, Wire, error_answer
from .errors import ApiError, bad_request
from .faults import Faults, Rule, When
from .faults_actions import Hang, Late, LoseAppend, Person, Refuse, Truncate
from .faults_appends import Appends
from .quota import PER_USER, exceeded
from .routes import Call, find_call
from .service import Service, new_request_id

LOCAL = "/_local/"
HEADER = "X-Local-Request"


class _Undone(Exception):
    """Ends a transaction that was only to show what would be answered."""


@dataclass(slots=True)
class Misbehaving:
    """Answers requests as the rules say; `plain` answers them as it should be, `patient` too, but without
    holding up others. Calls come from one thread."""

    service: Service
    faults: Faults
    plain: Callable[[Asked], Answer]
    patient: Respond
    appends: Appends = field(default_factory=Appends)

    def __call__(self, asked: Asked) -> Answer | Postponed:
        """Answers one request; never raises."""
        self.apply_late()
        asked = replace(asked, request_id=new_request_id())
        if asked.path.startswith(LOCAL):
            answer = self.plain(asked)
            self.apply_late()  # it may have driven the clock
            return answer
        hitting = self.faults.strike(asked, self._account(asked))
        return self._marked(self._through(asked, hitting) if hitting else self.patient(asked), asked)

    def late_is_due(self) -> bool:
        """Whether something held is to be applied; safe to ask from any thread."""
        return self.faults.late.due(self.service.clock.now())

    def apply_late(self) -> None:
        """Applies what is due by the server's clock."""
        for held, answer in self.faults.late.run_due(self.service.clock.now(), self.service.uncharged):
            self._log(held.rule, held.asked, "applied late", answer)

    # -- one request --------------------------------------------------------------------------------------------------

    def _through(self, asked: Asked, hitting: list[Rule]) -> Answer | Postponed:
        unseen = [rule for rule in hitting if self._when(rule) == "unseen"]
        shown = self._shown_without(asked) if unseen else None
        for rule in hitting:
            if isinstance(rule.action, Person) and self._when(rule) != "after":
                self._act(rule, rule.action, asked)
        fault = next((rule for rule in hitting if not isinstance(rule.action, Person)), None)
        answer = self._faulty(asked, fault, shown)
        after = [rule for rule in hitting if isinstance(rule.action, Person) and self._when(rule) == "after"]
        return self._followed(answer, asked, after)

    def _when(self, rule: Rule) -> When:
        """When a person acts: the switch `returned_cells_are_committed` makes those who come before unseen."""
        person = isinstance(rule.action, Person) and rule.when == "before"
        return "unseen" if person and not self.service.switches.returned_cells_are_committed else rule.when

    def _followed(self, answer: Answer | Postponed, asked: Asked, after: list[Rule]) -> Answer | Postponed:
        """The people who act once the request is applied, before its answer is out."""
        if isinstance(answer, Postponed) and after:
            return Postponed(answer.ready, lambda: self._followed(answer.then(), asked, after))
        for rule in after:
            if isinstance(rule.action, Person):
                self._act(rule, rule.action, asked)
        return answer

    def _marked(self, answer: Answer | Postponed, asked: Asked) -> Answer | Postponed:
        if isinstance(answer, Postponed):
            return Postponed(answer.ready, lambda: self._marked(answer.then(), asked))
        return replace(answer, headers={**answer.headers, HEADER: asked.request_id})

    def _faulty(self, asked: Asked, rule: Rule | None, shown: Answer | None) -> Answer | Postponed:
        def applied() -> Answer:
            answer = self.plain(asked)
            return shown if shown is not None and answer.status == 200 else answer

        if rule is None:
            return applied()
        match rule.action:
            case Refuse():
                real = applied() if rule.when == "after" else None
                self._log(rule.number, asked, _told(rule.action), real)
                return self._refusal(rule.action, asked)
            case Truncate(keep):
                real = applied()
                self._log(rule.number, asked, "truncate", real)
                return replace(real, wire=Wire("truncate", keep))
            case Hang(seconds):
                return self._hanging(asked, rule, seconds, applied)
            case Late():
                return self._held(asked, rule, rule.action)
            case LoseAppend(wait):
                return self.appends.run(asked, wait, self.plain, lambda: self._overwrites(rule, asked))
        raise AssertionError(rule.action)

    def _refusal(self, action: Refuse, asked: Asked) -> Answer:
        if not action.quota:
            return action.answer
        call = find_call(asked.method, asked.path)
        return error_answer(exceeded("Write" if call and call.write else "Read", PER_USER, for_user=True))

    def _hanging(self, asked: Asked, rule: Rule, seconds: float, applied: Callable[[], Answer]) -> Postponed:
        done = applied() if rule.when == "after" else None
        self._log(rule.number, asked, "hang", done)
        end, clock = self.service.clock.now() + seconds, self.service.clock
        return Postponed(lambda: clock.now() >= end, applied if done is None else lambda: done)

    def _held(self, asked: Asked, rule: Rule, action: Late) -> Answer:
        """Keeps a request for later; one that has no account or no quota is refused at once, as it would have been."""
        try:
            bearer, call = self.service.bearer(asked), find_call(asked.method, asked.path)
            if bearer is None or call is None:
                return self.plain(asked)
            self._charge(bearer.account, call)
        except ApiError as error:
            return error_answer(error)
        due = self.service.clock.now() + action.seconds
        self.faults.late.hold(replace(asked, account=bearer.account), due, rule.number)
        self._log(rule.number, asked, "late", None)
        return action.answer

    def _charge(self, account: str, call: Call) -> None:
        if call.name.startswith("spreadsheets."):
            self.service.quotas.charge(account, call.write, self.service.clock.now())

    def _overwrites(self, rule: Rule, asked: Asked) -> bool:
        if (rule.count is not None and rule.hits >= rule.count) or not rule.draw():
            return False
        rule.hits += 1
        self._log(rule.number, asked, "lose_append", None)
        return True

    # -- people -------------------------------------------------------------------------------------------------------

    def _act(self, rule: Rule, person: Person, asked: Asked) -> None:
        """Somebody acts; a deed that is refused is in the log as refused, and the request goes on."""
        try:
            call = find_call(asked.method, asked.path)
            sid = person.deed.spreadsheet or (call.ids[0] if call and call.ids else "")
            if not sid:
                raise bad_request("The deed needs 'spreadsheetId': the request names no spreadsheet.")
            answer = people_acting.act(person.deed, sid, self.service.engine, self.service.uncharged)
        except ApiError as error:
            answer = error_answer(error)
        self._log(rule.number, asked, f"person: {person.deed.name}", answer, email_for(person.deed.account).lower())

    def _shown_without(self, asked: Asked) -> Answer | None:
        """What the request would be answered if nobody had come in between; nothing of it stays."""
        shown: Answer | None = None
        try:
            with self.service.engine.transaction():
                shown = self.service.uncharged(asked)
                raise _Undone
        except _Undone:
            return shown

    # -- bookkeeping --------------------------------------------------------------------------------------------------

    def _account(self, asked: Asked) -> str:
        try:
            bearer = self.service.bearer(asked)
        except ApiError:
            return ""
        return bearer.account if bearer else ""

    def _log(self, rule: int, asked: Asked, what: str, real: Answer | None, who: str = "") -> None:
        """One line of the log; `real` is the true answer of what was done, if anything was; `who` is the person."""
        line = {
            "rule": rule, "at": self.service.clock.now(), "requestId": asked.request_id,
            "request": f"{asked.method} {asked.path}", "what": what, "status": real.status if real else None,
        }  # fmt: skip
        if real is not None and real.status >= 400:
            line["refused"] = orjson.loads(real.body)["error"]["message"] if real.body[:1] == b"{" else ""
        if who:
            line["as"] = who
        self.faults.note(line)


def _told(action: Refuse) -> str:
    return "cut" if action.answer.wire.how == "cut" else str(action.answer.status)
