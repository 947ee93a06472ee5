"""A few thousand operations over fixed seeds, each seed on a server of its own: nothing lost, nothing misplaced."""

from __future__ import annotations

import pytest

from chaos.report import lines
from chaos.run import run
from chaos.trouble import READS, WRITES

SEEDS = (1, 2, 3, 4)
OPERATIONS = 720


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_misplaced(seed: int) -> None:
    done = run(seed, OPERATIONS, stop=True)
    assert not done.failed, "\n".join([f"seed {seed} episode {done.failed[0].number}", *done.failed[0].findings])
    counts = done.tally.counts
    assert counts["operations"] >= OPERATIONS
    assert min(counts[name] for name in ("app: edits", "faults", "deeds in between", "source rows", "rests")) > 5
    assert {phase for phase, _, _ in done.tally.coverage} == {*READS, *WRITES}  # each step is met at all
    assert any("lost" in line for line in lines(done, 1.0))
