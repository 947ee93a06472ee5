"""E-mail cells read strictly, with a suggestion where the domain looks mistyped. Syntax only; no server is asked.

Where it stands: `normalise` reads source cells with it, `cells` Master's and forms'. A suggestion is never applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from core.config import Config
from core.model import Cell
from core.text import cell_text, is_blank, plain_signs

# What needs no second look: letters, digits and single dots before the @, a plain domain behind. RFC 5321 lengths hold
# because both parts are bounded. Everything else goes through the validator.
_PLAIN = re.compile(
    r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?\.){1,3}[A-Za-z]{2,12})"
)
_CUT = re.compile(r"[,;/|\s]+(?:(?:and|or|&)\s+)?")
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\bat\b)\s*", re.IGNORECASE)
_SPECIAL = frozenset(("test", "local", "localhost", "invalid", "onion", "arpa"))


@dataclass(frozen=True, slots=True)
class EmailReading:
    """`emails` as kept: local part as typed, domain in lower case. `doubt` says what could not be read, or what looks
    mistyped; `words` is the text that would be lost otherwise."""

    emails: tuple[str, ...] = ()
    doubt: str = ""
    words: str = ""


def parse(cell: Cell, config: Config) -> EmailReading:
    """Reads an e-mail cell; several addresses in a cell come in its order, each once."""
    text = cell_text(cell).strip()
    plain = _canonical(text)
    if plain is not None:
        return EmailReading((plain,), _typo(plain, config))
    text = plain_signs(text)
    if is_blank(text):
        return EmailReading()
    parts = [_bare(part) for part in _CUT.split(text)]
    found = [address for address in map(_canonical, parts) if address is not None]
    broken = [part for part in parts if "@" in part and _canonical(part) is None]
    if not found:
        return EmailReading((), "it is not an e-mail address" + _repaired(text, config), text)
    doubt = "; ".join(filter(None, [_typo(found[0], config), *(f"{part} is not an e-mail address" for part in broken)]))
    words = text if broken or len(found) < len([part for part in parts if part]) else ""
    return EmailReading(tuple(dict.fromkeys(found)), doubt, words)


def _bare(part: str) -> str:
    return part.strip("<>()[]{}\"'.,:;").removeprefix("mailto:").removeprefix("MAILTO:").strip("<>\"'.,:;")


def _canonical(text: str) -> str | None:
    """The address as kept, None where the syntax does not hold."""
    plain = _PLAIN.fullmatch(text)
    if plain and len(plain[1]) <= 64:
        domain = plain[2].lower()
        if domain.rsplit(".", 1)[1] not in _SPECIAL:
            return f"{plain[1]}@{domain}"
    if "@" not in text or len(text) > 254:
        return None
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _repaired(text: str, config: Config) -> str:
    """The address that was probably meant, as the end of a sentence."""
    tight = re.sub(r"\s+", "", _AT.sub("@", text)).replace("..", ".").replace(",", ".").strip(".")
    if tight.count("@") == 1 and "." not in tight.split("@")[1]:
        names = {domain.split(".")[0]: domain for domain in reversed(config.email_domains)}
        local, _, name = tight.partition("@")
        tight = f"{local}@{names.get(name.lower(), name)}"
    found = _canonical(tight)
    return f"; perhaps {found}" if found else ""


def _typo(address: str, config: Config) -> str:
    domain = address.rpartition("@")[2]
    meant = suggest_domain(domain, config.email_domains)
    return f"perhaps {address.rpartition('@')[0]}@{meant} was meant" if meant else ""


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
