"""Formulas as text: taken apart as far as evaluation needs it, and rewritten in the evaluator's words.

Google's open ranges (`A2:A`), names of ranges and a few of its own forms are unknown to the evaluator; here they become
closed references into its sheets.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from . import references
from .google_words import translated
from .references import Corner

# Array formulas: their results go on into the cells beside and below.
SPILLING = frozenset(
    [
        "ARRAYFORMULA",
        "ARRAY_CONSTRAIN",
        "BYCOL",
        "BYROW",
        "CHOOSECOLS",
        "CHOOSEROWS",
        "FILTER",
        "FLATTEN",
        "HSTACK",
        "IMPORTDATA",
        "IMPORTHTML",
        "IMPORTRANGE",
        "IMPORTXML",
        "MAKEARRAY",
        "MAP",
        "MMULT",
        "QUERY",
        "RANDARRAY",
        "SCAN",
        "SEQUENCE",
        "SORT",
        "SORTN",
        "SPLIT",
        "TOCOL",
        "TOROW",
        "TRANSPOSE",
        "UNIQUE",
        "VSTACK",
        "WRAPCOLS",
        "WRAPROWS",
    ]
)
# What makes one value of many: with such a function around all, nothing is left to go on.
GATHERING = frozenset({
    "AND", "AVERAGE", "AVERAGEIF", "AVERAGEIFS", "COLUMNS", "CONCATENATE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF",
    "COUNTIFS", "COUNTUNIQUE", "JOIN", "MAX", "MEDIAN", "MIN", "OR", "PRODUCT", "REDUCE", "ROWS", "STDEV", "SUBTOTAL",
    "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TEXTJOIN", "VAR",
})  # fmt: skip
VOLATILE = re.compile(r"\b(TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\(", re.IGNORECASE)
ANYWHERE = re.compile(r"\b(INDIRECT|OFFSET)\(", re.IGNORECASE)  # references that the text does not show
ELSEWHERE = re.compile(r"\b(IMPORTRANGE)\(", re.IGNORECASE)  # other spreadsheets: as without permission
_CLOCK = re.compile(r"\b(TODAY|NOW)\(\s*\)", re.IGNORECASE)
DEEPEST = 100
_ARRAYFORMULA = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\b(ARRAYFORMULA\()", re.IGNORECASE)
# Innermost braces in which a reference stands (by now all are written with their sheet).
_BRACES = re.compile(r"\{((?:[^{}\"']|\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')*?!(?:[^{}\"']|\"(?:[^\"]|\"\")*\")*)\}")
_CALL = re.compile(r"=\s*([A-Za-z_][\w.]*)\((.*)\)\s*$", re.DOTALL)
_IDENTIFIER = re.compile(r"([A-Za-z_][\w.]*)\s*(\()?")
# A pattern with several groups: the text of each goes into a cell of its own.
_GROUPS = re.compile(
    r"\bREGEXEXTRACT\([^\"]*(?:\"[^\"]*\"[^\"]*)?,\s*\"[^\"]*\((?!\?)[^\"]*\((?!\?)[^\"]*\"\s*\)", re.IGNORECASE
)
_WORDS = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|([A-Za-z_][\w.]*)\(|(\{)")
_OUTSIDE_TEXT = re.compile(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')")
_OPERATOR_RUN = re.compile(r"(?:[-+%@]\s*){60}")
MOST_OPERATORS = 2_000


def spills(formula: str) -> bool:
    """Whether a formula is one whose results can go on into other cells."""
    if not takes_arrays(formula):
        return False
    whole = call(formula)
    return whole is None or whole[0] not in GATHERING


def takes_arrays(formula: str) -> bool:
    """Whether functions in a formula are given each cell of a range, not the one in the formula's own row or column."""
    words = any(found[2] or (found[1] or "").upper() in SPILLING for found in _WORDS.finditer(formula))
    return words or _GROUPS.search(formula) is not None


def too_deep(formula: str) -> bool:
    """Whether a formula nests so deeply, or is so long a chain of operators, that the evaluator's stack is at risk."""
    depth = deepest = operators = 0
    for part in _OUTSIDE_TEXT.split(formula)[::2]:
        for char in part:
            if char in "({":
                depth += 1
                deepest = max(deepest, depth)
            elif char in ")}":
                depth -= 1
            elif char in "+-*/^&=<>%@":
                operators += 1
    if deepest > DEEPEST or operators > MOST_OPERATORS or _OPERATOR_RUN.search(formula) is not None:
        return True
    return "LAMBDA" in formula.upper() and _calls_what_it_is_given(formula)


