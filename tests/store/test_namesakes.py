"""Who has a name, a phone or an e-mail: frozen leads first, then those that stand nearest."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from store import mirror
from store.mirror import SheetLead
from store.mirror_rows import DELETED, FROZEN
from store.namesakes import namesakes
from tests.store.leads import lead


def test_the_frozen_and_the_nearest_come_first(engine: Engine) -> None:
    leads = [replace(lead(n), full_name="Priya", email="family@example.org") for n in range(1, 7)]
    leads[5] = replace(leads[5], full_name="Priya Rao")
    ids = [one.lead_id for one in leads]
    with engine.begin() as conn:
        mirror.put_synced(conn, [SheetLead(one, 10 * n, "") for n, one in enumerate(leads, 1)])
        mirror.set_state(conn, [ids[0]], FROZEN, "mixed up")
        mirror.set_state(conn, [ids[3]], DELETED)
        assert namesakes(conn, "full_name", "Priya", 42, 20) == [ids[0], ids[4], ids[2], ids[1]]
        assert namesakes(conn, "full_name", "Priya", 42, 2) == [ids[0], ids[4]]
        assert namesakes(conn, "full_name", "priya", 42, 20) == [], "another spelling"
        assert namesakes(conn, "email", "family@example.org", 61, 2) == [ids[0], ids[5]]
        assert namesakes(conn, "phone_number", str(leads[1].phone_number), 1, 9) == [ids[1]]
