"""Who puts mixed-up names back, takes that back, or says something else of them: the last word stands."""

from __future__ import annotations

import contextlib

import pytest

from app.acting import Doer, Done
from app.mixups import put_back
from app.together import take_back_all
from app.undoing import take_back
from core.field_checks import Refusal
from core.model import ChangeState
from store import conflicts, groups, mixups, outbox
from store.groups import Group
from sync.link import Link
from sync.outgoing import drain_now
from tests.sync.conftest import NOW, ROWS, Book, Desk
from tests.sync.test_mixups import incident_of, sort_names_and_phones_alone, web
from tests.sync.test_outgoing import by_id, change, enqueue, state_of


def who_they_are(desk: Desk) -> list[tuple[str, str]]:
    return sorted((row["lead_id"], row["full_name"]) for row in desk.master())


def assert_all_is_over(desk: Desk, link: Link) -> None:
    """Nobody is frozen, nothing waits, and nobody is asked."""
    with link.engine.connect() as conn:
        assert (mixups.every(conn), outbox.pending(conn, 5)) == ([], [])
        assert conflicts.open_conflicts(conn, 5).items == ()
    assert desk.cycle(link).writes == 0


def put_all_back(link: Link) -> Group:
    done = put_back(incident_of(link), Doer("Neha"))
    assert isinstance(done, Group)
    return done


def mixed_up(book: Book) -> tuple[Desk, Link, list[tuple[str, str]]]:
    """Some columns were sorted, and the app has seen it; with who the leads are."""
    desk, link, master = book
    before = who_they_are(desk)
    sort_names_and_phones_alone(master)
    desk.cycle(link)
    return desk, link, before


def test_a_putting_back_that_is_taken_back_before_it_went_leaves_them_listed(book: Book) -> None:
    """Whoever puts them back after all is the last who said anything."""
    desk, link, before = mixed_up(book)
    mixed = who_they_are(desk)
    with web(link).app_context():
        first = put_all_back(link)
        assert not isinstance(take_back_all(first.group_id, Doer("Neha", "undo")), Refusal)
        for _ in range(2):
            desk.cycle(link)
        assert who_they_are(desk) == mixed
        with link.engine.connect() as conn:
            assert len(mixups.every(conn)) == ROWS
        assert put_all_back(link) != first
        for _ in range(3):
            desk.cycle(link)
    assert who_they_are(desk) == before
    assert_all_is_over(desk, link)


@pytest.mark.parametrize("arrived", [False, True])
def test_what_is_put_back_again_stands_though_its_undo_had_not_gone_yet(book: Book, arrived: bool) -> None:
    """Before anything of it has gone, or when the first had arrived and no look has shown it yet."""
    desk, link, before = mixed_up(book)
    with web(link).app_context():
        first = put_all_back(link)
        if arrived:
            assert drain_now(link, NOW)
        with link.engine.connect() as conn:
            one = next(groups.changes(conn, first.group_id))
        assert isinstance(take_back(*one, Doer("Neha", "one of them")), Done)
        second = put_all_back(link)
        assert put_all_back(link) == second != first
        assert not isinstance(take_back_all(second.group_id, Doer("Neha", "all")), Refusal)
        assert put_all_back(link) not in (first, second)
    for _ in range(3):
        desk.cycle(link)
    assert who_they_are(desk) == before
    assert_all_is_over(desk, link)


def test_a_putting_back_whose_answer_was_lost_is_not_set_aside_by_the_next_one(book: Book) -> None:
    """It stands in the sheet: nobody may say that it never came."""
    desk, link, before = mixed_up(book)

    class Gone(Exception):
        pass

    def fall(step: str) -> None:
        if step == "sent":
            raise Gone

    with web(link).app_context():
        first = put_all_back(link)
        link.step = fall
        with contextlib.suppress(Gone):
            drain_now(link, NOW)
        link.step = lambda step: None
        with link.engine.connect() as conn:
            ids = [change_id for change_id, _ in groups.changes(conn, first.group_id)]
            one = next(groups.changes(conn, first.group_id))
        assert isinstance(take_back(*one, Doer("Neha", "one of them")), Done)
        assert put_all_back(link) != first
    for _ in range(3):
        desk.cycle(link)
    assert who_they_are(desk) == before
    with link.engine.connect() as conn:
        assert {one.state for one in outbox.changes(conn, ids).values()} == {ChangeState.DONE}
    assert_all_is_over(desk, link)


def test_the_last_word_on_a_name_is_the_one_that_was_said_last(book: Book) -> None:
    """An edit of a name that waits for its frozen lead is older than the putting back; one of the city has no say."""
    desk, link, before = mixed_up(book)
    lead, named = before[0]
    renamed = change(1, lead, full_name=(named, "Somebody Else"), notes=(None, "is called otherwise"))
    moved = change(2, lead, city=("Pune", "Kochi"))
    enqueue(link, renamed, moved)
    with web(link).app_context():
        put_all_back(link)
        after = change(3, lead, full_name=(named, "Asha Married"))
        enqueue(link, after)
    for _ in range(3):
        desk.cycle(link)
    assert who_they_are(desk) == sorted([*before[1:], (lead, "Asha Married")])
    with link.engine.connect() as conn:
        assert "put back since" in next(iter(outbox.changes(conn, [renamed.change_id]).values())).why
    assert [state_of(link, one) for one in (renamed, moved, after)] == [
        ChangeState.BLOCKED,
        ChangeState.DONE,
        ChangeState.DONE,
    ]
    assert by_id(desk, "city")[lead] == "Kochi"
    assert by_id(desk, "notes")[lead] == "", "a change lands whole or not at all"
