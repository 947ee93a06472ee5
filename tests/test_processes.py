"""Parts as real processes: started, healed, ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from processes import Part, Run, wait_until


def sheets(folder: Path, **given: str) -> Part:
    """The quickest part there is."""
    return Part("The sheet server", ("sheets", "--port", "0", "--data", str(folder)), given)


def started(part: Part) -> bool:
    """Whether it has come to its work: its key file is there."""
    return (Path(part.arguments[-1]) / "credentials.json").exists()


@pytest.fixture
def run() -> Iterator[Run]:
    made = Run()
    yield made
    for part in made.parts:
        if part.process and part.process.poll() is None:
            part.process.kill()
            part.process.wait()


def eventually(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_a_part_comes_and_goes(run: Run, tmp_path: Path) -> None:
    part = run.add(sheets(tmp_path / "data"))
    assert wait_until(lambda: started(part), part, 60)
    part.end()
    part.wait(60)
    assert part.process
    assert part.process.returncode == 0


def test_a_part_that_cannot_start_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    part = run.add(sheets(tmp_path / "file" / "data"))
    assert not wait_until(lambda: started(part), part, 60)
    assert part.process
    assert part.process.poll() == 1


def test_waiting_has_an_end(run: Run, tmp_path: Path) -> None:
    part = run.add(sheets(tmp_path / "data"))
    assert not wait_until(lambda: False, part, 0.2)


def test_what_is_added_to_the_environment_reaches_the_part(run: Run, tmp_path: Path) -> None:
    part = run.add(Part("A command", ("login-link",), {"PORT": "no number"}))
    assert part.process
    assert part.process.wait(60) == 1


def test_a_part_that_falls_is_started_again_until_stopped(run: Run, tmp_path: Path) -> None:
    parts = [run.add(sheets(tmp_path / name)) for name in ("one", "two")]
    assert all(wait_until(lambda p=part: started(p), part, 60) for part in parts)  # type: ignore[misc]
    said: list[str] = []
    watching = threading.Thread(target=run.watch, args=(said.append,))
    watching.start()
    fallen, other = parts[0].process, parts[1].process
    assert fallen
    os.kill(fallen.pid, signal.SIGKILL)
    eventually(lambda: parts[0].process is not fallen)
    run.ask()
    watching.join(60)
    assert not watching.is_alive()
    assert parts[1].process is other
    assert said == ["The sheet server ended by itself (exit status -9); it is started again"]
    run.end()
    assert all(part.process and part.process.poll() is not None for part in parts)


def test_the_last_started_ends_first(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [run.add(sheets(tmp_path / name)) for name in ("one", "two", "three")]
    assert all(wait_until(lambda p=part: started(p), part, 60) for part in parts)  # type: ignore[misc]
    alive: list[list[bool]] = []
    real = Part.end

    def end(part: Part) -> None:
        alive.append([one.process is not None and one.process.poll() is None for one in parts])
        real(part)

    monkeypatch.setattr(Part, "end", end)
    run.end()
    assert alive == [[True, True, True], [True, True, False], [True, False, False]]


def test_who_does_not_listen_is_killed(run: Run, tmp_path: Path) -> None:
    part = run.add(sheets(tmp_path / "data"))
    assert wait_until(lambda: started(part), part, 60)
    assert part.process
    part.process.send_signal(signal.SIGSTOP)  # deaf
    part.end()
    part.wait(0.5)
    assert part.process.returncode == -signal.SIGKILL


def test_to_end_what_never_started_is_nothing() -> None:
    part = Part("A part", ("sheets",), {})
    part.end()
    part.wait(1)
    assert part.process is None


def test_signals_that_come_one_upon_another_end_it() -> None:
    """As the keyboard and `make` send them; a handler that took a lock would wait for itself."""
    lines = ["import signal", "from processes import Run", "run = Run()", "signal.signal(signal.SIGTERM, run.ask)"]
    script = "\n".join([*lines, "print('ready', flush=True)", "run.watch(print)"])
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        for _ in range(200):
            process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(20) in (0, -signal.SIGTERM)  # the last ones may come as Python ends
        finally:
            process.kill()
