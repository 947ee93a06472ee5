from hypothesis import given
from hypothesis import strategies as st

from benchmarks.duplicates import keys, same_groups
from benchmarks.peers.dict_union_find import find_groups
from core.clusters import Clusters, duplicates

_keys = st.sampled_from([None, "a", "b", "c", "d", "e"])


@given(st.lists(st.tuples(_keys, _keys), max_size=30))
def test_the_groups_are_those_of_a_plain_union_find(rows):
    phones, emails = [row[0] for row in rows], [row[1] for row in rows]
    found = duplicates((phones, emails))
    assert same_groups(found, find_groups(phones, emails)) or not rows
    assert all(root <= member and found[root] == root for member, root in enumerate(found))


def test_the_benchmarks_keys_have_repeats_and_blanks():
    phones, emails = keys(2000)
    assert len(set(phones)) < 2000
    assert None in emails
    assert same_groups(duplicates((phones, emails)), find_groups(phones, emails))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_joins_one_by_one_are_joins_all_at_once(pairs):
    clusters = Clusters(9)
    assert clusters.add() == 9
    for one, other in pairs:
        assert clusters.join(one, other) == clusters.root(one) == clusters.root(other)
    roots = clusters.roots()
    assert roots == [clusters.root(member) for member in range(10)]
