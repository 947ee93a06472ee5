"""What one run of intake shall do: every row ends in one disposition, every lead that it touches in one change.

The last step on the way in: `core.identity` -> drafts -> `core.match` -> `core.combine` -> here -> `Plan`.
Deterministic: the same rows over the same book make the same plan with the same ids, so a run that is repeated after a
crash does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.assignment import assign
from core.book import Book, book_of
from core.config import Config
from core.edits import apply_edit
from core.identity import Identified, KnownRow, row_key
from core.ids import change_id
from core.leads import Draft, complete_event, complete_new
from core.match import resolve
from core.model import (
    Change,
    ChangeKind,
    Disposition,
    Issue,
    Lead,
    LeadDraft,
    LedgerEntry,
    Plan,
    SourceRow,
    Value,
)
from core.names_alike import fold_name


class Coming(StrEnum):
    """How a row comes to intake."""

    NEW = "new"
    EDITED = "edited"
    COPIED = "copied"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One source row and what it says. `known` is the row that it was before its edit, or that it repeats; `before`
    what it said then, None where that is no longer known; `why` the doubt of a doubtful one."""

    row: SourceRow
    drafts: tuple[LeadDraft, ...]
    coming: Coming = Coming.NEW
    known: KnownRow | None = None
    before: tuple[LeadDraft, ...] | None = None
    why: str = ""


def arrivals_of(identified: Identified, read: Callable[[SourceRow], tuple[LeadDraft, ...]]) -> tuple[Arrival, ...]:
    """The rows of one tab that intake has to look at, in the tab's order; `read` cleans a row into drafts (also an
    edited row's former cells, so those must be of the same header)."""
    arrivals = [Arrival(row, read(row)) for row in identified.new]
    for pair in identified.edited:
        old = pair.known.cells
        before = None if old is None else read(replace(pair.row, cells=old, fingerprint=pair.known.entry.fingerprint))
        arrivals.append(Arrival(pair.row, read(pair.row), Coming.EDITED, pair.known, before, pair.why))
    for pair in identified.copied:
        drafts = read(pair.row)
        arrivals.append(Arrival(pair.row, drafts, Coming.COPIED, pair.known, drafts, pair.why))
    arrivals.extend(
        Arrival(doubt.row, read(doubt.row), Coming.DOUBTFUL, why=doubt.why) for doubt in identified.doubtful
    )
    return tuple(sorted(arrivals, key=lambda arrival: arrival.row.row))


def plan_intake(
    arrivals: Sequence[Arrival],
    book: Book,
    config: Config,
    now: datetime,
    loads: Mapping[str, int],
    group: str = "",
) -> Plan:
    """Decide on rows. `book` holds at least the leads that `keys_of` names; `loads` are the open leads of each person;
    `group` (`core.ids.group_id`) ties the changes of one import, to be undone at once.

    Creates carry every field of the new lead; updates only what changes. The ledger has an entry for every arrival. To
    forget in the same flush: `Identified.forgotten`. Raises nothing on any rows."""
    return _Intake(book, config, now, loads, group).plan(arrivals)


