"""What people write beside a child's name and age: a class, a birthday, girl or boy, a parent. Taken out of the cell
before `core.names` looks for names and ages, so that none of it becomes a child or a part of a name.

Where it stands: between a cell and `names.children`; `readers` keeps the whole cell in the notes where something was
taken out.
"""

from __future__ import annotations

import re
from functools import lru_cache

_OPEN, _CLOSE = r"[\s,;(\[{/|\-–]*", r"[\s)\]}]*"
_RANK = r"(?:\d{1,2}(?:st|nd|rd|th)?|[ivx]{1,4}|first|second|third|fourth|fifth|sixth|seventh|eighth)"
_CLASS = r"(?:std|standard|class|grade)\b\.?"
_KINDERGARTEN = (
    r"(?:(?:jr|sr|junior|senior|pre|l|u)[. -]?kg|kg[ -]?[12i]*|(?:pre[ -]?)?nursery|play ?(?:group|school)|pp ?[12])"
)
_DAY = r"(?:\d[\d./\- ]*\d|\d{1,2}[ \-][a-z]{3,9}[ \-,]*\d{2,4})"
_ASIDES = tuple(
    re.compile(_OPEN + what + _CLOSE, re.IGNORECASE)
    for what in (
        rf"\b(?:(?:studying |studies )?in\s+)?{_CLASS}\s*[:\-]?\s*(?:{_RANK}|{_KINDERGARTEN})\b(?:\s?-?[a-h]\b)?",
        rf"\b(?:{_RANK}\s*{_CLASS}|{_KINDERGARTEN}(?!\w))",
        rf"\b(?:d\.?o\.?b\b\.?|born(?: on| in)?|birth(?:day| ?date)?|date of birth)\s*[:\-]?\s*{_DAY}",
        r"\b(?:girl|boy|female|male)\b(?! ?child)",
        r"(?<=[/(])\s*[MF]\s*(?=\)|$|,)",
        r"\b(?:parent|mother|father|mom|dad|guardian)(?:['’]?s)?(?: name)?\s*[:\-]\s*[^,;&\d]+",
    )
)
_LABEL = re.compile(
    r"(?:^|(?<=[,;&]))\s*(?:(?:child|kid|student)(?:['’]?s)?\s+)?name\s*(?:is\b|[:=\-])\s*", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:^|(?<=[\s,;]))[1-9]\s*[.)]\s*(?=[^\W\d_])")
_YEARS = re.compile(
    r"(?<=\d)\s*(?:y\s*[./]\s*o\b\.?|saal|varsh\w?|वर्षे|वर्षांची|வயது|வருடம்|বছর|సంవత్సరాలు|ఏళ్లు|ವರ್ಷ|വയസ്സ്|વર્ષ|ਸਾਲ|ବର୍ଷ)",
    re.IGNORECASE,
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPELT = re.compile(rf"\b({'|'.join(_NUMBERS)})\b(?=\s*\)|[\s-]*(?:years?|yrs?)\b)", re.IGNORECASE)
# Most cells hold none of it, and are known by one look.
_HINT = re.compile(
    r"class|st(?:an)?d|grade|kg|nursery|play|pp ?\d|d\.?o\.?b|b[oi]r|girl|boy|male|name|parent|ther|mom|dad|guard"
    rf"|[/(]\s*[mf]\b|\d\s*(?:y\s*[./]|s|v|[^\x00-\x7f])|^\s*1\s*[.)]|\b(?:{'|'.join(_NUMBERS)})\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1_000)  # a cell is asked for its children and then for what is left
def plain(text: str) -> tuple[str, bool]:
    """A child's cell without asides, its ages in figures; and whether something was taken out that is neither a name
    nor an age."""
    if not _HINT.search(text):
        return text, False
    bare = text
    for aside in _ASIDES:
        bare = aside.sub(" ", bare)
    told = bare != text
    if not any(sign.isalpha() for sign in bare):
        return text, False
    bare = _LABEL.sub("", bare)
    if re.match(r"\s*1\s*[.)]\s*[^\W\d_]", bare):
        bare = _NUMBERED.sub("& ", bare)
    bare = _SPELT.sub(lambda found: str(_NUMBERS.index(found[1].lower()) + 1), _YEARS.sub(" years", bare))
    return bare.strip(" .,&"), told