def _calls_what_it_is_given(formula: str) -> bool:
    """Whether a parameter is called: a LAMBDA that is given to itself has no end."""
    names: set[str] = set()
    calls: set[str] = set()
    for found in _IDENTIFIER.finditer("".join(_OUTSIDE_TEXT.split(formula)[::2])):
        (calls if found[2] else names).add(found[1].upper())
    return bool(names & calls) or re.search(r"\)\s*\(", formula) is not None


def call(formula: str) -> tuple[str, list[str]] | None:
    """(name in capitals, arguments as text) of a formula that is one call as a whole; None for any other."""
    found = _CALL.match(formula)
    if found is None:
        return None
    arguments = split(found[2])
    return (found[1].upper(), arguments) if arguments is not None else None


def split(text: str, separators: str = ",;") -> list[str] | None:
    """The parts of a text between separators that stand in no bracket and no quotes; None where brackets do not
    match."""
    parts, depth, at = [], 0, 0
    for found in re.finditer(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|[(){},;]", text):
        char = found[0]
        if char in ("(", "{"):
            depth += 1
        elif char in (")", "}"):
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0 and char in separators:
            parts.append(text[at : found.start()].strip())
            at = found.end()
    last = text[at:].strip()
    return [*parts, last] if parts or last else []


def semicolons(formula: str) -> str:
    """`;` separates arguments in Google's formulas too; in braces it begins a new row and stays."""
    out, braces = [], 0
    for i, part in enumerate(_OUTSIDE_TEXT.split(formula)):
        if i % 2:
            out.append(part)
            continue
        for char in part:
            braces += (char == "{") - (char == "}")
            out.append("," if char == ";" and braces == 0 else char)
    return "".join(out)


def _only_brackets(match: re.Match[str]) -> str:
    return match[0] if match[1] is None else "("


def at_moment(formula: str, now: float, zone: str) -> str:
    """The formula with TODAY() and NOW() as they are at a moment (unix seconds) in the spreadsheet's time zone."""
    here = dt.datetime.fromtimestamp(now, zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
    since = here - dt.datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock time, as serial numbers are
    known = {"TODAY": str(since.days), "NOW": repr(since / dt.timedelta(days=1))}
    parts = _OUTSIDE_TEXT.split(formula)
    parts[::2] = [_CLOCK.sub(lambda found: known[found[1].upper()], part) for part in parts[::2]]
    return "".join(parts)


def _stacked(formula: str) -> str:
    """Ranges put together in braces, beside (`,`) or below (`;`) each other, in the evaluator's functions; arrays of
    constants stay."""
    while (found := _BRACES.search(formula)) is not None:
        rows = split(found[1], ";") or [""]
        made = [f"HSTACK({row})" if len(split(row, ",") or []) > 1 else row for row in rows]
        text = f"VSTACK({','.join(made)})" if len(made) > 1 else made[0]
        formula = f"{formula[: found.start()]}({text}){formula[found.end() :]}"
    return formula


@dataclass(frozen=True, slots=True)
class Named:
    """What a word or reference in a formula names: a sheet's name in the evaluator and a closed box (zero-based)."""

    sheet: str
    top: int
    bottom: int
    left: int
    right: int

    def text(self) -> str:
        first = Corner(self.left, self.top, True, True).text()
        last = Corner(self.right - 1, self.bottom - 1, True, True).text()
        sheet = "'" + self.sheet.replace("'", "''") + "'!"
        return sheet + (first if first == last else f"{first}:{last}")


def adapted(formula: str, resolve: Callable[[str | None, list[Corner]], Named | None],
            word: Callable[[str], Named | None]) -> tuple[str, list[Named]]:  # fmt: skip
    """The formula in the evaluator's words, and all that it names. `resolve` closes a reference, `word` the name of a
    range; None where there is nothing of that name."""
    named: list[Named] = []

    def one(match: re.Match[str]) -> str:
        if match.group("cells") is not None:
            found = resolve(references.title_of(match), references.corners_of(match))
            if found is None:
                return "#REF!"
            named.append(found)
            return found.text()
        text = match.group("word")
        if text is None or formula[match.end() : match.end() + 1] == "(":
            return match.group(0)
        found = word(text)
        if found is None:
            return match.group(0)
        named.append(found)
        return found.text()

    made = _stacked(_ARRAYFORMULA.sub(_only_brackets, semicolons(references.REFERENCE.sub(one, formula))))
    many = takes_arrays(formula)
    made = translated(made, split, many=many)
    several = any(one.bottom - one.top > 1 or one.right - one.left > 1 for one in named)
    # A range in a place for one value is met where it crosses the formula's row or column, as Google does.
    return (f"=@({made[1:]})" if (several or ANYWHERE.search(formula)) and not many else made), named
