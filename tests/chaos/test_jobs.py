from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

from chaos import record
from chaos.episode import Tally
from chaos.run import Run, orphaned, run, steered


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


def test_a_run_is_steered_by_another_one_and_counts_what_it_meets_itself(tmp_path: Path) -> None:
    """Before its second episode the other one had met this once."""
    late, cut = ("write", "late", "-"), ("write", "cut before", "-")
    for n, hits in enumerate((late, cut)):
        record.append(tmp_path / "other", record.Line(n, Tally(coverage=Counter([hits])), 1, ()))
    met = record.met(tmp_path / "other")
    assert met == {0: {}, 1: {late: 1}}
    done = Run(5, Tally(coverage=Counter([late, late, cut])))
    with steered(done, met[1]):
        assert done.tally.coverage == {late: 1}
        done.tally.coverage[cut] += 1
    assert done.tally.coverage == {late: 2, cut: 2}
    with steered(done, met.get(2)):
        done.tally.coverage[late] += 1
    assert done.tally.coverage == {late: 3, cut: 2}


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
