"""A sort of some columns is told from corrections, families and pastes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mixups import mixed_up
from core.model import Lead

BOOK = {
    f"L{n}": Lead(f"L{n}", full_name=f"Person {n}", phone_number=f"+91981550000{n}", email=f"p{n}@example.org")
    for n in range(6)
}


def after(**changed: dict[str, str | None]) -> dict[str, Lead]:
    given_ = {
        i: Lead(i, **{n: getattr(lead, n) for n in ("full_name", "phone_number", "email")} | changed.get(i, {}))  # type: ignore[arg-type]
        for i, lead in BOOK.items()
    }
    return {i: lead for i, lead in given_.items() if lead != BOOK[i]}


def found(*unnamed: Lead, **changed: dict[str, str | None]) -> dict[str, tuple[str, ...]]:
    now = after(**changed)
    return dict(mixed_up({i: BOOK[i] for i in now}, now, unnamed=unnamed))


def test_two_leads_with_each_others_phones_are_mixed_up() -> None:
    assert found(L1={"phone_number": "+919815500002"}, L2={"phone_number": "+919815500001"}) == {
        "L1": ("phone_number",),
        "L2": ("phone_number",),
    }


def test_a_column_sorted_alone_is_found_whole() -> None:
    turned = {f"L{n}": {"full_name": f"Person {5 - n}"} for n in range(6)}
    assert found(**turned) == {f"L{n}": ("full_name",) for n in range(6)}


def test_cells_pushed_down_are_found_with_the_one_that_fell_off() -> None:
    pushed: dict[str, dict[str, str | None]] = {f"L{n}": {"email": f"p{n - 1}@example.org"} for n in range(1, 6)}
    assert set(found(L0={"email": None}, **pushed)) == set(BOOK)


@pytest.mark.parametrize(
    "typed",
    [
        {"L1": {"full_name": "Person One"}},
        {"L1": {"phone_number": "+919815500002"}},  # a mother's phone for her neighbour's: a copy
        {"L1": {"phone_number": "+919815500002"}, "L2": {"phone_number": "+919815599999"}},  # one number was corrected
        {"L1": {"full_name": "A"}, "L2": {"full_name": "B"}, "L3": {"phone_number": None}},
        {"L1": {"phone_number": "+919815500009"}, "L2": {"phone_number": "+919815500009"}},  # both the family's
    ],
)
def test_what_people_type_is_believed(typed: dict[str, dict[str, str | None]]) -> None:
    assert found(**typed) == {}


def test_a_crowd_of_other_peoples_phones_is_not_believed_either() -> None:
    """Their owners stand in rows that this look did not show."""
    now = after(**{f"L{n}": {"phone_number": f"+91981551000{n}"} for n in range(5)})
    before = {i: BOOK[i] for i in now}
    owners = {f"+91981551000{n}": frozenset({f"L9{n}"}) for n in range(5)}
    assert set(mixed_up(before, now, {"phone_number": owners})) == set(now)
    assert not mixed_up(before, now, {"phone_number": dict(list(owners.items())[:4])})


def test_one_that_changed_places_and_half_a_crowd_are_not_believed() -> None:
    """Chaos seed 1003501, episode 208: names were sorted apart, and a page seen before pasted over most of the rows."""
    said = {n: f"+91981551000{n}" for n in range(1, 4)}
    others: dict[str, dict[str, str | None]] = {f"L{n}": {"phone_number": phone} for n, phone in said.items()}
    now = after(L0={"phone_number": BOOK["L1"].phone_number}, L4={"phone_number": None}, **others)
    before = {i: BOOK[i] for i in now}
    owners = {phone: frozenset({f"L9{n}"}) for n, phone in said.items()}
    assert set(mixed_up(before, now, {"phone_number": owners})) == set(now)
    assert not mixed_up(before, now, {"phone_number": dict(list(owners.items())[:2])})


@given(st.permutations(range(6)), st.sampled_from(["full_name", "phone_number", "email"]))
def test_every_permutation_is_found_and_nobody_else(order: list[int], name: str) -> None:
    now = after(**{f"L{n}": {name: getattr(BOOK[f"L{order[n]}"], name)} for n in range(6)})
    assert set(mixed_up({i: BOOK[i] for i in now}, now)) == {f"L{n}" for n in range(6) if order[n] != n}


def test_whose_value_went_to_a_row_without_an_id_is_mixed_up_with_the_others() -> None:
    turned = {"L1": {"email": "p2@example.org"}, "L2": {"email": "p1@example.org"}}
    assert set(found(**turned, L3={"email": None}, L4={"full_name": "Typed"})) == {"L1", "L2", "L3"}


def test_what_a_row_without_an_id_says_now_has_changed_places_too() -> None:
    """Somebody sorts names alone: that of L1 goes to a row without an id, that of L2 to L1, and L2 gets the blank."""
    pushed: dict[str, dict[str, str | None]] = {"L1": {"email": "p2@example.org"}, "L2": {"email": None}}
    assert found(Lead("", email="p1@example.org"), **pushed) == {"L1": ("email",), "L2": ("email",)}
    assert found(**pushed) == {}, "one alone is a correction"
    gone: dict[str, dict[str, str | None]] = {"L1": {"email": None}, "L2": {"email": None}}
    assert set(found(Lead("", email="p1@example.org"), Lead("L1", email="p2@example.org"), **gone)) == {"L1", "L2"}


def test_copies_of_a_leads_own_row_take_nothing_from_it() -> None:
    corrected: dict[str, dict[str, str | None]] = {
        "L1": {"email": "one@example.org"},
        "L2": {"email": "two@example.org"},
    }
    assert found(*(Lead(i, email=BOOK[i].email) for i in ("L1", "L2")), **corrected) == {}
    assert found(Lead("", full_name="Person 3"), Lead(""), **corrected) == {}
