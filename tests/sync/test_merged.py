"""Merged cells: Google keeps no value under a merge, and drops what is written there without a word. No change is
called applied that does not stand in the sheet, whether the server keeps such a value or drops it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from app.acting import Doer, Done
from app.undoing import take_back
from core.model import Change, ChangeKind, ChangeState
from store import issues, mirror, outbox
from sync import merged
from sync.errors import SheetsProblem
from sync.link import Link
from tests.conftest import Server
from tests.sync.conftest import HEADER, NOW, ROWS, Book, Desk, person
from tests.sync.test_deleting import undo, web
from tests.sync.test_outgoing import by_id, change, enqueue, meddle, state_of

E = 4  # the column city


@pytest.fixture(params=[False, True], ids=["dropped", "kept"])
def merging(book: Book, server: Server, request: pytest.FixtureRequest) -> Iterator[Book]:
    """A book on a server that drops what is written under a merge, and on one that keeps it."""
    switches = f"{server.base}/_local/switches"
    requests.post(switches, json={"covered_cells_keep_values": request.param}, timeout=10).raise_for_status()
    yield book
    requests.post(switches, json={"covered_cells_keep_values": True}, timeout=10).raise_for_status()


def place(desk: Desk, rows: tuple[int, int], columns: tuple[int, int]) -> dict[str, Any]:
    """Rows and columns (0-based, half-open) of Master."""
    return {
        "sheetId": desk.book.worksheet("Master").id,
        "startRowIndex": rows[0], "endRowIndex": rows[1], "startColumnIndex": columns[0], "endColumnIndex": columns[1],
    }  # fmt: skip


def merge(desk: Desk, rows: tuple[int, int], columns: tuple[int, int], kind: str = "MERGE_ALL") -> None:
    desk.book.batch_update({"requests": [{"mergeCells": {"range": place(desk, rows, columns), "mergeType": kind}}]})


def unmerge(desk: Desk) -> None:
    desk.book.batch_update({"requests": [{"unmergeCells": {"range": {"sheetId": desk.book.worksheet("Master").id}}}]})


def why(link: Link, one: Change) -> str:
    with link.engine.begin() as conn:
        found = outbox.change(conn, one.change_id)
        return found.why if found else ""


def settle(desk: Desk, link: Link) -> None:
    """Until nothing happens any more."""
    for _ in range(6):
        report = desk.cycle(link)
        if (report.reads, report.writes) == (1, 0):
            return
    raise AssertionError("it does not come to rest")


def email_over_first_city(merging: Book) -> tuple[Desk, Link, list[str]]:
    """With the leads' ids. A merge with its e-mail covers the first one's city, and the app has seen that."""
    desk, link, _ = merging
    merge(desk, (1, 2), (3, 5))
    desk.cycle(link)
    return desk, link, desk.column("lead_id")


def test_a_covered_cell_keeps_its_change_and_gets_it_when_it_is_free(merging: Book) -> None:
    desk, link, ids = email_over_first_city(merging)
    covered = change(1, ids[0], city=(None, "Kochi"), lead_type=(None, "Hot"))
    above, other = (
        change(2, ids[0], email=("asha0@example.org", "new@example.org")),
        change(3, ids[1], city=("Pune", "Agra")),
    )
    enqueue(link, covered, above, other)
    settle(desk, link)
    row = next(row for row in desk.master() if row["lead_id"] == ids[0])
    assert (row["email"], row["city"], row["lead_type"]) == ("new@example.org", "", ""), "whole or not at all"
    assert by_id(desk, "city")[ids[1]] == "Agra"
    assert [state_of(link, one) for one in (covered, above, other)] == [
        ChangeState.BLOCKED,
        ChangeState.DONE,
        ChangeState.DONE,
    ]
    assert why(link, covered) == "City: merged cells cover it in the sheet. It goes there when they are taken apart"
    with link.engine.connect() as conn:
        assert mirror.base(conn, ids[0]) == mirror.lead(conn, ids[0]), "the page shows what the sheet says"
    unmerge(desk)
    settle(desk, link)
    row = next(row for row in desk.master() if row["lead_id"] == ids[0])
    assert (row["city"], row["lead_type"]) == ("Kochi", "Hot")
    assert state_of(link, covered) is ChangeState.DONE


def test_what_takes_back_a_change_that_waits_for_a_merge_waits_behind_it(merging: Book) -> None:
    """Said first, it would say nothing, and the change that it takes back would come after all."""
    desk, link, ids = email_over_first_city(merging)
    typed = change(1, ids[0], city=(None, "Kochi"), lead_type=(None, "Hot"))
    undone = change(2, ids[0], city=("Kochi", None), lead_type=("Hot", None))
    again = change(3, ids[0], city=(None, "Agra"))
    enqueue(link, typed, change(4, ids[0], notes=(None, "called")), undone, again)  # with an edit between, each goes
    settle(desk, link)
    assert {state_of(link, one) for one in (typed, undone, again)} == {ChangeState.BLOCKED}
    assert by_id(desk, "notes")[ids[0]] == "called"
    unmerge(desk)
    settle(desk, link)
    assert {state_of(link, one) for one in (typed, undone, again)} == {ChangeState.DONE}
    assert (by_id(desk, "city")[ids[0]], by_id(desk, "lead_type")[ids[0]]) == ("Agra", "")


@pytest.mark.parametrize("redone", [False, True])
def test_what_waits_for_a_merge_is_taken_back_and_goes_no_more(merging: Book, redone: bool) -> None:
    desk, link, ids = email_over_first_city(merging)
    typed, other = change(1, ids[0], city=(None, "Kochi")), change(2, ids[0], city=(None, "Agra"))
    for one in (typed, other):
        enqueue(link, one)
        settle(desk, link)
    with web(link).app_context():
        undone = take_back(typed.change_id, ids[0], Doer("Vikram"))
    assert isinstance(undone, Done)
    assert undone.status.state is state_of(link, typed) is ChangeState.DONE
    assert undo(link, other.change_id) is None
    if redone:
        assert undo(link, undone.change_id) is None
    settle(desk, link)
    unmerge(desk)
    settle(desk, link)
    assert by_id(desk, "city")[ids[0]] == ("Kochi" if redone else "")


def test_what_is_taken_back_while_it_is_set_aside_goes_no_more(merging: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever undoes at once is quicker than Google's answer that the cells are merged."""
    desk, link, ids = email_over_first_city(merging)
    typed = change(1, ids[0], city=(None, "Kochi"), updated_at=(None, NOW))
    back = change(2, ids[0], city=("Kochi", None), updated_at=(NOW, NOW + timedelta(seconds=2)))
    read = merged.read_merges

    def meanwhile(link: Link, sheet_id: int) -> merged.Merges:
        enqueue(link, back)
        return read(link, sheet_id)

    enqueue(link, typed)
    with monkeypatch.context() as patched:
        patched.setattr(merged, "read_merges", meanwhile)
        settle(desk, link)
    unmerge(desk)
    settle(desk, link)
    assert {state_of(link, one) for one in (typed, back)} == {ChangeState.DONE}
    assert by_id(desk, "city")[ids[0]] == ""


