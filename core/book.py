"""The leads that stand in Master, found by id, phone, e-mail and household.

The shells gather the leads that share a key with the drafts (`keys_of`), or all of them, and hand them over as a
`Book`; `core.match` and `core.intake` look things up here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.model import Lead, LeadDraft, Value


@dataclass(frozen=True, slots=True)
class Keys:
    """What to gather leads by: any lead with one of these phones (main or other), e-mails or ids belongs in the
    book."""

    phones: frozenset[str]
    emails: frozenset[str]
    lead_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """An index over leads. Made by `book_of`; each index holds ids in the order in which the leads were given. `apart`
    are the pairs (`core.near.pair_key`) of which a person has said that they are two."""

    leads: Mapping[str, Lead]
    by_phone: Mapping[str, tuple[str, ...]]
    by_email: Mapping[str, tuple[str, ...]]
    by_household: Mapping[str, tuple[str, ...]]
    taken: Container[str] = frozenset()
    apart: Container[str] = frozenset()

    def id_is_taken(self, lead_id: str) -> bool:
        return lead_id in self.leads or lead_id in self.taken


def split_phones(text: Value) -> tuple[str, ...]:
    """The phones of an `other_phones` value: E.164, comma and blank between."""
    if not isinstance(text, str):
        return ()
    return tuple(phone for phone in (part.strip() for part in text.split(",")) if phone)


def join_phones(phones: Iterable[str]) -> str | None:
    """The other way round; each phone once, None for none."""
    return ", ".join(dict.fromkeys(phones)) or None


def phones_of(fields: Mapping[str, Value]) -> tuple[str, ...]:
    """The phones of a draft's or lead's fields, the main one first, each once."""
    main = fields.get("phone_number")
    others = split_phones(fields.get("other_phones"))
    return tuple(dict.fromkeys((main, *others))) if isinstance(main, str) and main else others


def email_of(fields: Mapping[str, Value]) -> str | None:
    """The e-mail as it is compared: case does not matter."""
    email = fields.get("email")
    return email.casefold() if isinstance(email, str) and email else None


def _frozen(index: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: tuple(ids) for key, ids in index.items()})


def book_of(leads: Iterable[Lead], taken: Container[str] = frozenset(), apart: Container[str] = frozenset()) -> Book:
    """Index leads. `taken` are further ids in use, of leads that are not given or were deleted."""
    by_id: dict[str, Lead] = {}
    by_phone: dict[str, list[str]] = defaultdict(list)
    by_email: dict[str, list[str]] = defaultdict(list)
    by_household: dict[str, list[str]] = defaultdict(list)
    for lead in leads:
        by_id[lead.lead_id] = lead
        for phone in dict.fromkeys((lead.phone_number, *split_phones(lead.other_phones))):
            if phone:
                by_phone[phone].append(lead.lead_id)
        if lead.email:
            by_email[lead.email.casefold()].append(lead.lead_id)
        if lead.household:
            by_household[lead.household].append(lead.lead_id)
    indexes = (_frozen(by_phone), _frozen(by_email), _frozen(by_household))
    return Book(MappingProxyType(by_id), *indexes, taken, apart)


def keys_of(drafts: Iterable[LeadDraft], lead_ids: Iterable[str] = ()) -> Keys:
    """The keys to gather a book by: those of the drafts, and the leads of edited and copied rows by id."""
    phones: set[str] = set()
    emails: set[str] = set()
    for draft in drafts:
        phones.update(phones_of(draft.fields))
        email = email_of(draft.fields)
        if email:
            emails.add(email)
    return Keys(frozenset(phones), frozenset(emails), frozenset(lead_ids))
