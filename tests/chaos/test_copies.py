"""Rows that people copied or moved while a word stood astray in them, as the oracle follows them."""

from __future__ import annotations

import pytest

from chaos.standing import Standing
from chaos.tokens import Mint
from chaos.track import Track
from core.model import ChangeState
from tests.chaos.test_grid import APP, PERSON, book, edit, found, line


def test_seed_1201_episode_43_a_lead_comes_back_with_what_people_wrote_beside_it_and_is_copied_then() -> None:
    """The row where it came back gets an id of its own, for the copy keeps the old one."""
    mint = Mint()
    track = book(mint)
    word = mint.next("p", "typed")
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    gone = {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}}
    track.follow([line(PERSON, "2", -1, -1, beside), line(PERSON, "2", 1, 2, word)])
    track.follow([line(PERSON, "3", -1, -1, gone)])
    track.follow([line(APP, "4", 2, c, cell) for c, cell in enumerate(("L1", "p000001", word))])
    assert "theirs" not in found(track)
    track.follow([line(PERSON, "5", 3, c, cell) for c, cell in enumerate(("L1", "p000001", word))])
    track.follow([line(APP, "6", 2, 0, "L3")])
    assert "theirs" not in found(track)
    track.follow([line(APP, "7", 1, 2, word)])
    assert "theirs" in found(track)


def test_seed_1_episode_0_a_copy_of_what_landed_by_half_is_put_right_with_it() -> None:
    """The change is done again at its lead, and the copy is another lead by then."""
    mint = Mint()
    track = book(mint)
    token = edit(mint, "p000001")
    track.follow([line(APP, "2", 1, 1, token)])
    track.follow([line(PERSON, "3", 3, c, cell) for c, cell in enumerate(("L1", token))])
    track.follow([line(APP, "4", row, 1, "p000001") for row in (1, 3)])
    track.follow([line(APP, "5", 3, 0, "L3")])
    assert "lost" in found(track)
    track.follow([line(APP, "6", 1, 1, token)])
    assert "lost" not in found(track)
    track.follow([line(APP, "7", 3, 1, "p000002")])
    assert "lost" in found(track)


def test_seed_2701_episode_36_a_copy_of_a_row_that_was_hit_is_put_right_though_the_ids_are_gone() -> None:
    mint = Mint()
    track = book(mint)
    second = track.grid.at(2, 1)
    ours = edit(mint)
    track.follow([line(APP, "2", 2, 1, ours)])  # led astray to L2
    track.follow([line(PERSON, "3", 3, c, text) for c, text in enumerate(("L2", ours))])
    track.follow([line(PERSON, "4", 2, 1, "typed over"), *(line(PERSON, "4", row, 0, "") for row in (2, 3))])
    track.follow([line(APP, "5", 3, 1, second)])
    assert "misplaced" not in found(track)
    track.follow([line(APP, "6", 1, 1, second)])
    assert "misplaced" in found(track)


def test_seed_3001_episode_38_what_stands_beside_a_word_that_goes_from_a_copy_did_not_come_instead_of_it() -> None:
    """Two lines of notes; the app's had come under a header that was typed over, and somebody copied the row."""
    mint = Mint()
    track = book(mint)
    theirs, ours = "p000001", mint.next("a", "edit", lead_id="L1", field="notes", change_id="C1")
    track.follow([line(APP, "2", 1, 1, f"{theirs}\n{ours}")])
    track.follow([line(PERSON, "3", 3, c, text) for c, text in enumerate(("L1", f"{theirs}\n{ours}"))])
    track.follow([line(APP, "4", row, 1, theirs) for row in (1, 3)])
    mint.goes("C2", "L1", "notes", [ours])
    undone = Standing({"C2": (ChangeState.DONE, "")}, frozenset(), (), "", ())
    assert "lost" not in found(track, undone)
    track.follow([line(APP, "5", 3, 1, "")])
    assert "lost" in found(track, undone)


def test_an_edit_that_stood_beside_another_one_does_not_excuse_its_loss() -> None:
    mint = Mint()
    track = book(mint)
    ours, beside = edit(mint, "p000001"), mint.next("a", "edit", lead_id="L1", field="city", change_id="C2")
    track.follow([line(APP, "2", 1, 1, f"{ours}\n{beside}")])
    track.follow([line(APP, "3", 1, 1, beside)])
    assert "lost" in found(track)


