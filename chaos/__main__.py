"""`python -m chaos --ops N --seed S`: run, print what was done, met and found. Exit status 1 when the oracle fails."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from chaos.jobs import Wish, runs
from chaos.peers import NAMES, Score, run_peer
from chaos.report import lines, peer_lines
from chaos.steer import counted
from chaos.world import World


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
@click.option(
    "--record", type=click.Path(path_type=Path), help="A folder that remembers each episode: goes on from there."
)
@click.option(
    "--again",
    type=click.Path(path_type=Path, exists=True),
    help="The --record of another run: each episode meets what it met there, though the app has changed since.",
)
@click.option("--uncommitted", is_flag=True, help="Answers do not show what people did in between.")
def main(**given: Any) -> None:
    """People, the app and faults on one sheet; says what was lost (nothing, it should be)."""
    started = time.monotonic()
    end = time.time() + given["minutes"] * 60 if given["minutes"] else math.inf
    met = counted(json.loads(given["met"].read_text()) if given["met"] else ())
    wish = Wish(
        given["ops"],
        given["episode"],
        not given["uncommitted"],
        given["stop"],
        given["log"],
        end,
        met,
        given["record"],
        given["again"],
    )
    done, seed, peers = runs(given["seed"], given["jobs"], wish), given["seed"], given["peers"]
    for line in lines(done, time.monotonic() - started):
        click.echo(line)
    for line in peer_lines(done, _peers(seed, peers) if peers else ()):
        click.echo(line)
    sys.exit(1 if done.failed else 0)


if __name__ == "__main__":
    main()
