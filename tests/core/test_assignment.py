from hypothesis import given
from hypothesis import strategies as st

from core.assignment import assign, carriers
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
