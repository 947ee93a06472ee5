"""Which families an e-mail unites. Rule 2 of `core.match`, which calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from core.clusters import Clusters
from core.names_alike import nothing_shared


class EmailUnion:
    """Rule 2: which families an e-mail unites."""

    def __init__(
        self,
        clusters: Clusters,
        holders: Mapping[str, list[int]],
        child_of: Callable[[int], str],
        name_of: Callable[[int], str],
    ) -> None:
        self.clusters, self.child_of, self.name_of = clusters, child_of, name_of
        self.doubts: list[tuple[int, str]] = []  # member and reason
        self.holders = {email: members for email, members in holders.items() if self._roots(members)[1:]}
        self.children: dict[int, set[str]] = defaultdict(set)
        self.names: dict[int, set[str]] = defaultdict(set)

    def _roots(self, members: Sequence[int]) -> list[int]:
        return list(dict.fromkeys(self.clusters.root(member) for member in members))

    def run(self) -> None:
        if not self.holders:
            return
        wanted = {root for members in self.holders.values() for root in self._roots(members)}
        for member, root in enumerate(self.clusters.roots()):
            if root in wanted:
                self.children[root].add(self.child_of(member))
                self.names[root].add(self.name_of(member))
        for root in wanted:
            self.children[root].discard("")
            self.names[root].discard("")
        pending = list(self.holders)
        while pending:
            before = len(pending)
            pending = [email for email in pending if not self._unite(email)]
            if len(pending) == before:
                break
        for email in pending:
            self._tell(email)

    def _join(self, one: int, other: int) -> None:
        root = self.clusters.join(one, other)
        gone = other if root == one else one
        self.children[root] |= self.children.pop(gone, set())
        self.names[root] |= self.names.pop(gone, set())

    def _unite(self, email: str) -> bool:
        """Unite what this e-mail unites; whether nothing is left to unite."""
        members = self.holders[email]
        by_child: dict[str, int] = {}
        for root in self._roots(members):
            for child in sorted(self.children[root]):
                other = self.clusters.root(by_child.setdefault(child, root))
                mine = self.clusters.root(root)
                if other != mine:
                    self._join(other, mine)
        groups: list[int] = []
        for root in [r for r in self._roots(members) if not self.children[r]]:
            fitting = next((g for g in groups if not nothing_shared(self.names[g], self.names[root])), None)
            if fitting is None:
                groups.append(root)
            else:
                self._join(fitting, root)
                groups = self._roots(groups)
        with_children = [root for root in self._roots(members) if self.children[root]]
        if len(with_children) == 1:
            for group in groups:
                family = self.clusters.root(with_children[0])
                grown_ups = self.names[family]  # a family known by its children alone may be anyone's
                if not grown_ups or not nothing_shared(self.names[group], grown_ups | self.children[family]):
                    self._join(family, group)
        return len(self._roots(members)) == 1

    def _tell(self, email: str) -> None:
        """An e-mail that several families share is worth a look where one of them is of grown-ups alone."""
        roots = self._roots(self.holders[email])
        if any(not self.children[root] for root in roots):
            for member in self.holders[email][1:]:
                if self.clusters.root(member) != roots[0]:
                    reason = f"The e-mail {email} is used by people with different names: perhaps the same family."
                    self.doubts.append((member, reason))
