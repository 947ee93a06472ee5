"""E-mail cells read strictly, with a suggestion where the domain looks mistyped. Syntax only; no server is asked.

Where it stands: `normalise` reads source cells with it, `cells` Master's and forms'. A suggestion is never applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from core.config import Config
from core.model import Cell
from core.text import cell_text, fold, is_blank, parted, plain_signs

# What needs no second look: letters, digits and single dots before the @, a plain domain behind. RFC 5321 lengths hold
# because both parts are bounded. Everything else goes through the validator.
_PLAIN = re.compile(
    r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?\.){1,3}[A-Za-z]{2,12})"
)
# An address, with what people put around it, if its domain is one that was found right before and no two dots follow
# each other: single sets of signs, as groups that repeat take twice as long.
_ADDRESS = re.compile(
    r"""\s*+[<(\[{"']*+(?i:mailto:)?([A-Za-z0-9_+-][A-Za-z0-9_+.-]*+(?<!\.)@)([A-Za-z0-9.-]++)[>)\]}"',:;!?]*+\s*+"""
)
_COLUMN = re.compile(rf"{_ADDRESS.pattern}\0|[^\0]*+\0")
_Else = TypeVar("_Else")
_CUT = re.compile(r"[,;/|\s]+(?:(?:and|or|&)\s+)?")
# One address with blanks around its @ or a dot of its domain, perhaps behind a label: only one reading is possible.
_LOOSE = re.compile(
    r"(?:(?:e[- ]?)?mail(?: ?id| address)?\s*[:=-]\s*)?([^\s@,;/]+)\s*@\s*([\w-]+(?:\s*\.\s*[\w-]+)+)[.,;]?", re.I
)
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\bat\b)\s*", re.IGNORECASE)
_CUT_MANY = re.compile(r"[,;/|&\s]+(?:(?:and|or)\s+)?")
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\bdot\b)\s*", re.IGNORECASE)
_WORDS_BEFORE = re.compile(r"([A-Za-z0-9._+-]+(?:(?: +|, ?)[A-Za-z0-9._+-]+)*)(?: +|, ?)[^\s@,]+@\S+")
_MOST_DOMAINS = 10_000
_LABELS = frozenset(("email", "mail", "id", "e", "gmail", "office", "home", "work", "my", "is", "contact", "address"))
_SPECIAL = frozenset(("test", "local", "localhost", "invalid", "onion", "arpa"))


@dataclass(frozen=True, slots=True)
class EmailReading:
    """`emails` as kept: local part as typed, domain in lower case. `doubt` says what could not be read, or what looks
    mistyped; `words` is the text that would be lost otherwise."""

    emails: tuple[str, ...] = ()
    doubt: str = ""
    words: str = ""


class EmailReader:
    """Reads e-mail cells; remembers what it found about domains."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._meant: dict[str, str] = dict.fromkeys(config.email_domains, "")
        self._kept: dict[str, str] = {}  # domains as typed, with nothing to say about them -> as kept

    def read(self, cell: Cell) -> EmailReading:
        """Reads a cell; several addresses in it come in its order, each once."""
        text = cell_text(cell).strip()
        if not text.isascii():
            text = plain_signs(text)
        plain = _plain(text) or _plain(_bare(text)) or _canonical(text)
        if plain is not None:
            doubt = self._typo(plain)
            if not doubt:
                self._keep_domain(text, plain)
            return EmailReading((plain,), doubt)
        text = plain_signs(text)
        if is_blank(text):
            return EmailReading()
        loose = _LOOSE.fullmatch(text)
        tight = _canonical(re.sub(r"\s", "", f"{loose[1]}@{loose[2]}")) if loose else None
        return EmailReading((tight,), self._typo(tight)) if tight else self._several(text)

    def clear_column(self, cells: Sequence[Cell], otherwise: Callable[[Cell], _Else]) -> list[str | _Else]:
        """For each cell of a column the address that it is, if its domain was typed so before, the case of most cells;
        what `otherwise` says of it where it is not. The whole column is one text here, which is quicker."""
        typed, kept = _COLUMN.findall(parted(cells).replace("..", "\1")), self._kept
        if len(typed) != len(cells):  # a cell holds the sign that parts them
            return [otherwise(cell) for cell in cells]
        return [
            local + kept[domain] if domain in kept and len(local) < 66 else otherwise(cell)
            for (local, domain), cell in zip(typed, cells, strict=True)
        ]

    def _keep_domain(self, text: str, address: str) -> None:
        """Remembers how the domain of an address without a doubt was typed."""
        typed = _ADDRESS.fullmatch(text.replace("..", "\1"))
        if typed and len(self._kept) < _MOST_DOMAINS and _plain(address):
            self._kept[typed[2]] = address.rpartition("@")[2]

    def _several(self, text: str) -> EmailReading:
        parts = [_bare(part) for part in (_CUT_MANY if text.count("@") > 1 else _CUT).split(text)]
        found = [address for address in map(_canonical, parts) if address is not None]
        broken = [part for part in parts if "@" in part and _canonical(part) is None]
        if not found or _halved(text, found):
            return EmailReading((), "it is not an e-mail address" + _repaired(text, self._config), text)
        doubts = [self._typo(found[0]), *(f"{part} is not an e-mail address" for part in broken)]
        words = text if broken or len(found) < len([part for part in parts if part]) else ""
        return EmailReading(tuple(dict.fromkeys(found)), "; ".join(filter(None, doubts)), words)

    def _typo(self, address: str) -> str:
        local, _, domain = address.rpartition("@")
        meant = self._meant.get(domain)
        if meant is None:
            if len(self._meant) > _MOST_DOMAINS:
                self._meant.clear()
            meant = self._meant[domain] = suggest_domain(domain, self._config.email_domains)
        return f"perhaps {local}@{meant} was meant" if meant else ""


def parse(cell: Cell, config: Config) -> EmailReading:
    """Reads one e-mail cell. For many make an `EmailReader`."""
    return EmailReader(config).read(cell)


def _plain(text: str) -> str | None:
    """The address as kept, if its syntax needs no second look."""
    plain = _PLAIN.fullmatch(text)
    if plain and len(plain[1]) <= 64:
        domain = plain[2].lower()
        if domain.rsplit(".", 1)[1] not in _SPECIAL:
            return f"{plain[1]}@{domain}"
    return None


def _bare(part: str) -> str:
    """A part of a cell without what people put around an address."""
    part = part.lstrip("<([{\"'").rstrip(">)]}\"'.,:;!?")
    return part[7:] if part[:7].lower() == "mailto:" else part


def _canonical(text: str) -> str | None:
    """The address as kept, None where the syntax does not hold."""
    plain = _plain(text)
    if plain is not None:
        return plain
    if "@" not in text or len(text) > 254:
        return None
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        return None


def _halved(text: str, found: Sequence[str]) -> bool:
    """Whether the one address may be the end of a longer one with a blank in it (`asha rao@…`): words stand before it,
    and none of them is a label or a name that the address repeats."""
    before = _WORDS_BEFORE.fullmatch(text)
    if before is None or len(found) != 1:
        return False
    words, local = fold(before[1]).split(), found[0].rpartition("@")[0].lower()
    return not any(word in _LABELS or (len(word) > 2 and word in local) for word in words)


def _repaired(text: str, config: Config) -> str:
    """The address that was probably meant, as the end of a sentence."""
    tight = re.sub(r"@+", "@", re.sub(r"\s+", "", _AT.sub("@", _DOT.sub(".", text))))
    tight = tight.replace("..", ".").replace(",", ".").replace(".@", "@").strip(".")
    if tight.count("@") == 1 and "." not in tight.split("@")[1]:
        names = {domain.split(".")[0]: domain for domain in reversed(config.email_domains)}
        local, _, name = tight.partition("@")
        tight = f"{local}@{names.get(name.lower(), name)}"
    found = _canonical(tight)
    return f"; perhaps {found}" if found else ""


def suggest_domain(domain: str, known: tuple[str, ...]) -> str:
    """The common domain that `domain` looks like a typing mistake of, or ""."""
    if domain in known:
        return ""
    name = domain.split(".")[0]
    for candidate in known:
        if candidate.split(".")[0] == name and name in ("gmail", "yahoo", "hotmail", "rediffmail", "outlook", "icloud"):
            return candidate
    best = min(((distance(domain, candidate), at) for at, candidate in enumerate(known)), default=(9, 0))
    limit = 1 if len(domain) < 9 else 2
    return known[best[1]] if best[0] <= limit else ""


def distance(left: str, right: str, limit: int = 3) -> int:
    """Edits between two words, two swapped neighbours counting one (optimal string alignment); `limit` if more."""
    if abs(len(left) - len(right)) >= limit:
        return limit
    before: list[int] = []
    row = list(range(len(right) + 1))
    for at, sign in enumerate(left, 1):
        older, before, row = before, row, [at]
        for to, other in enumerate(right, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (sign != other))
            if at > 1 and to > 1 and sign == right[to - 2] and left[at - 2] == other:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
    return min(row[-1], limit)
