"""Worker processes that are killed: a small process that forks one for each order, so that kill -9 costs no start-up.

`python -m chaos.kennel` reads orders, one JSON list a line, runs them at once and answers with their exit statuses. A
child runs one cycle and sends itself SIGKILL when it comes to a step for the n-th time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from chaos.trouble import Trouble
from chaos.worker import open_worker
from chaos.world import Book, World
from sync.access import RebasedHTTPClient
from sync.errors import SheetsProblem
from sync.flush import Busy

TROUBLED = 3  # exit status of a worker that met a problem it knows


@dataclass(frozen=True, slots=True)
class Order:
    """One cycle in a process of its own; `step` "" lives. Hits of `troubles` are added to the file `hits`."""

    base: str
    key: str
    sid: str
    person: str
    database: str
    now: str
    step: str
    number: int
    troubles: tuple[str, ...]
    hits: str


@dataclass(slots=True)
class Kennel:
    """The process that forks. Close it."""

    process: subprocess.Popen[str]

    @classmethod
    def begin(cls) -> Kennel:
        command = [sys.executable, "-m", "chaos.kennel"]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))  # noqa: S603  # our own module

    def run(self, orders: Sequence[Order]) -> list[int]:
        """Runs all of them at the same time; their exit statuses, -9 for the killed."""
        if not self.process.stdin or not self.process.stdout:
            raise RuntimeError("the kennel is closed")
        print(json.dumps([asdict(one) for one in orders]), file=self.process.stdin, flush=True)
        return [int(one) for one in json.loads(self.process.stdout.readline())]

    def close(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(20)


def _child(order: Order) -> int:
    world = World(order.base, Path(order.key))
    book = Book(world, order.sid, world.client(RebasedHTTPClient), order.person)

    def hit(trouble: Trouble) -> None:
        with Path(order.hits).open("a") as file:
            file.write(trouble.text() + "\n")

    worker = open_worker(book, order.database, f"p{os.getpid()}", hit)
    left = order.number

    def fall(step: str) -> None:
        nonlocal left
        left -= step == order.step
        if step == order.step and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    worker.watch(fall)
    try:
        worker.cycle(datetime.fromisoformat(order.now), [Trouble.read(text) for text in order.troubles])
    except (SheetsProblem, Busy):
        return TROUBLED
    return 0


def _fork(order: Order) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        status = _child(order)
    finally:
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    for line in sys.stdin:
        pids = [_fork(Order(**{**one, "troubles": tuple(one["troubles"])})) for one in json.loads(line)]
        statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        print(json.dumps(statuses), flush=True)  # noqa: T201  # the answer to whoever gave the order


if __name__ == "__main__":
    main()