def test_what_waits_for_a_merge_stays_under_what_was_made_of_it(merging: Book) -> None:
    desk, link, ids = email_over_first_city(merging)
    typed, again = change(1, ids[0], city=(None, "Kochi")), change(2, ids[0], city=("Kochi", "Agra"))
    enqueue(link, typed, again)
    settle(desk, link)
    refused = undo(link, typed.change_id)
    assert refused is not None
    assert (refused.code, refused.field) == ("newer", "city")
    unmerge(desk)
    settle(desk, link)
    assert by_id(desk, "city")[ids[0]] == "Agra"


def test_what_went_astray_waits_for_the_merge_and_for_nothing_that_activity_tells(merging: Book) -> None:
    desk, link, master = merging
    lead = desk.column("lead_id")[0]
    one = change(1, lead, lead_type=(None, "Hot"))
    enqueue(link, one)
    meddle(desk, link, lambda: master.sort((2, "des"), range=f"A2:AD{ROWS + 1}"))
    link.step = lambda name: _end(name == "sent")
    with contextlib.suppress(ZeroDivisionError):
        desk.cycle(link)
    link.step = lambda name: None
    row = desk.column("lead_id").index(lead) + 1
    merge(desk, (row, row + 1), (9, 11))  # source over type
    settle(desk, link)
    assert state_of(link, one) is ChangeState.BLOCKED
    unmerge(desk)
    desk.book.worksheet("_crm").update_acell("B1", 7)  # all is read back, and Activity tells of it
    for _ in range(2):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    settle(desk, link)
    assert by_id(desk, "lead_type")[lead] == "Hot"
    assert state_of(link, one) is ChangeState.DONE


def _end(now: bool) -> None:
    if now:
        raise ZeroDivisionError


@pytest.mark.parametrize("blank", [True, False])
def test_a_merge_between_the_read_and_the_write(merging: Book, blank: bool) -> None:
    desk, link, master = merging
    ids = desk.column("lead_id")
    if blank:
        master.update_acell("E3", "")
        desk.cycle(link)
    base = None if blank else "Pune"
    one, other = (
        change(1, ids[1], lead_type=(None, "Hot"), city=(base, "Kochi")),
        change(2, ids[0], city=("Pune", "Agra")),
    )
    enqueue(link, one, other)
    meddle(desk, link, lambda: merge(desk, (1, 3), (E, E + 1)))
    settle(desk, link)
    assert by_id(desk, "city")[ids[0]] == "Agra", "the first cell of a merge holds what is written to it"
    assert by_id(desk, "lead_type")[ids[1]] == ""
    assert state_of(link, one) is ChangeState.BLOCKED
    unmerge(desk)
    settle(desk, link)
    if blank:
        assert (by_id(desk, "city")[ids[1]], by_id(desk, "lead_type")[ids[1]]) == ("Kochi", "Hot")
        assert state_of(link, one) is ChangeState.DONE
    else:  # the merge took Pune away: that is a person's
        assert state_of(link, one) is ChangeState.CONFLICT
        assert by_id(desk, "lead_type")[ids[1]] == ""