def _moved_with_a_word_astray() -> Track:
    """A note is led astray to the second lead's row, which has lost its id; a person pastes all of the tab as it had
    been, one row less: what stands there moves to another row."""
    mint = Mint()
    track = book(mint)
    theirs = track.grid.at(1, 1)
    noted = f"{theirs}\n{edit(mint, theirs)}"
    track.follow([line(PERSON, "2", 2, 0, "")])
    track.follow([line(APP, "3", 2, 1, noted)])
    track.follow([line(PERSON, "4", 3, 1, noted), line(PERSON, "4", 2, 1, mint.next("p", "pasted"))])
    return track


def test_seed_1003001_episode_43_a_row_that_was_hit_and_moved_gets_back_what_stood_there() -> None:
    """What had been written with the word that went astray is its lead's, and was never this row's."""
    track = _moved_with_a_word_astray()
    track.follow([line(APP, "5", 3, 1, "p000002"), line(APP, "6", 1, 1, "p000001\na000003")])
    assert not {"lost", "misplaced"} & found(track)


def test_but_what_landed_at_its_lead_is_not_taken_for_a_copy() -> None:
    track = _moved_with_a_word_astray()
    track.follow([line(APP, "5", 3, 1, "p000002"), line(APP, "6", 1, 1, "p000001\na000003")])
    track.follow([line(APP, "7", 1, 1, "p000002")])
    assert {"lost", "misplaced"} <= found(track)


def test_nor_does_a_moved_row_get_anything_else() -> None:
    track = _moved_with_a_word_astray()
    track.follow([line(APP, "5", 3, 1, ""), line(APP, "6", 1, 1, "p000001\na000003")])
    assert "lost" in found(track)


def _repaired_astray_and_copied() -> Track:
    """An edit had gone astray to the second lead; its word was put back, but to the first one's row, which somebody has
    copied since."""
    track = book(Mint())
    track.follow([line(APP, "2", 2, 1, edit(track.mint, "p000001"))])
    track.follow([line(APP, "3", 1, 1, "p000002")])
    track.follow([line(PERSON, "4", 3, 0, "L1"), line(PERSON, "4", 3, 1, "p000002")])
    return track


def test_seed_3101_episode_0_a_word_that_a_repair_had_misled_goes_from_a_copied_row_too() -> None:
    track = _repaired_astray_and_copied()
    track.follow([line(APP, "5", 1, 1, "p000001"), line(APP, "5", 2, 1, "p000002"), line(APP, "5", 3, 1, "p000001")])
    track.follow([line(APP, "6", 1, 1, "a000003")])
    assert not {"lost", "misplaced"} & found(track)


def test_but_only_for_what_had_stood_there() -> None:
    track = _repaired_astray_and_copied()
    track.follow([line(APP, "5", 1, 1, "p000001"), line(APP, "5", 2, 1, "p000002"), line(APP, "5", 3, 1, "")])
    track.follow([line(APP, "6", 1, 1, "a000003")])
    assert "lost" in found(track)


def _of_a_form_astray_and_copied(back: str) -> set[str]:
    """What a form had said came to the second lead, as others were put back; somebody copied that row."""
    track = book(Mint())
    word = track.mint.next("s", "source row")
    track.follow([line(APP, "2", 2, 1, word), line(PERSON, "3", 3, 0, "L2"), line(PERSON, "3", 3, 1, word)])
    track.follow([line(APP, "4", 2, 1, "p000002"), line(APP, "4", 3, 1, back)])
    return found(track)


def test_seed_1004201_episode_392_what_a_form_had_said_goes_from_a_copied_row_too() -> None:
    assert "lost" not in _of_a_form_astray_and_copied("p000002")
    assert "lost" in _of_a_form_astray_and_copied("p000001")


def _astray_and_sorted_to_its_lead(back: str) -> set[str]:
    """Cities alone: the row that it had gone astray in has the first lead's by then."""
    track = book(Mint())
    token = edit(track.mint, "p000001")
    track.follow([line(APP, "2", 2, 1, token)])
    track.follow([line(PERSON, "3", 1, 1, token), line(PERSON, "3", 2, 1, "p000001")])
    track.follow([line(APP, "4", 1, 1, back)])
    return found(track)


def test_seed_4301_episode_22_what_it_had_displaced_comes_to_where_a_sort_has_taken_it() -> None:
    assert "misplaced" not in _astray_and_sorted_to_its_lead("p000002")
    assert "lost" in _astray_and_sorted_to_its_lead("")


def _half_landed_and_copied() -> Track:
    """An edit that had landed without the rest of its change, and whose row somebody copied, is taken out of both."""
    track = book(Mint())
    token = edit(track.mint, "p000001")
    track.follow([line(APP, "2", 1, 1, token)])
    track.follow([line(PERSON, "3", 3, 0, "L1"), line(PERSON, "3", 3, 1, token)])
    track.follow([line(APP, "4", 1, 1, "p000001"), line(APP, "4", 3, 1, "p000001")])
    return track


