"""The parts of `bumuk run` as processes of their own: started in order, started again when one falls, ended in order.

Beside the front door, which says what to start. Each part is the `bumuk` command again, so a deployment that runs the
parts apart runs the same code.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

GRACE_SECONDS = 30.0  # for a worker to finish its flush
_RESTART_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Part:
    """A part by its name, the arguments of its command, and what is added to its environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "bumuk", *self.arguments]
        environment = {**os.environ, **self.environment}
        self.process = subprocess.Popen(  # noqa: S603  # our own command
            command,
            env=environment,
            stdout=sys.stderr,  # what a part says is no part of what a command answers
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Until it has ended; killed when its time is over."""
        if not self.process:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _end_with_parent() -> None:
    """On Linux a part ends when `bumuk run` is killed without a chance to end it; elsewhere it stays."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Run:
    """Parts in the order of their start; they end in the reverse order."""

    parts: list[Part] = field(default_factory=list)
    stopping: bool = False

    def ask(self, *_: object) -> None:
        """To stop, as the handler of a signal. An event's lock could be held already by what it interrupts: the wait
        for it, or this handler of a signal just before."""
        self.stopping = True

    def add(self, part: Part) -> Part:
        part.start()
        self.parts.append(part)
        return part

    def watch(self, say: Callable[[str], None]) -> None:
        """Until stopped. A part that falls is started again."""
        while not self.stopping:
            time.sleep(0.5)
            for part in self.parts:
                if part.process and part.process.poll() is not None and not self.stopping:
                    say(f"{part.name} ended by itself (exit status {part.process.returncode}); it is started again")
                    time.sleep(_RESTART_SECONDS)
                    part.start()

    def end(self) -> None:
        """The web first, then the worker, which finishes its flush, the sheet server last."""
        for part in reversed(self.parts):
            part.end()
            part.wait(GRACE_SECONDS)


def wait_until(ready: Callable[[], bool], part: Part, seconds: float) -> bool:
    """Whether it became ready in time; False at once when the part has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():
            return True
        if part.process and part.process.poll() is not None:
            return False
        time.sleep(0.1)
    return False
