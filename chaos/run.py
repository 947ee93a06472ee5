"""A run: episode after episode until so many operations are done, each on a spreadsheet of its own."""

from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import parent_process
from pathlib import Path

from chaos import record
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
    book: Path | None = None,
    again: Path | None = None,
) -> Run:
    """So many operations from an episode on. `committed`: the cells in answers are those that were committed. `stop`
    at the first episode that fails. `tell` is called with each that fails. No episode begins after `end`. `met`: hits
    to begin with, to play again what was steered by them. `book`: a file that remembers each episode, and what it
    remembers already is not played again. `again`: the file of another run, by which each episode is steered."""
    done = Run(seed, Tally(coverage=Counter(met or {})))
    number = _remembered(done, book, first) if book else first
    operations -= (number - first) * EPISODE
    if operations <= 0:
        return done
    elsewhere = record.met(again) if again else {}
    kennel = Kennel.begin()
    try:
        while operations > 0:
            folder = Path(tempfile.mkdtemp(prefix="chaos-"))
            world = World.begin(folder / "sheets")
            try:
                for _ in range(FRESH):
                    before = len(done.failed)
                    tally = done.tally.copy()
                    with steered(done, elsewhere.get(number)):
                        _episode(done, world, kennel, number, min(EPISODE, operations), folder, committed)
                    if book:
                        record.append(book, _line(number, done, tally, done.failed[before:]))
                    for failed in done.failed[before:]:
                        tell(failed)
                    number, operations = number + 1, operations - EPISODE
                    if operations <= 0 or (stop and done.failed) or time.time() > end or orphaned():
                        operations = 0
                        break
            finally:
                world.close()
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        kennel.close()
    return done


@contextmanager
def steered(done: Run, met: Coverage | None) -> Iterator[None]:
    """An episode is steered by what had been met before it in another run; what it meets itself counts in this one."""
    mine = done.tally.coverage
    if met is not None:
        done.tally.coverage = Counter(met)
    yield
    if met is not None:
        done.tally.coverage = mine + (done.tally.coverage - met)


def orphaned() -> bool:
    """Whether the run that this process is a part of was killed."""
    parent = parent_process()
    return parent is not None and not parent.is_alive()


def _remembered(done: Run, book: Path, first: int) -> int:
    """Adds what a file remembers to the run; the episode to go on with."""
    number = first
    for line in record.begin(book):
        if line.findings:
            met = Counter(done.tally.coverage)
            done.failed.append(Failed(line.episode, line.operations, list(line.findings), [], met))
        done.tally.add(line.tally)
        number = line.episode + 1
    return number


def _line(number: int, done: Run, before: Tally, failed: Sequence[Failed]) -> record.Line:
    operations = done.tally.counts["operations"] - before.counts["operations"]
    return record.Line(number, done.tally.less(before), operations, tuple(t for one in failed for t in one.findings))


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
