"""Which lead each draft belongs to: phone first, then e-mail, across sources and against Master, transitive.

Between drafts and `core.intake`. The rules (issue B, "Matching"), which do not depend on the rows' order but for the
word "first":
1. Drafts and standing leads that share a phone (main or other) are one family.
2. An e-mail unites families with the same child; a family of grown-ups alone joins the one family with children that
   has the e-mail, or other grown-ups, unless both name people whose names share nothing. It never unites
   different children.
3. In a family there is one lead for each child. The first child that comes is taken on by a lead of the parent alone.
   A row of the parent alone joins the lead of the parent, else the only child's, else the household's first.
4. Leads that stand in Master are never united: a draft that fits two joins the one by phone, a doubt names both.
Names are compared folded; likeness only raises doubts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.book import Book, email_of, phones_of, split_phones
from core.clusters import Clusters
from core.ids import household_id, lead_id
from core.model import LeadDraft, Match
from core.names_alike import alike, fold_name, nothing_shared


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about a draft that a person may want to look at. It stops nothing."""

    draft: int
    reason: str


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


@dataclass(slots=True)
class _Entity:
    """A lead, standing or planned, while its family is sorted out."""

    standing: str | None
    child: str
    household: str | None
    phones: set[str]
    emails: set[str]
    main: str | None
    drafts: list[int] = field(default_factory=list)
    lead_id: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What matching looks at in a draft."""

    phones: tuple[str, ...]
    email: str | None
    child: str
    grown_up: str


def _facts(draft: LeadDraft) -> _Facts:
    fields = draft.fields
    child, name = fold_name(fields.get("child_name")), fold_name(fields.get("full_name"))
    return _Facts(phones_of(fields), email_of(fields), child, "" if name == child else name)


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
        self.facts = [None if draft.blocked else _facts(draft) for draft in drafts]
        self.clusters = Clusters(len(drafts))
        self.nodes: dict[str, int] = {}  # standing lead -> member
        self.standing: dict[int, str] = {}  # member -> standing lead
        self.lead_ids: list[str | None] = [None] * len(drafts)
        self.rules = [""] * len(drafts)
        self.doubts: list[Doubt] = []
        self.planned: list[_Entity] = []
        self.households: dict[str, str] = {}

    def run(self) -> Matching:
        self._by_phone()
        self._by_email()
        families: dict[int, list[int]] = defaultdict(list)
        for member, root in enumerate(self.clusters.roots()):
            families[root].append(member)
        finished: list[list[_Entity]] = []
        for members in families.values():
            entities = self._family(members)
            if entities:
                finished.append(entities)
        created = self._name_planned()
        for entities in finished:
            self._house(entities)
        doubts = sorted(dict.fromkeys(self.doubts), key=lambda doubt: doubt.draft)
        return Matching(tuple(self.lead_ids), tuple(self.rules), tuple(created), self.households, tuple(doubts))

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
        _EmailUnion(self, holders).run()

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

    def _family(self, members: list[int]) -> list[_Entity]:
        drafts = [member for member in members if member < len(self.facts) and self.facts[member] is not None]
        if not drafts:
            return []
        entities = sorted(
            (self._standing_entity(self.standing[m]) for m in members if m in self.standing), key=self._age
        )
        family = _Family(self, entities)
        for member in drafts:
            if self.child_of(member):
                family.place_child(member)
        for member in drafts:
            if not self.child_of(member):
                family.place_parent(member)
        return entities

    def _age(self, entity: _Entity) -> tuple[bool, str, bool, str]:
        """The order of a household's leads: by birth, the one that the household is named after before its twins."""
        lead = self.book.leads[entity.lead_id]
        made = lead.created_at.isoformat() if lead.created_at else ""
        return not made, made, lead.household != household_id(lead.lead_id), lead.lead_id

    def _standing_entity(self, lead_id: str) -> _Entity:
        lead = self.book.leads[lead_id]
        phones = {phone for phone in (lead.phone_number, *split_phones(lead.other_phones)) if phone}
        emails = {lead.email.casefold()} if lead.email else set()
        child = fold_name(lead.child_name)
        return _Entity(lead_id, child, lead.household, phones, emails, lead.phone_number, lead_id=lead_id)

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

    def _house(self, entities: list[_Entity]) -> None:
        """Leads that share a phone share a household; a new lead alone begins one of its own."""
        named: dict[str, str] = {}
        holders: dict[str, list[_Entity]] = defaultdict(list)
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


