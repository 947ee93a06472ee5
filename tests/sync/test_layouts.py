"""What people have made of Master: arrays that spill, filters, hidden rows, columns of their own, a whole tab pasted
over it. The app's edits reach their leads, and people's work stays as it is.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import gspread
import pytest
from gspread.utils import ValueInputOption, ValueRenderOption

from core.model import ChangeState
from store import mirror
from sync.errors import Unsettled
from sync.link import Link
from tests.sync.conftest import HEADER, ROWS, Book, Desk, person
from tests.sync.test_deleting import delete, undo
from tests.sync.test_outgoing import by_id, change, enqueue, meddle, state_of

LATER = (date(2026, 11, 24), date(2026, 12, 1))


def settled(desk: Desk, link: Link) -> None:
    """Cycles until nothing is written any more; four at the most."""
    for _ in range(4):
        if desk.cycle(link).writes == 0:
            return
    assert desk.cycle(link).writes == 0


def formulas(sheet: gspread.Worksheet, place: str) -> list[list[Any]]:
    return sheet.get(place, value_render_option=ValueRenderOption.formula)


def test_a_spilled_array_goes_on_spilling(book: Book) -> None:
    """City of three leads comes from one formula in the first of them."""
    desk, link, master = book
    ids, first = desk.column("lead_id"), 2
    place = f"E{first + 2}"
    master.batch_clear([f"{place}:E{first + 4}"])
    master.update_acell(place, '={"Kochi";"Agra";"Delhi"}')
    settled(desk, link)
    three = ids[first : first + 3]
    assert [by_id(desk, "city")[i] for i in three] == ["Kochi", "Agra", "Delhi"]
    other = next(i for i in ids if i not in three)
    inside, head, beside, more = (
        change(1, three[1], city=("Agra", "Mysore")),
        change(2, three[0], city=("Kochi", "Mysore")),
        change(3, other, city=("Pune", "Mysore")),
        change(4, three[1], lead_type=(None, "Warm")),
    )
    enqueue(link, inside, head, beside, more)
    for _ in range(3):
        with suppress(Unsettled):  # what the journal kept of a filled cell tells that it is one
            desk.cycle(link)
    settled(desk, link)
    assert formulas(master, place) == [['={"Kochi";"Agra";"Delhi"}']]
    assert [by_id(desk, "city")[i] for i in (*three, other)] == ["Kochi", "Agra", "Delhi", "Mysore"]
    assert by_id(desk, "lead_type")[three[1]] == "Warm"
    assert {state_of(link, beside), state_of(link, more)} == {ChangeState.DONE}
    assert {state_of(link, inside), state_of(link, head)} == {ChangeState.BLOCKED}, "a person is told"


def test_a_column_that_a_formula_fills_to_its_end_is_never_written(book: Book) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    master.batch_clear([f"E2:E{ROWS + 1}"])
    master.update_acell("E2", "=ARRAYFORMULA(PROPER(LEFT(D2:D,4)))")
    settled(desk, link)
    before = master.col_values(5)
    one, other = change(1, ids[3], city=("Asha", "Mysore")), change(2, ids[3], lead_type=(None, "Warm"))
    enqueue(link, one, other)
    desk.cycle(link)
    assert master.col_values(5) == before
    assert (state_of(link, one), state_of(link, other)) == (ChangeState.BLOCKED, ChangeState.APPLIED)


def test_filters_and_hidden_rows_are_in_nobodys_way(book: Book) -> None:
    """A filter shows two leads of six, a filter view and a hidden row are there too; the app writes to hidden ones and
    a person types into one that shows."""
    desk, link, master = book
    ids = desk.column("lead_id")
    master.update([["Agra"], ["Agra"]], "E2", value_input_option=ValueInputOption.raw)
    desk.cycle(link)
    whole = {"sheetId": master.id, "startRowIndex": 0, "endRowIndex": ROWS + 1, "startColumnIndex": 0}
    shown = {"range": whole, "filterSpecs": [{"columnIndex": 4, "filterCriteria": {"hiddenValues": ["Pune"]}}]}
    view = {
        "range": whole,
        "title": "Mine",
        "filterSpecs": [{"columnIndex": 1, "filterCriteria": {"hiddenValues": [""]}}],
    }
    desk.book.batch_update({"requests": [
        {"setBasicFilter": {"filter": shown}}, {"addFilterView": {"filter": view}},
    ]})  # fmt: skip
    master.hide_rows(6, 7)
    before = _filters(desk)
    assert _hidden(desk, master) == [3, 4, 5, 6], "rows by the filter"
    edits = [
        change(n, i, city=("Agra" if n < 2 else "Pune", f"Town {n}"), next_follow_up=LATER) for n, i in enumerate(ids)
    ]
    enqueue(link, *edits[:1], *edits[2:])
    master.update_acell("E3", "Kochi")
    desk.add_tab("More", [HEADER, person(90)])
    settled(desk, link)
    cities = by_id(desk, "city")
    assert [cities[i] for i in ids] == ["Town 0", "Kochi", *(f"Town {n}" for n in range(2, ROWS))]
    assert len(desk.master()) == ROWS + 1
    assert _filters(desk) == before
    with link.engine.connect() as conn:
        kochi = mirror.lead(conn, ids[1])
    assert kochi is not None
    assert kochi.city == "Kochi"


def _filters(desk: Desk) -> Any:
    """What the filters hide and show; their ranges grow with the sheet."""
    fields = "sheets(basicFilter(criteria,sortSpecs),filterViews(title,criteria))"
    return [one for one in desk.book.fetch_sheet_metadata({"fields": fields})["sheets"] if one]


def _hidden(desk: Desk, master: gspread.Worksheet) -> list[int]:
    """0-based rows of Master that its filter hides."""
    asked = {"fields": "sheets(data(rowMetadata(hiddenByFilter)))", "ranges": f"{master.title}!A1:A{ROWS + 1}"}
    rows = desk.book.fetch_sheet_metadata(asked)["sheets"][0]["data"][0]["rowMetadata"]
    return [n for n, row in enumerate(rows) if row.get("hiddenByFilter")]


@pytest.mark.parametrize(("when", "shift"), [("before", 0), ("between read and write", 1)])
def test_a_whole_tab_pasted_over_master(book: Book, when: str, shift: int) -> None:
    """A person copies Master whole, works, and pastes the copy back over it: as it was, or one row too low. By then the
    app has changed leads; one more change is on its way."""
    desk, link, master = book
    ids = desk.column("lead_id")
    copied = master.get_all_values()
    early = change(1, ids[1], city=("Pune", "Kochi"))
    enqueue(link, early)
    settled(desk, link)
    late = change(2, ids[3], city=("Pune", "Agra"))
    enqueue(link, late)

    def paste() -> None:
        master.update(copied, f"A{1 + shift}", value_input_option=ValueInputOption.user_entered)

    if when == "before":
        paste()
    else:
        meddle(desk, link, paste)
    for _ in range(3):
        desk.cycle(link)
    settled(desk, link)
    rows = [row for row in desk.master() if row["lead_id"]]
    held = [row["lead_id"] for row in rows if row["lead_id"] in ids]
    assert sorted(held) == sorted(ids), "nobody is there twice, nobody is gone"
    cities = by_id(desk, "city")
    assert cities[ids[1]] == "Pune", "what a person pasted is what the sheet says"
    state = state_of(link, late)
    assert state in (ChangeState.CONFLICT, ChangeState.BLOCKED) or cities[ids[3]] == "Agra"
    names = by_id(desk, "full_name")
    assert {names[i] for i in ids} == {f"Asha Person{n}" for n in range(ROWS)}
    with link.engine.connect() as conn:
        for lead_id in ids:
            lead = mirror.lead(conn, lead_id)
            assert lead is not None
            assert (lead.full_name, lead.city) == (names[lead_id], cities[lead_id])


def test_peoples_own_columns_come_back_with_a_deleted_lead(book: Book) -> None:
    desk, link, master = book
    master.add_cols(3)
    master.update([["Shelf", "Size"], ["", ""], ["Shelf 4", 4.5], ["=B4&1", ""]], "AE1", raw=False)
    settled(desk, link)
    lead = desk.column("lead_id")[1]
    (gone,) = delete(link, lead)
    settled(desk, link)
    assert lead not in desk.column("lead_id")
    assert undo(link, gone) is None
    settled(desk, link)
    row = next(row for row in desk.master() if row["lead_id"] == lead)
    assert (row["Shelf"], row["Size"]) == ("Shelf 4", "4.5")
    assert formulas(master, "AE3") == [["=B3&1"]], "the formula of the row below has followed its row"
    with link.engine.connect() as conn:
        back = mirror.lead(conn, lead)
    assert back is not None
    assert dict(back.extra) == {"Shelf": "Shelf 4", "Size": 4.5}


def test_columns_of_one_title_each_get_back_what_stood_in_them(book: Book) -> None:
    desk, link, master = book
    master.add_cols(4)
    master.update([["Remarks", "Size", "Remarks"], ["", "", ""], ["hers", "", "his"], ["", 5, "more"]], "AE1", raw=True)
    settled(desk, link)
    both, one = desk.column("lead_id")[1:3]
    with link.engine.connect() as conn:
        seen = mirror.lead(conn, both)
    assert seen is not None
    assert dict(seen.extra) == {"Remarks (1 of 2)": "hers", "Remarks (2 of 2)": "his"}
    gone = [*delete(link, both), *delete(link, one)]
    settled(desk, link)
    master.spreadsheet.batch_update({"requests": [column_moved(master, 31, 2)]})  # all of them stand elsewhere
    for one_gone in gone:
        assert undo(link, one_gone) is None
    settled(desk, link)
    header, *rows = master.get_all_values()
    ids, own = header.index("lead_id"), [c for c, title in enumerate(header) if title == "Remarks"]
    said = {row[ids]: [row[c] for c in own] for row in rows}
    assert (said[both], said[one]) == (["hers", "his"], ["", "more"])
    with link.engine.connect() as conn:
        back = mirror.lead(conn, one)
    assert back is not None
    assert dict(back.extra) == {"Remarks (2 of 2)": "more", "Size": 5}


def column_moved(master: gspread.Worksheet, column: int, to: int) -> dict[str, object]:
    source = {"sheetId": master.id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    return {"moveDimension": {"source": source, "destinationIndex": to}}


@pytest.mark.parametrize("titles", [["Remarks", "Size"], ["Remarks", "Remarks", "Remarks"]], ids=["fewer", "more"])
def test_where_nobody_can_say_which_column_it_was_it_is_told(book: Book, titles: list[str]) -> None:
    desk, link, master = book
    master.add_cols(4)
    master.update([["Remarks", "Remarks"], ["", ""], ["hers", "his"]], "AE1", raw=True)
    settled(desk, link)
    lead = desk.column("lead_id")[1]
    (gone,) = delete(link, lead)
    settled(desk, link)
    master.update([titles], "AE1", raw=True)
    settled(desk, link)
    assert undo(link, gone) is None
    settled(desk, link)
    row = next(row for row in master.get_all_values() if lead in row)
    assert row[30:] == [""] * len(row[30:]), "nothing is guessed"
    told = [line[3:8] for line in desk.book.worksheet("Activity").get_all_values() if line[2] == lead]
    why = "not put back: Master has no such column now; put it where it belongs"
    assert [line for line in told if line[1].startswith("Remarks")] == [
        ["sync", "Remarks (1 of 2)", "hers", "", why],
        ["sync", "Remarks (2 of 2)", "his", "", why],
    ]


def test_a_column_that_a_formula_fills_stops_no_deletion_and_is_not_stopped_by_a_lead_that_comes_back(
    book: Book,
) -> None:
    desk, link, master = book
    master.add_cols(3)
    master.update([['=ARRAYFORMULA(IF(ROW(B:B)=1,"Shout",UPPER(B:B)))']], "AE1", raw=False)
    settled(desk, link)
    lead = desk.column("lead_id")[1]
    (gone,) = delete(link, lead)
    settled(desk, link)
    assert undo(link, gone) is None
    settled(desk, link)
    assert {row["Shout"] for row in desk.master()} == {f"ASHA PERSON{n}" for n in range(ROWS)}
