"""The journal comes back from its row, whatever its size; an edited one is not guessed at."""

from hypothesis import given
from hypothesis import strategies as st

from sync.journal import CHARACTERS, Journal, Target, journal_cells, new_lead_cells, parse_journal, parse_new_lead
from sync.worth import worth

word = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
words = st.lists(word, max_size=3).map(tuple)
number = st.integers(0, 1000)
plain = st.builds(Target, word, number, words, st.lists(number, max_size=3).map(tuple), word | st.just(""))
repair = st.builds(Target, word, number, st.just(()), st.just((1, 2)), word, st.just(("x", "")), number)
journals = st.builds(
    Journal, number, st.integers(0, 1), number, st.dictionaries(word, number, max_size=3),
    st.lists(plain | repair, max_size=4).map(tuple), words, words,
)  # fmt: skip


@given(journals)
def test_the_journal_comes_back(journal: Journal) -> None:
    assert parse_journal(journal_cells(journal)) == journal


def test_no_part_outgrows_a_cell() -> None:
    targets = tuple(
        Target(f"L{n:08}", n, (f"C{n:016}", f"D{n:016}"), (1, 2, 3), "", ("0123456789",) * 3) for n in range(500)
    )
    row = journal_cells(Journal(7, 1, 30, {"city": 4}, targets, (), tuple(f"C{n:016}" for n in range(500))))
    assert max(len(str(cell)) for cell in row) <= CHARACTERS
    found = parse_journal(row)
    assert found
    assert found.targets == targets


def test_what_was_edited_says_nothing() -> None:
    whole = journal_cells(Journal(7, 1, 30, {}))
    assert parse_journal(()) is None
    assert parse_journal(("7", *whole[1:])) is None
    assert parse_journal((*whole[:2], "{}")) is None
    assert parse_journal((*whole[:2], str(whole[2])[:-4])) is None
    assert parse_new_lead(("no",)) == {}


def test_a_new_leads_cells_are_kept_by_their_worth() -> None:
    assert parse_new_lead(new_lead_cells({0: "L1", 3: None, 4: "Pune"})) == {
        0: worth("L1", 0, 0),
        4: worth("Pune", 0, 4),
    }
