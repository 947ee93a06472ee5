"""Duplicates by exact keys among 340,000 rows: `core.clusters` beside a dict union-find. `run()` gives the report's
rows."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from benchmarks.peers.dict_union_find import find_groups
from benchmarks.rows import BenchRow, render
from core.clusters import duplicates

_ROWS = 340_000
_ROUNDS = 5
Column = list[str | None]


def keys(count: int, seed: int = 20) -> tuple[Column, Column]:
    """Phones and e-mails as leads have them: one in eight phones comes again, one row in four has no e-mail."""
    chance = random.Random(seed)
    phones: Column = [f"+9198{chance.randrange(int(count * 3.5)):08d}" for _ in range(count)]
    emails: Column = [
        None if chance.random() < 0.25 else f"reader{chance.randrange(count * 3)}@example.in" for _ in range(count)
    ]
    return phones, emails


def _seconds(work: Callable[[Column, Column], list[int]], phones: Column, emails: Column) -> float:
    start = time.perf_counter()
    work(phones, emails)
    return time.perf_counter() - start


def _ours(phones: Column, emails: Column) -> list[int]:
    return duplicates((phones, emails))


def same_groups(ours: list[int], peers: list[int]) -> bool:
    """Whether two lists of representatives mean the same groups."""
    pairs = set(zip(ours, peers, strict=True))
    return len(pairs) == len(set(ours)) == len(set(peers))


def run() -> list[BenchRow]:
    """Medians of five rounds, taken in turns, on the same keys; first the answers are compared."""
    phones, emails = keys(_ROWS)
    if not same_groups(_ours(phones, emails), find_groups(phones, emails)):
        raise AssertionError("the two do not find the same duplicates")
    ours: list[float] = []
    peer: list[float] = []
    for _ in range(_ROUNDS):
        ours.append(_seconds(_ours, phones, emails))
        peer.append(_seconds(find_groups, phones, emails))
    mine, other = statistics.median(ours), statistics.median(peer)
    return [BenchRow("duplicates at 340,000 rows", mine, other, other / mine, 2.0, "seconds; peer: dict union-find")]


if __name__ == "__main__":
    print(render(run()))
