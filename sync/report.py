"""What a cycle did, for a person and for a program, and how the sync goes, for the pages.

The last step of `sync.cycle`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from core.model import Disposition
from store import latency, state
from store.state import SyncStatus
from sync.carry import Carried
from sync.link import Link


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What a cycle did: source rows by how they ended, leads updated, calls made, seconds taken."""

    cycle: int
    created: int
    merged: int
    attention: int
    skipped: int
    updated: int
    conflicts: int
    reads: int
    writes: int
    seconds: float

    def json(self) -> str:
        """One object, as `bumuk sync --once --json` prints it."""
        found = {name: getattr(self, name) for name in ("cycle", *_COUNTS)}
        calls = {"read": self.reads, "write": self.writes}
        return json.dumps(found | {"calls": calls, "seconds": round(self.seconds, 3)})

    def sentence(self) -> str:
        """The same for a person."""
        rows = self.created + self.merged + self.attention + self.skipped
        if not (rows or self.updated):
            return f"Nothing new. {self.reads} read, {self.writes} written, {self.seconds:.1f} s."
        found = f"{rows:,} rows: {self.created:,} made leads, {self.merged:,} belong to leads that are there, "
        found += f"{self.attention:,} need attention, {self.skipped:,} skipped. {self.updated:,} leads updated."
        return f"{found} Calls: {self.reads} read, {self.writes} written, {self.seconds:.1f} s."


_COUNTS = ("created", "merged", "attention", "skipped", "updated", "conflicts")


def note(link: Link, now: datetime, problem: str) -> None:
    """How the sync goes, for the pages and /readyz; `problem` in plain words, "" for none."""
    with link.engine.begin() as conn:
        before = state.read_status(conn)
        good = before.last_good_at if problem else now
        lag = (now - good).total_seconds() if good else None
        calls = link.calls_last_minute()
        if before.last_good_at and not problem:
            latency.add(conn, "to_app", [(datetime.now(UTC) - before.last_good_at).total_seconds()])
        state.write_status(
            conn,
            SyncStatus(last_cycle_at=now, last_good_at=good, lag_seconds=lag, calls_last_minute=calls, problem=problem),
        )


def report_of(link: Link, carried: Carried, reads: int, writes: int, seconds: float) -> CycleReport:
    rows = Counter(entry.disposition for entry in carried.entries)
    with link.engine.begin() as conn:
        number = int(state.get(conn, "cycles") or 0) + 1
        state.put(conn, "cycles", str(number))
        conflicts = state.read_status(conn).conflicts
    meter = link.sheets.meter
    created, merged, attention, skipped = (rows[one] for one in Disposition)
    return CycleReport(
        number,
        created,
        merged,
        attention,
        skipped,
        carried.updated,
        conflicts,
        meter.read - reads,
        meter.write - writes,
        seconds,
    )
