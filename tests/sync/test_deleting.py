"""A lead goes by its id, never by its row: what stood there instead comes back, and a deleted lead can be restored."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import gspread
import pytest
from flask import Flask

from app.acting import Doer, act
from app.factory import create_app
from app.undoing import take_back
from core.commands import DeleteLead
from core.field_checks import Refusal
from core.model import ChangeState
from store import activity, kept, mirror, outbox
from store.activity import ActivityEntry
from sync.errors import SheetsProblem
from sync.link import Link
from tests.app.conftest import settings
from tests.sync.conftest import ROWS, Book
from tests.sync.test_outgoing import DEEDS, by_id, change, enqueue, meddle
from tests.sync.test_repair import meddle as meddle_each


def web(link: Link) -> Flask:
    return create_app(settings(), link.engine)


def delete(link: Link, *ids: str, request: str = "") -> list[str]:
    with web(link).app_context():
        done = [act(lead_id, lambda _: DeleteLead(), Doer("Neha", request)) for lead_id in ids]
    return [one.change_id for one in done if not isinstance(one, Refusal)]


def undo(link: Link, change: str, lead_id: str = "") -> Refusal | None:
    with web(link).app_context():
        done = take_back(change, lead_id, Doer("Vikram"))
    return done if isinstance(done, Refusal) else None


def state_of(link: Link, change_id: str) -> ChangeState | None:
    with link.engine.connect() as conn:
        found = outbox.change(conn, change_id)
        return found.state if found else None


def test_deleted_in_the_app_it_is_gone_from_the_sheet_and_comes_back_by_undo(book: Book) -> None:
    desk, link, _ = book
    before = {row["lead_id"]: row for row in desk.master()}
    first, second = list(before)[1], list(before)[4]
    gone = delete(link, first, second)
    with link.engine.connect() as conn:
        assert mirror.lead(conn, first) is None, "the pages follow at once"
    desk.cycle(link)
    assert desk.column("lead_id") == [i for i in before if i not in (first, second)]
    desk.cycle(link)
    assert [state_of(link, one) for one in gone] == [ChangeState.DONE] * 2
    assert desk.cycle(link).writes == 0
    told = [row[2:] for row in desk.book.worksheet("Activity").get_all_values() if row[1] == gone[0]]
    assert told == [[first, "Neha", "lead", before[first]["full_name"], "", "deleted"]]

    assert undo(link, gone[0]) is None
    desk.cycle(link)
    row = {r["lead_id"]: r for r in desk.master()}[first]
    same = {name: value for name, value in row.items() if name in before[first] and name != "updated_at"}
    assert same == {name: value for name, value in before[first].items() if name != "updated_at"}
    with link.engine.connect() as conn:
        assert list(kept.of_keys(conn, "deleted", [first, second])) == [second]
    assert undo(link, gone[0]) is not None
    desk.cycle(link)
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("went", [False, True])
def test_only_the_last_deletion_is_taken_back(book: Book, went: bool) -> None:
    """An older one would bring the lead back as it was before what was written since."""
    desk, link, _ = book
    lead = desk.column("lead_id")[1]
    (first,) = delete(link, lead)
    desk.cycle(link)
    assert undo(link, first) is None
    desk.cycle(link)
    enqueue(link, change(1, lead, city=("Pune", "Kochi")))
    desk.cycle(link)
    (second,) = delete(link, lead, request="again")
    if went:
        desk.cycle(link)
    refused = undo(link, first)
    assert refused is not None
    assert refused.message == "This lead was deleted again since: undo that instead."
    assert undo(link, second) is None
    for _ in range(2):
        desk.cycle(link)
    assert by_id(desk, "city")[lead] == "Kochi"
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("deed", [*DEEDS, "type into the row"])
def test_somebody_else_stands_there_by_then(book: Book, deed: str) -> None:
    desk, link, master = book
    before = {row["lead_id"]: row for row in desk.master()}
    lead = list(before)[2]
    (gone,) = delete(link, lead)
    deeds: dict[str, Callable[[gspread.Worksheet], object]] = {
        **DEEDS,
        "type into the row": lambda m: m.update([["Kept Name"]], "B4", raw=False),
    }
    meddle(desk, link, lambda: deeds[deed](master))
    desk.cycle(link)
    desk.cycle(link)
    rows = {row["lead_id"]: row for row in desk.master() if row["lead_id"]}
    typed = deed == "type into the row"
    assert state_of(link, gone) in ((ChangeState.BLOCKED,) if typed else (ChangeState.APPLIED, ChangeState.DONE))
    assert (lead in rows) is typed
    assert not typed or rows[lead]["full_name"] == "Kept Name"
    fallen = {next(iter(before))} if deed == "delete a row above" else set()
    assert set(rows) == set(before) - fallen - (set() if typed else {lead})
    for lead_id, row in rows.items():
        if lead_id != lead:
            assert {n: v for n, v in row.items() if n in before[lead_id]} == before[lead_id]
    desk.cycle(link)
    assert desk.cycle(link).writes == 0


def test_a_row_whose_id_is_cleared_as_it_is_deleted_stands_as_if_that_had_come_first(book: Book) -> None:
    """It is that lead's no more: it comes back as it was left, and is given an id of its own."""
    desk, link, master = book
    before = {row["lead_id"]: row for row in desk.master()}
    lead = list(before)[2]
    (gone,) = delete(link, lead)
    meddle(desk, link, lambda: master.batch_clear(["A4"]))
    for _ in range(3):
        desk.cycle(link)
    rows = {row["lead_id"]: row for row in desk.master()}
    assert len(rows) == ROWS
    (new,) = rows.keys() - before.keys()
    assert rows.keys() == before.keys() - {lead} | {new}
    same = {name: value for name, value in rows[new].items() if name != "lead_id" and before[lead].get(name)}
    assert same == {name: value for name, value in before[lead].items() if name != "lead_id" and value}
    assert state_of(link, gone) is ChangeState.DONE
    assert desk.cycle(link).writes == 0


