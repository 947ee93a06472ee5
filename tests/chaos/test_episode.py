from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from chaos.episode import known_here_alone, waiting_for_a_column
from chaos.tokens import Mint
from core.model import Change, ChangeKind, ChangeState
from store import outbox
from store.database import database_url, open_database

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_seed_1002601_episode_154_what_waits_for_its_column_is_lost_with_the_database(tmp_path: Path) -> None:
    """A new lead's city, whose column was renamed as it came, waits as a change of the app's own."""
    mint = Mint()
    city, email = (
        mint.next("a", "edit", lead_id=f"L{one}", field=name, change_id=f"C{one}")
        for one, name in ((1, "city"), (2, "email"))
    )
    engine = open_database(database_url(None, tmp_path))
    with engine.begin() as conn:
        came = [Change(f"C{n}", f"L{n}", ChangeKind.CREATE, {"city": (None, "x")}, "Neha", NOW) for n in (1, 2, 3)]
        waits = Change("C9", "L1", ChangeKind.UPDATE, {"city": (None, city)}, "sync", NOW)
        of_hers = Change("C8", "L2", ChangeKind.UPDATE, {"email": (None, email)}, "Neha", NOW)
        outbox.enqueue(conn, [*came, waits, of_hers])
        outbox.mark(conn, ["C1", "C2"], ChangeState.DONE)
        assert known_here_alone(conn, ["C1", "C2", "C3"], mint) == {"C1", "C3"}
        assert waiting_for_a_column(conn) == {city: "C9"}
    engine.dispose()
