"""The driven clock."""

from __future__ import annotations

import datetime as dt
import time

from localsheets.clock import Clock


def test_it_is_real_until_it_is_driven() -> None:
    clock = Clock()
    before = time.time()
    assert before <= clock.now() <= time.time()
    clock.advance(3600)
    assert before + 3600 <= clock.now() <= time.time() + 3600
    clock.set(1_000_000_000)
    assert not clock.stopped
    assert 1_000_000_000 <= clock.now() < 1_000_000_060
    clock.reset()
    assert before <= clock.now() <= time.time()


def test_it_can_stand_still_and_be_moved() -> None:
    clock = Clock()
    clock.set(1_700_000_000.0, stopped=True)
    assert clock.now() == clock.now() == 1_700_000_000.0
    assert clock.today() == dt.date(2023, 11, 14)
    clock.advance(86_400)
    assert clock.stopped
    assert clock.now() == 1_700_086_400.0
    assert clock.today() == dt.date(2023, 11, 15)
    clock.advance(-86_400)
    assert clock.now() == 1_700_000_000.0
