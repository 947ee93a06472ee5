"""What a look at Master says of its rows: what nobody can read is shown until it can be read; an empty book is a
book."""

from __future__ import annotations

import pytest

from core.model import Change, ChangeKind, ChangeState
from store import issues, mirror, state
from sync.errors import UnsafePicture
from sync.restore import FENCE, UNREAD
from tests.sync.conftest import NOW, ROWS, Book, Desk
from tests.sync.test_beside import small
from tests.sync.test_outgoing import change, enqueue, state_of


@pytest.mark.parametrize("large", [False, True])
def test_a_cell_that_cannot_be_read_is_told_until_it_can(
    book: Book, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    desk, link, master = book
    if large:
        small(monkeypatch)

    def told() -> list[tuple[int, str]]:
        with link.engine.connect() as conn:
            return [(one.issue.row, one.issue.field) for one in issues.standing(conn, master.id)]

    column = master.row_values(1).index("next_follow_up") + 1
    master.update_cell(2, column, "someday")
    desk.cycle(link)
    assert told() == [(2, "next_follow_up")]
    master.update([["Delhi"]], "E4", raw=True)  # somebody else's row
    for _ in range(2):
        desk.cycle(link)
        assert told() == [(2, "next_follow_up")]
    if not large:
        master.insert_row([""], 2)
        desk.cycle(link)
        assert told() == [(3, "next_follow_up")]
        master.delete_rows(2)
    master.update_cell(2, column, "24-12-2026")
    desk.cycle(link)
    assert told() == []
    desk.cycle(link)
    assert desk.cycle(link).writes == 0


def test_the_first_lead_of_a_library_may_be_made_in_the_app(desk: Desk) -> None:
    link = desk.link()
    desk.cycle(link)
    fields = {"full_name": (None, "Bina"), "phone_number": (None, "+919815500099")}
    enqueue(link, Change("N1", "LNEW00001", ChangeKind.CREATE, fields, "Neha", NOW))
    desk.cycle(link)
    assert desk.column("full_name") == ["Bina"]
    desk.book.worksheet("Master").batch_clear(["A2:AC2"])
    with pytest.raises(UnsafePicture):
        desk.cycle(link)


@pytest.mark.parametrize("fence", ["as it was", "not known"])
@pytest.mark.parametrize("city", ["Pune", "Delhi"])
def test_a_lead_whose_id_stands_twice_stays_in_its_row_wherever_that_is_moved(
    book: Book, fence: str, city: str
) -> None:
    """The other row is nobody's: no name, phone or e-mail. Also where Master is read back, and where somebody types
    into the row besides."""
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    copy = master.row_values(2)
    master.update([[copy[0], "", "", "", "Kochi"]], f"A{ROWS + 2}", value_input_option="RAW")
    desk.cycle(link)
    moved = {"sheetId": master.id, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    desk.book.batch_update({"requests": [{"moveDimension": {"source": moved, "destinationIndex": ROWS + 2}}]})
    master.update([[city]], f"E{ROWS + 2}", value_input_option="RAW")
    assert desk.column("city") == ["Pune"] * (ROWS - 1) + ["Kochi", city]
    if fence == "not known":
        with link.engine.begin() as conn:
            state.put(conn, FENCE, UNREAD)
    for _ in range(2):
        desk.cycle(link)
    with link.engine.connect() as conn:
        found = mirror.lead(conn, lead)
        assert found
        assert (found.full_name, found.city) == (copy[1], city)
        assert [(one.issue.row, "stands in row" in one.issue.reason) for one in issues.standing(conn, master.id)] == [
            (ROWS + 1, True)
        ]


@pytest.mark.parametrize("came", [True, False])
def test_of_a_row_and_its_copy_the_one_that_a_write_came_to_is_the_leads(book: Book, came: bool) -> None:
    """The answer to the write was lost, and the copy stands where the row stood; else that one counts."""
    desk, link, master = book
    ids = desk.column("lead_id")
    enqueue(link, change(1, ids[0], city=("Pune", "Delhi")))
    with link.engine.begin() as conn:
        state.put(conn, FENCE, UNREAD)
    master.insert_row(master.row_values(2), 2, value_input_option="RAW")
    if came:
        master.update([["Delhi"]], "E3", raw=True)
    for _ in range(2):
        desk.cycle(link)
    kept = 1 if came else 0
    assert desk.column("lead_id")[kept] == ids[0] != desk.column("lead_id")[1 - kept]
    assert desk.column("city")[kept] == "Delhi" != desk.column("city")[1 - kept]


def test_a_copy_that_says_what_the_lead_once_said_is_not_the_one_that_its_undo_came_to(book: Book) -> None:
    """The undo waits: nothing of it can have come to any row."""
    desk, link, master = book
    ids, copy = desk.column("lead_id"), master.row_values(2)
    master.update([["Delhi"]], "E2", raw=True)
    desk.cycle(link)
    master.insert_row(copy, 3, value_input_option="RAW")
    enqueue(link, change(1, ids[0], city=("Delhi", "Pune")))
    for _ in range(2):
        desk.cycle(link)
    assert desk.column("lead_id")[0] == ids[0] != desk.column("lead_id")[1]
    assert desk.column("city")[:2] == ["Pune", "Pune"]


@pytest.mark.parametrize("deleted", [True, False])
def test_a_change_whose_lead_somebody_deletes_before_it_is_read_again_waits_for_nothing(
    book: Book, deleted: bool
) -> None:
    desk, link, master = book
    made = Change("N1", "LNEW00001", ChangeKind.CREATE, {"full_name": (None, "Bina")}, "Neha", NOW)
    enqueue(link, made)
    seen = []

    def step(name: str) -> None:
        if name == "recorded" and deleted:
            assert "LNEW00001" in master.col_values(1)
            master.delete_rows(ROWS + 2)

    link.step = step
    desk.cycle(link)
    link.step = lambda name: None
    for _ in range(3):
        seen.append(state_of(link, made))
        desk.cycle(link)
    assert seen[0] is ChangeState.APPLIED
    assert state_of(link, made) is ChangeState.DONE
    with link.engine.connect() as conn:
        assert mirror.standing(conn, ["LNEW00001"])["LNEW00001"].state == ("deleted" if deleted else "live")
