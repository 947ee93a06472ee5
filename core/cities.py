"""City cells: trimmed, cased, known aliases to the name in use (`config.city_aliases`).

Where it stands: used by `normalise`. A cell that says more than the city (`Andheri West, Mumbai 400053`) keeps the
rest elsewhere; the caller is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.config import Config
from core.model import Cell
from core.names import recase
from core.text import cell_text, fold, is_blank, tidy

_PIN = re.compile(r"\b[1-9]\d{2} ?\d{3}\b", re.ASCII)
_COUNTRY = frozenset(("india", "bharat", "भारत"))
_DIRECTIONS = frozenset(
    ("north", "south", "east", "west", "road", "street", "rd", "st", "district", "dist")
)  # elsewhere
_PARTS = re.compile(r"[,;/\n|()]|\s-\s")


@dataclass(frozen=True, slots=True)
class CityReading:
    """`city` as the library names it, None if blank; `words` is the cell's text where it says more."""

    city: str | None = None
    words: str = ""


def parse(cell: Cell, config: Config) -> CityReading:
    """Reads a city or location cell."""
    text = tidy(cell_text(cell)).strip(" ,.;:-_='\"")
    if is_blank(text):
        return CityReading()
    known = config.city_aliases.get(fold(text))
    if known:
        return CityReading(known)
    parts = [part.strip(" .-") for part in _PARTS.split(_PIN.sub(" ", text)) if part.strip(" .-")]
    for part in reversed(parts):
        known = config.city_aliases.get(fold(part))
        if known:
            rest = [other for other in parts if other is not part and fold(other) not in _COUNTRY]
            return CityReading(known, text if rest or _PIN.search(text) else "")
    found = next((city for part in reversed(parts) if (city := _at_an_end(part, config))), None)
    if found:
        return CityReading(found, text)
    if not any(sign.isalpha() for sign in text):
        return CityReading(None, text)
    return CityReading(recase(text))


def _at_an_end(part: str, config: Config) -> str | None:
    """The known city that a part ends or begins with: `Koramangala Bangalore`, `Noida Sector 62`."""
    words = fold(part).split()
    if len(words) < 2 or _DIRECTIONS & set(words):
        return None
    ends = (" ".join(piece) for piece in (words[-2:], words[-1:], words[:2], words[:1]))
    return next((config.city_aliases[end] for end in ends if len(end) > 3 and end in config.city_aliases), None)


def known_part(text: str, config: Config) -> str | None:
    """The last part of an address that is a known city."""
    for part in reversed(_PARTS.split(_PIN.sub(" ", text))):
        known = config.city_aliases.get(fold(part))
        if known:
            return known
    return None
