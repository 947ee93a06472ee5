"""Words as people type them, made comparable and tidy. Where it stands: under every cleaner of `core`.

`fold` is for comparing (headers, synonyms, names); `tidy` is for keeping; `cell_text` says what a cell reads as.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from types import MappingProxyType

from core.model import Cell

_APOSTROPHES = "'’‘ʼ`´"
_ASCII_FOLD = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord("'"): None, ord("`"): None}
JOINERS = "\u200c\u200d"  # carry meaning inside Indian scripts, none in Latin
UNSEEN = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # as a pattern's set has them
_INVISIBLE = re.compile(f"[\u0000-\u0008\u000e-\u001b\u007f{UNSEEN}]")
# Letters that Unicode did not have at first (chillus of Malayalam, khanda ta of Bengali): many write them as a letter,
# a virama and a joiner still. This is how those read when the joiner is gone.
WITHOUT_JOINER = MappingProxyType(
    {
        0x0D7A: "\u0d23\u0d4d", 0x0D7B: "\u0d28\u0d4d", 0x0D7C: "\u0d30\u0d4d", 0x0D7D: "\u0d32\u0d4d",
        0x0D7E: "\u0d33\u0d4d", 0x0D7F: "\u0d15\u0d4d", 0x0D54: "\u0d2e\u0d4d", 0x0D55: "\u0d2f\u0d4d",
        0x0D56: "\u0d34\u0d4d", 0x09CE: "\u09a4\u09cd",
    }
)  # fmt: skip
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
# The commonest signs beyond ASCII in cells of numbers: blanks, dashes, marks of direction, Indian digits.
_COMMON = (
    {code: chr(code) for code in range(128)}
    | {0xA0: " ", 0x200E: None, 0x200F: None, 0x202A: None, 0x202C: None, 0x2011: "-", 0x2013: "-", 0x2014: "-"}
    | {0x0966 + digit: str(digit) for digit in range(10)}
)

# What people type where they have nothing to say; folded.
BLANK_WORDS = frozenset(
    (
        "", "na", "n a", "nil", "none", "null", "nan", "nat", "no", "not available", "not applicable", "not given",
        "not provided", "not known", "unknown", "undefined", "x", "xx", "xxx", "xxxx", "tbd", "blank", "empty",
        "no email", "no mail", "dont have", "do not have",
    )
)  # fmt: skip

_ERRORS = frozenset(("n a", "ref", "value", "error", "name", "num", "null", "div 0"))  # behind a "#"

# No word above starts with one of these, so most names are known not to be blank at once.
_NEVER_BLANK = frozenset(
    sign for sign in map(chr, range(128)) if sign.isalnum() and sign.lower() not in {word[:1] for word in BLANK_WORDS}
)


def fold(text: str) -> str:
    """`text` for comparing: case, blanks, punctuation, apostrophes and invisible signs do not matter, nor whether a
    letter is one sign or is joined."""
    if text.isascii():
        return " ".join(text.translate(_ASCII_FOLD).lower().split())
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().translate(WITHOUT_JOINER))
    kept = (sign for sign in wide if sign not in _APOSTROPHES and unicodedata.category(sign) != "Cf")
    return " ".join("".join(s if unicodedata.category(s)[0] in "LMN" else " " for s in kept).split())


def squash(folded: str) -> str:
    """A folded text without its blanks: `FollowUp1`, `follow-up 1` and `Follow Up 1` are one word of a picklist."""
    return folded.replace(" ", "")


def tidy(text: str) -> str:
    """`text` on one line: runs of blanks (also NBSP) are one, invisible signs go, composed form (NFC)."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = " ".join(_INVISIBLE.sub("", text).split())
    if "\u200c" in text or "\u200d" in text:
        text = text.strip(JOINERS + " ") if has_indic(text) else re.sub(f"[{JOINERS}]", "", text)
    return " ".join(unicodedata.normalize("NFC", text).split())  # last: signs that went may have stood between two


def tidy_lines(text: str) -> str:
    """`text` with its lines kept: blanks at line ends, blank lines at both ends and invisible signs go."""
    lines = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def has_indic(text: str) -> bool:
    """Whether a letter of an Indian script (Devanagari to Malayalam and Sinhala) stands in `text`."""
    return any("\u0900" <= sign <= "\u0dff" for sign in text)


def plain_signs(text: str) -> str:
    """`text` with digits of every script as 0-9, all dashes as "-", all blanks as " ", full-width signs as ASCII."""
    if text.isascii():
        return " ".join(text.split())
    plain = text.translate(_COMMON)
    if plain.isascii() and plain.isprintable():
        return " ".join(plain.split())
    text = tidy(unicodedata.normalize("NFKC", text)).translate(_DASHES)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def cell_text(cell: Cell) -> str:
    """What a cell reads as: no `.0` behind whole numbers, TRUE and FALSE as the sheet shows them, "" for blank."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def parted(cells: Sequence[Cell]) -> str:
    """A column as one text, a NUL behind each cell: an expression finds what it looks for in all cells at once."""
    try:
        return "\0".join(cells) + "\0"  # type: ignore[arg-type]  # nearly all are texts
    except TypeError:
        return "\0".join(map(str, cells)) + "\0"


def is_blank(text: str) -> bool:
    """Whether `text` says nothing: blank, punctuation alone, a word for "nothing" (n/a, nil), an error of a formula."""
    if len(text) > 24 or text[:1] in _NEVER_BLANK:
        return False
    folded = fold(text)
    return folded in BLANK_WORDS or (folded in _ERRORS and text.lstrip().startswith("#"))


def mend(text: str) -> str:
    """`text` as it was before UTF-8 was read as Windows-1252 or Latin-1 (`RenÃ©e`), where that is certain: every sign
    beyond ASCII must be part of a whole UTF-8 sequence."""
    if text.isascii() or any(ord(sign) > 0x2122 for sign in text):
        return text
    try:
        return b"".join(_byte(sign) for sign in text).decode("utf-8")
    except UnicodeError:
        return text


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")