def test_seed_3101_episode_34_an_edit_may_land_again_in_the_copy_that_keeps_the_id() -> None:
    track = _half_landed_and_copied()
    track.follow([line(APP, "5", 1, 0, "L3"), line(APP, "6", 3, 1, "a000003")])
    assert "lost" not in found(track)


def test_but_it_has_to_land() -> None:
    track = _half_landed_and_copied()
    track.follow([line(APP, "5", 1, 0, "L3")])
    assert "lost" in found(track)


def test_seed_1003601_episode_26_a_copy_is_not_put_right_by_a_repair_that_misses_to_it() -> None:
    """A word that had landed, and was copied with its row, went astray with an edit of the copy; that was to be put
    right and came to the copy."""
    track = book(Mint())
    track.follow([line(APP, "2", 1, 1, token := edit(track.mint, "p000001"))])
    track.follow([line(PERSON, "3", 3, 0, "L1"), line(PERSON, "3", 3, 1, token)])
    track.follow([line(APP, "4", 3, 0, "L3")])
    track.follow([line(APP, "5", 2, 1, token), line(APP, "6", 3, 1, "p000002")])
    assert {"lost", "misplaced"} <= found(track)
    track.follow([line(APP, "7", 3, 1, token), line(APP, "7", 2, 1, "p000002")])
    assert not {"lost", "misplaced"} & found(track)


def test_seed_1003601_episode_122_a_lead_comes_back_with_what_was_pasted_into_a_column_of_peoples_own() -> None:
    """Such as the household of a whole tab that was pasted beside where it had been."""
    track = book(Mint())
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    track.follow([line(PERSON, "2", -1, -1, beside), *(line(PERSON, "2", 1, c, v) for c, v in ((2, "H1"), (0, "")))])
    track.follow([line(PERSON, "3", 3, 2, "x"), line(PERSON, "4", 3, 2, "")])
    track.follow([line(APP, "5", 3, c, cell) for c, cell in ((0, "L1"), (2, "H1"))])
    assert "theirs" not in found(track)
    track.follow([line(APP, "6", 3, 2, "H2")])
    assert "theirs" in found(track)


def _repaired_over_what_was_typed(landed: bool) -> set[str]:
    """Another lead's edit had gone astray to where a person typed; a repair puts back what had stood there before."""
    track = book(Mint())
    ours, typed = edit(track.mint, "p000001"), track.mint.next("p", "typed")
    other = track.mint.next("a", "edit", lead_id="L2", field="city", change_id="C2", seen=frozenset({"p000002"}))
    track.follow([line(APP, "2", 1, 1, ours)] if landed else [])
    track.follow([line(APP, "3", 1, 1, other), line(PERSON, "4", 1, 1, typed)])
    track.follow([line(APP, "5", 1, 1, ours), line(APP, "6", 1, 1, typed), line(APP, "6", 2, 1, other)])
    return found(track)


def test_seed_3601_episode_245_what_somebody_typed_over_an_edit_that_was_astray_stays() -> None:
    assert not {"lost", "misplaced"} & _repaired_over_what_was_typed(landed=True)


def test_but_an_edit_that_came_after_it_has_to_be_a_conflict() -> None:
    assert "lost" in _repaired_over_what_was_typed(landed=False)


def _moved_with_a_note_astray(besides: bool) -> set[str]:
    """The app's note had come to a column of people's own; they pasted the row elsewhere, and the app takes it out."""
    track = book(Mint())
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    track.follow([line(PERSON, "1", -1, -1, beside)])
    track.follow([line(APP, "2", 1, 2, noted := f"p000001\n{edit(track.mint, 'p000001')}")])
    left = f"{noted}\n{track.mint.next('p', 'typed')}" if besides else noted
    track.follow([line(PERSON, "3", 1, 2, ""), line(PERSON, "3", 2, 2, left)])
    track.follow([line(APP, "4", 2, 2, "")])
    return found(track)


def test_seed_3701_episode_39_a_note_that_was_astray_and_moved_goes_with_all_that_was_written_with_it() -> None:
    assert "theirs" not in _moved_with_a_note_astray(besides=False)


def test_but_what_somebody_typed_beside_it_stays() -> None:
    assert "theirs" in _moved_with_a_note_astray(besides=True)


