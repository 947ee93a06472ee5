"""A long run's memory: a file with a line for each episode, so that a run that was ended goes on where it was.

Written and read by `chaos.run`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos.episode import Tally
from chaos.steer import Coverage, counted, listed


@dataclass(frozen=True, slots=True)
class Line:
    """An episode: what it added to the tally, and what the oracle found in it, after how many operations."""

    episode: int
    tally: Tally
    operations: int
    findings: tuple[str, ...]


def path(folder: Path, seed: int) -> Path:
    """The file of one seed: each process of a run writes its own."""
    return folder / f"chaos-{seed}.jsonl"


def append(file: Path, line: Line) -> None:
    """Written and closed at once: a run may be killed at any time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    tally = line.tally
    told: dict[str, Any] = {
        "episode": line.episode,
        "counts": tally.counts,
        "problems": tally.problems,
        "slowest": tally.slowest,
        "coverage": listed(tally.coverage),
        "operations": line.operations,
        "findings": line.findings,
    }
    with file.open("a") as out:
        out.write(json.dumps(told) + "\n")


def begin(file: Path) -> Iterator[Line]:
    """What was written so far. A last line that was cut off goes: its episode is played again."""
    whole, _, cut = file.read_text().rpartition("\n") if file.exists() else ("", "", "")
    if cut:
        file.write_text(f"{whole}\n" if whole else "")
    for text in whole.splitlines():
        yield _line(json.loads(text))


def met(file: Path) -> dict[int, Coverage]:
    """What had been met before each episode of a run: another one that is steered by it meets the same troubles, though
    the app has changed since, wherever that makes no difference."""
    before: Coverage = Counter()
    found = {}
    for line in begin(file):
        found[line.episode] = Counter(before)
        before.update(line.tally.coverage)
    return found


def _line(told: dict[str, Any]) -> Line:
    coverage = counted(told["coverage"])
    tally = Tally(Counter(told["counts"]), coverage, Counter(told["problems"]), told["slowest"])
    return Line(told["episode"], tally, told["operations"], tuple(told["findings"]))
