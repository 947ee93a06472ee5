"""How often the window over a large Master moves on: in every cycle while the spreadsheet is being worked on, once a
minute when it has stood still for ten.

Drive's version tells whether it stands still; it is not asked before a write, and unknown it slows nothing. DESIGN.md,
"Seeing people's edits". Pure; `sync.pacing` asks Drive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

STILL = timedelta(minutes=10)  # without a change, after which the window slows
SLOW = timedelta(minutes=1)  # between windows then; and between questions to Drive before


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of the spreadsheet's stillness: its `version` as Drive `asked` last said it ("" unknown), `since`
    when it has been that, and when the last `window` was read."""

    version: str = ""
    since: datetime | None = None
    asked: datetime | None = None
    window: datetime | None = None


def stands_still(pace: Pace, now: datetime) -> bool:
    """Whether the spreadsheet has not changed for so long that the window may be slow."""
    return pace.since is not None and now - pace.since >= STILL


def wants_version(pace: Pace, now: datetime) -> bool:
    """Whether to ask Drive: once a minute, and in every cycle once it stands still, so that work is noticed at once."""
    return pace.asked is None or now - pace.asked >= SLOW or stands_still(pace, now)


def heard(pace: Pace, version: str, now: datetime) -> Pace:
    """What is known after Drive has said a version, or "" where it did not."""
    if not version:
        return replace(pace, version="", since=None, asked=now)
    return replace(pace, version=version, since=pace.since if version == pace.version else now, asked=now)


def window_due(pace: Pace, now: datetime) -> bool:
    """Whether this cycle reads the next window."""
    return pace.window is None or not stands_still(pace, now) or now - pace.window >= SLOW
