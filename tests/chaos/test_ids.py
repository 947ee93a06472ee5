"""Whose loss an id is that the app writes over: of a row and its copy one gets another id."""

from __future__ import annotations

import pytest

from chaos.standing import Standing
from chaos.tokens import Mint
from core.model import ChangeState
from tests.chaos.test_grid import APP, PERSON, book, dimension, found, line


def _named_while_its_copy_loses_the_id(copied: bool) -> set[str]:
    track = book(Mint())
    track.follow([line(PERSON, "2", 3, 0, "L1" if copied else "L3"), line(PERSON, "3", 1, 0, "")])
    track.follow([line(APP, "4", 3, 0, "L4")])
    return found(track)


def test_seed_1003601_episode_200_a_copy_is_given_its_id_as_a_person_clears_the_other_one() -> None:
    assert "ids" not in _named_while_its_copy_loses_the_id(copied=True)
    assert "ids" in _named_while_its_copy_loses_the_id(copied=False)


def _written_over_and_put_back(copied: bool) -> set[str]:
    """A person copies the row, or does not; the first one gets a new id, and the copy is deleted."""
    track = book(Mint())
    track.follow([line(APP, "2", 1, 0, "L3"), line(APP, "3", 1, 0, "L1")])
    track.follow([line(PERSON, "4", 3, 0, "L1" if copied else "L5"), line(APP, "5", 1, 0, "L4")])
    track.follow([line(PERSON, "6", -1, -1, dimension("deleteDimension", 3))])
    return found(track)


def test_seed_1004201_episode_177_a_copy_that_has_the_id_is_deleted_by_a_person() -> None:
    assert "ids" not in _written_over_and_put_back(copied=True)
    assert "ids" in _written_over_and_put_back(copied=False)


def _word_among_the_ids(copied: bool) -> set[str]:
    track = book(Mint())
    word = track.mint.next("p", "typed")
    track.follow([line(PERSON, "2", 2, 0, word), *([line(PERSON, "3", 3, 0, word)] if copied else [])])
    track.follow([line(APP, "4", 3 if copied else 2, 0, "L4")])
    return found(track)


def test_seed_1004201_episode_280_a_row_whose_id_is_somebodys_word_is_copied_and_gets_an_id() -> None:
    assert "lost" not in _word_among_the_ids(copied=True)
    assert "lost" in _word_among_the_ids(copied=False)


def _came_crooked_from_a_form(named: bool) -> set[str]:
    """A column had been moved to the left of the ids as it was written: its e-mail alone stands where it should."""
    track = book(Mint())
    track.follow([line(PERSON, "2", 0, 1, "email")])
    track.follow([line(APP, "3", 3, 1, track.mint.next("s", "source row"))])
    track.follow([line(APP, "4", 3, 0, "L3")] if named else [])
    return found(track)


def test_seed_1004301_episode_63_a_row_of_a_form_that_came_crooked_is_its_leads_when_it_has_its_id() -> None:
    assert not {"lost", "misplaced"} & _came_crooked_from_a_form(named=True)
    assert "misplaced" in _came_crooked_from_a_form(named=False)


@pytest.mark.parametrize("along", [True, False])
def test_seed_4401_episode_156_a_row_whose_id_and_name_a_person_gave_it_is_that_leads(along: bool) -> None:
    """What was taken back from the lead had stood in that row as another one's. Of ids alone the app has to tell."""
    track = book(mint := Mint())
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    names = [line(PERSON, "1", row, 2, text) for row, text in enumerate(("full_name", "Asha", "Bina"))]
    track.follow([line(PERSON, "1", -1, -1, beside), *names])
    token = mint.next("a", "edit", lead_id="L2", field="city", change_id="C1", seen=frozenset())
    track.follow([line(APP, "2", 2, 1, token)])
    sort = [line(PERSON, "3", row, 0, f"L{3 - row}") for row in (1, 2)]
    track.follow([*sort, *([line(PERSON, "3", 1, 2, "Bina"), line(PERSON, "3", 2, 2, "Asha")] if along else [])])
    mint.goes("C2", "L1", "city", [token])
    undone = Standing({"C2": (ChangeState.DONE, "")}, frozenset(), (), "", ())
    assert ("lost" in found(track, undone)) is not along
