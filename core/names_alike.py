"""Names as they are compared: folded for equality, by likeness only to raise a doubt. Used by `core.match`."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from core.text import fold

_NEAR = 85.0  # rapidfuzz ratio from which two names are nearly the same
_UNLIKE = 60.0  # and below which two names that share no word are of different people


_folded = lru_cache(maxsize=100_000)(fold)


def fold_name(name: object) -> str:
    """A name without the differences that do not count: case, punctuation, runs of blanks. "" for no name. Vowel signs
    of Indian scripts stay: रवि is not रवा."""
    return _folded(name) if isinstance(name, str) else ""


def alike(one: str, other: str) -> bool:
    """Whether two different folded names may be one person's: a slip of the pen, or one is the other's beginning."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    return fuzz.ratio(one, other) >= _NEAR or longer[: len(shorter)] == shorter


def begins(shorter: str, longer: str) -> bool:
    """Whether a folded name is the beginning of a longer one, word by word: `emma` of `emma rao`. Not where an initial
    follows: that is how people tell two of the same name apart."""
    words, all_words = shorter.split(), longer.split()
    more = all_words[len(words) :]
    return bool(words and more) and all_words[: len(words)] == words and all(len(word) > 1 for word in more)


def fullest(names: Collection[str]) -> dict[str, str]:
    """For each name the longest that begins with it, where those that do differ in nothing but length; else itself."""
    found: dict[str, str] = {}
    for name in names:
        longer = sorted((other for other in names if begins(name, other)), key=len)
        chain = all(begins(one, other) for one, other in pairwise(longer))
        found[name] = longer[-1] if longer and chain else name
    return found


def _related(one: str, other: str) -> bool:
    if one.isascii() != other.isascii():
        return True  # two scripts cannot be compared
    words, others = one.split(), other.split()
    if set(words) & set(others) or alike(one, other):
        return True
    # An initial stands for a word: "r kumar" and "ravi k".
    if any(a[0] == b[0] and 1 in (len(a), len(b)) for a in words for b in others):
        return True
    return fuzz.token_sort_ratio(one, other) >= _UNLIKE


def nothing_shared(names: Collection[str], others: Collection[str]) -> bool:
    """Whether both sides name people and no name of one can be one of the other."""
    return bool(names and others) and not any(_related(a, b) for a in names for b in others)
