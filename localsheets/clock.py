"""The server's clock: real time until a test drives it. Every time that the server writes or compares is its."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Setting:
    offset: float = 0.0
    stands_at: float | None = None


class Clock:
    """Unix seconds, shifted or stopped on request; safe to read from any thread."""

    def __init__(self) -> None:
        self._setting = _Setting()
        self._lock = threading.Lock()

    def now(self) -> float:
        """Unix seconds by this clock."""
        setting = self._setting
        return time.time() + setting.offset if setting.stands_at is None else setting.stands_at

    def today(self) -> dt.date:
        """The day in UTC; it gives the year to dates that are typed without one."""
        return dt.datetime.fromtimestamp(self.now(), dt.UTC).date()

    def set(self, at: float, stopped: bool = False) -> None:
        """Makes it `at` now; with `stopped` it stays there until it is advanced or reset."""
        with self._lock:
            self._setting = _Setting(stands_at=at) if stopped else _Setting(offset=at - time.time())

    def advance(self, seconds: float) -> None:
        """Moves forward (or back) by so many seconds, running or stopped as before."""
        with self._lock:
            old = self._setting
            if old.stands_at is None:
                self._setting = _Setting(offset=old.offset + seconds)
            else:
                self._setting = _Setting(stands_at=old.stands_at + seconds)

    def reset(self) -> None:
        """Back to real time."""
        with self._lock:
            self._setting = _Setting()

    @property
    def stopped(self) -> bool:
        """Whether it stands still."""
        return self._setting.stands_at is not None
