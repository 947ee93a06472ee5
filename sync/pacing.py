"""Whether a cycle reads the next window of a large Master, or leaves it out because nobody is at work.

The first step of `sync.cycle`. Books that are read whole in every cycle cost no call here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.pace import heard, wants_version, window_due
from core.reading import sees_everything
from store import state, tabs
from store.database import reading
from sync.gather import sized
from sync.link import Link
from sync.sheets import drive_version

_TURN = "window_turn"


def take_turn(link: Link, now: datetime) -> None:
    """Moves the window on, or lets it stand for this cycle."""
    with reading(link.engine) as conn:
        whole = sees_everything(sized(tabs.all_tabs(conn)))
    if not whole and wants_version(link.pace, now):
        link.pace = heard(link.pace, drive_version(link.sheets), now)
    link.window = whole or window_due(link.pace, now)
    if link.window:
        link.turn = 1 + (link.turn or (0 if whole else _last_turn(link)))
        link.pace = replace(link.pace, window=now)
    if link.window and not whole:
        with link.engine.begin() as conn:
            state.put(conn, _TURN, str(link.turn))


def _last_turn(link: Link) -> int:
    """Where the process before this one came to: one that does a single cycle would read the same window each time."""
    with reading(link.engine) as conn:
        return int(state.get(conn, _TURN) or 0)
