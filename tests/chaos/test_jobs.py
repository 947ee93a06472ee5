from __future__ import annotations

import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

from chaos import record
from chaos.run import orphaned, run


def test_two_processes_are_one_run() -> None:
    """As `make chaos JOBS=2` starts them."""
    asked = [sys.executable, "-m", "chaos", "--ops", "2", "--jobs", "2"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(line.rsplit(None, 1) for line in done.stdout.splitlines() if line.startswith(("rests", "lost")))
    assert (int(said["rests"]), said["lost"]) == (2, "0")


def test_a_run_that_was_ended_goes_on_where_it_was(tmp_path: Path) -> None:
    """An episode that is remembered is not played again, and is counted and found fault with as before."""
    book = record.path(tmp_path, 5)
    first = run(5, 2, book=book)
    book.write_text(book.read_text().replace('"findings": []', '"findings": ["lost: a word"]') + '{"cut o')
    again = run(5, 2, book=book)
    assert again.tally == first.tally
    assert (first.lost("lost"), again.lost("lost")) == (0, 1)
    assert len(book.read_text().splitlines()) == 1


def _waits(file: Path) -> None:
    file.write_text("goes on" if not orphaned() else "thinks that it is orphaned")
    while not orphaned():
        time.sleep(0.05)
    file.write_text("ends")


def _starts(file: Path) -> None:
    get_context("spawn").Process(target=_waits, args=(file,)).start()


def _until(file: Path, says: str) -> str:
    for _ in range(600):
        if file.exists() and file.read_text() == says:
            break
        time.sleep(0.05)
    return file.read_text()


def test_a_process_ends_after_its_episode_when_its_run_was_killed(tmp_path: Path) -> None:
    told = tmp_path / "told"
    whole = get_context("spawn").Process(target=_starts, args=(told,))  # which waits for the other at its end
    whole.start()
    assert _until(told, "goes on") == "goes on"
    whole.kill()
    assert _until(told, "ends") == "ends"
