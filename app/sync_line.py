"""The line that says how the sheet is: fine, behind, or not reached; always in words beside its dot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_BEHIND_AFTER = 6  # cycles without a good one
_DOWN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SyncLine:
    """`state` is ok, behind or down; `words` the whole sentence."""

    state: str
    words: str


def sync_line(
    last_good: datetime | None, pending: int, problem: str, now: datetime, zone: ZoneInfo, every_seconds: int
) -> SyncLine:
    """ "Sheet synced 10:42 · 3 waiting". Behind: the last good cycle is more than six cycles old, or a problem was met
    since; down: it is more than five minutes old. Times are the library's."""
    waiting = f" · {pending:,} waiting" if pending else ""
    if last_good is None:
        if problem:
            return SyncLine("down", f"Sheet not reached yet{waiting}")
        return SyncLine("behind", f"Sheet not read yet{waiting}")
    age = now - last_good
    at = _clock(last_good.astimezone(zone), now.astimezone(zone))
    if age > max(_DOWN_AFTER, timedelta(seconds=every_seconds * _BEHIND_AFTER)):
        return SyncLine("down", f"Sheet not reached since {at}{waiting}")
    if problem or age > timedelta(seconds=every_seconds * _BEHIND_AFTER):
        return SyncLine("behind", f"Sheet last synced {at}, trying again{waiting}")
    return SyncLine("ok", f"Sheet synced {at}{waiting}")


def _clock(at: datetime, now: datetime) -> str:
    return at.strftime("%H:%M") if at.date() == now.date() else at.strftime("%d-%m-%Y %H:%M")