class _EmailUnion:
    """Rule 2: which families an e-mail unites."""

    def __init__(self, resolver: _Resolver, holders: Mapping[str, list[int]]) -> None:
        self.resolver = resolver
        self.clusters = resolver.clusters
        self.holders = {email: members for email, members in holders.items() if self._roots(members)[1:]}
        self.children: dict[int, set[str]] = defaultdict(set)
        self.names: dict[int, set[str]] = defaultdict(set)

    def _roots(self, members: Sequence[int]) -> list[int]:
        return list(dict.fromkeys(self.clusters.root(member) for member in members))

    def run(self) -> None:
        if not self.holders:
            return
        wanted = {root for members in self.holders.values() for root in self._roots(members)}
        for member, root in enumerate(self.clusters.roots()):
            if root in wanted:
                self.children[root].add(self.resolver.child_of(member))
                self.names[root].add(self.resolver.name_of(member))
        for root in wanted:
            self.children[root].discard("")
            self.names[root].discard("")
        pending = list(self.holders)
        while pending:
            before = len(pending)
            pending = [email for email in pending if not self._unite(email)]
            if len(pending) == before:
                break
        for email in pending:
            self._tell(email)

    def _join(self, one: int, other: int) -> None:
        root = self.clusters.join(one, other)
        gone = other if root == one else one
        self.children[root] |= self.children.pop(gone, set())
        self.names[root] |= self.names.pop(gone, set())

    def _unite(self, email: str) -> bool:
        """Unite what this e-mail unites; whether nothing is left to unite."""
        members = self.holders[email]
        by_child: dict[str, int] = {}
        for root in self._roots(members):
            for child in sorted(self.children[root]):
                other = self.clusters.root(by_child.setdefault(child, root))
                mine = self.clusters.root(root)
                if other != mine:
                    self._join(other, mine)
        groups: list[int] = []
        for root in [r for r in self._roots(members) if not self.children[r]]:
            fitting = next((g for g in groups if not nothing_shared(self.names[g], self.names[root])), None)
            if fitting is None:
                groups.append(root)
            else:
                self._join(fitting, root)
                groups = self._roots(groups)
        with_children = [root for root in self._roots(members) if self.children[root]]
        if len(with_children) == 1:
            for group in groups:
                family = self.clusters.root(with_children[0])
                grown_ups = self.names[family]  # a family known by its children alone may be anyone's
                if not grown_ups or not nothing_shared(self.names[group], grown_ups | self.children[family]):
                    self._join(family, group)
        return len(self._roots(members)) == 1

    def _tell(self, email: str) -> None:
        """An e-mail that several families share is worth a look where one of them is of grown-ups alone."""
        roots = self._roots(self.holders[email])
        if any(not self.children[root] for root in roots):
            for member in self.holders[email][1:]:
                if member < len(self.resolver.drafts) and self.clusters.root(member) != roots[0]:
                    reason = f"The e-mail {email} is used by people with different names: perhaps the same family."
                    self.resolver.doubts.append(Doubt(member, reason))


_MANY = 50  # leads with one phone (a school's, a front desk's) from which likeness and doubts are not looked for


