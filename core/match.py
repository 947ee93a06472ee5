"""Which lead each draft belongs to: phone first, then e-mail, across sources and against Master, transitive.

Between drafts and `core.intake`. The rules (issue B, "Matching"), which do not depend on the rows' order but for the
word "first":
1. Drafts and standing leads that share a phone (main or other) are one family.
2. An e-mail unites families with the same child; a family of grown-ups alone joins the one family with children that
   has the e-mail, or other grown-ups, unless both name people whose names share nothing. It never unites
   different children.
3. In a family there is one lead for each child; `Emma` and `Emma Rao` are one where no other Emma is. The first child
   that comes is taken on by a lead of the parent alone.
   A row of the parent alone joins the lead of the parent, else the only child's (though that names another grown-up,
   where nothing proves two households), else the household's first. Grown-ups whose names share nothing are leads of
   their own in one household: a phone may be a front desk's (`families`).
4. Leads that stand in Master are never united: a draft that fits two joins the one by phone, a doubt names both.
Names are compared folded; likeness only raises doubts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.book import Book, split_phones
from core.clusters import Clusters
from core.email_union import EmailUnion
from core.families import Doubt, Entity, Family, Suspicion, facts_of
from core.ids import household_id, lead_id
from core.model import LeadDraft, Match
from core.names_alike import fold_name
from core.near import Alike, Named, nearly_the_same, pair_key


@dataclass(frozen=True, slots=True)
class Matching:
    """For each draft, in order: the lead it belongs to (None where it is blocked) and the rule in words. `created` are
    the ids of leads that do not stand in Master yet, in the order of their first drafts; `households` the household of
    each lead met that has none yet or is created."""

    lead_ids: tuple[str | None, ...]
    rules: tuple[str, ...]
    created: tuple[str, ...]
    households: Mapping[str, str]
    doubts: tuple[Doubt, ...]


def match(drafts: Sequence[LeadDraft], book: Book) -> tuple[Match, ...]:
    """The lead of each draft: a standing one, one that an earlier draft of the run makes, or None where this draft
    makes a new one (or is blocked)."""
    found = resolve(drafts, book)
    met: set[str | None] = set(book.leads)
    matches: list[Match] = []
    for draft, lead, rule in zip(drafts, found.lead_ids, found.rules, strict=True):
        matches.append(Match(draft, lead if lead in met else None, rule))
        met.add(lead)
    return tuple(matches)


def resolve(drafts: Sequence[LeadDraft], book: Book) -> Matching:
    """`match` with all that `core.intake` needs. Near-linear in drafts; never raises."""
    return _Resolver(drafts, book).run()


class _Resolver:
    """One run of matching over one list of drafts."""

    def __init__(self, drafts: Sequence[LeadDraft], book: Book) -> None:
        self.drafts = drafts
        self.book = book
        self.facts = [None if draft.blocked else facts_of(draft) for draft in drafts]
        self.clusters = Clusters(len(drafts))
        self.nodes: dict[str, int] = {}  # standing lead -> member
        self.standing: dict[int, str] = {}  # member -> standing lead
        self.lead_ids: list[str | None] = [None] * len(drafts)
        self.rules = [""] * len(drafts)
        self.doubts: list[Suspicion] = []
        self.planned: list[Entity] = []
        self.households: dict[str, str] = {}

    def run(self) -> Matching:
        self._by_phone()
        self._by_email()
        families: dict[int, list[int]] = defaultdict(list)
        for member, root in enumerate(self.clusters.roots()):
            families[root].append(member)
        finished: list[list[Entity]] = []
        for members in families.values():
            entities = self._family(members)
            if entities:
                finished.append(entities)
        created = self._name_planned()
        for entities in finished:
            self._house(entities)
        return Matching(tuple(self.lead_ids), tuple(self.rules), tuple(created), self.households, self._open_doubts())

    def _open_doubts(self) -> tuple[Doubt, ...]:
        """Each once, by draft; of a pair that a person has told apart none."""
        told = [Doubt(one.draft, one.reason, tuple(e.lead_id for e in one.between)) for one in self.doubts]
        told += [Doubt(one.draft, one.reason, one.pair) for one in self._nearly_the_same()]
        wanted = (one for one in dict.fromkeys(told) if not one.pair or pair_key(one.pair) not in self.book.apart)
        return tuple(sorted(wanted, key=lambda doubt: doubt.draft))

    def _nearly_the_same(self) -> list[Alike]:
        new = [
            Named(entity.lead_id, fold_name(self.drafts[member].fields.get("full_name")), entity.main, member)
            for entity in self.planned
            for member in (min(entity.drafts),)
            if entity.main
        ]
        leads = (lead for lead in self.book.leads.values() if lead.phone_number and lead.full_name) if new else ()
        return nearly_the_same(
            new, [Named(lead.lead_id, fold_name(lead.full_name), lead.phone_number or "") for lead in leads]
        )

    def _node(self, lead: str) -> int:
        if lead not in self.nodes:
            self.nodes[lead] = self.clusters.add()
            self.standing[self.nodes[lead]] = lead
        return self.nodes[lead]

    def _by_phone(self) -> None:
        first: dict[str | None, int] = {}
        self.clusters.join_equal([f.phones[0] if f and f.phones else None for f in self.facts], first)
        for member, facts in enumerate(self.facts):
            for phone in facts.phones[1:] if facts else ():
                self.clusters.join(first.setdefault(phone, member), member)
        by_phone = self.book.by_phone
        if by_phone:
            for key, member in first.items():
                for lead in by_phone.get(key, ()) if key else ():
                    self.clusters.join(self._node(lead), member)

    def _by_email(self) -> None:
        emails = [facts.email if facts else None for facts in self.facts]
        holders: dict[str, list[int]] = {}
        first: dict[str | None, int] = {}
        for member, email in enumerate(emails):
            if email is not None and first.setdefault(email, member) != member:
                holders.setdefault(email, [first[email]]).append(member)
        if self.book.by_email:
            for known, member in first.items():
                for lead in self.book.by_email.get(known, ()) if known else ():
                    holders.setdefault(known or "", [member]).append(self._node(lead))
        union = EmailUnion(self.clusters, holders, self.child_of, self.name_of)
        union.run()
        self.doubts += [Suspicion(member, reason) for member, reason in union.doubts if member < len(self.drafts)]

    def child_of(self, member: int) -> str:
        facts = self.facts[member] if member < len(self.facts) else None
        if facts is not None:
            return facts.child
        return fold_name(self.book.leads[self.standing[member]].child_name) if member in self.standing else ""

    def name_of(self, member: int) -> str:
        facts = self.facts[member] if member < len(self.facts) else None
        if facts is not None:
            return facts.grown_up
        if member not in self.standing:
            return ""
        name = fold_name(self.book.leads[self.standing[member]].full_name)
        return "" if name == self.child_of(member) else name

    def _family(self, members: list[int]) -> list[Entity]:
        drafts = [member for member in members if member < len(self.facts) and self.facts[member] is not None]
        if not drafts:
            return []
        entities = sorted(
            (self._standing_entity(self.standing[m]) for m in members if m in self.standing), key=self._age
        )
        children, grown_ups = map(self.child_of, drafts), map(self.name_of, drafts)
        family = Family(self.facts, entities, frozenset(children), frozenset(grown_ups))
        for member in drafts:
            if self.child_of(member):
                family.place_child(member)
        for member in drafts:
            if not self.child_of(member):
                family.place_parent(member)
        self.doubts += family.doubts
        self.planned += [entity for entity in entities if entity.standing is None]
        for member, (entity, rule) in family.placed.items():
            self.rules[member], self.lead_ids[member] = rule, entity.standing
        return entities

    def _age(self, entity: Entity) -> tuple[bool, str, bool, str]:
        """The order of a household's leads: by birth, the one that the household is named after before its twins."""
        lead = self.book.leads[entity.lead_id]
        made = lead.created_at.isoformat() if lead.created_at else ""
        return not made, made, lead.household != household_id(lead.lead_id), lead.lead_id

    def _standing_entity(self, lead_id: str) -> Entity:
        lead = self.book.leads[lead_id]
        phones = {phone for phone in (lead.phone_number, *split_phones(lead.other_phones)) if phone}
        emails = {lead.email.casefold()} if lead.email else set()
        child = fold_name(lead.child_name)
        name = fold_name(lead.full_name)
        grown_up = "" if name == child else name
        return Entity(
            lead_id, child, lead.household, phones, emails, lead.phone_number, lead_id=lead_id, grown_up=grown_up
        )

    def _name_planned(self) -> list[str]:
        made: set[str] = set()
        ordinal: dict[tuple[int, str], int] = {}
        seeds: list[str] = []
        for draft in self.drafts:
            row = (draft.origin.tab.sheet_id, draft.origin.fingerprint)
            ordinal[row] = ordinal.get(row, -1) + 1
            seeds.append(f"{row[0]}:{row[1]}:{ordinal[row]}")
        taken = _Taken(self.book, made)
        self.planned.sort(key=lambda entity: min(entity.drafts))
        for entity in self.planned:
            entity.lead_id = lead_id(seeds[min(entity.drafts)], taken)
            made.add(entity.lead_id)
            for member in entity.drafts:
                self.lead_ids[member] = entity.lead_id
        return [entity.lead_id for entity in self.planned]

    def _house(self, entities: list[Entity]) -> None:
        """Leads that share a phone share a household; a new lead alone begins one of its own."""
        named: dict[str, str] = {}
        holders: dict[str, list[Entity]] = defaultdict(list)
        for entity in entities:
            for phone in entity.phones:
                holders[phone].append(entity)
                if entity.household:
                    named.setdefault(phone, entity.household)
        for entity in entities:
            phones = sorted(entity.phones)
            related = any(len(holders[phone]) > 1 for phone in phones)
            if entity.household or not (entity.standing is None or related):
                continue
            household = next((named[phone] for phone in phones if phone in named), household_id(entity.lead_id))
            entity.household = self.households[entity.lead_id] = household
            for phone in phones:
                named.setdefault(phone, household)


class _Taken:
    """The ids in use: standing, deleted, and those made in this run."""

    def __init__(self, book: Book, made: set[str]) -> None:
        self._book, self._made = book, made

    def __contains__(self, lead_id: object) -> bool:
        return isinstance(lead_id, str) and (lead_id in self._made or self._book.id_is_taken(lead_id))
