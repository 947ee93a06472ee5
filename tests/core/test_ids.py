import re

from hypothesis import given
from hypothesis import strategies as st

from core.ids import change_id, household_id, lead_id


@given(st.text())
def test_ids_are_speakable_and_the_same_again(seed):
    made = lead_id(seed, ())
    assert re.fullmatch(r"L[0-9A-HJKMNP-TV-Z]{8}", made)
    assert made == lead_id(seed, ())
    assert re.fullmatch(r"C[0-9A-HJKMNP-TV-Z]{16}", change_id(seed))
    assert household_id(made) == "H" + made[1:]


def test_an_id_in_use_is_salted_again_and_again():
    taken: set[str] = set()
    for _ in range(20):
        taken.add(lead_id("same", taken))
    assert len(taken) == 20
