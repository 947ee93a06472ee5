"""What a run prints: the figures, then the coverage as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from chaos import steer
from chaos.episode import Tally
from chaos.peers import Score
from chaos.run import Run
from chaos.trouble import READS, WRITES

FIGURES = (
    "operations", "app: edits", "source rows", "deeds in between", "faults", "kills", "stops", "two at once",
    "another worker", "flushes beside", "databases deleted", "repairs", "conflicts", "blocked", "frozen", "rests",
    "overwritten unseen",
)  # fmt: skip


def lines(run: Run, seconds: float) -> Iterator[str]:
    """All of it, line by line."""
    counts = run.tally.counts
    yield f"seed {run.seed}, {seconds:.0f} s"
    for name in FIGURES:
        yield f"{name:24} {counts[name]:8}"
    yield f"{'cycles to rest, at most':24} {run.tally.slowest:8}"
    yield f"{'lost':24} {run.lost('lost', 'half'):8}"
    yield f"{'misplaced':24} {run.lost('misplaced'):8}"
    yield f"{'other findings':24} {run.lost('twice', 'theirs', 'ids', 'mixed', 'unsettled', 'replay', 'fell'):8}"
    yield "app: " + ", ".join(f"{k[5:]} {n}" for k, n in sorted(counts.items()) if k.startswith("app: "))
    yield "people: " + ", ".join(f"{k[8:]} {n}" for k, n in sorted(counts.items()) if k.startswith("person: "))
    yield "problems met: " + ", ".join(f"{name} {n}" for name, n in sorted(run.tally.problems.items()))
    killed = [f"{k[10:]} {n}" for k, n in sorted(counts.items()) if k.startswith("killed at ") and n]
    yield "killed at: " + ", ".join(killed)
    yield from table(run.tally)


def peer_lines(run: Run, peers: Iterable[tuple[str, Score]]) -> Iterator[str]:
    """Ours and the usual ways in one table."""
    counts = run.tally.counts
    ours = (counts["operations"], counts["app: edits"], 0, run.lost("lost", "half"), run.lost("misplaced"))
    yield f"\n{'':24}{'operations':>12}{'edits':>8}{'failed':>8}{'lost':>8}{'misplaced':>11}"
    yield f"{'this app':24}{ours[0]:12}{ours[1]:8}{'':8}{ours[3]:8}{ours[4]:11}"
    for name, one in peers:
        yield f"{name:24}{one.operations:12}{one.edits:8}{one.failed:8}{one.lost:8}{one.misplaced:11}"


def table(tally: Tally) -> Iterator[str]:
    """Hits of each step with each fault and with each deed of a person; those with both in brackets. Above it, how
    often each step was met with each fault, each deed and each two of them, at least."""
    phases = (*READS, *WRITES)
    for phase in phases:
        hits = [tally.coverage[phase, *pair] for pair in steer.pairs(phase)]
        few = sum(n < steer.ENOUGH for n in hits)
        yield f"{phase:12} {len(hits)} pairs of fault and deed, fewest hits {min(hits)}, under {steer.ENOUGH}: {few}"
    for title, side in (("fault", 1), ("deed", 2)):
        yield f"\n{title:20}" + "".join(f"{phase:>14}" for phase in phases)
        for name in sorted({key[side] for key in tally.coverage} - {"-"}):
            yield f"{name:20}" + "".join(f"{_cell(tally.coverage, phase, side, name):>14}" for phase in phases)


def _cell(coverage: Counter[tuple[str, str, str]], phase: str, side: int, name: str) -> str:
    alone = sum(n for key, n in coverage.items() if key[0] == phase and key[side] == name and key[3 - side] == "-")
    both = sum(n for key, n in coverage.items() if key[0] == phase and key[side] == name and key[3 - side] != "-")
    return f"{alone + both} ({both})" if alone + both else "."
