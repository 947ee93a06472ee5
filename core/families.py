"""The leads of one family: one for each child, the parent's rows with them. Rules 3 and 4 of `core.match`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from core.book import email_of, phones_of
from core.model import LeadDraft
from core.names_alike import alike, fold_name, fullest, nothing_shared


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about a draft that a person may want to look at. It stops nothing. `pair`: the ids of two leads that
    may be the same person."""

    draft: int
    reason: str
    pair: tuple[str, ...] = ()


@dataclass(slots=True)
class Entity:
    """A lead, standing or planned, while its family is sorted out."""

    standing: str | None
    child: str
    household: str | None
    phones: set[str]
    emails: set[str]
    main: str | None
    drafts: list[int] = field(default_factory=list)
    lead_id: str = ""
    grown_up: str = ""  # the first grown-up's name that was met


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A doubt before its leads have ids. `between` are none, or the two that may be the same person."""

    draft: int
    reason: str
    between: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What matching looks at in a draft."""

    phones: tuple[str, ...]
    email: str | None
    child: str
    grown_up: str


def facts_of(draft: LeadDraft) -> Facts:
    fields = draft.fields
    child, name = fold_name(fields.get("child_name")), fold_name(fields.get("full_name"))
    return Facts(phones_of(fields), email_of(fields), child, "" if name == child else name)


_MANY = 50  # leads with one phone (a school's, a front desk's) from which likeness and doubts are not looked for


_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof", "smt", "shri", "sri", "kum", "ji"))
# A name like "Ria's mom" says who somebody is, not what they are called.
_DESCRIBED = frozenset(
    (
        "mom", "mother", "mummy", "amma", "dad", "father", "papa", "appa", "parent", "parents", "wife", "husband",
        "guardian", "grandmother", "grandfather", "aunty", "uncle", "sister", "brother",
    )
)  # fmt: skip
_STRANGERS = "The phone is also that of somebody whose name shares nothing with this one: perhaps one family."
_OTHER_PARENT = (
    "The phone is also that of somebody whose name shares nothing with this one: taken for the child's other parent."
)
_PARENTS = 2  # a child's: a phone of more grown-ups than these is no family's alone


def _is_stranger(facts: Facts, entity: Entity) -> bool:
    """Whether both name grown-ups, in full, and the names share nothing: a front desk's or a recycled number is no
    proof. A first name alone may be anyone of the family's, but for a landline, which a whole house may use."""
    if not facts.grown_up or not entity.grown_up or (facts.email and facts.email in entity.emails):
        return False
    if not nothing_shared((facts.grown_up,), (entity.grown_up, *filter(None, (entity.child,)))):
        return False
    if _DESCRIBED & {*facts.grown_up.split(), *entity.grown_up.split()}:
        return False
    return (_in_full(facts.grown_up) and _in_full(entity.grown_up)) or _only_landlines(facts, entity)


def _in_full(name: str) -> bool:
    return sum(word not in _TITLES for word in name.split()) > 1


def _only_landlines(facts: Facts, entity: Entity) -> bool:
    shared = entity.phones.intersection(facts.phones)
    return bool(shared) and not any(map(_is_mobile, shared))


def _of_others(facts: Facts, entity: Entity) -> bool:
    """Whether a child of the same name is another family's: behind one landline there may be two."""
    return _only_landlines(facts, entity) and _is_stranger(facts, entity)


def _is_mobile(phone: str) -> bool:
    """Whether this can be one person's own number: every number but India's landlines."""
    return not phone.startswith("+91") or phone[3:4] in "6789"


