"""Formulas as text: taken apart as far as evaluation needs it, and rewritten in the evaluator's words.

Google's open ranges (`A2:A`), names of ranges and a few of its own forms are unknown to the evaluator; here they become
closed references into its sheets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import references
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
VOLATILE = re.compile(r"\b(TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\(", re.IGNORECASE)
ANYWHERE = re.compile(r"\b(INDIRECT|OFFSET)\(", re.IGNORECASE)  # references that the text does not show
DEEPEST = 100
_CALL = re.compile(r"=\s*([A-Za-z_][\w.]*)\((.*)\)\s*$", re.DOTALL)
_WORDS = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|([A-Za-z_][\w.]*)\(|(\{)")
_OUTSIDE_TEXT = re.compile(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')")
_OPERATOR_RUN = re.compile(r"(?:[-+%@]\s*){60}")
MOST_OPERATORS = 2_000


def spills(formula: str) -> bool:
    """Whether a formula is one whose results can go on into other cells."""
    return any(found[2] or (found[1] or "").upper() in SPILLING for found in _WORDS.finditer(formula))


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
    return deepest > DEEPEST or operators > MOST_OPERATORS or _OPERATOR_RUN.search(formula) is not None


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

    made = semicolons(references.REFERENCE.sub(one, formula))
    several = any(one.bottom - one.top > 1 or one.right - one.left > 1 for one in named)
    # A range in a place for one value is met where it crosses the formula's row or column, as Google does.
    return (f"=@({made[1:]})" if several and not spills(formula) else made), named
