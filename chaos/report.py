"""What a run prints: the figures, then the coverage as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chaos.episode import Tally
from chaos.run import Run

FIGURES = (
    "operations", "app: edits", "source rows", "deeds in between", "faults", "kills", "stops", "two at once",
    "another worker", "databases deleted", "repairs", "conflicts", "blocked", "rests", "overwritten unseen",
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
    yield f"{'other findings':24} {run.lost('twice', 'theirs', 'ids', 'unsettled', 'replay', 'fell'):8}"
    yield "people: " + ", ".join(f"{k[8:]} {n}" for k, n in sorted(counts.items()) if k.startswith("person: "))
    yield "problems met: " + ", ".join(f"{name} {n}" for name, n in sorted(run.tally.problems.items()))
    killed = [f"{k[10:]} {n}" for k, n in sorted(counts.items()) if k.startswith("killed at ") and n]
    yield "killed at: " + ", ".join(killed)
    yield from table(run.tally)


def table(tally: Tally) -> Iterator[str]:
    """Hits of each step with each fault and with each deed of a person; deeds with a fault besides in brackets."""
    phases = sorted({phase for phase, _, _ in tally.coverage})
    for title, side in (("fault", 1), ("deed", 2)):
        yield f"\n{title:20}" + "".join(f"{phase:>14}" for phase in phases)
        for name in sorted({key[side] for key in tally.coverage} - {"-"}):
            yield f"{name:20}" + "".join(f"{_cell(tally.coverage, phase, side, name):>14}" for phase in phases)


def _cell(coverage: Counter[tuple[str, str, str]], phase: str, side: int, name: str) -> str:
    alone = sum(n for key, n in coverage.items() if key[0] == phase and key[side] == name and key[3 - side] == "-")
    both = sum(n for key, n in coverage.items() if key[0] == phase and key[side] == name and key[3 - side] != "-")
    return f"{alone + both} ({both})" if alone + both else "."
