"""The union-find that programs usually write to find duplicates by exact keys, as a peer for benchmarks. Not to be
tuned.

`find_groups(phones, emails)`: for each row its representative row; rows that share a phone or an e-mail, directly or
through others, have the same one.
"""

from __future__ import annotations

from collections.abc import Sequence


class UnionFind:
    """Parents in a dict, path compression, union by size."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}
        self.size: dict[int, int] = {}

    def find(self, item: int) -> int:
        if item not in self.parent:
            self.parent[item] = item
            self.size[item] = 1
        root = item
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[item] != root:
            self.parent[item], item = root, self.parent[item]
        return root

    def union(self, one: int, other: int) -> None:
        one, other = self.find(one), self.find(other)
        if one == other:
            return
        if self.size[one] < self.size[other]:
            one, other = other, one
        self.parent[other] = one
        self.size[one] += self.size[other]


def find_groups(phones: Sequence[str | None], emails: Sequence[str | None]) -> list[int]:
    """The representative row of each row."""
    groups = UnionFind()
    by_phone: dict[str, int] = {}
    by_email: dict[str, int] = {}
    for row, (phone, email) in enumerate(zip(phones, emails, strict=True)):
        groups.find(row)
        if phone:
            if phone in by_phone:
                groups.union(by_phone[phone], row)
            else:
                by_phone[phone] = row
        if email:
            if email in by_email:
                groups.union(by_email[email], row)
            else:
                by_email[email] = row
    return [groups.find(row) for row in range(len(phones))]
