"""A minute's budget of calls: the next one waits, nothing is refused."""

from __future__ import annotations

import time

import pytest

from sync.access import CALLS_A_MINUTE, Meter


def test_a_call_waits_until_the_minute_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, waited = [1000.0], list[float]()

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", sleep)
    meter = Meter(most=CALLS_A_MINUTE)
    times = []
    for number in range(200):
        meter.count(write=number % 2 == 0)
        times.append(clock[0])
    assert waited
    assert all(sum(at - 60 <= one <= at for one in times) <= 60 for at in times)
    assert (meter.read, meter.write) == (100, 100)
    assert clock[0] - 1000 < 4 * 60


def test_without_a_budget_nobody_waits() -> None:
    meter = Meter()
    for _ in range(500):
        meter.count(write=False)
    assert (meter.wait(), meter.read) == (0.0, 500)
