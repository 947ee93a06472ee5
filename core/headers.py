"""Headers of source tabs: which field of a lead a column's title means.

Where it stands: `columns.recognise` asks it for each header; `config_parse` and `settings_tab` check synonyms
against `FIELDS`. Synonyms come from the configuration; a title that is a whole question ("What is your child's name?")
is read by its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from core.fields import NAMES
from core.text import fold, squash

# Roles of source columns that are no columns of Master; `normalise` says what becomes of each.
ROLES: Mapping[str, str] = {
    "parent_name": "name of a parent",
    "first_name": "first part of a name",
    "last_name": "last part of a name",
    "child_and_age": "child's name and age",
    "child_last_name": "last part of a child's name",
    "birth_date": "child's birthday",
    "address": "address",
    "response": "status or free text",
}
FIELDS = frozenset(NAMES) | frozenset(ROLES)


class Sureness(IntEnum):
    """How a header was recognised, best first."""

    EXACT = 0
    CUT = 1
    WORDS = 2


_LEAD_IN = re.compile(
    r"^(?:(?:please|kindly|pls|enter|provide|mention|write|give|type|share|fill|in|us|me|the|your|a|what|is|are|whats|which)\s+)+"
)
_TAIL = re.compile(r"\s+(?:\d+|required|optional|mandatory|if any|here|please|column|field)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}")

# Read in this order: (one of these words, and one of these or nothing asked, none of these) -> field.
_W = tuple[frozenset[str], frozenset[str], frozenset[str]]


def _rule(field: str, has: str, also: str = "", without: str = "") -> tuple[str, _W]:
    return field, (frozenset(has.split()), frozenset(also.split()), frozenset(without.split()))


_OF_OTHERS = (
    "school company organisation organization society event book author library class activity preferred consent agree"
    " teacher teachers doctor doctors driver drivers friend friends referrer referrers referral reference"
    " neighbour neighbours neighbor neighbors favourite favorite pet pets"
)
_NO_NUMBER = "name names person relation relationship"
# What a column says about a phone or an address, and never one itself: `Phone 1 - Label`, `Email verified`.
_ABOUT = frozenset(("label", "type", "status", "verified", "model"))
_CHILD = "child childs children childrens kid kids student students ward wards son daughter baby"
_PARENT = "parent parents father fathers mother mothers guardian guardians mom dad"
_RULES = (
    _rule("do_not_contact", "dnd unsubscribe"),
    _rule("email", "email emailid mailid gmail", without=_OF_OTHERS),
    _rule(
        "other_phones",
        "alternate alternative alt secondary emergency landline",
        "phone mobile number no contact whatsapp",
        _NO_NUMBER,
    ),
    _rule(
        "phone_number", "mobile phone whatsapp telephone cellphone", without=_OF_OTHERS + " would do can add join group"
    ),
    _rule("phone_number", "contact", "number no num nos", _OF_OTHERS),
    _rule("birth_date", "dob birthday birthdate"),
    _rule("birth_date", "birth", "date day"),
    _rule("child_and_age", "age ages", "name names", "group"),
    # `Student's Father Name` before a child's; `Parent and child name` may hold children.
    _rule("parent_name", _PARENT, "name names", _OF_OTHERS + " and with"),
    _rule("child_last_name", "surname lastname", _CHILD, _OF_OTHERS),
    _rule("child_name", _CHILD, "name names", _OF_OTHERS + " many"),
    _rule("child_age", "age ages", _CHILD + " years yrs", "group many"),
    _rule("parent_name", _PARENT, "name names", _OF_OTHERS),
    _rule("address", "address", without="email mail web ip"),
    _rule("city", "city town", without=_OF_OTHERS),
    _rule("lead_date", "timestamp"),
    _rule(
        "lead_date",
        "date",
        "registration enquiry inquiry contacted submission submitted created added lead",
        "next birth",
    ),
    _rule("lead_source", "hear heard", "about from"),
    _rule(
        "full_name",
        "name",
        "full your customer client member participant contact person",
        _OF_OTHERS + " of user file emergency alternate alternative",
    ),
    _rule("notes", "remarks comments remark comment message query notes"),
)


def tight_table(synonyms: Mapping[str, str]) -> dict[str, str]:
    """The synonyms without their blanks, so that `MobileNo` and `mobileno` are `Mobile no.`; earlier ones win."""
    return {squash(word): field for word, field in reversed(list(synonyms.items()))}


def field_of(header: str, synonyms: Mapping[str, str], tight: Mapping[str, str] | None = None) -> tuple[str, Sureness]:
    """The field that a header means and how surely; ("", WORDS) where nobody knows it. `tight` is `tight_table` of the
    synonyms, for callers that ask for many headers."""
    folded = fold(header)
    if folded in synonyms:
        return synonyms[folded], Sureness.EXACT
    tight = tight_table(synonyms) if tight is None else tight
    if squash(folded) in tight:
        return tight[squash(folded)], Sureness.EXACT
    if folded.rpartition(" ")[2] in _ABOUT:
        return "", Sureness.WORDS
    for shorter in _shorter(header, folded):
        if shorter in synonyms:
            return synonyms[shorter], Sureness.CUT
        if squash(shorter) in tight:
            return tight[squash(shorter)], Sureness.CUT
    apart = fold(_CAMEL.sub(" ", header))
    words = frozenset(apart.split()) | ({"email"} if "e mail" in apart else frozenset())
    for field, (has, also, without) in _RULES:
        if words & has and (not also or words & also) and not words & without:
            return field, Sureness.WORDS
    return "", Sureness.WORDS


def _shorter(header: str, folded: str) -> list[str]:
    """The header without brackets, question words in front and numbers behind."""
    bare = fold(_BRACKETS.sub(" ", header))
    first = fold(re.split(r"[(\[{:?\n–—/|]| - ", header, maxsplit=1)[0])
    cut = [bare, first]
    cut += [_LEAD_IN.sub("", text) for text in (folded, bare, first)]
    cut += [_TAIL.sub("", text) for text in tuple(cut)] + [_TAIL.sub("", folded)]
    return [text for text in dict.fromkeys(cut) if text]


def is_unnamed(header: str) -> bool:
    """Whether a header is no name: blank, or what programs put there (`Unnamed: 3`, `Column 4`, `Field5`)."""
    folded = fold(header)
    return not folded or re.fullmatch(r"(?:unnamed|column|col|field|blank|untitled)(?: ?\d+)*", folded) is not None