class Family:
    """Rules 3 and 4: the leads of one family."""

    def __init__(
        self,
        facts: Sequence[Facts | None],
        entities: list[Entity],
        children: Collection[str] = (),
        grown_ups: Collection[str] = (),
    ) -> None:
        """`children` and `grown_ups` are the folded names of all whom the family's drafts name."""
        self._drafts = facts
        self._named = named = {*children, *(entity.child for entity in entities)} - {""}
        self._grown_ups = {*grown_ups, *(entity.grown_up for entity in entities)} - {""}
        self._fullest = fullest(named) if len(named) <= _MANY else {}
        self.by_fullest: dict[str, list[Entity]] = defaultdict(list)
        self.entities = entities  # the oldest standing lead first, planned ones after
        self.placed: dict[int, tuple[Entity, str]] = {}  # draft -> its lead and the rule in words
        self.doubts: list[Suspicion] = []
        self.by_child: dict[str, list[Entity]] = defaultdict(list)
        self.by_phone: dict[str, list[Entity]] = defaultdict(list)
        for entity in entities:
            self._name_child(entity)
            for phone in entity.phones:
                self.by_phone[phone].append(entity)

    def _name_child(self, entity: Entity) -> None:
        self.by_child[entity.child].append(entity)
        if entity.child:
            self.by_fullest[self._fullest.get(entity.child, entity.child)].append(entity)

    def _namesakes(self, facts: Facts) -> Sequence[Entity]:
        """The leads of this child: of the very name, else of one that is its beginning or its full form."""
        exact = self.by_child.get(facts.child, ())
        found = exact or self.by_fullest.get(self._fullest.get(facts.child, facts.child), ())
        return found if len(found) > _MANY else [entity for entity in found if not _of_others(facts, entity)]

    def place_child(self, member: int) -> None:
        facts = self._facts(member)
        same = self._nearest(self._namesakes(facts), facts)
        if same is not None:
            self._join(member, same, f"{self._link(facts, same)}, same child")
            return
        parents: Sequence[Entity] = self.by_child.get("", ())
        if len(parents) <= _MANY:
            parents = [entity for entity in parents if not _is_stranger(facts, entity)]
        alone = self._nearest(parents, facts)
        if alone is None and self._is_other_parent(facts, self.entities):
            alone = self.entities[0]
            self.doubts.append(Suspicion(member, _OTHER_PARENT))
        if alone is not None:
            link = self._link(facts, alone)
            alone.child = facts.child
            self.by_child[""].remove(alone)
            self._name_child(alone)
            self._join(member, alone, f"{link}, the first child of this lead")
            return
        others = self.by_child if len(self.by_child) <= _MANY else ()
        near = next((self.by_child[child] for child in others if child and alike(child, facts.child)), ())
        entity = self._plan(member, facts, "same household, new child" if self.entities else "new")
        if near:
            reason = "The child's name is nearly that of another child with the same phone: perhaps the same child."
            self.doubts.append(Suspicion(member, reason, (near[0], entity)))

    def place_parent(self, member: int) -> None:
        facts = self._facts(member)
        near = self._pool(facts)
        pool = [entity for entity in near if not _is_stranger(facts, entity)] if len(near) <= _MANY else near
        if not pool and self._is_other_parent(facts, near):
            self.doubts.append(Suspicion(member, _OTHER_PARENT))
            pool = near
        if not pool:
            stranger = near[0] if near else None
            entity = self._plan(member, facts, "same phone, another name" if stranger else "new")
            if stranger:
                self.doubts.append(Suspicion(member, _STRANGERS, (stranger, entity)))
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

    def _is_other_parent(self, facts: Facts, near: Sequence[Entity]) -> bool:
        """Whether a stranger by name is taken for the other parent of the only child whose phone it is: nothing proves
        another household, as a landline, e-mails that differ, or a third grown-up would."""
        if len(near) != 1 or len(self._named) != 1 or _only_landlines(facts, near[0]):
            return False
        two_emails = bool(facts.email and near[0].emails and facts.email not in near[0].emails)
        return not two_emails and not self._more_than_parents()

    def _more_than_parents(self) -> bool:
        met: list[str] = []
        for name in sorted(filter(_in_full, self._grown_ups)):
            if not _DESCRIBED.intersection(name.split()) and (not met or nothing_shared((name,), met)):
                met.append(name)
            if len(met) > _PARENTS:
                return True
        return False

    def _pool(self, facts: Facts) -> Sequence[Entity]:
        """The leads that a parent's row may join: with the same phone, else the same e-mail, else all of the family."""
        found = [self.by_phone[phone] for phone in facts.phones if phone in self.by_phone]
        if len(found) == 1:
            return found[0]
        if found:
            return list({id(entity): entity for entities in found for entity in entities}.values())
        return [entity for entity in self.entities if facts.email in entity.emails] or self.entities

    def _facts(self, member: int) -> Facts:
        facts = self._drafts[member]
        assert facts is not None
        return facts

    def _nearest(self, entities: Sequence[Entity], facts: Facts) -> Entity | None:
        """The one with the same main phone, else any same phone, else the same e-mail, else the first."""
        if not entities:
            return None

        def distance(entity: Entity) -> int:
            if facts.phones and entity.main == facts.phones[0]:
                return 0
            if entity.phones.intersection(facts.phones):
                return 1
            return 2 if facts.email in entity.emails else 3

        return min(entities, key=distance)

    def _link(self, facts: Facts, entity: Entity) -> str:
        if entity.phones.intersection(facts.phones):
            return "same phone"
        return "same e-mail" if facts.email in entity.emails else "same family by other rows"

    def _plan(self, member: int, facts: Facts, rule: str) -> Entity:
        emails = {facts.email} if facts.email else set()
        main = facts.phones[0] if facts.phones else None
        entity = Entity(None, facts.child, None, set(facts.phones), emails, main, [member], grown_up=facts.grown_up)
        self.entities.append(entity)
        self._name_child(entity)
        for phone in facts.phones:
            self.by_phone[phone].append(entity)
        self.placed[member] = (entity, rule)
        return entity

    def _join(self, member: int, entity: Entity, rule: str) -> None:
        facts = self._facts(member)
        self._doubt_others(member, facts, entity)
        entity.drafts.append(member)
        for phone in facts.phones:
            if phone not in entity.phones:
                entity.phones.add(phone)
                self.by_phone[phone].append(entity)
        if facts.email and not entity.emails:
            entity.emails.add(facts.email)
        entity.grown_up = entity.grown_up or facts.grown_up
        self.placed[member] = (entity, rule)

    def _doubt_others(self, member: int, facts: Facts, target: Entity) -> None:
        """Two standing leads that this draft fits: perhaps the same person. Siblings of one household are not."""
        if target.standing is None or len(self.entities) > _MANY:
            return
        for other in self.entities:
            if other is target or other.standing is None or (other.household and other.household == target.household):
                continue
            fits = not facts.child or not other.child or other.child == facts.child
            if fits and (other.phones.intersection(facts.phones) or facts.email in other.emails):
                reason = f"The row fits two leads, {target.standing} and {other.standing}: perhaps the same person."
                self.doubts.append(Suspicion(member, reason, (target, other)))
