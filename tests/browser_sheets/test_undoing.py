"""Undo and redo of one's own actions, and their refusal where someone has changed the cells since."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser_sheets.sheet import View

pytestmark = pytest.mark.browser
FIELDS = "sheets(properties.gridProperties,data.rowData.values(userEnteredValue,note,userEnteredFormat))"


def leads(view: View) -> list[list[object]]:
    return view.book.values("Leads!A1:E9", "FORMULA")


def test_typing_is_undone_and_redone(view: View) -> None:
    before = leads(view)
    view.go("D2")
    view.type("01/02/2027")
    view.press("Enter")
    view.wait_for("Leads!D2", "2027-02-01")
    view.press("Control+z")
    view.says("Undone: typing in D2.")
    assert leads(view) == before
    view.press("Control+y")
    view.says("Redone: typing in D2.")
    view.wait_for("Leads!D2", "2027-02-01")
    view.press("Control+z", "Control+z")
    view.says("Nothing to undo.")
    assert leads(view) == before


def test_not_over_what_someone_else_wrote(view: View) -> None:
    view.go("A2")
    view.type("mine")
    view.press("Enter")
    view.wait_for("Leads!A2", "mine")
    expect(view.page.locator(".saving")).to_have_count(0)
    view.book.write("Leads!A2", [["theirs"]])
    view.press("Control+z")
    view.says("Not undone: someone has changed these cells since (typing in A2).")
    assert view.book.value("Leads!A2") == "theirs"


def test_not_onto_a_row_that_someone_moved(view: View) -> None:
    view.go("A3")
    view.type("mine")
    view.press("Enter")
    view.wait_for("Leads!A3", "mine")
    expect(view.page.locator(".saving")).to_have_count(0)
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    view.book.batch({"insertDimension": {"range": row}})
    view.press("Control+z")
    view.says("Not undone")
    assert [one[0] for one in view.book.values("Leads!A3:A5")] == ["Asha Rao", "mine", "Farah Khan"]


def test_clearing_and_looks_are_undone(view: View) -> None:
    before = leads(view)
    view.press("Control+a", "Delete")
    view.wait_for("Leads!A1", "")
    view.press("Control+z")
    view.says("Undone: clearing cells.")
    assert leads(view) == before
    view.go("A2")
    view.press("Control+b")
    expect(view.page.locator("#c1-0.bold")).to_have_count(1)
    view.press("Control+z")
    expect(view.page.locator("#c1-0.bold")).to_have_count(0)


@pytest.mark.parametrize(
    "command",
    [
        "Insert 2 rows above", "Insert 2 rows below", "Insert 2 columns left", "Insert 2 columns right",
        "Delete 2 rows",
        "Delete 2 columns", "Move 2 rows up", "Move 2 rows down", "Move 2 columns left", "Move 2 columns right",
        "Sort selection, Z to A",
    ],
)  # fmt: skip
def test_each_change_of_structure_is_undone_and_redone(view: View, command: str) -> None:
    cell = {"note": "kept", "userEnteredFormat": {"textFormat": {"italic": True}}}
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2}
    view.book.batch({"repeatCell": {"range": place, "cell": cell, "fields": "note,userEnteredFormat"}})
    view.book.write("Leads!G2:G3", [["=LEN(A2)"], ["=G2+1"]])

    def grid() -> object:
        return view.book.ask("GET", f"?ranges=Leads&fields={FIELDS}")

    expect(view.page.locator("#c1-0.noted")).to_have_count(1)
    before = grid()
    view.go("B2")
    view.press("Shift+ArrowDown", "Shift+ArrowRight")
    view.command(command)
    for _ in range(200):
        if grid() != before:
            break
        view.page.wait_for_timeout(30)
    after = grid()
    assert after != before
    view.press("Control+z")
    view.says("Undone:")
    assert grid() == before
    view.press("Control+y")
    view.says("Redone:")
    assert grid() == after


def test_an_inserted_row_that_someone_filled_is_not_taken_back(view: View) -> None:
    view.go("A3")
    view.command("Insert row above")
    view.wait_for("Leads!A4", "Vikram Shah")
    view.page.wait_for_timeout(300)
    view.book.write("Leads!C3", [["someone's"]])
    view.press("Control+z")
    view.says("Not undone: someone has changed these cells since (inserting a row).")
    assert view.book.value("Leads!C3") == "someone's"