def test_a_lead_that_the_sheet_has_changed_since_is_not_thrown_away(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    (gone,) = delete(link, lead)
    master.update([["Delhi"]], "E3", raw=False)
    desk.cycle(link)
    assert lead in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.BLOCKED
    with link.engine.connect() as conn:
        found = outbox.change(conn, gone)
        assert found is not None
        assert "City" in found.why
        assert mirror.lead(conn, lead) is not None


def test_an_edit_and_a_deletion_of_one_lead_go_in_their_order(book: Book) -> None:
    desk, link, _ = book
    lead = desk.column("lead_id")[1]
    enqueue(link, change(1, lead, city=("Pune", "Kochi")))
    (gone,) = delete(link, lead)
    for _ in range(3):
        desk.cycle(link)
    assert lead not in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.DONE


def test_who_was_deleted_survives_the_loss_of_the_database(book: Book) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    delete(link, ids[1])
    desk.cycle(link)
    master.delete_rows(2)  # a person deletes another one in the sheet
    for _ in range(3):
        desk.cycle(link)
    assert desk.cycle(link).writes == 0
    anew = desk.link("b")
    desk.cycle(anew)
    told: list[ActivityEntry] = []
    with anew.engine.connect() as conn:
        for lead_id, name in ((ids[0], "Asha Person0"), (ids[1], "Asha Person1")):
            assert mirror.lead(conn, lead_id) is None
            lead = mirror.lead(conn, lead_id, deleted=True)
            assert lead is not None
            assert lead.full_name == name
            told += [one for one in activity.of_lead(conn, lead_id, 5).items if one.new is None]
    assert len(told) == 2
    assert [undo(anew, one.change_id, one.lead_id) for one in told] == [None, None]
    for _ in range(2):
        desk.cycle(anew)
    assert set(desk.column("lead_id")) == set(ids)
    assert desk.cycle(anew).created == 0
    for _ in range(2):
        desk.cycle(anew)
    with web(anew).app_context():  # on its way, and the first deletion is looked at once more
        assert not isinstance(act(ids[1], lambda _: DeleteLead(), Doer("Vikram")), Refusal)
    refusal = undo(anew, told[1].change_id, ids[1])
    assert refusal is not None
    assert refusal.code == "newer"


def test_a_row_that_cannot_be_deleted_holds_nobody_up(book: Book) -> None:
    desk, link, _ = book
    ids = desk.column("lead_id")
    enqueue(link, change(1, ids[0], city=("Pune", "Kochi")))
    (gone,) = delete(link, "LNOBODY", ids[3])
    desk.cycle(link)
    assert ids[3] not in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.APPLIED


@pytest.mark.parametrize(("cell", "field"), [("P3", "Notes"), ("K3", "Type"), ("N3", "Last contacted")])
def test_what_the_sheet_says_since_where_nothing_stood_is_not_thrown_away(book: Book, cell: str, field: str) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    assert master.acell(cell).value is None
    (gone,) = delete(link, lead)
    master.update([["Call the aunt"]], cell, raw=False)
    desk.cycle(link)
    assert lead in desk.column("lead_id")
    with link.engine.connect() as conn:
        found = outbox.change(conn, gone)
    assert found is not None
    assert found.state is ChangeState.BLOCKED
    assert field.casefold() in found.why.casefold()


def test_a_word_that_was_pasted_over_a_date_is_not_thrown_away(book: Book) -> None:
    """Also where the app itself keeps the column (chaos seed 1003601, episode 397)."""
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    (gone,) = delete(link, lead)
    column = master.row_values(1).index("updated_at") + 1
    master.update_cell(3, column, "Typed")
    desk.cycle(link)
    assert (desk.column("lead_id")[1], master.cell(3, column).value) == (lead, "Typed")
    with link.engine.connect() as conn:
        found = outbox.change(conn, gone)
    assert found
    assert (found.state, "updated" in found.why.casefold()) == (ChangeState.BLOCKED, True)


@pytest.mark.parametrize("moment", ["before the repair is worked out", "before it is written"])
@pytest.mark.parametrize("deed", ["a column of theirs goes", "a column comes", "a column moves"])
def test_a_row_that_comes_back_stands_under_its_headers_whatever_became_of_the_columns(
    book: Book, deed: str, moment: str
) -> None:
    desk, link, master = book
    master.insert_cols([["Shelf", *(f"S{n}" for n in range(ROWS))]], col=4)
    desk.cycle(link)
    before = {row["lead_id"]: row for row in desk.master()}
    lead = list(before)[2]
    delete(link, lead)
    deeds: dict[str, Callable[[], object]] = {
        "a column of theirs goes": lambda: master.delete_columns(4),
        "a column comes": lambda: master.insert_cols([["Extra"]], col=3),
        "a column moves": lambda: desk.book.batch_update(moved(master.id, 15, 2)),
    }
    between: list[Callable[[], object]] = [lambda: master.insert_row([""], 2)]  # another row stands there then
    if moment == "before it is written":
        meddle_each(desk, link, *between, deeds[deed])
    else:
        meddle_each(desk, link, *between)
        link.step = lambda name: _fall(name, "sent")
        with contextlib.suppress(ZeroDivisionError):
            desk.cycle(link)
        link.step = lambda name: None
        deeds[deed]()
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    rows = {row["lead_id"]: row for row in desk.master() if row["lead_id"]}
    assert set(rows) == set(before) - {lead}
    for lead_id, row in rows.items():
        assert {n: v for n, v in row.items() if n in before[lead_id]} == {
            n: v for n, v in before[lead_id].items() if n in row
        }
    assert desk.cycle(link).writes == 0


def moved(sheet_id: int, column: int, to: int) -> dict[str, object]:
    source = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    return {"requests": [{"moveDimension": {"source": source, "destinationIndex": to}}]}


def _fall(name: str, at: str) -> None:
    if name == at:
        raise ZeroDivisionError


@pytest.mark.parametrize(("formula", "goes"), [('="Pu"&"ne"', True), ('="Goa"&""', False), ('=""', False)])
def test_a_formula_typed_since_is_held_against_what_was_seen(book: Book, formula: str, goes: bool) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    (gone,) = delete(link, lead)
    master.update([[formula]], "E3", raw=False)
    desk.cycle(link)
    desk.cycle(link)
    assert (lead not in desk.column("lead_id")) is goes
    assert state_of(link, gone) is (ChangeState.DONE if goes else ChangeState.BLOCKED)


@pytest.mark.parametrize("edited", [False, True])
def test_a_deletion_that_is_taken_back_before_it_went_leaves_the_row_alone(book: Book, edited: bool) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    master.add_cols(1)
    master.update([["Remarks"], ["of hers"], ["of his"]], "AD1", raw=False)
    desk.cycle(link)
    before = master.get_all_values()
    if edited:
        enqueue(link, change(1, lead, city=("Pune", "Kochi")))
        before[2][before[0].index("city")] = "Kochi"
    (gone,) = delete(link, lead)
    assert undo(link, gone) is None
    desk.cycle(link)
    desk.cycle(link)
    assert master.get_all_values() == before
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == 0
        assert mirror.lead(conn, lead) is not None
    assert state_of(link, gone) is ChangeState.DONE
    assert desk.cycle(link).writes == 0


def test_a_deletion_waits_while_a_header_is_gone_under_which_something_stood(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    master.update_acell("E1", "Town")
    (gone,) = delete(link, lead)
    desk.cycle(link)
    assert lead in desk.column("lead_id")
    assert state_of(link, gone) is ChangeState.PENDING
    master.update_acell("E1", "city")
    desk.cycle(link)
    assert lead not in desk.column("lead_id")
