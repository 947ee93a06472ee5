"""Which rows belong together because they share an exact key, directly or through others (union-find).

The fast part of `core.match`: most keys occur once, so a whole column is looked up by one C-level pass
over `dict.setdefault`, and only the few repeats are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Clusters:
    """Members 0 .. count - 1, each at first alone. The root of a cluster is its earliest member."""

    __slots__ = ("_parent",)

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def add(self) -> int:
        """One more member, alone."""
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

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
        self._parent[other] = one
        return one

    def roots(self) -> list[int]:
        """The root of each member, in order."""
        parent = self._parent
        for member, above in enumerate(parent):  # a parent is always earlier, so it has its root already
            if above != member:
                parent[member] = parent[above]
        return parent.copy()


def join_equal(clusters: Clusters, keys: Sequence[str | None], first: dict[str | None, int]) -> list[int]:
    """Join the members whose keys are equal; `keys` are those of the members 0 .. len - 1, None where one has none.
    `first` remembers the first member of each key, for further columns of the same kind. Returns the members that
    met an earlier one."""
    earliest = list(map(first.setdefault, keys, range(len(keys))))
    met = [member for member, holder in enumerate(earliest) if holder != member and keys[member] is not None]
    for member in met:
        clusters.join(earliest[member], member)
    return met


def duplicates(columns: Iterable[Sequence[str | None]]) -> list[int]:
    """For rows with exact keys in several columns of equal length (phones, e-mails): the earliest row of each row's
    cluster. Transitive over all columns."""
    clusters: Clusters | None = None
    for keys in columns:
        clusters = clusters or Clusters(len(keys))
        join_equal(clusters, keys, {})
    return clusters.roots() if clusters else []
