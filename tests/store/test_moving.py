"""Another spreadsheet in the same database: nothing of the first one is left, and whoever may sign in still may."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from core.model import Disposition, Issue, Lead, LedgerEntry
from store import activity, counters, issues, ledger, mirror, moving, schema, search, state, tabs, users
from store.activity import ActivityEntry
from store.ledger import PlacedEntry
from store.mirror import SheetLead
from store.search import LeadQuery
from store.tabs import TabState

AT = datetime(2026, 11, 22, tzinfo=UTC)
KEPT = {"users", "login_links", "tokens", "leases", "counters"}
ASHA = Lead("L00000001", full_name="Asha Menon", phone_number="+919815500001", status="New Lead")


def test_everything_of_the_first_spreadsheet_is_let_go(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [SheetLead(ASHA, 2, "d")])
        ledger.put(conn, [PlacedEntry(LedgerEntry(1, "f", "", Disposition.CREATED, ("L00000001",)), 2, ("Asha",))])
        issues.add(conn, 1, [("f", Issue("Form", 3, "no phone", blocking=True))])
        activity.append(conn, [ActivityEntry(AT, "C1", "L00000001", "sync", "lead", None, "Asha", "new")])
        tabs.put_tab(conn, TabState(1, "Form", "source"))
        state.put(conn, "fence", "7")
        user = users.put_user(conn, "Neha", "neha@example.org", "admin")
        token = users.create_token(conn, "t", "viewer", AT)[1]
        revision = counters.revision(conn)
    with engine.begin() as conn:
        moving.let_go(conn)
    with engine.begin() as conn:
        left = {t.name for t in schema.metadata.sorted_tables if conn.scalar(select(func.count()).select_from(t))}
        assert left <= KEPT
        assert search.page(conn, LeadQuery(q="asha"), 10).total == 0
        assert counters.revision(conn) > revision
        assert users.user_by_email(conn, "neha@example.org") == user
        assert users.token(conn, token) is not None
        mirror.put_synced(conn, [SheetLead(ASHA, 2, "d")])
    with engine.begin() as conn:
        assert [one.lead_id for one in search.page(conn, LeadQuery(q="asha"), 10).leads] == ["L00000001"]
        assert counters.by(conn, "status") == {"New Lead": 1}
