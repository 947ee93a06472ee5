"""The window over a large Master: quick while people work, slow when nobody does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.pace import Pace, heard, wants_version, window_due

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CYCLE = timedelta(seconds=10)


def windows(versions: list[str]) -> tuple[list[int], int, Pace]:
    """The cycles, ten seconds apart, that read a window, and how often Drive was asked for its `versions`."""
    pace, read, asked = Pace(), [], 0
    for cycle, version in enumerate(versions):
        now = START + cycle * CYCLE
        if wants_version(pace, now):
            pace, asked = heard(pace, version, now), asked + 1
        if window_due(pace, now):
            pace = replace(pace, window=now)
            read.append(cycle)
    return read, asked, pace


def test_a_sheet_at_work_is_windowed_in_every_cycle_and_drive_asked_once_a_minute() -> None:
    read, asked, _ = windows([str(cycle // 30) for cycle in range(300)])
    assert read == list(range(300))
    assert asked == 50


def test_after_ten_still_minutes_a_window_a_minute() -> None:
    read, _, _ = windows(["7"] * 120)
    assert read == [*range(60), *range(65, 120, 6)]


def test_the_first_change_makes_it_quick_at_once() -> None:
    read, _, _ = windows(["7"] * 100 + ["8"] * 20)
    assert read[-20:] == list(range(100, 120))


def test_where_drive_does_not_answer_nothing_is_slow() -> None:
    assert windows([""] * 120)[0] == list(range(120))
    read, _, pace = windows(["7"] * 100 + [""] * 20)
    assert read[-20:] == list(range(100, 120))
    assert pace.since is None
