"""The hidden tab holds what is needed to start again without a database."""

from hypothesis import given
from hypothesis import strategies as st

from core.model import Disposition, LedgerEntry
from sync.crm import PACKED_CHARACTERS, Head, head_cells, pack, parse_head, unpack

word = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
entries = st.builds(
    LedgerEntry,
    sheet_id=st.integers(0, 2**31 - 1),
    fingerprint=word,
    key=word | st.just(""),
    disposition=st.sampled_from(Disposition),
    lead_ids=st.lists(word, max_size=3).map(tuple),
)


def test_the_head_comes_back() -> None:
    head = Head(17, "house", "1abc", {"master": 5, "crm": 0})
    assert parse_head((*head_cells(head)[:5], 9)) == Head(17, "house", "1abc", {"master": 5, "crm": 0}, 9)


def test_an_edited_head_is_not_guessed_at() -> None:
    good = head_cells(Head(17, "house", "1abc", {"master": 5}))
    for column, bad in (
        (0, "hello"),
        (1, "seventeen"),
        (1, None),
        (1, True),
        (4, "{"),
        (4, "[1]"),
        (4, '{"master": "x"}'),
    ):
        assert parse_head([bad if i == column else c for i, c in enumerate(good)]) is None
    assert parse_head(()) is None


@given(st.lists(entries, unique_by=lambda e: (e.sheet_id, e.fingerprint)))
def test_the_ledger_comes_back(ledger: list[LedgerEntry]) -> None:
    found = unpack(pack(3, ledger, ()))
    assert (set(found.entries), found.broken) == (set(ledger), 0)


def test_later_rows_win_and_replaced_rows_are_gone() -> None:
    first = LedgerEntry(1, "a:0", "k", Disposition.ATTENTION)
    second = LedgerEntry(1, "a:0", "k", Disposition.CREATED, ("L1",))
    other = LedgerEntry(1, "b:0", "", Disposition.SKIPPED)
    rows = (*pack(1, [first, other], ()), *pack(2, [second], [(1, "b:0")]))
    assert unpack(rows).entries == (second,)


def test_what_people_said_of_tabs_comes_back_and_the_last_word_counts() -> None:
    rows = (*pack(1, [], (), [(7, "source"), (8, "skip")]), *pack(2, [], (), [(8, "ask")]))
    found = unpack(rows)
    assert (found.answers, found.entries, found.broken) == ({7: "source", 8: "ask"}, (), 0)
    assert unpack([(1, "7 =tab - Z")]).broken == 1


def test_no_packed_text_outgrows_a_cell() -> None:
    many = [LedgerEntry(1, f"{i:032x}:0", "k" * 16, Disposition.CREATED, ("L12345678",)) for i in range(2000)]
    rows = pack(9, many, ())
    assert len(rows) > 1
    assert all(len(str(text)) <= PACKED_CHARACTERS for _, text in rows)
    assert unpack(rows).entries == tuple(many)


def test_a_line_that_someone_typed_over_is_counted_not_fatal() -> None:
    row = (1, "hello\n5 a:0 - c L1\n5 b:0 - ?\n")
    found = unpack([row, (), (2,), (3, None)])
    assert [e.lead_ids for e in found.entries] == [("L1",)]
    assert found.broken == 2
