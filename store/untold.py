"""Lines that Activity in the sheet has yet to tell: what people typed into Master, seen but not written down there.

The store's own activity has them at once; the next flush takes them along and clears them here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from store import activity, state
from store.activity import ActivityEntry

_KEY = "untold"


def add(conn: Connection, entries: Sequence[ActivityEntry]) -> None:
    """Tell these with the next flush; pages show them from now on. What is known already waits, or was told: a cycle
    that begins again sees the same once more."""
    known_ids = activity.told(conn, {(entry.change_id, entry.lead_id) for entry in entries})
    fresh = [e for e in entries if (e.change_id, e.lead_id) not in known_ids or not _is_known(conn, e)]
    if fresh:
        activity.append(conn, fresh)
        known = json.loads(state.get(conn, _KEY) or "[]")
        state.put(conn, _KEY, json.dumps(known + [[e.change_id, e.lead_id, e.field] for e in fresh]))


def _is_known(conn: Connection, entry: ActivityEntry) -> bool:
    return any(one.field == entry.field for one in activity.of_change(conn, entry.change_id, entry.lead_id))


def waiting(conn: Connection, limit: int) -> list[ActivityEntry]:
    """The oldest lines that wait."""
    found: list[ActivityEntry] = []
    for change_id, lead_id, field in json.loads(state.get(conn, _KEY) or "[]")[:limit]:
        found += [one for one in activity.of_change(conn, change_id, lead_id) if one.field == field]
    return found


def told(conn: Connection, entries: Iterable[ActivityEntry]) -> None:
    """These stand in the sheet now."""
    done = {(e.change_id, e.lead_id, e.field) for e in entries}
    left = [one for one in json.loads(state.get(conn, _KEY) or "[]") if tuple(one) not in done]
    if left:
        state.put(conn, _KEY, json.dumps(left))
    else:
        state.forget(conn, _KEY)
