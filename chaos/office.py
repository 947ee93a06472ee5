"""What staff do in the app besides editing one lead: delete and restore, take changes back, change many leads at once,
put right or accept what a partial sort mixed up, decide conflicts, bring back rows that were deleted. Through the app's
own functions, as its pages and API call them.

What each of these acknowledges is told to the mint, so that the oracle knows where a word may stand and where not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask

from app import database
from app.acting import Doer, Done, act
from app.deciding import Decided, Keep, decide_conflict
from app.mixups import accept, put_back
from app.settings import AppSettings
from app.together import act_on_all, take_back_all
from app.undoing import take_back
from chaos.deeds import TEXTS
from chaos.edits import Desk
from chaos.standing import Verdict
from chaos.tokens import tokens_in
from chaos.worker import shipped
from core.commands import DeleteLead, SetFields
from core.field_checks import Refusal
from core.ids import group_of
from core.model import Change, ChangeKind, Lead
from store import activity, conflicts, groups, kept, mirror, mixups, outbox
from store.database import reading
from store.recalled import deleted_lead

RECENT = 12  # changes that somebody may want to take back
MOST = 6  # leads of a bulk change, fewer than
KEEPS: tuple[Keep, ...] = ("ours", "ours", "theirs")
MOST_CONFLICTS = 20  # on the page that somebody looks at
MOST_DELETED = 100
WHO = "Neha"


@dataclass(slots=True)
class Office:
    """Somebody at the app's pages. `deleted` are changes that took a lead out of Master, `groups` bulk changes;
    `accepted` leads of which somebody said that they are rightly called what the sheet says; `decided` conflicts, by
    the change that had lost."""

    desk: Desk
    deleted: list[Change] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    decided: dict[str, list[Verdict]] = field(default_factory=dict)

    def delete(self, leads: list[str], now: datetime) -> str:
        """A lead that the app knows goes."""
        lead_id = self.desk.rng.choice(leads)
        with reading(self.desk.engine) as conn:
            lead = mirror.lead(conn, lead_id)
        own = own_tokens(lead) if lead else frozenset()
        with self._pages(now):
            done = act(lead_id, lambda _: DeleteLead(), self._doer("delete"))
        if isinstance(done, Done):
            self._acknowledge(done.status.change)
            self.desk.mint.goes(done.change_id, lead_id, "", own)
        return f"deletes {lead_id}: {_short(done)}"

    def restore(self, now: datetime) -> str:
        """A lead that was deleted comes back."""
        return self._take_back(self.desk.rng.choice(self.deleted), now) if self.deleted else ""

    def undo(self, now: datetime) -> str:
        """One of the last changes is taken back."""
        recent = list(self.desk.acknowledged.values())[-RECENT:]
        return self._take_back(self.desk.rng.choice(recent), now) if recent else ""

    def _take_back(self, change: Change, now: datetime) -> str:
        with self._pages(now):
            done = take_back(change.change_id, change.lead_id, self._doer("undo"))
        if isinstance(done, Done):
            self._acknowledge(done.status.change)
        return f"takes back {change.change_id} of {change.lead_id}: {_short(done)}"

    def bulk(self, leads: list[str], now: datetime) -> str:
        """One field of some leads, to each a word of its own."""
        desk, name = self.desk, self.desk.rng.choice(TEXTS)
        chosen = desk.rng.sample(leads, min(len(leads), desk.rng.randrange(2, MOST)))
        with reading(desk.engine) as conn:
            seen = {lead.lead_id: tokens_in(getattr(lead, name)) for lead in mirror.leads(conn, chosen)}
        words = {i: desk.mint.next("a", "bulk", lead_id=i, field=name, seen=old) for i, old in seen.items()}
        with self._pages(now):
            done = act_on_all(list(seen), lambda lead: SetFields({name: words[lead.lead_id]}), name, self._doer("bulk"))
            made = {} if isinstance(done, Refusal) else self._members(done.group.group_id)
        for lead_id, word in words.items():
            desk.mint.carry(word, made[lead_id].change_id if lead_id in made else "")
        desk.acknowledged.update((one.change_id, one) for one in made.values())
        return f"bulk of {name}: {words} {_short(done)}"

    def undo_bulk(self, now: datetime) -> str:
        """All of a bulk change is taken back."""
        if not self.groups:
            return ""
        group = self.desk.rng.choice(self.groups)
        with self._pages(now):
            done = take_back_all(group, self._doer("undo"))
            made = {} if isinstance(done, Refusal) else self._members(done.group.group_id)
        for one in made.values():
            self._acknowledge(one)
        return f"takes back {group}: {_short(done)}"

    def settle_mixup(self, now: datetime) -> str:
        """Leads that a partial sort mixed up are put back, or taken as they are."""
        with reading(self.desk.engine) as conn:
            found = mixups.incidents(conn, 1)
        if not found:
            return ""
        incident = self.desk.rng.choice(found).incident
        with reading(self.desk.engine) as conn:
            leads = [one.lead_id for one in mixups.of_incident(conn, incident)]
        with self._pages(now):
            if self.desk.rng.random() < 0.3:
                self.accepted.update(leads)
                return f"accepts {incident}: {_short(accept(incident))}"
            done = put_back(incident, Doer(WHO))
            if isinstance(done, Refusal):  # ids or whole rows went, and nobody undoes that here
                self.accepted.update(leads)
                return f"accepts {incident} after {_short(done)}: {_short(accept(incident))}"
            made = self._members(done.group_id)
        for one in made.values():
            self._acknowledge(one)
        return f"puts back {incident}: {_short(done)}"

    def decide(self, now: datetime) -> str:
        """A conflict is decided, either way."""
        with reading(self.desk.engine) as conn:
            found = conflicts.open_conflicts(conn, MOST_CONFLICTS).items
        if not found:
            return ""
        one, keep = self.desk.rng.choice(found), self.desk.rng.choice(KEEPS)
        with self._pages(now):
            decided = decide_conflict(one.conflict_id, keep, WHO)
        if isinstance(decided, Decided):
            made = decided.done.status.change if decided.done else None
            verdict = Verdict(one.conflict.field, keep == "ours", made.change_id if made else "")
            self.decided.setdefault(one.change_id, []).append(verdict)
            if made:
                self._acknowledge(made)
        made_of = decided.done.status.change if isinstance(decided, Decided) and decided.done else decided
        return f"decides {one.change_id} for {keep}: {_short(made_of)}"

    def restore_row(self, now: datetime) -> str:
        """A lead whose row somebody deleted in the sheet comes back."""
        mine = {one.lead_id for one in self.deleted}
        with reading(self.desk.engine) as conn:
            gone = [lead_id for lead_id, _ in kept.page(conn, "deleted", MOST_DELETED) if lead_id not in mine]
            told = [line for lead_id in gone[:1] for line in activity.of_lead(conn, lead_id, 1).items]
        if not told:
            return ""
        with self._pages(now):
            done = take_back(told[0].change_id, told[0].lead_id, self._doer("bring back"))
        if isinstance(done, Done):
            self._acknowledge(done.status.change)
        return f"brings back {told[0].lead_id}: {_short(done)}"

    def _doer(self, what: str) -> Doer:
        """A request that nobody has made before."""
        return Doer(WHO, f"{what} {self.desk.mint.operation} {len(self.desk.acknowledged)}")

    @contextmanager
    def _pages(self, now: datetime) -> Iterator[None]:
        """What a request to the app has around it."""
        pages = Flask("office")
        settings = AppSettings(secret_key="unused", shipped=shipped(), clock=lambda: now)  # noqa: S106  # nothing is signed
        database.attach(pages, settings, self.desk.engine)
        with pages.test_request_context():
            yield

    def _members(self, group: str) -> dict[str, Change]:
        """The changes of a group that was just made, by lead."""
        self.groups += [group] if group not in self.groups else []
        with reading(self.desk.engine) as conn:
            found = outbox.changes(conn, [change_id for change_id, _ in groups.changes(conn, group)])
        return {one.change.lead_id: one.change for one in found.values()}

    def _acknowledge(self, change: Change) -> None:
        """Something that takes words away, and brings others back, was taken."""
        mint = self.desk.mint
        if change.change_id in self.desk.acknowledged:
            return  # asked for again
        self.desk.acknowledged[change.change_id] = change
        if change.kind is ChangeKind.DELETE and not group_of(change.change_id):
            self.deleted.append(change)
        for name, (old, new) in change.fields.items():
            mint.goes(change.change_id, change.lead_id, name, tokens_in(old) - tokens_in(new))
            mint.comes(change.change_id, change.lead_id, name, tokens_in(new) - tokens_in(old))
        if change.kind is ChangeKind.RESTORE:
            with reading(self.desk.engine) as conn:
                texts = kept.of_keys(conn, "deleted", [change.lead_id])
            known = [own_tokens(deleted_lead(lead_id, text)) for lead_id, text in texts.items()]
            mint.returns(change.lead_id, frozenset().union(*known))


def own_tokens(lead: Lead) -> frozenset[str]:
    """What the app knows of people's own columns of a lead."""
    return frozenset().union(*map(tokens_in, lead.extra.values()))


def _short(done: object) -> str:
    return repr(done)[:300]