class _Intake:
    """One run, while it is being decided."""

    def __init__(self, book: Book, config: Config, now: datetime, loads: Mapping[str, int], group: str) -> None:
        self.book, self.config, self.now, self.loads, self.group = book, config, now, loads, group
        self.drafts: dict[str, Draft] = {}  # the leads touched, as they shall be
        self.issues: list[Issue] = []

    def plan(self, arrivals: Sequence[Arrival]) -> Plan:
        placed: list[list[str | None]] = [[None] * len(arrival.drafts) for arrival in arrivals]
        waiting: list[tuple[int, int]] = []
        for number, arrival in enumerate(arrivals):
            self._tell(arrival)
            if arrival.coming is not Coming.DOUBTFUL:
                placed[number] = self._edit(arrival)
                waiting.extend((number, place) for place, lead in enumerate(placed[number]) if lead is None)
        matched = self._match(arrivals, waiting, placed)
        changes = self._changes(matched)
        ledger = [self._entry(arrival, placed[number]) for number, arrival in enumerate(arrivals)]
        return Plan(changes=changes, issues=tuple(dict.fromkeys(self.issues)), ledger=tuple(ledger))

    def _tell(self, arrival: Arrival) -> None:
        title = arrival.row.tab.title
        self.issues.extend(issue for draft in arrival.drafts for issue in draft.issues)
        if arrival.coming is Coming.DOUBTFUL:
            self.issues.append(Issue(title, arrival.row.row, arrival.why, blocking=True))

    def _draft_of(self, lead: Lead) -> Draft:
        if lead.lead_id not in self.drafts:
            self.drafts[lead.lead_id] = Draft.of(lead, self.config)
        return self.drafts[lead.lead_id]

    def _edit(self, arrival: Arrival) -> list[str | None]:
        """Take an edited row to the leads that it made; the lead of each draft that has one."""
        placed: list[str | None] = [None] * len(arrival.drafts)
        for place, lead_id, before in self._counterparts(arrival):
            placed[place] = lead_id
            lead, draft = self.book.leads.get(lead_id), arrival.drafts[place]
            if draft.blocked:
                continue
            if lead is None:
                reason = f"The lead of this row, {lead_id}, was taken out of Master: restore it there if it is wanted."
                self.issues.append(Issue(arrival.row.tab.title, arrival.row.row, reason))
                continue
            for reason in apply_edit(self._draft_of(lead), before, draft, arrival.why, self.config):
                self.issues.append(Issue(arrival.row.tab.title, arrival.row.row, reason))
        return placed

    def _counterparts(self, arrival: Arrival) -> list[tuple[int, str, LeadDraft | None]]:
        """Which draft of an edited row goes to which of its leads, with what the row said of it before: by the child's
        name, the rest in order, so that a child added in front does not take its sibling's lead."""
        known = arrival.known.entry.lead_ids if arrival.known else ()
        before = arrival.before if arrival.before is not None and len(arrival.before) >= len(known) else None
        leads = [self.book.leads.get(lead_id) for lead_id in known]
        were = [d.fields.get("child_name") for d in before] if before else [lead and lead.child_name for lead in leads]
        names = [fold_name(name) for name in were[: len(known)]]
        left = list(range(len(known)))
        rest: list[int] = []
        found: list[tuple[int, int]] = []
        for place, draft in enumerate(arrival.drafts):
            child = fold_name(draft.fields.get("child_name"))
            same = next((index for index in left if names[index] == child), None)
            if same is None:
                rest.append(place)
            else:
                left.remove(same)
                found.append((place, same))
        found.extend(zip(rest, left, strict=False))
        return [(place, known[index], before[index] if before else None) for place, index in sorted(found)]

    def _match(
        self, arrivals: Sequence[Arrival], waiting: Sequence[tuple[int, int]], placed: list[list[str | None]]
    ) -> tuple[str, ...]:
        drafts = [arrivals[number].drafts[place] for number, place in waiting]
        matching = resolve(drafts, self._book_after_edits())
        for (number, place), draft, lead_id, rule in zip(
            waiting, drafts, matching.lead_ids, matching.rules, strict=True
        ):
            if lead_id is None:
                continue
            placed[number][place] = lead_id
            if lead_id not in self.drafts:
                lead = self.book.leads.get(lead_id)
                self.drafts[lead_id] = Draft.new(lead_id, draft) if lead is None else Draft.of(lead, self.config)
            self.drafts[lead_id].take(draft, rule)
        for lead_id, household in matching.households.items():
            lead = self.book.leads.get(lead_id)
            if lead_id in self.drafts or lead is not None:
                entry = self.drafts.get(lead_id) or self._draft_of(self.book.leads[lead_id])
                entry.saying.fields["household"] = household
        for doubt in matching.doubts:
            origin = drafts[doubt.draft].origin
            self.issues.append(Issue(origin.tab.title, origin.row, doubt.reason, pair=doubt.pair))
        return matching.created

    def _book_after_edits(self) -> Book:
        """The book with what this run's edits have changed: an edited phone is found by the rows beside it."""
        edited = {lead_id: draft.lead() for lead_id, draft in self.drafts.items()}
        if all(lead == self.book.leads[lead_id] for lead_id, lead in edited.items()):
            return self.book
        leads = (edited.get(lead_id, lead) for lead_id, lead in self.book.leads.items())
        return book_of(leads, self.book.taken, self.book.apart)

    def _changes(self, created: Sequence[str]) -> tuple[Change, ...]:
        made = set(created)
        changes = [self._update(draft) for lead_id, draft in self.drafts.items() if lead_id not in made]
        people = iter(assign(sum(self._is_unassigned(lead) for lead in created), self.config.team, self.loads))
        for lead_id in created:
            person = next(people) if self._is_unassigned(lead_id) else None
            changes.append(self._create(self.drafts[lead_id], person))
        return tuple(change for change in changes if change is not None)

    def _is_unassigned(self, lead_id: str) -> bool:
        return self.drafts[lead_id].saying.fields.get("assigned_to") is None

    def _create(self, draft: Draft, person: str | None) -> Change:
        self._tell_full(draft)
        fields = draft.saying.fields
        fields["assigned_to"] = fields.get("assigned_to") or person
        made = complete_new(draft.lead_id, fields, self.config, self.now)
        pairs = {name: (None, value) for name, value in made.items() if value is not None}
        seed = f"create:{draft.lead_id}"
        return self._change(seed, draft, ChangeKind.CREATE, pairs)

    def _update(self, draft: Draft) -> Change | None:
        self._tell_full(draft)
        before = draft.before
        changed = complete_event(before, draft.saying.fields, self.config, self.now) if before else {}
        if before is None or not changed:
            return None
        # Without the moment: a run repeated after a crash makes the same change.
        said = sorted((name, repr(value)) for name, value in changed.items() if name != "updated_at")
        seed = f"update:{draft.lead_id}:{before.updated_at}:{said}"
        pairs = {name: (getattr(before, name), value) for name, value in changed.items()}
        return self._change(seed, draft, ChangeKind.UPDATE, pairs)

    def _change(self, seed: str, draft: Draft, kind: ChangeKind, pairs: Mapping[str, tuple[Value, Value]]) -> Change:
        made = change_id(seed, self.group)
        return Change(made, draft.lead_id, kind, pairs, "sync", self.now, draft.why(), self.group)

    def _tell_full(self, draft: Draft) -> None:
        for origin, line in draft.unkept():
            reason = f"The notes of {draft.lead_id} are full; this was not added: {line[:200]}"
            self.issues.append(Issue(origin.tab.title, origin.row, reason))

    def _entry(self, arrival: Arrival, placed: Sequence[str | None]) -> LedgerEntry:
        key = row_key(arrival.row.cells, arrival.drafts)
        return LedgerEntry(
            arrival.row.tab.sheet_id,
            arrival.row.fingerprint,
            key,
            self._disposition(arrival, placed),
            tuple(lead for lead in self._kept(arrival, placed) if lead is not None),
        )

    def _kept(self, arrival: Arrival, placed: Sequence[str | None]) -> Sequence[str | None]:
        """An edited row that says nothing usable any more keeps its leads, so that they are found when it is mended."""
        if arrival.known and not any(placed):
            return arrival.known.entry.lead_ids
        return placed

    def _disposition(self, arrival: Arrival, placed: Sequence[str | None]) -> Disposition:
        if arrival.coming is Coming.DOUBTFUL:
            return Disposition.ATTENTION
        if not arrival.drafts:
            return Disposition.SKIPPED
        usable = [lead for draft, lead in zip(arrival.drafts, placed, strict=True) if not draft.blocked and lead]
        if not usable:
            return Disposition.ATTENTION
        first = {d.first_row for lead in usable if (d := self.drafts.get(lead)) and d.before is None}
        if (arrival.row.tab.sheet_id, arrival.row.fingerprint) in first:
            return Disposition.CREATED
        known = arrival.known.entry if arrival.known and arrival.coming is Coming.EDITED else None
        return Disposition.CREATED if known and known.disposition is Disposition.CREATED else Disposition.MERGED
