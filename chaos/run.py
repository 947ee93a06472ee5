"""A run: episode after episode until so many operations are done, each on a spreadsheet of its own."""

from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chaos.episode import Episode, Tally, begin
from chaos.kennel import Kennel
from chaos.play import play
from chaos.steer import Coverage
from chaos.world import World

EPISODE = 240  # operations of one spreadsheet
FRESH = 40  # episodes of one server


@dataclass(slots=True)
class Failed:
    """An episode in which the oracle found something."""

    number: int
    operations: int
    findings: list[str]
    log: list[str]
    met: Coverage  # what had been met before it, by which its trouble was steered


@dataclass(slots=True)
class Run:
    """All of a run: what was done and what failed."""

    seed: int
    tally: Tally = field(default_factory=Tally)
    failed: list[Failed] = field(default_factory=list)

    def lost(self, *kinds: str) -> int:
        return sum(line.split(":", 1)[0] in kinds for one in self.failed for line in one.findings)


def merged(runs: Sequence[Run]) -> Run:
    """Runs of several seeds as one."""
    whole = Run(runs[0].seed)
    for one in runs:
        whole.tally.add(one.tally)
        whole.failed += one.failed
    return whole


def run(
    seed: int,
    operations: int,
    first: int = 0,
    committed: bool = True,
    stop: bool = False,
    tell: Callable[[Failed], None] = lambda failed: None,  # noqa: ARG005  # the quiet one
    end: float = math.inf,
    met: Coverage | None = None,
) -> Run:
    """So many operations from an episode on. `committed`: the cells in answers are those that were committed. `stop`
    at the first episode that fails. `tell` is called with each that fails. No episode begins after `end`. `met`: hits
    to begin with, to play again what was steered by them."""
    done = Run(seed, Tally(coverage=Counter(met or {})))
    kennel = Kennel.begin()
    number = first
    try:
        while operations > 0:
            folder = Path(tempfile.mkdtemp(prefix="chaos-"))
            world = World.begin(folder / "sheets")
            try:
                for _ in range(FRESH):
                    before = len(done.failed)
                    _episode(done, world, kennel, number, min(EPISODE, operations), folder, committed)
                    for failed in done.failed[before:]:
                        tell(failed)
                    number, operations = number + 1, operations - EPISODE
                    if operations <= 0 or (stop and done.failed) or time.time() > end:
                        operations = 0
                        break
            finally:
                world.close()
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        kennel.close()
    return done


def _episode(
    done: Run, world: World, kennel: Kennel, number: int, operations: int, folder: Path, committed: bool
) -> None:
    met = Counter(done.tally.coverage)
    episode: Episode = begin(world, kennel, done.seed, number, folder, done.tally, committed)
    play(episode, operations)
    done.tally.counts["operations"] += episode.mint.operation
    done.tally.counts.update(episode.ended)
    done.tally.counts["refused deeds"] += episode.book.refused
    episode.close()
    if episode.findings:
        told = [f"{one.kind}: (operation {one.operation}) {one.told}" for one in episode.findings]
        done.failed.append(Failed(number, episode.mint.operation, told, episode.log, met))
