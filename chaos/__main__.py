"""`python -m chaos --ops N --seed S`: run, print what was done, met and found. Exit status 1 when the oracle fails."""

from __future__ import annotations

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import click

from chaos.peers import NAMES, Score, run_peer
from chaos.report import lines, peer_lines
from chaos.run import EPISODE, Failed, Run, merged, run
from chaos.steer import Coverage
from chaos.world import World

APART = 1_000_000  # between the seeds of two jobs


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is asked for. `end` is a moment of the clock after which no episode begins; `met` what to steer by."""

    ops: int
    episode: int
    committed: bool
    stop: bool
    log: bool
    end: float
    met: Coverage


def _one(seed: int, wish: Wish) -> Run:
    def tell(one: Failed) -> None:
        click.echo(f"FAILED: seed {seed}, episode {one.number}, {one.operations} operations in")
        click.echo("\n".join([*one.findings[:12], *(one.log if wish.log else ())]))
        switch = "" if wish.committed else " --uncommitted"
        met = Path(gettempdir()) / f"chaos-{seed}-{one.number}.json"
        met.write_text(json.dumps([[*key, hits] for key, hits in one.met.items()]))
        again = f"--seed {seed} --episode {one.number} --met {met}"
        click.echo(f"replay: python -m chaos {again} --ops {EPISODE} --log{switch}\n")
        sys.stdout.flush()

    return run(seed, wish.ops, wish.episode, wish.committed, wish.stop, tell, wish.end, wish.met)


def _runs(seed: int, jobs: int, wish: Wish) -> Run:
    if jobs == 1:
        return _one(seed, wish)
    part = replace(wish, ops=-(-wish.ops // jobs))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return merged(list(pool.map(_one, [seed + APART * n for n in range(jobs)], [part] * jobs)))


def _peers(seed: int, operations: int) -> Iterator[tuple[str, Score]]:
    with TemporaryDirectory(prefix="chaos-") as folder:
        world = World.begin(Path(folder))
        try:
            for name in NAMES:
                yield name, run_peer(name, seed, operations, world)
        except FileNotFoundError as missing:
            click.echo(f"NOT RUN: {missing}")
        finally:
            world.close()


@click.command()
@click.option("--ops", default=2000, show_default=True, help="Operations of people and app.")
@click.option("--seed", default=1, show_default=True, help="Everything is drawn from it.")
@click.option("--jobs", default=1, show_default=True, help="Processes, each with a seed of its own.")
@click.option("--peers", default=0, show_default=True, help="Operations of each of the usual ways beside it.")
@click.option("--episode", default=0, show_default=True, help="Begin with this episode: replays one that failed.")
@click.option("--met", type=click.Path(path_type=Path), help="What a replayed episode was steered by (a file).")
@click.option("--log", is_flag=True, help="Print what was done in episodes that failed.")
@click.option("--stop", is_flag=True, help="Stop at the first episode that fails.")
@click.option("--minutes", default=0.0, help="Begin no episode after so many minutes; 0 goes on to the end.")
@click.option("--uncommitted", is_flag=True, help="Answers do not show what people did in between.")
def main(**given: Any) -> None:
    """People, the app and faults on one sheet; says what was lost (nothing, it should be)."""
    started = time.monotonic()
    end = time.time() + given["minutes"] * 60 if given["minutes"] else math.inf
    met = Counter({(p, f, d): n for p, f, d, n in json.loads(given["met"].read_text())} if given["met"] else {})
    wish = Wish(given["ops"], given["episode"], not given["uncommitted"], given["stop"], given["log"], end, met)
    done, seed, peers = _runs(given["seed"], given["jobs"], wish), given["seed"], given["peers"]
    for line in lines(done, time.monotonic() - started):
        click.echo(line)
    for line in peer_lines(done, _peers(seed, peers) if peers else ()):
        click.echo(line)
    sys.exit(1 if done.failed else 0)


if __name__ == "__main__":
    main()
