"""A book of made-up people for the app's tests, put in through the same door as the sync's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine

from core.columns import recognise, shape_to_json
from core.model import Change, ChangeKind, Conflict, Disposition, Issue, Lead, LedgerEntry
from store import activity, conflicts, issues, ledger, mirror, outbox, state, tabs
from store.activity import ActivityEntry
from store.config import default_config
from store.ledger import PlacedEntry
from store.mirror import SheetLead
from store.state import SyncStatus
from store.tabs import TabState

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)  # 10:42 in Kolkata
TODAY = date(2026, 11, 22)

_PEOPLE = (
    ("Deepak Chauhan", "Myra", 10, "Interested", "High", 71, -9, "Neha", "Friend", "Rohini"),
    ("Imran Khan", "Ayaan", 3, "Follow Up 2", "Medium", 64, -3, "Vikram", "Diwali Mela", "Noida"),
    ("Farah Siddiqui", "Zoya", 4, "Interested", "High", 78, 0, "Neha", "Story hour form", "Delhi"),
    ("Neelam Yadav", "Ishaan", 5, "Follow Up 3", "Urgent", 91, 0, "Neha", "School visit", "Delhi"),
    ("Arjun Menon", "Tara", 8, "Initial Contact", "Medium", 57, 0, "Vikram", "Walk-in", "Gurugram"),
    ("Shalini Iyer", "Advait", 6, "Member", "Low", 88, 2, "Neha", "Story hour form", "Delhi"),
    ("Nandini Krishnamurthy-Raghavan", "Vedavalli", 11, "New Lead", "Low", 41, 5, "Vikram", "Instagram", "Faridabad"),
    ("Kavita Joshi", "Vihaan", 5, "Follow Up 1", "Medium", 60, 6, "Neha", "Diwali Mela", "Delhi"),
    ("Harpreet Kaur", "Gurnoor", 7, "Re-engage Later", "Low", 35, 40, "Vikram", "Friend", "Noida"),
    ("Asha Pillai", "Kiran", 2, "Lost - No Response", "Low", 22, 61, "Neha", "Instagram", "Delhi"),
)


def lead(n: int, **fields: object) -> Lead:
    """The n-th made-up lead; `fields` put others in place of its own."""
    name, child, age, status, priority, score, days, person, source, city = _PEOPLE[n % len(_PEOPLE)]
    again = f" {n // len(_PEOPLE) + 1}" if n >= len(_PEOPLE) else ""
    made = Lead(
        lead_id=f"LTEST{n:05}",
        full_name=name + again,
        phone_number=f"+91981555{100 + n:04}",
        email=f"{name.split()[0].lower()}{n}@example.com",
        city=city,
        lead_date=TODAY - timedelta(days=20 + n % 50),
        status=status,
        priority=priority,
        lead_score=score,
        lead_source=source,
        lead_type="Parent",
        assigned_to=person,
        next_follow_up=TODAY + timedelta(days=days + n // len(_PEOPLE)),
        last_contacted=None if status == "New Lead" else NOW - timedelta(days=4),
        status_updated_date=TODAY - timedelta(days=4),
        child_name=child,
        child_age=age,
        source_tab=source,
        created_at=NOW - timedelta(days=20),
        updated_at=NOW - timedelta(days=1),
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # a test names the fields


def put(conn: Connection, leads: Sequence[Lead], first_row: int = 2) -> None:
    mirror.put_synced(conn, [SheetLead(one, first_row + at, f"digest {one.lead_id}") for at, one in enumerate(leads)])


def fill(engine: Engine, count: int = 38) -> None:
    """A book as it stands on a working day: leads, one edit on its way, one conflict, issues, history, a source tab."""
    with engine.begin() as conn:
        put(conn, [lead(n) for n in range(count)])
        _history(conn)
        _source(conn)
        _unsettled(conn)
        good = SyncStatus(last_cycle_at=NOW, last_good_at=NOW, lag_seconds=1.5, calls_last_minute=12)
        state.write_status(conn, good)


def _history(conn: Connection) -> None:
    def entry(
        hours: float, change: str, actor: str, field: str, old: object, new: object, why: str = ""
    ) -> ActivityEntry:
        return ActivityEntry(NOW - timedelta(hours=hours), change, "LTEST00002", actor, field, old, new, why)  # type: ignore[arg-type]

    activity.append(
        conn,
        [
            entry(480, "C1", "sync", "lead", None, "Farah Siddiqui", "new · Story hour form, row 218"),
            entry(17, "C2", "sheet", "city", "Rohini", "Delhi"),
            entry(0.1, "C3", "Neha", "status", "Initial Contact", "Interested", "called, interested"),
            entry(0.1, "C3", "Neha", "next_follow_up", TODAY, TODAY + timedelta(days=7), "called, interested"),
        ],
    )


def _source(conn: Connection) -> None:
    header = ("Parent's name", "Mobile", "Child name", "Date")
    cells = ("farah SIDDIQUI (Mrs)", "+91-98155 50102", "zoya / 4 yrs", "31/10/26")
    shape = shape_to_json(recognise(header, [cells], default_config()))
    tabs.put_tab(conn, TabState(7, "Story hour form", "source", header, shape, rows=300))
    made = LedgerEntry(7, "fp:1", "key", Disposition.CREATED, ("LTEST00002",))
    ledger.put(conn, [PlacedEntry(made, 218, cells)])


def _unsettled(conn: Connection) -> None:
    fields = {"status": ("Follow Up 3", "Interested")}
    outbox.enqueue(conn, [Change("C9", "LTEST00003", ChangeKind.UPDATE, fields, "Neha", NOW, "called")])
    conflicts.add(conn, "C8", [Conflict("LTEST00004", "status", "New Lead", "Interested", "Member")], NOW)
    rows = [
        ("a", Issue("Diwali Mela", 12, "The phone 98765 4321 has nine digits; one is missing.", "phone_number", True)),
        ("b", Issue("Diwali Mela", 31, "There is no phone in this row.", "", True)),
        ("c", Issue("School visit", 4, "The age “3/4” may be a date; it was left out.", "child_age", False)),
    ]
    issues.replace(conn, 8, rows)
