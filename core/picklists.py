"""Words to the library's picklists: statuses, priorities, people, sources, yes and no.

Where it stands: `normalise` asks it for source cells, `cells` for Master's. None where nobody knows the word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from core.config import Config, Status
from core.model import Cell
from core.text import cell_text, fold, squash

_YES = frozenset(("yes", "y", "true", "1", "t", "on", "haan", "ha", "ok", "done", "हाँ", "हां", "✓", "✔", "☑"))
_STOP = re.compile(
    r"\b(?:dnd|dnc|unsubscribed?|opt(?:ed)? ?out|not to be (?:called|contacted|disturbed)|no (?:more )?calls"
    r"|(?:do not|dont|never|not to) (?:call|contact|disturb|ring|phone|message|whatsapp)"
    r"|stop (?:calling|calls|messages|messaging)|remove (?:(?:from|my|name|number|the|list|lists|our|your) ?)+)\b"
)
_FILLING = frozenset(
    (
        "please", "pls", "plz", "again", "anymore", "any", "more", "me", "us", "them", "ever", "asked", "said",
        "says", "requested", "requests", "to", "by", "client", "customer", "parent", "marked", "as", "on", "list",
        "registered", "number", "is", "in", "the", "he", "she", "they", "and",
    )
)  # fmt: skip
_NO = frozenset(("no", "n", "false", "0", "f", "off", "nahi", "नहीं"))


@lru_cache(maxsize=8)
def status_table(statuses: tuple[Status, ...]) -> Mapping[str, str]:
    """Folded word -> label of its status, each also without its blanks (`squash`). A label wins over a synonym, an id
    over nothing."""
    table = {fold(status.label): status.label for status in statuses}
    for status in statuses:
        for word in (*status.synonyms, status.status_id):
            table.setdefault(fold(word), status.label)
    for word, label in tuple(table.items()):
        table.setdefault(squash(word), label)
    table.pop("", None)
    return MappingProxyType(table)


def status(text: str, config: Config) -> str | None:
    """The label of the status that `text` means, also by what it was called before it was renamed."""
    table, folded = status_table(config.statuses), fold(text)
    known = table.get(folded) or table.get(squash(folded))
    if known or not config.former:
        return known
    meant = next((status_id for old, status_id in config.former.items() if fold(old) == folded), None)
    return next((one.label for one in config.statuses if one.status_id == meant), None)


def former_status(text: str, config: Config) -> str | None:
    """The former label that a lead in Master still says: it stands until a person lets the leads follow."""
    folded = fold(text)
    return next((old for old in config.former if fold(old) == folded), None)


def stop_word(text: str) -> str | None:
    """What is left of words like `DND` or `Please do not call again`, folded; None where the cell says more than that
    and a status word: `do not call before five` is about the hour."""
    folded = fold(text)
    bare = _STOP.sub(" ", folded)
    if bare == folded:
        return None
    return " ".join(word for word in bare.split() if word not in _FILLING)


def priority(text: str, config: Config) -> str | None:
    """The priority that `text` means."""
    folded = fold(text)
    return next((known for known in config.priorities if fold(known) == folded), None)


def person(text: str, config: Config) -> str | None:
    """The name of the team's member that `text` names, by name, first name if only one has it, or e-mail."""
    folded = fold(text)
    if not folded:
        return None
    for one in config.team:
        if folded in (fold(one.name), fold(one.email)):
            return one.name
    named = [one.name for one in config.team if fold(one.name).split()[:1] == [folded]]
    return named[0] if len(named) == 1 else None


def flag(cell: Cell) -> bool | None:
    """Yes or no; None where it is neither (ask `text.is_blank` whether it is blank)."""
    if isinstance(cell, bool):
        return cell
    text = cell_text(cell).strip()
    folded = fold(text) or text
    return True if folded in _YES else False if folded in _NO else None
