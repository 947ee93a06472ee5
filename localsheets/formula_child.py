"""A process that computes formulas, as the server holds it: started when first needed, and again when it has ended."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path

from .formula_jobs import HEAD, Job, Outcome
from .results import Done

_LOG = logging.getLogger("localsheets")
_HOME = str(Path(__file__).resolve().parents[1])
_COMMAND = f"from {__package__}.formula_worker import main; main()"
GRACE_SECONDS = 2.0


class Died(Exception):
    """The process ended over a job: it took too long, or the evaluator broke it."""


class Child:
    """Asked by one thread at a time."""

    def __init__(self, data_file: Path) -> None:
        self.data_file = data_file
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, job: Job) -> Done | None:
        """What a job comes to; Died where the process did not live to say it."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        packed = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            process.stdin.write(HEAD.pack(len(packed)) + packed)
            process.stdin.flush()
            size = HEAD.unpack(_exactly(process, HEAD.size))[0]
            found: Outcome = pickle.loads(_exactly(process, size))  # noqa: S301 - from the process that we started
        except OSError:
            self.close()
            raise Died from None
        if isinstance(found, str):
            _LOG.error("fault while computing formulas:\n%s", found)
            raise Died
        return found

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            path = os.pathsep.join(filter(None, [_HOME, os.environ.get("PYTHONPATH")]))
            self.process = subprocess.Popen(  # noqa: S603 - this Python, this package
                [sys.executable, "-c", _COMMAND, str(self.data_file)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what a broken evaluator prints; the formula shows an error
                env={**os.environ, "PYTHONPATH": path},
            )
        return self.process

    def kill(self) -> None:
        """Ends the process, whatever it is at; in any thread."""
        process = self.process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """Ends the process, at once where it is at work."""
        process, self.process = self.process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # it has ended already, with a job unread
                process.stdin.close()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _exactly(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout is not None
    read = process.stdout.read(size)
    if len(read) < size:
        raise BrokenPipeError
    return read
