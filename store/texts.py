"""What a search looks through, and how a query is read: the one definition that indexes and plain scans share.

A lead's haystack is its names, e-mail, city, notes and phones, each folded, one a line. A query is read as
words that must all be found; a word that looks like part of a phone is also looked for by its digits, and a query that
is nothing but a phone is one such word, blanks and all. Folding keeps every script; it undoes case, accents on Latin
letters and full-width forms, and turns the digits of all scripts into 0 to 9. Signs that nobody sees go: a number that
is copied from a phone's contacts comes with marks of direction around it, and keyboards differ in the joiners that they
put between letters of Indian scripts. Who changes the folding has the kept texts folded anew, by a migration.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.model import Lead
from core.text import JOINERS, UNSEEN, WITHOUT_JOINER

_ACCENTS = re.compile("[\u0300-\u036f]")
_BLANKS = re.compile(r"[\s\x00-\x20\x7f-\xa0\ud800-\udfff]+")
_NON_DIGITS = re.compile(r"[^0-9]+")
_UNSEEN = re.compile(f"[{UNSEEN}{JOINERS}]")
_PHONE_SIGNS = "0-9()./\\- +\u2010\u2012-\u2015\u2212"  # those beyond ASCII are dashes
_PHONE_LIKE = re.compile(f"\\+?[{_PHONE_SIGNS}]*[0-9][{_PHONE_SIGNS}]*")
LONGEST_QUERY = 200
"""Characters of a query that are looked at."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One word of a query: found where any of its forms is found."""

    forms: tuple[str, ...]


def fold(text: str) -> str:
    """The text as haystacks and needles hold it: one line, single blanks, no blank at the ends."""
    if text.isascii():
        return _BLANKS.sub(" ", text).strip().lower()
    parted = _ACCENTS.sub("", unicodedata.normalize("NFKD", _UNSEEN.sub("", text).translate(WITHOUT_JOINER)))
    folded = unicodedata.normalize("NFKC", parted.casefold())
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)
    return _BLANKS.sub(" ", digits).strip()


def haystack(lead: Lead) -> str:
    """All that a search of this lead may find, folded."""
    parts = (lead.full_name, lead.child_name, lead.email, lead.city, lead.notes)
    lines = [fold(part) for part in parts if part]
    lines += [_NON_DIGITS.sub("", part) for part in (lead.phone_number, *(lead.other_phones or "").split(",")) if part]
    return "\n".join(line for line in lines if line)


def needles(query: str) -> tuple[Needle, ...]:
    """The words of a query; () where it says nothing."""
    folded = fold(query[:LONGEST_QUERY])
    whole = _digit_forms(folded) if _PHONE_LIKE.fullmatch(folded) else ()
    if whole:
        return (Needle(_unique((folded, *whole))),)
    return tuple(Needle(_unique((word, *_digit_forms(word)))) for word in folded.split(" ") if word)


def found(query: str, lead: Lead) -> bool:
    """Whether a plain scan finds the lead: what every index must agree with."""
    text = haystack(lead)
    return all(any(form in text for form in needle.forms) for needle in needles(query))


def _digit_forms(word: str) -> tuple[str, ...]:
    """A phone's digits as typed, and without the 0 or 00 that people dial in front (7 digits or more must be left)."""
    if not _PHONE_LIKE.fullmatch(word):
        return ()
    digits = _NON_DIGITS.sub("", word)
    dialled = digits.lstrip("0")
    return (digits, dialled) if dialled != digits and len(dialled) >= 7 else (digits,)


def _unique(forms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form in forms if form))
