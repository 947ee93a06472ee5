"""Made-up leads and changes for the store's tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from core.model import Change, ChangeKind, Lead, Value
from store.mirror import SheetLead

NOW = datetime(2026, 8, 4, 6, 30, tzinfo=UTC)
TODAY = date(2026, 8, 4)


def lead(number: int, **fields: object) -> Lead:
    base: dict[str, object] = {
        "full_name": f"Parent {number}",
        "phone_number": f"+9190000{number:05d}",
        "status": "New Lead",
        "next_follow_up": TODAY + timedelta(days=number % 7 - 3),
    }
    return Lead(f"L{number:08d}", **{**base, **fields})  # type: ignore[arg-type]  # a test's own fields


def seen(given: Lead, row: int = 0, digest: str = "") -> SheetLead:
    return SheetLead(given, row or int(given.lead_id[1:]) + 2, digest or f"digest of {given.lead_id}")


def change(
    change_id: str,
    lead_id: str,
    fields: Mapping[str, tuple[Value, Value]],
    kind: ChangeKind = ChangeKind.UPDATE,
) -> Change:
    return Change(change_id, lead_id, kind, fields, "Asha", NOW)
