"""`python -m chaos --ops N --seed S`: run, print what was done, met and found. Exit status 1 when the oracle fails."""

from __future__ import annotations

import sys
import time

import click

from chaos.report import lines
from chaos.run import EPISODE, Failed, run


@click.command()
@click.option("--ops", default=2000, show_default=True, help="Operations of people and app.")
@click.option("--seed", default=1, show_default=True, help="Everything is drawn from it.")
@click.option("--episode", default=0, show_default=True, help="Begin with this episode: replays one that failed.")
@click.option("--log", is_flag=True, help="Print what was done in episodes that failed.")
@click.option("--stop", is_flag=True, help="Stop at the first episode that fails.")
@click.option("--uncommitted", is_flag=True, help="Answers do not show what people did in between.")
def main(ops: int, seed: int, episode: int, log: bool, stop: bool, uncommitted: bool) -> None:
    """People, the app and faults on one sheet; says what was lost (nothing, it should be)."""
    started = time.monotonic()
    switch = " --uncommitted" if uncommitted else ""

    def tell(one: Failed) -> None:
        click.echo(f"FAILED: seed {seed}, episode {one.number}, {one.operations} operations in")
        click.echo("\n".join([*one.findings[:12], *(one.log if log else ())]))
        click.echo(f"replay: python -m chaos --seed {seed} --episode {one.number} --ops {EPISODE} --log{switch}\n")
        sys.stdout.flush()

    done = run(seed, ops, episode, not uncommitted, stop, tell)
    for line in lines(done, time.monotonic() - started):
        click.echo(line)
    sys.exit(1 if done.failed else 0)


if __name__ == "__main__":
    main()
