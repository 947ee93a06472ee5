"""What an error in a cell says of itself (ErrorValue.message), as far as the formula alone tells it."""

from __future__ import annotations

import re

_CALL = re.compile(r"(?<![\w.])([A-Za-z][\w.]*)\(")
_WORD = re.compile(r"=\s*([A-Za-z_][\w.]*)\s*")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_ALWAYS = {
    "#ERROR!": "Formula parse error.", "#REF!": "Reference does not exist.",
    "#NUM!": "The result of the formula is not a number that can be shown.", "Loading...": "Loading...",
}  # fmt: skip


def message_of(error: str, formula: str) -> str:
    """Google's words for the error of a formula (with its "="; "" where it was typed); "" where it has none here."""
    bare = _TEXT.sub("", formula)
    calls = _CALL.findall(bare)
    if error == "#DIV/0!" and "/" in bare:
        return "Function DIVIDE parameter 2 cannot be zero."
    if error == "#DIV/0!" and calls:
        return f"Evaluation of function {calls[0].upper()} caused a divide by zero error."
    if error == "#NAME?" and len(calls) == 1:
        return f"Unknown function: '{calls[0]}'."
    word = _WORD.fullmatch(bare)
    if error == "#NAME?" and word:
        return f"Unknown range name: '{word[1].upper()}'."
    if error == "#N/A" and calls and calls[0].upper() in ("VLOOKUP", "HLOOKUP", "MATCH", "XLOOKUP", "LOOKUP"):
        return f"Did not find value in {calls[0].upper()} evaluation."
    return _ALWAYS.get(error, "")
