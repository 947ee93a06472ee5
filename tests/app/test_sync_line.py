from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.sync_line import sync_line
from tests.app.book import NOW

KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("age", "pending", "problem", "state", "words"),
    [
        (2, 3, "", "ok", "Sheet synced 10:41 · 3 waiting"),
        (2, 0, "", "ok", "Sheet synced 10:41"),
        (61, 0, "", "behind", "Sheet last synced 10:40, trying again"),
        (2, 1234, "quota", "behind", "Sheet last synced 10:41, trying again · 1,234 waiting"),
        (301, 5, "", "down", "Sheet not reached since 10:36 · 5 waiting"),
        (86_400, 0, "quota", "down", "Sheet not reached since 21-11-2026 10:42"),
    ],
)
def test_the_line(age: float, pending: int, problem: str, state: str, words: str) -> None:
    line = sync_line(NOW - timedelta(seconds=age), pending, problem, NOW, KOLKATA, 10)
    assert (line.state, line.words) == (state, words)


def test_before_the_first_cycle() -> None:
    assert sync_line(None, 0, "", NOW, KOLKATA, 10).state == "behind"
    assert sync_line(None, 0, "no key", NOW, KOLKATA, 10).words == "Sheet not reached yet"


def test_a_slow_cycle_is_not_down() -> None:
    assert sync_line(NOW - timedelta(minutes=20), 0, "", NOW, KOLKATA, 600).state == "ok"
