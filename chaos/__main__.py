"""`python -m chaos --ops N --seed S`: run, print what was done, met and found. Exit status 1 when the oracle fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from chaos.peers import NAMES, Score, run_peer
from chaos.report import lines, peer_lines
from chaos.run import EPISODE, Failed, Run, merged, run
from chaos.world import World

APART = 1_000_000  # between the seeds of two jobs


def _one(seed: int, ops: int, episode: int, committed: bool, stop: bool, log: bool) -> Run:
    def tell(one: Failed) -> None:
        click.echo(f"FAILED: seed {seed}, episode {one.number}, {one.operations} operations in")
        click.echo("\n".join([*one.findings[:12], *(one.log if log else ())]))
        switch = "" if committed else " --uncommitted"
        click.echo(f"replay: python -m chaos --seed {seed} --episode {one.number} --ops {EPISODE} --log{switch}\n")
        sys.stdout.flush()

    return run(seed, ops, episode, committed, stop, tell)


def _runs(seed: int, ops: int, episode: int, jobs: int, committed: bool, stop: bool, log: bool) -> Run:
    if jobs == 1:
        return _one(seed, ops, episode, committed, stop, log)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        given = [(seed + APART * n, -(-ops // jobs), episode, committed, stop, log) for n in range(jobs)]
        return merged([one.result() for one in [pool.submit(_one, *one) for one in given]])


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
@click.option("--log", is_flag=True, help="Print what was done in episodes that failed.")
@click.option("--stop", is_flag=True, help="Stop at the first episode that fails.")
@click.option("--uncommitted", is_flag=True, help="Answers do not show what people did in between.")
def main(ops: int, seed: int, jobs: int, peers: int, episode: int, log: bool, stop: bool, uncommitted: bool) -> None:
    """People, the app and faults on one sheet; says what was lost (nothing, it should be)."""
    started = time.monotonic()
    done = _runs(seed, ops, episode, jobs, not uncommitted, stop, log)
    for line in lines(done, time.monotonic() - started):
        click.echo(line)
    for line in peer_lines(done, _peers(seed, peers) if peers else ()):
        click.echo(line)
    sys.exit(1 if done.failed else 0)


if __name__ == "__main__":
    main()
