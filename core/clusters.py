"""Which rows belong together because they share an exact key, directly or through others (union-find).

The fast part of `core.match`: most keys occur once, so a whole column is looked up by one C-level pass
over `dict.setdefault`, and only the few repeats are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import is_not


class Clusters:
    """Members 0 .. members - 1, each at first alone. The root of a cluster is its earliest member."""

    __slots__ = ("_joined", "_members", "_parent")

    def __init__(self, members: int) -> None:
        self._members = list(range(members))  # the same numbers for every pass: making them takes as long as a lookup
        self._parent = self._members.copy()
        self._joined: list[int] = []  # members that are no roots any more: few, so only these are looked at

    def add(self) -> int:
        """One more member, alone."""
        member = len(self._parent)
        self._members.append(member)
        self._parent.append(member)
        return member

    def root(self, member: int) -> int:
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def join(self, one: int, other: int) -> int:
        """Put two clusters together; the root of both."""
        one, other = self.root(one), self.root(other)
        if one > other:
            one, other = other, one
        if one != other:
            self._parent[other] = one
            self._joined.append(other)
        return one

    def join_equal(self, keys: Sequence[str | None], first: dict[str | None, int]) -> None:
        """Join the members whose keys are equal; `keys` are those of the members 0 .. len - 1, None where one has none.
        `first` remembers the earliest member of each key, for further keys of the same kind."""
        untouched = not (first or self._joined)
        members = self._members
        earliest = list(map(first.setdefault, keys, members))
        again = list(compress(members, map(is_not, earliest, members)))  # equal ones of another pass join nothing
        if None in first:
            again = [other for other in again if keys[other] is not None]
        if untouched:
            self._take(earliest, again, first.get(None))
        else:
            self._join_each(earliest, again)

    def _take(self, earliest: list[int], again: list[int], nobody: int | None) -> None:
        """The first keys of all: each member's earliest is its root, as nothing has been joined yet; those whose
        earliest is `nobody` have no key."""
        self._parent[: len(earliest)] = earliest
        self._joined += again
        if nobody is not None:
            for member in compress(range(len(earliest)), map(nobody.__eq__, earliest)):
                self._parent[member] = member

    def _join_each(self, earliest: list[int], again: list[int]) -> None:
        parent, joined = self._parent, self._joined
        for other in again:
            one = earliest[other]  # finding the roots stands here in full: a call for each would take half of the time
            while parent[one] != one:
                parent[one] = one = parent[parent[one]]
            while parent[other] != other:
                parent[other] = other = parent[parent[other]]
            if one < other:
                parent[other] = one
                joined.append(other)
            elif other < one:
                parent[one] = other
                joined.append(one)

    def roots(self) -> list[int]:
        """The root of each member, in order."""
        parent = self._parent
        for member in sorted(self._joined):  # a parent is always earlier, so it has its root already
            parent[member] = parent[parent[member]]
        return parent.copy()


def duplicates(columns: Sequence[Sequence[str | None]]) -> list[int]:
    """For rows with exact keys in several columns of equal length (phones, e-mails): the earliest row of each row's
    cluster. Transitive over all columns."""
    clusters = Clusters(len(columns[0]) if columns else 0)
    for keys in columns:
        clusters.join_equal(keys, {})
    return clusters.roots()
