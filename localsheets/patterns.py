"""Number format patterns (`#,##0.00`, `dd-mm-yyyy`, `0%`, `"₹"#,##0;(…)`) read once into pieces, for `display`.

The language is that of Google's guide "Date and number formats": up to four sections for positive, negative, zero and
text, or sections with conditions in square brackets; quotes, backslash and `_` make literals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<wide>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>general)'
    r"|(?P<ampm>am/pm|a/p)|(?P<date>y+|m+|d+|h+|s+)|(?P<fraction>\.0{1,3}(?=\D|$))|(?P<exponent>e[+-]0+)"
    r"|(?P<digit>[0#?])|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_ELAPSED = re.compile(r"(h+|m+|s+)\+?", re.IGNORECASE)
_COLOUR = re.compile(r"(black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a section. `kind`: literal, digit, point, comma, percent, exponent, slash, text, general, or a date
    part: year, month, minute, day, hour, second, fraction, ampm, elapsed. `text` is how it was written."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section and its condition (operator, number), if any. `kind`: number, date, text, general, literal."""

    kind: str
    pieces: tuple[Piece, ...]
    condition: tuple[str, float] | None = None
    twelve_hours: bool = False


def _bracket(inside: str) -> tuple[Piece | None, tuple[str, float] | None]:
    condition = _CONDITION.fullmatch(inside)
    if condition:
        return None, (condition[1], float(condition[2]))
    if _COLOUR.fullmatch(inside):
        return None, None
    if inside.startswith("$"):
        return Piece("literal", inside[1:].split("-")[0]), None
    if _ELAPSED.fullmatch(inside):
        return Piece("elapsed", inside.rstrip("+").lower()), None
    return Piece("literal", f"[{inside}]"), None


_DATE_KINDS = {"y": "year", "m": "month", "d": "day", "h": "hour", "s": "second"}
_SINGLE_KINDS = {".": "point", ",": "comma", "%": "percent", "/": "slash"}


def _piece(found: re.Match[str]) -> Piece:
    name, text = str(found.lastgroup), found.group()
    if name == "quoted":
        return Piece("literal", found["quoted"])
    if name == "escaped":
        return Piece("literal", found["escaped"])
    if name == "wide":
        return Piece("literal", " ")
    if name == "fill":
        return Piece("literal", "")
    if name == "date":
        return Piece(_DATE_KINDS[text[0].lower()], text.lower())
    if name == "other":
        return Piece(_SINGLE_KINDS.get(text, "literal"), text)
    return Piece(name, text)


def _cut(pattern: str) -> list[list[re.Match[str]]]:
    sections: list[list[re.Match[str]]] = [[]]
    for found in _PIECE.finditer(pattern):
        if found.lastgroup == "other" and found.group() == ";":
            sections.append([])
        else:
            sections[-1].append(found)
    return sections


def _minutes(pieces: list[Piece]) -> list[Piece]:
    """An `m` right after hours or right before seconds means minutes."""
    timed = [i for i, piece in enumerate(pieces) if piece.kind in {*_DATE_KINDS.values(), "elapsed"}]
    for place, i in enumerate(timed):
        if pieces[i].kind != "month" or len(pieces[i].text) > 2:
            continue
        before = pieces[timed[place - 1]] if place else None
        after = pieces[timed[place + 1]] if place + 1 < len(timed) else None
        hour_before = before is not None and (before.kind == "hour" or before.text[0] == "h")
        if hour_before or (after is not None and (after.kind == "second" or after.text[0] == "s")):
            pieces[i] = replace(pieces[i], kind="minute")
    return pieces


def _as_literals(pieces: list[Piece], kinds: set[str]) -> tuple[Piece, ...]:
    return tuple(Piece("literal", piece.text) if piece.kind in kinds else piece for piece in pieces)


def _section(found: list[re.Match[str]]) -> Section:
    pieces: list[Piece] = []
    condition = None
    for one in found:
        if one.lastgroup != "bracket":
            pieces.append(_piece(one))
            continue
        piece, new_condition = _bracket(one["bracket"])
        condition = new_condition or condition
        if piece:
            pieces.append(piece)
    kinds = {piece.kind for piece in pieces}
    if kinds & {*_DATE_KINDS.values(), "elapsed", "ampm"}:
        literal = {"digit", "point", "comma", "percent", "exponent", "slash", "text", "general"}
        return Section("date", _as_literals(_minutes(pieces), literal), condition, "ampm" in kinds)
    if "text" in kinds:
        return Section("text", _as_literals(pieces, kinds - {"text"}), condition)
    if "general" in kinds:
        return Section("general", _as_literals(pieces, kinds - {"general"}), condition)
    pieces = [part for piece in pieces for part in _fraction_as_digits(piece)]
    if "digit" in {piece.kind for piece in pieces}:
        return Section("number", tuple(pieces), condition)
    return Section("literal", _as_literals(pieces, kinds - {"percent"}), condition)


def _fraction_as_digits(piece: Piece) -> list[Piece]:
    if piece.kind != "fraction":
        return [piece]
    return [Piece("point", "."), *(Piece("digit", "0") for _ in piece.text[1:])]


@lru_cache(maxsize=2048)
def sections_of(pattern: str) -> tuple[Section, ...]:
    """The sections of a pattern, in their order; any text is a legal pattern."""
    return tuple(_section(found) for found in _cut(pattern))
