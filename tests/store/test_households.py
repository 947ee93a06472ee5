from __future__ import annotations

from sqlalchemy import Engine

from core.model import Lead
from store import mirror
from store.households import family
from tests.store.leads import lead, seen

HOME = "H00000001"


def found(engine: Engine, of: Lead, leads: list[Lead], most: int = 20) -> list[tuple[int, str]]:
    with engine.begin() as conn:
        mirror.put_synced(conn, map(seen, leads))
        return [(int(one.lead.lead_id[1:]), one.shares) for one in family(conn, of, most)]


def test_a_family_shares_a_phone_an_email_or_only_its_household(engine: Engine) -> None:
    first = lead(1, household=HOME, email="asha@example.org")
    by_phone = lead(2, household=HOME, phone_number=first.phone_number, other_phones="+919000077777")
    by_email = lead(3, household="H00000003", email="Asha@Example.org")
    through_another = lead(4, household=HOME, phone_number="+919000077777")
    nobody = lead(5, household="H00000005")
    everyone = [first, by_phone, by_email, through_another, nobody]
    assert found(engine, first, everyone) == [(2, "phone"), (3, "e-mail"), (4, "")]
    assert found(engine, through_another, everyone) == [(1, ""), (2, "phone")]
    assert found(engine, nobody, everyone) == []


def test_the_first_of_a_household_is_found_after_its_phone_was_changed(engine: Engine) -> None:
    first, second = lead(1, household=HOME), lead(2, household=HOME)
    assert found(engine, second, [first, second]) == [(1, "")]


def test_strangers_on_one_phone_are_told_with_what_they_share(engine: Engine) -> None:
    desk = [lead(n, phone_number="+919000000001", household=f"H{n:08d}") for n in range(1, 60)]
    assert found(engine, desk[0], desk, most=5) == [(n, "phone") for n in range(2, 7)]


def test_hostile_cells_and_deleted_leads(engine: Engine) -> None:
    odd = lead(1, household="H" * 50_000, phone_number=None, other_phones=" , ,", email=" ")
    gone = lead(2, household=HOME, phone_number="+919000000009")
    left = lead(3, household=HOME, phone_number="+919000000009")
    with engine.begin() as conn:
        mirror.put_synced(conn, map(seen, [odd, gone, left]))
        mirror.set_state(conn, [gone.lead_id], "deleted")
        assert family(conn, odd, 20) == []
        assert family(conn, left, 20) == []
