"""Unique words for every value that anybody writes, and what is known of each: who wrote it, for which lead and field.

A token is a letter (`a` the app, `p` a person, `s` a source row) and six digits, found again inside notes, e-mails and
formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

TOKEN = re.compile(r"\b[aps]\d{6}\b")


def tokens_in(cell: Any) -> frozenset[str]:
    """The tokens in a cell as the history gives it: a plain value, or {"f": text} for a formula."""
    text = cell.get("f", "") if isinstance(cell, dict) else cell
    return frozenset(TOKEN.findall(text)) if isinstance(text, str) else frozenset()


@dataclass(frozen=True, slots=True)
class Promise:
    """One token: the operation that made it, what for (`lead_id` and `field` are "" where a person's hand decided), the
    change that carries it, and the tokens that its writer had before their eyes and meant to replace."""

    token: str
    operation: int
    what: str
    lead_id: str = ""
    field: str = ""
    change_id: str = ""
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Going:
    """A change that takes a token away from a field of a lead, or brings it back there. `field` "" is people's own
    columns."""

    change_id: str
    lead_id: str
    field: str
    comes: bool


@dataclass(slots=True)
class Mint:
    """Makes tokens and remembers them. `operation` is the number of the one at work; `goings` by token, in order;
    `returning` by token the leads that come back with it in people's own columns, as the app last knew them;
    `restored`: leads that somebody asked to come back."""

    promises: dict[str, Promise] = field(default_factory=dict)
    operation: int = 0
    goings: dict[str, list[Going]] = field(default_factory=dict)
    returning: dict[str, set[str]] = field(default_factory=dict)
    restored: set[str] = field(default_factory=set)
    _last: int = 0
    _of_field: dict[tuple[str, str], list[Promise]] = field(default_factory=dict)

    def next(self, letter: str, what: str, **known: Any) -> str:
        """A new token of a kind; `known` are the other fields of its `Promise`."""
        self._last += 1
        token = f"{letter}{self._last:06d}"
        made = self.promises[token] = Promise(token, self.operation, what, **known)
        self._of_field.setdefault((made.lead_id, made.field), []).append(made)
        return token

    def of_field(self, lead_id: str, name: str) -> list[Promise]:
        """All that the app was asked to write into one field of one lead."""
        return self._of_field.get((lead_id, name), [])

    def carry(self, token: str, change_id: str) -> None:
        """The change that carries a token, known only after it was made; "" where none was."""
        made = self.promises.pop(token)
        fields = self._of_field[made.lead_id, made.field]
        fields.remove(made)
        if change_id:
            self.promises[token] = replace(made, change_id=change_id)
            fields.append(self.promises[token])

    def goes(self, change_id: str, lead_id: str, name: str, tokens: Iterable[str]) -> None:
        """An acknowledged change takes these away from a field."""
        for token in tokens:
            self.goings.setdefault(token, []).append(Going(change_id, lead_id, name, comes=False))

    def comes(self, change_id: str, lead_id: str, name: str, tokens: Iterable[str]) -> None:
        """An acknowledged change brings these back to a field."""
        for token in tokens:
            self.goings.setdefault(token, []).append(Going(change_id, lead_id, name, comes=True))

    def returns(self, lead_id: str, tokens: Iterable[str]) -> None:
        """A lead comes back with these in people's own columns."""
        self.restored.add(lead_id)
        for token in tokens:
            self.returning.setdefault(token, set()).add(lead_id)