def test_seed_1003701_episode_158_a_repair_may_miss_to_the_lead_whose_id_was_sorted_away() -> None:
    """The word stands in its own row, which has another id by then."""
    track = book(Mint())
    track.follow([line(APP, "2", 1, 1, token := edit(track.mint, "p000001"))])
    track.follow([line(PERSON, "3", 1, 0, "L2"), line(PERSON, "3", 2, 0, "L1")])
    track.follow([line(APP, "4", 2, 1, token), line(APP, "5", 2, 1, "p000002")])
    assert "lost" not in found(track)
    track.follow([line(APP, "6", 1, 1, "p000001")])
    assert "lost" in found(track)


@pytest.mark.parametrize("column", [1, 2])
def test_seed_1004001_episode_33_what_came_to_its_column_under_another_header_may_go_with_that(column: int) -> None:
    """But not with a column of people's own."""
    track = book(Mint())
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    track.follow([line(PERSON, "2", -1, -1, beside), line(PERSON, "3", 0, 1, "Town")])
    track.follow([line(APP, "4", 1, column, edit(track.mint, "p000001"))])
    gone = {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}}}
    track.follow([line(PERSON, "5", -1, -1, gone)])
    assert ("lost" in found(track)) == (column == 2)


def test_seed_4401_episode_319_what_was_taken_back_stays_in_the_copy_that_did_not_count() -> None:
    """The row that counted is deleted by a person afterwards."""
    for taken in (True, False):
        track = book(mint := Mint())
        track.follow([line(APP, "2", 1, 1, token := edit(mint, "p000001"))])
        track.follow([line(PERSON, "3", 3, c, text) for c, text in enumerate(("L1", token))])
        track.follow([line(APP, "4", 3, 1, "p000001")] if taken else [])
        gone = {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 3, "endIndex": 4}}}
        track.follow([line(PERSON, "5", -1, -1, gone)])
        mint.goes("C2", "L1", "city", [token])
        undone = Standing({"C2": (ChangeState.DONE, "")}, frozenset(), (), "", ())
        assert ("lost" in found(track, undone)) is not taken


@pytest.mark.parametrize(("row", "stays"), [(2, False), (1, True)])
def test_seed_4401_episode_367_an_edit_that_was_astray_goes_from_beside_its_cell(row: int, stays: bool) -> None:
    """Somebody pasted a page of the sheet one column to the right. Under another lead it is a person's."""
    track = book(Mint())
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    track.follow([line(PERSON, "1", -1, -1, beside)])
    track.follow([line(APP, "2", 2, 1, token := edit(track.mint, "p000001"))])
    track.follow([line(PERSON, "3", 2, 1, ""), line(PERSON, "3", row, 2, token)])
    track.follow([line(APP, "4", row, 2, "")])
    assert ("theirs" in found(track)) is stays


@pytest.mark.parametrize("by", [PERSON, APP])
def test_seed_1004501_episode_96_what_a_person_put_beside_a_lead_may_come_back_to_there(by: str) -> None:
    """A repair that missed had taken it for a copy of the same word, that had gone astray elsewhere before."""
    track = book(Mint())
    track.follow([line(APP, "2", 2, 1, token := edit(track.mint, "p000001"))])
    track.follow([line(APP, "3", 2, 1, "p000002")])
    track.follow([line(by, "4", 3, c, text) for c, text in enumerate(("L3", token))])
    track.over[token, track.grid.at(2, 1)] = ""
    track.follow([line(APP, "5", 3, 1, "")])
    track.follow([line(APP, "6", 3, 1, token)])
    assert ("misplaced" in found(track)) == (by == APP)


@pytest.mark.parametrize("header", ["city", "notes"])
def test_seed_4501_episode_165_a_lead_comes_back_with_its_words_under_the_same_header_in_another_column(
    header: str,
) -> None:
    track = book(Mint())
    word = track.mint.next("p", "typed")
    track.follow([line(PERSON, "2", 1, 1, word)])
    gone = {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}}
    track.follow([line(PERSON, "3", -1, -1, gone), line(PERSON, "4", 0, 1, "Town"), line(PERSON, "4", 0, 2, header)])
    track.follow([line(APP, "5", 2, c, cell) for c, cell in enumerate(("L1", "", word))])
    assert ("misplaced" in found(track)) == (header == "notes")


@pytest.mark.parametrize("row", [3, 4])
def test_seed_1004501_episode_323_what_came_to_a_row_before_its_id_may_go_with_its_column(row: int) -> None:
    """The id came under another header first. In another row it is no lead that the word had come to."""
    track = book(Mint())
    token = track.mint.next("a", "edit", lead_id="L3", field="city", change_id="C1", seen=frozenset())
    track.follow([line(APP, "2", 3, 1, token)])
    gone = {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}}
    track.follow([line(PERSON, "3", -1, -1, gone)])
    track.follow([line(APP, "4", row, 0, "L3")])
    assert ("lost" in found(track)) == (row == 4)
