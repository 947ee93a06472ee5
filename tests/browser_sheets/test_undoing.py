"""Undo and redo of one's own actions, and their refusal where someone has changed the cells since."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser_sheets.dressed import dress
from tests.browser_sheets.sheet import View, new_book
from tests.localsheets.running import Server

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
    view.rests()
    view.book.write("Leads!A2", [["theirs"]])
    view.press("Control+z")
    view.says("Not undone: someone has changed these cells since (typing in A2).")
    assert view.book.value("Leads!A2") == "theirs"


def test_not_onto_a_row_that_someone_moved(view: View) -> None:
    view.go("A3")
    view.type("mine")
    view.press("Enter")
    view.wait_for("Leads!A3", "mine")
    view.rests()
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
    view.rests()
    view.book.write("Leads!C3", [["someone's"]])
    view.press("Control+z")
    view.says("Not undone: someone has changed these cells since (inserting a row).")
    assert view.book.value("Leads!C3") == "someone's"


def everything(view: View) -> object:
    """All of the book that people would miss, however its sheets were made."""
    fields = (
        "namedRanges,sheets(properties,merges,conditionalFormats,protectedRanges(range,description),basicFilter,data)"
    )
    return view.book.ask("GET", f"?fields={fields}")


def chosen_tab(view: View, name: str) -> None:
    expect(view.page.get_by_role("tab", selected=True)).to_have_text(name)


def tab_command(view: View, words: str) -> None:
    view.page.get_by_role("button", name="This sheet: rename, delete, hide, show").press("Enter")
    view.page.get_by_role("menuitem", name=words).press("Enter")


def test_sheets_added_duplicated_and_moved_are_taken_back(view: View) -> None:
    view.page.get_by_role("button", name="Add a sheet").press("Enter")
    chosen_tab(view, "Sheet2")
    tab_command(view, "Move left")
    for _ in range(100):
        if view.book.titles() == ["Sheet2", "Leads"]:
            break
        view.page.wait_for_timeout(30)
    view.press("Control+z")
    view.says("Undone: moving the sheet Sheet2.")
    view.press("Control+z")
    view.says("Undone: adding a sheet.")
    assert view.book.titles() == ["Leads"]
    view.press("Control+y")
    view.says("Redone: adding a sheet.")
    assert view.book.titles() == ["Leads", "Sheet2"]
    view.book.write("Sheet2!B2", [["someone's"]])
    view.press("Control+z")
    view.says("Not undone: someone has changed these cells since (adding a sheet).")
    assert view.book.value("Sheet2!B2") == "someone's"
    chosen_tab(view, "Leads")
    tab_command(view, "Duplicate")
    chosen_tab(view, "Copy of Leads")
    view.press("Control+z")
    view.says("Undone: duplicating Leads.")
    assert view.book.titles() == ["Leads", "Sheet2"]


def test_a_deleted_sheet_comes_back_with_all_that_hung_on_it(
    sheets: Server, token: str, opened: Callable[..., View]
) -> None:
    view = opened(new_book(sheets, token))
    dress(view.book)
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 6, "endColumnIndex": 7}
    colours = {"minpoint": {"type": "MIN", "color": {"green": 1}}, "maxpoint": {"type": "MAX", "color": {"red": 1}}}
    view.book.batch(
        {"addNamedRange": {"namedRange": {"name": "fees", "namedRangeId": "n1", "range": place}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [place], "gradientRule": colours}}},
        {"mergeCells": {"range": {**place, "startColumnIndex": 9, "endColumnIndex": 11, "endRowIndex": 3}}},
        {"setBasicFilter": {"filter": {"range": {**place, "startRowIndex": 0, "startColumnIndex": 0}}}},
    )
    view.book.write("Activity!A1", [["=SUM(fees)"], ["=Leads!B2"]])
    expect(view.page.get_by_role("tab")).to_have_count(2)
    before, sums = everything(view), view.book.values("Activity!A1:A2")
    tab_command(view, "Delete")
    view.page.get_by_role("button", name="Delete it").press("Enter")
    chosen_tab(view, "Activity")
    view.shows("A2", "#REF!")
    view.press("Control+z")
    view.says("Undone: deleting the sheet Leads.")
    assert everything(view) == before
    assert view.book.values("Activity!A1:A2") == sums
    view.press("Control+y")
    view.says("Redone: deleting the sheet Leads.")
    assert view.book.titles() == ["Activity", "_crm"]
