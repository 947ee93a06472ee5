"""A long run in several processes, each with a seed of its own; says what fails as it goes."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import gettempdir

import click

from chaos import record
from chaos.run import EPISODE, Failed, Run, merged, run
from chaos.steer import Coverage, listed

APART = 1_000_000  # between the seeds of two jobs


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is asked for. `end` is a moment of the clock after which no episode begins; `met` what to steer by;
    `record` a folder in which each seed remembers its episodes, `again` that of the run that steers this one."""

    ops: int
    episode: int
    committed: bool
    stop: bool
    log: bool
    end: float
    met: Coverage
    record: Path | None = None
    again: Path | None = None


def one_seed(seed: int, wish: Wish) -> Run:
    """Says what fails as soon as it has, and how to play it again."""

    def tell(one: Failed) -> None:
        click.echo(f"FAILED: seed {seed}, episode {one.number}, {one.operations} operations in")
        click.echo("\n".join([*one.findings[:12], *(one.log if wish.log else ())]))
        switch = "" if wish.committed else " --uncommitted"
        met = (wish.record or Path(gettempdir())) / f"chaos-{seed}-{one.number}.json"
        met.write_text(json.dumps(listed(one.met)))
        again = f"--seed {seed} --episode {one.number} --met {met}"
        click.echo(f"replay: python -m chaos {again} --ops {EPISODE} --log{switch}\n")
        sys.stdout.flush()

    book = record.path(wish.record, seed) if wish.record else None
    again = record.path(wish.again, seed) if wish.again else None
    return run(seed, wish.ops, wish.episode, wish.committed, wish.stop, tell, wish.end, wish.met, book, again)


def runs(seed: int, jobs: int, wish: Wish) -> Run:
    """As many processes as asked, as one run. (What they call cannot stand in `__main__`: they do not import that.)"""
    if jobs == 1:
        return one_seed(seed, wish)
    part = replace(wish, ops=-(-wish.ops // jobs))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return merged(list(pool.map(one_seed, [seed + APART * n for n in range(jobs)], [part] * jobs)))
