"""A header of ours that somebody has typed over another one's: the field stands still, no lead says something else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import gspread
import pytest

from core.leads import fields_of
from core.model import Change, ChangeKind, ChangeState, Value
from store import mirror, outbox, stopped
from sync.errors import UnsafePicture
from sync.link import Link
from sync.outgoing import drain_now, waits
from tests.sync.conftest import NOW, Book, person
from tests.sync.test_outgoing import by_id, change, enqueue, meddle, sort_all, state_of


def test_a_field_whose_name_stands_twice_stands_still(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    first, again = change(1, lead, lead_type=(None, "Walk-in")), change(2, lead, lead_type=("Walk-in", None))
    enqueue(link, first)
    desk.cycle(link)
    told = len(desk.book.worksheet("Activity").get_all_values())
    assert master.acell("E1").value == "city"
    master.update_acell("E1", "lead_type")  # left of the real one, over another's
    enqueue(link, again)
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert stopped.fields(conn) == ["city", "lead_type"]
        (kept,) = mirror.bases_of(conn, [lead]).values()
        assert (kept.city, kept.lead_type) == ("Pune", "Walk-in")
    assert state_of(link, again) is ChangeState.PENDING
    assert master.acell("E2").value == "Pune"
    assert len(desk.book.worksheet("Activity").get_all_values()) == told, "nobody has typed a word"
    master.update_acell("E1", "city")
    desk.cycle(link)
    assert by_id(desk, "lead_type")[lead] == ""
    desk.cycle(link)
    assert state_of(link, again) is ChangeState.DONE
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("way", ["as it was", "killed", "database lost"])
def test_what_a_source_row_says_under_a_header_that_is_gone_comes_when_it_is_back(book: Book, way: str) -> None:
    desk, link, master = book
    form = desk.book.worksheet("Form")
    master.update_acell("E1", "Town")
    form.update_acell("D2", "Delhi")  # an edit of a lead that stands
    form.append_row(list(person(7)))

    def fall(step: str) -> None:
        if way == "killed" and step == "sent":
            raise InterruptedError

    with contextlib.suppress(InterruptedError):
        desk.cycle(desk.link(step=fall))
    link = desk.link("fresh") if way == "database lost" else link
    desk.cycle(link)
    stand = {row["full_name"]: row for row in desk.master()}
    assert (stand["Asha Person7"]["Town"], stand["Asha Person0"]["Town"]) == ("", "Pune")
    desk.cycle(link)
    assert desk.cycle(link).writes == 0, "they wait"
    told = len(desk.book.worksheet("Activity").get_all_values())
    master.update_acell("E1", "city")
    for _ in range(3):
        desk.cycle(link)
    stand = {row["full_name"]: row for row in desk.master()}
    assert (stand["Asha Person7"]["city"], stand["Asha Person0"]["city"]) == ("Pune", "Delhi")
    lines = [row[3:7] for row in desk.book.worksheet("Activity").get_all_values()[told:]]
    assert sorted(lines) == [["sync", "city", "", "Pune"], ["sync", "city", "Pune", "Delhi"]]
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == 0


def test_what_stood_under_a_header_that_was_gone_as_the_database_was_lost_was_typed_by_nobody(book: Book) -> None:
    """A status that is typed sets the next follow-up: those of all leads would have gone."""
    desk, _, master = book
    status = master.row_values(1).index("status") + 1
    master.update_cell(2, status, "Interested")
    desk.cycle(desk.link())
    before = desk.master()
    master.update_cell(1, status, "Stage")
    link = desk.link("fresh")
    for _ in range(2):
        desk.cycle(link)
    told = len(desk.book.worksheet("Activity").get_all_values())
    master.update_cell(1, status, "status")
    for _ in range(2):
        desk.cycle(link)
    assert desk.master() == before
    assert len(desk.book.worksheet("Activity").get_all_values()) == told
    master.update_cell(2, status, "Follow Up 1")
    for _ in range(2):
        desk.cycle(link)
    lines = [row[3:7] for row in desk.book.worksheet("Activity").get_all_values()[told:]]
    assert ["sheet", "status", "Interested", "Follow Up 1"] in lines
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("when", ["before", "between read and write"])
def test_with_two_columns_of_ids_nobody_gets_another_one(book: Book, when: str) -> None:
    desk, link, master = book
    ids, names = desk.column("lead_id"), master.col_values(2)
    one = change(1, ids[0], city=("Pune", "Kochi"))
    enqueue(link, one)
    if when == "before":
        master.update_acell("B1", "lead_id")
        with pytest.raises(UnsafePicture):
            drain_now(link, NOW)
    else:
        meddle(desk, link, lambda: master.update_acell("B1", "lead_id"))
    for _ in range(2):
        with contextlib.suppress(UnsafePicture):
            desk.cycle(link)
    assert state_of(link, one) is ChangeState.PENDING
    assert master.col_values(2)[1:] == names[1:]
    master.update_acell("B1", names[0])
    desk.cycle(link)
    assert by_id(desk, "city")[ids[0]] == "Kochi"
    assert desk.column("lead_id") == ids


def test_a_lead_does_not_go_while_its_row_holds_what_nobody_can_name(book: Book) -> None:
    """The database is new, and knows nothing of what stands under a name that stands twice."""
    desk, _, master = book
    lead = desk.column("lead_id")[0]
    master.update_acell("F1", "city")
    anew = desk.link("anew")
    desk.cycle(anew)
    with anew.engine.connect() as conn:
        said = mirror.lead(conn, lead)
    assert said
    assert (said.city, dict(said.extra)) == (None, {})
    gone = Change(f"C{3:016d}", lead, ChangeKind.DELETE, {"full_name": (said.full_name, None)}, "Neha", NOW)
    enqueue(anew, gone)
    desk.cycle(anew)
    assert state_of(anew, gone) is ChangeState.PENDING
    assert desk.column("lead_id")[0] == lead
    master.update_acell("F1", "lead_date")
    desk.cycle(anew)
    assert state_of(anew, gone) is ChangeState.BLOCKED, "somebody has to look at what it says"
    assert desk.column("lead_id")[0] == lead


def test_a_lead_does_not_go_while_its_row_holds_what_stands_under_another_name(book: Book) -> None:
    """Nothing stood there when the header was renamed; the app does not see what is typed since."""
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    assert master.acell("K1").value == "lead_type"
    master.update_acell("K1", "Kind")
    desk.cycle(link)
    master.update_acell("K2", "Walk-in")
    gone = Change(
        f"C{4:016d}", lead, ChangeKind.DELETE, {n: (v, None) for n, v in said(link, lead).items()}, "Neha", NOW
    )
    enqueue(link, gone)
    desk.cycle(link)
    assert state_of(link, gone) is ChangeState.PENDING
    master.update_acell("K1", "lead_type")
    desk.cycle(link)
    assert state_of(link, gone) is ChangeState.BLOCKED
    assert by_id(desk, "lead_type")[lead] == "Walk-in"


def said(link: Link, lead_id: str) -> dict[str, Value]:
    with link.engine.connect() as conn:
        found = mirror.lead(conn, lead_id)
    assert found
    return {name: value for name, value in fields_of(found).items() if value is not None}


@pytest.mark.parametrize("formula", ['="sta"&"tus"', "=Labels!A1", "=INDEX(Labels!A:A,1)"])
def test_a_column_of_ours_whose_title_is_a_formula_goes_on(book: Book, formula: str) -> None:
    desk, link, master = book
    desk.add_tab("Labels", [["status"], ["lead_source"]])
    column = master.row_values(1).index("status")
    master.update([[formula]], f"{chr(65 + column)}1", raw=False)
    own = len(master.row_values(1))
    master.add_cols(2)
    master.update([["=Labels!A2&1"]], f"A{chr(65 + own - 26)}1", raw=False)
    desk.cycle(link)
    assert "status" in master.row_values(1), "the local server computes it"
    ids = desk.column("lead_id")
    edit = change(1, ids[0], status=("New Lead", "Interested"), city=("Pune", "Kochi"))
    made = Change(f"C{2:016d}", "L-NEW00001", ChangeKind.CREATE, {"full_name": (None, "Esha Rao")}, "Neha", NOW)
    enqueue(link, edit, made)
    desk.book.worksheet("Form").append_row(list(person(7)))  # intake, by the picture's header
    for _ in range(3):
        desk.cycle(link)
    assert (by_id(desk, "status")[ids[0]], by_id(desk, "city")[ids[0]]) == ("Interested", "Kochi")
    assert {"Esha Rao", "Asha Person7"} <= set(desk.column("full_name"))
    assert state_of(link, edit) is state_of(link, made) is ChangeState.DONE
    again = change(3, ids[0], status=("Interested", "Follow Up 1"))
    enqueue(link, again)
    assert drain_now(link, NOW)
    desk.cycle(link)
    assert by_id(desk, "status")[ids[0]] == "Follow Up 1"
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (1, 0)
    told = desk.book.worksheet("Activity").get_all_values()
    assert not [line for line in told if "put back" in line[-1]], "nothing went astray"


@pytest.mark.parametrize(
    "meanwhile", [sort_all, lambda master: master.insert_cols([["Ours"]], col=3)], ids=["a sort", "a column"]
)
def test_what_comes_in_between_beside_a_title_that_is_a_formula_is_put_right(
    book: Book, meanwhile: Callable[[gspread.Worksheet], object]
) -> None:
    desk, link, master = book
    desk.add_tab("Labels", [["status"]])
    column = master.row_values(1).index("status")
    master.update([["=Labels!A1"]], f"{chr(65 + column)}1", raw=False)
    desk.cycle(link)
    ids = desk.column("lead_id")
    edit = change(1, ids[0], status=("New Lead", "Interested"))
    enqueue(link, edit)
    meddle(desk, link, lambda: meanwhile(master))
    for _ in range(3):
        desk.cycle(link)
    assert {i for i, said in by_id(desk, "status").items() if said == "Interested"} == {ids[0]}
    assert "Interested" not in [cell for row in desk.master() for name, cell in row.items() if name != "status"]
    assert state_of(link, edit) is ChangeState.DONE


def test_deletions_that_wait_for_a_header_hold_up_nobody(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, link, master = book
    monkeypatch.setattr("sync.outgoing.FLUSH_LEADS", 3)  # a flush of three is full of them
    ids = desk.column("lead_id")
    master.update_acell("E1", "Town")
    desk.cycle(link)
    with link.engine.connect() as conn:
        says = {lead: fields_of(found) for lead in ids if (found := mirror.lead(conn, lead))}
    gone = [
        Change(f"C{n:016d}", i, ChangeKind.DELETE, {f: (v, None) for f, v in says[i].items()}, "Neha", NOW)
        for n, i in enumerate(ids[:5])
    ]
    edit = change(7, ids[5], notes=(None, "x"))
    back = Change(
        f"C{8:016d}", ids[4], ChangeKind.RESTORE, {f: (None, v) for f, v in says[ids[4]].items()}, "Neha", NOW
    )
    enqueue(link, *gone, edit, back)
    assert drain_now(link, NOW)
    desk.cycle(link)
    assert by_id(desk, "notes")[ids[5]] == "x"
    assert state_of(link, edit) is ChangeState.DONE
    assert state_of(link, gone[4]) is state_of(link, back) is ChangeState.DONE, "a deletion and what takes it back meet"
    assert [state_of(link, one) for one in gone[:4]] == [ChangeState.PENDING] * 4
    assert desk.column("lead_id") == ids
    with link.engine.connect() as conn:
        assert not waits(conn), "no flush is tried for what is known to wait"
    master.update_acell("E1", "city")
    for _ in range(3):
        desk.cycle(link)
    assert desk.column("lead_id") == ids[4:]