def test_a_row_moved_under_a_merge_with_its_value(merging: Book) -> None:
    """Google may not allow it; the local server does: a covered cell that shows a value takes no other."""
    desk, link, master = merging
    ids = desk.column("lead_id")
    merge(desk, (1, 3), (E, E + 1))
    source = {"sheetId": master.id, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}
    desk.book.batch_update({"requests": [{"moveDimension": {"source": source, "destinationIndex": 2}}]})
    desk.cycle(link)
    assert desk.column("lead_id")[1] == ids[3]
    one = change(1, ids[3], city=("Pune", "Kochi"))
    enqueue(link, one)
    settle(desk, link)
    state, said = state_of(link, one), by_id(desk, "city")[ids[3]]
    assert (state, said) in ((ChangeState.BLOCKED, "Pune"), (ChangeState.DONE, "Kochi"))
    unmerge(desk)
    settle(desk, link)
    assert by_id(desk, "city")[ids[3]] == "Kochi"


def test_the_row_that_is_merged_with_the_one_above_is_gone_and_the_other_goes_on(merging: Book) -> None:
    desk, link, _ = merging
    ids = desk.column("lead_id")
    merge(desk, (1, 3), (0, 29), "MERGE_COLUMNS")
    first, second = change(1, ids[0], city=("Pune", "Agra")), change(2, ids[1], city=("Pune", "Kochi"))
    blank = change(3, ids[0], customer_segment=(None, "School"))  # a merge whose first cell is blank
    enqueue(link, first, second, blank)
    settle(desk, link)
    settle(desk, link)
    row = next(row for row in desk.master() if row["lead_id"] == ids[0])
    assert (row["city"], row["customer_segment"]) == ("Agra", "School")
    assert ids[1] not in desk.column("lead_id")
    assert state_of(link, second) is ChangeState.BLOCKED
    assert state_of(link, first) is state_of(link, blank) is ChangeState.DONE
    with link.engine.connect() as conn:
        assert mirror.standing(conn, [ids[1]])[ids[1]].state == "deleted"


def test_a_row_whose_id_is_covered_waits_for_one(merging: Book) -> None:
    desk, link, master = merging
    master.update([["Bina Typed", "9815599999"]], f"B{ROWS + 2}", raw=True)
    merge(desk, (ROWS, ROWS + 2), (0, 1))  # the last lead's id over the new row's
    settle(desk, link)
    assert len(set(desk.column("lead_id"))) == ROWS + 1
    assert [row["lead_id"] for row in desk.master()][-1] == ""
    assert [row["status"] for row in desk.master()][-1] == "", "nothing is filled into a row that cannot be known again"
    with link.engine.connect() as conn:
        said = [one.issue.reason for one in issues.page(conn, 50).items]
    assert any("merged cells cover its lead_id" in one for one in said), said
    unmerge(desk)
    settle(desk, link)
    assert len([one for one in desk.column("lead_id") if one]) == ROWS + 1
    with link.engine.connect() as conn:
        assert not [one for one in issues.page(conn, 50).items if "merged" in one.issue.reason]


@pytest.mark.parametrize("rows", [(ROWS, ROWS + 4), (ROWS + 1, ROWS + 3)], ids=["from the last lead", "below it"])
def test_new_leads_do_not_vanish_under_a_merge(merging: Book, rows: tuple[int, int]) -> None:
    desk, link, _ = merging
    merge(desk, rows, (0, 6), "MERGE_COLUMNS")
    made = Change(
        "C9", "L-NEW00001", ChangeKind.CREATE, {"full_name": (None, "Esha Rao"), "city": (None, "Delhi")}, "Neha", NOW
    )
    enqueue(link, made)
    desk.book.worksheet("Form").append_rows([list(person(n)) for n in (7, 8)])
    settle(desk, link)
    stand = {row["full_name"]: row for row in desk.master()}
    assert stand["Esha Rao"]["city"] == "Delhi"
    assert stand["Esha Rao"]["lead_id"] == "L-NEW00001"
    for n in (7, 8):
        assert (stand[f"Asha Person{n}"]["city"], stand[f"Asha Person{n}"]["email"]) == ("Pune", f"asha{n}@example.org")
    assert len([one for one in desk.column("lead_id") if one]) == ROWS + 3
    assert state_of(link, made) is ChangeState.DONE


def test_what_a_source_row_says_of_a_covered_cell_waits(merging: Book) -> None:
    desk, link, _ = merging
    ids = desk.column("lead_id")
    merge(desk, (1, 2), (3, 5))
    settle(desk, link)
    form = desk.book.worksheet("Form")
    assert form.row_values(1) == list(HEADER)
    form.update([["Delhi"], ["Surat"]], "D2", raw=True)
    form.append_row(list(person(9)))
    settle(desk, link)
    assert (by_id(desk, "city")[ids[0]], by_id(desk, "city")[ids[1]]) == ("", "Surat")
    assert "Asha Person9" in desk.column("full_name")
    unmerge(desk)
    settle(desk, link)
    assert by_id(desk, "city")[ids[0]] == "Delhi"
