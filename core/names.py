"""People's names: sensible case, and a child's name and age taken apart.

Where it stands: used by `normalise`. Only what is typed all in capitals or all in small letters is re-cased (a person
who typed `McDonald` or `de Souza` meant it); Indian scripts have no case and stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core import asides
from core.model import Cell
from core.text import cell_text, is_blank, plain_signs, tidy

_UPPER_WORDS = frozenset(("ii", "iii", "iv"))
_HONORIFICS = frozenset(
    ("mr", "mrs", "ms", "dr", "md", "st", "sr", "jr", "smt", "shri", "sri", "kum", "fr", "mx", "sh", "km")
)
_TITLE = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|smt|shri|sri|shree|kum|kumari|mx|master)\b\.?\s*(?=\w)", re.IGNORECASE)
_SMALL_WORDS = frozenset(("s/o", "d/o", "w/o", "c/o", "h/o"))
_PIECES = re.compile(r"([\s.\-&,(){}\[\]\"“”/+]+|(?<=\w)['’](?=\w))")
_AROUND = " ,;:-_*\"'`|/\\!?~=+#^"
_STOP = re.compile(r"[^\W\d_]{4,}\.$")  # the stop of a sentence; Jr. and K.S. keep theirs
_NO_LETTERS = ("So", "Sk", "Cs", "Co")  # emoji and their colours
_LOCKED = re.compile(r"[a-z][A-Z]+")
_SHOUTED = re.compile(r"(?=.*[AEIOU])[A-Z]{4,}")
_SMALL_FIRST = re.compile(r"[a-z]{3,}")
_PARTICLES = frozenset(("van", "von", "der", "den", "del", "dos", "das", "bin", "ibn", "abu", "ter", "and"))
_VOWELS = frozenset("aeiouy")

_NUMBER = r"(?:\d{1,2}(?:\.\d+)?)"
_YEARS = r"(?:years?|yrs?|y(?:/?o)?\b|yr\.?s?|साल|वर्ष)\.?"
_MONTHS = r"(?:\s*(?:and|&|,)?\s*\d{1,2}\s*(?:months?|mths?|mon|m)\b\.?)?"
_AGE = re.compile(
    r"(?:['’]s(?=\s+age))?(?:\s+(?:is|turning)(?=\s+\d))?[\s=,;:\-–(\[{|/]*(?:\d{1,2}\s*(?:-|to)\s*(?=\d))?(?:"
    rf"\(?\[?\s*(?:age[d]?|aged|umar|उम्र)\s*(?:is|of|:|-|=)?\s*(?P<said>{_NUMBER})\s*\+?\s*-?(?:{_YEARS})?{_MONTHS}(?:\s*old)?"
    rf"|(?P<years>{_NUMBER})\s*\+?\s*-?\s*{_YEARS}{_MONTHS}\s*(?:old|of age)?"
    r"|(?P<months>\d{1,2})\s*-?\s*(?:months?|mths?|mon)\b\.?(?:\s*old)?"
    rf"|[(\[{{]\s*(?P<bare>{_NUMBER})\s*\+?\s*(?:[)\]}}]\s*(?:years?\b|yrs?\b)?|$)"
    rf"|(?<=[\s=,;:\-–|/])(?P<last>{_NUMBER})(?=\s*(?:$|[),;&/+]|and\b)|\s+[^\W\d_]{{3,}})"
    r")\s*[)\]}]*\.?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:&|\+|;|\n|\band\b|\baur\b|और|/(?!o\b)|,)\s*", re.IGNORECASE)
# All the names and then all the ages: `Aarav & Anaya (5 & 3)`.
_AGES_BEHIND = re.compile(
    rf"(?P<names>\D+?)[\s,:;\-–(\[]+(?:age[ds]?\b[\s:]*)?(?P<ages>{_NUMBER}(?:\s*(?:{_YEARS})?\s*(?:&|/|,|and\b|aur\b|और)\s*"
    rf"{_NUMBER})+)\s*(?:{_YEARS})?(?:\s*old)?\s*[)\]]?\.?",
    re.IGNORECASE,
)
_AGE_ALONE = re.compile(
    rf"(?:age[d]?\s*[:\-]?\s*)?(?P<years>{_NUMBER})\s*\+?\s*(?:{_YEARS})?{_MONTHS}\s*(?:old|of age)?", re.IGNORECASE
)
_TWINS = re.compile(r"[\s,;(:\-]*\b(?:twins?|triplets?)\b[\s,:\-]*", re.IGNORECASE)
_PARTLY = re.compile(r"\d\s*-?\s*(?:months?|mths?|mon)\b|\d\.\d|½", re.IGNORECASE)
_MONTHS_ALONE = re.compile(r"(?P<months>\d{1,2})\s*-?\s*(?:months?|mths?|mon|m)\b\.?\s*(?:old)?", re.IGNORECASE)
_WORD_AGES = {
    word: at
    for at, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
OLDEST_CHILD = 18


@dataclass(frozen=True, slots=True)
class Child:
    """A child as a cell names it. `age` in whole years, None where it is not said."""

    name: str | None
    age: int | None


def recase(text: str) -> str:
    """`text` with sensible case where it is all capitals or all small letters, apart from a title in front (`Dr. ASHA
    RAO`). Of a mixed one only what nobody means: a small first word, a surname in capitals, the lock (`rAVI kUMAR`)."""
    upper = text.isupper()
    if not upper and not text.islower():
        return text if text.istitle() else _recase_mixed(text)
    plain = text.split(" ")
    if text.isascii() and all(map(str.isalpha, plain)):
        return " ".join([_word(word, upper) for word in plain])
    words = [_word(piece, upper) for piece in _PIECES.split(text)]
    joined = "".join(words)
    for small in _SMALL_WORDS:
        joined = re.sub(rf"(?i)(?<!\w){small}(?!\w)", small, joined)
    return re.sub(r"(?<=\w\w['’])S\b", "s", joined)


def _recase_mixed(text: str) -> str:
    title = _TITLE.match(text)
    rest = text[title.end() :] if title else ""
    if title and (rest.isupper() or rest.islower()):
        return recase(title[0]) + recase(rest)
    words = text.split(" ")
    if all(_LOCKED.fullmatch(word) for word in words):
        return " ".join(word.swapcase() for word in words)
    return " ".join(
        _word(word, upper=True)
        if _SHOUTED.fullmatch(word)
        else word.capitalize()
        if not at and _SMALL_FIRST.fullmatch(word) and word not in _PARTICLES
        else word
        for at, word in enumerate(words)
    )


def _word(word: str, upper: bool) -> str:
    low = word.lower()
    if low in _UPPER_WORDS:
        return low.upper()
    # KR, SK and VPS in a name of capitals are initials: no name is without a vowel.
    if (
        upper
        and 1 < len(low) < 4
        and low.isascii()
        and low.isalpha()
        and not _VOWELS & set(low)
        and low not in _HONORIFICS
    ):
        return low.upper()
    if len(low) > 4 and low.startswith("mc") and low.isalpha():
        return "Mc" + low[2:].capitalize()
    return low[:1].upper() + low[1:]


def parse(cell: Cell) -> str | None:
    """A name, tidied and cased; None where the cell says nothing."""
    text = tidy(cell_text(cell))
    if not text.isascii():
        text = tidy("".join(sign for sign in text if unicodedata.category(sign) not in _NO_LETTERS))
    text = text.strip(_AROUND)
    if text.endswith(".") and _STOP.search(text):
        text = text[:-1].rstrip(_AROUND)
    if is_blank(text):
        return None
    return recase(text)


def clear(cell: Cell) -> str | None:
    """The name of a cell that is letters and blanks, perhaps with signs around; None leaves it to `parse`."""
    if not isinstance(cell, str):
        return None
    words = cell.strip(_AROUND).split()
    name = " ".join(words)
    if not name.isascii() or not "".join(words).isalpha() or is_blank(name):
        return None
    return recase(name)


def looks_like_name(text: str) -> bool:
    """Whether `text` can be a name: letters, more of them than digits, no address of the web."""
    letters = sum(sign.isalpha() for sign in text)
    return letters > 0 and letters > sum(sign.isdigit() for sign in text) and "@" not in text


def children(cell: Cell) -> tuple[Child, ...]:
    """The children of a cell like `Aarav (5yr) & Anaya (3yr)`, `Ria, 7`, `Emma`. Ages are taken out before the
    names are split, so that the comma of `Ria, 7` parts nothing."""
    whole, _ = asides.plain(plain_digits_tidy(cell_text(cell)))
    text = _TWINS.sub(" ", whole)
    if is_blank(text):
        return ()
    behind = _AGES_BEHIND.fullmatch(text)
    if behind and len(named := _names(behind["names"])) > 1:
        return _in_turn(named, behind["ages"])
    found: list[Child] = []
    at, early = 0, None  # an age that stands before its name
    for match in _AGE.finditer(text):
        names = _names(text[at : match.start()])
        if names:
            found += [Child(name, None) for name in names[:-1]]
            found.append(Child(names[-1], _age(match)))
        elif not found:
            early = _age(match)
        elif found[-1].age is None:
            found[-1] = Child(found[-1].name, _age(match))
        at = match.end()
    # Without ages a comma parts children only where each is one word: `Sharma, Ria Devi` is one child.
    one_word_each = all(len(part.split()) == 1 for part in _BETWEEN.split(text))
    found += [Child(name, None) for name in _names(text[at:], split_commas=bool(found) or one_word_each)]
    if early is not None and found and found[0].age is None:
        found[0] = Child(found[0].name, early)
    return tuple(_twins(found) if text != whole else found)


def _in_turn(named: list[str], ages: str) -> tuple[Child, ...]:
    """Each name with the age of its rank; without ages where they are not as many."""
    told = [int(float(age)) for age in re.findall(_NUMBER, ages)]
    if len(told) != len(named):
        return tuple(Child(name, None) for name in named)
    return tuple(Child(name, age if age <= OLDEST_CHILD else None) for name, age in zip(named, told, strict=True))


def _twins(found: list[Child]) -> list[Child]:
    ages = {child.age for child in found} - {None}
    return [Child(child.name, ages.copy().pop()) for child in found] if len(ages) == 1 else found


def all_told(cell: Cell, found: tuple[Child, ...]) -> bool:
    """Whether `found` says all that the cell does: no class or birthday beside it, no number that became no age, no
    months or half years."""
    text = plain_digits_tidy(cell_text(cell))
    bare, told = asides.plain(text)
    numbers = re.findall(r"\d+(?:\.\d+)?", bare)
    return not told and len(numbers) == sum(child.age is not None for child in found) and not _PARTLY.search(bare)


def plain_digits_tidy(text: str) -> str:
    """`text` on one line with digits of every script as 0-9."""
    return plain_signs(text.replace("\n", " & "))


def _names(text: str, *, split_commas: bool = True) -> list[str]:
    pieces = _BETWEEN.split(text) if split_commas else re.split(r"\s*(?:&|\+|;|\band\b|और|/(?!o\b))\s*", text)
    names = [parse(_balanced(re.sub(r"^\s*\d+[.)]\s+", "", piece, flags=re.IGNORECASE))) for piece in pieces]
    return [name for name in names if name is not None and any(sign.isalpha() for sign in name)]


def _balanced(piece: str) -> str:
    """A piece of a cell without signs at its ends; a bracket stays where its fellow does (`Kabir (UKG)`)."""
    bare = piece.strip(" .()[]{}")
    return bare + ")" if "(" in bare and ")" not in bare else bare


def _age(match: re.Match[str]) -> int | None:
    if match["months"]:
        return int(match["months"]) // 12
    value = int(float(match["said"] or match["years"] or match["bare"] or match["last"]))
    return value if value <= OLDEST_CHILD else None


def has_age(text: str) -> bool:
    """Whether a name cell also says an age in years (`Emma (8 years)`)."""
    match = _AGE.search(text)
    return match is not None and match["last"] is None and match.start() > 0


def parse_age(cell: Cell) -> int | None:
    """A child's age in whole years from a cell of its own: `8`, `8 yrs`, `18 months`, `five`; None where it is none."""
    text = plain_digits_tidy(cell_text(cell)).strip(" .,()-")
    if text.casefold() in _WORD_AGES:
        return _WORD_AGES[text.casefold()]
    months = _MONTHS_ALONE.fullmatch(text)
    if months:
        return int(months["months"]) // 12
    match = _AGE_ALONE.fullmatch(text)
    if not match:
        return None
    years = int(float(match["years"]))
    return years if years <= OLDEST_CHILD else None
