import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assignment import assign, carriers, even_out
from core.config import Person
from tests.core.library import CONFIG

TEAM = (Person("A"), Person("B"), Person("C", role="admin"))


def test_equal_loads_take_turns():
    assert assign(5, TEAM, {}) == ("A", "B", "C", "A", "B")


def test_the_least_loaded_comes_first_until_even():
    assert assign(4, TEAM, {"A": 2, "B": 1, "C": 1}) == ("B", "C", "A", "B")


def test_only_active_people_who_work_on_leads():
    assert [person.name for person in carriers(CONFIG.team)] == ["Asha", "Ravi"]
    assert assign(2, (Person("V", role="viewer"),), {}) == (None, None)
    assert assign(0, TEAM, {}) == ()


@given(st.integers(0, 200), st.fixed_dictionaries({name: st.integers(0, 50) for name in "ABC"}))
def test_nobody_gets_a_lead_while_another_has_fewer(count, loads):
    now = dict(loads)
    for name in assign(count, TEAM, loads):
        assert name is not None
        assert now[name] == min(now.values())
        now[name] += 1


@pytest.mark.parametrize(
    ("loads", "moves"),
    [
        ({}, ()),
        ({"A": 2, "B": 2, "C": 2}, ()),
        ({"A": 3, "B": 2, "C": 2}, ()),
        ({"A": 6}, (("A", "B", 2), ("A", "C", 2))),
        ({"A": 1, "B": 7}, (("B", "A", 2), ("B", "C", 2))),
        ({"A": 4, "B": 4, "Gone": 9}, (("A", "C", 1), ("B", "C", 1))),
    ],
)
def test_evening_out(loads, moves):
    team = [Person("A"), Person("B"), Person("C"), Person("V", role="viewer"), Person("Gone", active=False)]
    made = even_out(team, loads)
    assert made == moves
    after = {name: loads.get(name, 0) for name in "ABC"}
    for giver, taker, n in made:
        after[giver] -= n
        after[taker] += n
    assert max(after.values()) - min(after.values()) <= 1


def test_evening_out_nobody():
    assert even_out([], {"A": 3}) == ()
