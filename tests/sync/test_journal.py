"""The journal comes back from its row, whatever its size; an edited one is not guessed at."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sync.journal import (
    CHARACTERS,
    Journal,
    NewRow,
    Target,
    journal_cells,
    new_lead_cells,
    parse_journal,
    parse_new_lead,
)
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
    assert parse_new_lead(("no",)) == NewRow()


cells = st.text(max_size=20) | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
new_rows = st.builds(
    NewRow, st.dictionaries(number, cells.filter(lambda cell: cell != ""), max_size=5), number | st.none()
)


@given(new_rows, st.lists(word, max_size=2))
def test_a_new_leads_row_comes_back(row: NewRow, older: list[str]) -> None:
    assert parse_new_lead((*new_lead_cells(row), *older)) == row


def test_a_long_word_of_a_new_lead_is_kept_in_parts() -> None:
    row = NewRow({0: "L1", 3: "न" * 50_000})
    assert max(map(len, map(str, new_lead_cells(row)))) <= CHARACTERS
    assert parse_new_lead(new_lead_cells(row)) == row


def test_hashes_of_a_former_version_say_nothing() -> None:
    assert parse_new_lead((json.dumps([[0, worth("L1", 0, 0)], [4, worth("Pune", 0, 4)]]),)) == NewRow()


def test_a_formula_of_a_row_that_came_back_is_known_wherever_that_stands() -> None:
    back, new = NewRow({4: "=LEN(B2)"}, 1), NewRow({4: "=LEN(B2)"})
    assert back.says(4, "=LEN(B9)", 8, 4)
    assert not back.says(4, "=LEN(B2)", 8, 4)
    assert new.says(4, "=LEN(B2)", 8, 4)
    assert not new.says(4, "=LEN(B9)", 8, 4)
    assert back.worth(4, 8) == worth("=LEN(B9)", 8, 4)
    assert not NewRow({1: True}).says(1, 1, 0, 1)