class _Family:
    """Rules 3 and 4: the leads of one family."""

    def __init__(self, resolver: _Resolver, entities: list[_Entity]) -> None:
        self.resolver = resolver
        self.entities = entities  # the oldest standing lead first, planned ones after
        self.by_child: dict[str, list[_Entity]] = defaultdict(list)
        self.by_phone: dict[str, list[_Entity]] = defaultdict(list)
        for entity in entities:
            self.by_child[entity.child].append(entity)
            for phone in entity.phones:
                self.by_phone[phone].append(entity)

    def place_child(self, member: int) -> None:
        facts = self._facts(member)
        same = self._nearest(self.by_child.get(facts.child, ()), facts)
        if same is not None:
            self._join(member, same, f"{self._link(facts, same)}, same child")
            return
        alone = self._nearest(self.by_child.get("", ()), facts)
        if alone is not None:
            link = self._link(facts, alone)
            alone.child = facts.child
            self.by_child[""].remove(alone)
            self.by_child[facts.child].append(alone)
            self._join(member, alone, f"{link}, the first child of this lead")
            return
        others = self.by_child if len(self.by_child) <= _MANY else ()
        if any(child and alike(child, facts.child) for child in others):
            reason = "The child's name is nearly that of another child with the same phone: perhaps the same child."
            self.resolver.doubts.append(Doubt(member, reason))
        self._plan(member, facts, "same household, new child" if self.entities else "new")

    def place_parent(self, member: int) -> None:
        facts = self._facts(member)
        pool = self._pool(facts)
        if not pool:
            self._plan(member, facts, "new")
            return
        within = {id(entity) for entity in pool} if len(pool) <= _MANY else None
        alone = [entity for entity in self.by_child.get("", ()) if within is None or id(entity) in within]
        nearest = self._nearest(alone, facts)
        if nearest is not None:
            self._join(member, nearest, self._link(facts, nearest))
        elif len(pool) == 1:
            self._join(member, pool[0], f"{self._link(facts, pool[0])}, the only child's lead")
        else:
            self._join(member, pool[0], f"{self._link(facts, pool[0])}, the first of the household's {len(pool)} leads")

    def _pool(self, facts: _Facts) -> Sequence[_Entity]:
        """The leads that a parent's row may join: with the same phone, else the same e-mail, else all of the family."""
        found = [self.by_phone[phone] for phone in facts.phones if phone in self.by_phone]
        if len(found) == 1:
            return found[0]
        if found:
            return list({id(entity): entity for entities in found for entity in entities}.values())
        return [entity for entity in self.entities if facts.email in entity.emails] or self.entities

    def _facts(self, member: int) -> _Facts:
        facts = self.resolver.facts[member]
        assert facts is not None
        return facts

    def _nearest(self, entities: Sequence[_Entity], facts: _Facts) -> _Entity | None:
        """The one with the same main phone, else any same phone, else the same e-mail, else the first."""
        if not entities:
            return None

        def distance(entity: _Entity) -> int:
            if facts.phones and entity.main == facts.phones[0]:
                return 0
            if entity.phones.intersection(facts.phones):
                return 1
            return 2 if facts.email in entity.emails else 3

        return min(entities, key=distance)

    def _link(self, facts: _Facts, entity: _Entity) -> str:
        if entity.phones.intersection(facts.phones):
            return "same phone"
        return "same e-mail" if facts.email in entity.emails else "same family by other rows"

    def _plan(self, member: int, facts: _Facts, rule: str) -> None:
        emails = {facts.email} if facts.email else set()
        main = facts.phones[0] if facts.phones else None
        entity = _Entity(None, facts.child, None, set(facts.phones), emails, main, drafts=[member])
        self.entities.append(entity)
        self.by_child[facts.child].append(entity)
        for phone in facts.phones:
            self.by_phone[phone].append(entity)
        self.resolver.planned.append(entity)
        self.resolver.rules[member] = rule

    def _join(self, member: int, entity: _Entity, rule: str) -> None:
        facts = self._facts(member)
        self._doubt_others(member, facts, entity)
        entity.drafts.append(member)
        for phone in facts.phones:
            if phone not in entity.phones:
                entity.phones.add(phone)
                self.by_phone[phone].append(entity)
        if facts.email and not entity.emails:
            entity.emails.add(facts.email)
        self.resolver.rules[member] = rule
        self.resolver.lead_ids[member] = entity.standing

    def _doubt_others(self, member: int, facts: _Facts, target: _Entity) -> None:
        """Two standing leads that this draft fits: perhaps the same person. Siblings of one household are not."""
        if target.standing is None or len(self.entities) > _MANY:
            return
        for other in self.entities:
            if other is target or other.standing is None or (other.household and other.household == target.household):
                continue
            fits = not facts.child or not other.child or other.child == facts.child
            if fits and (other.phones.intersection(facts.phones) or facts.email in other.emails):
                reason = f"The row fits two leads, {target.standing} and {other.standing}: perhaps the same person."
                self.resolver.doubts.append(Doubt(member, reason))
