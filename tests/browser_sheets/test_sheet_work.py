"""The work on whole rows, columns and sheets: sort, filter, freeze, hide, tabs, find, looks; by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser_sheets.dressed import dress
from tests.browser_sheets.sheet import View

pytestmark = pytest.mark.browser


def ground(cell: Locator) -> str:
    return str(cell.evaluate("node => getComputedStyle(node).backgroundColor"))


def test_sorting_by_a_column_leaves_the_heading(view: View) -> None:
    view.go("A1")
    view.command("Sort sheet by column A, Z to A")
    view.page.get_by_role("button", name="Cancel").press("Enter")  # row 1 is not frozen: asked first
    view.press("Control+Home")
    assert view.book.value("Leads!A1") == "Name"
    view.page.get_by_role("button", name="Freeze").press("Enter")
    view.page.get_by_role("menuitem", name="Freeze up to row 1").press("Enter")
    expect(view.page.locator(".top .row")).to_have_count(2)
    view.command("Sort sheet by column A, Z to A")
    view.wait_for("Leads!A2", "Vikram Shah")
    assert [row[0] for row in view.book.values("Leads!A1:A4")] == ["Name", "Vikram Shah", "Farah Khan", "Asha Rao"]
    view.press("Control+z")
    view.says("Undone: sorting by column A.")
    assert [row[0] for row in view.book.values("Leads!A1:A4")] == ["Name", "Asha Rao", "Vikram Shah", "Farah Khan"]


def test_frozen_rows_and_columns_stay_in_sight(view: View) -> None:
    dress(view.book, 190)
    expect(view.page.locator(".top .row")).to_have_count(2)
    view.press("Control+End")
    for name in ("A1", "B1", "L1", "A200"):
        expect(view.cell(name)).to_be_in_viewport()
    box, head = view.cell("B1").bounding_box(), view.page.locator(".colhead").nth(1).bounding_box()
    assert box is not None
    assert head is not None
    assert box["x"] == head["x"]
    view.page.get_by_role("button", name="Freeze").click()
    view.page.get_by_role("menuitem", name="No frozen rows").click()
    expect(view.page.locator(".top .row")).to_have_count(1)


def test_rows_are_deleted_moved_and_hidden_by_keyboard(view: View) -> None:
    view.go("A3")
    view.press("Alt+ArrowUp")
    view.wait_for("Leads!A2", "Vikram Shah")
    expect(view.page.locator("#name")).to_have_text("A2")
    view.press("Control+Alt+-")
    view.wait_for("Leads!A2", "Asha Rao")
    view.command("Hide row")
    expect(view.cell("A2")).to_have_count(0)
    view.go("A1")
    view.press("ArrowDown")
    expect(view.page.locator("#name")).to_have_text("A3")
    view.command("Show hidden rows here")
    expect(view.cell("A2")).to_have_count(1)
    view.go("B1")
    view.press("Alt+ArrowLeft")
    view.wait_for("Leads!A1", "Phone")


def test_a_filter_hides_rows_and_what_it_hides_is_left_alone(view: View) -> None:
    view.command("Filter")
    expect(view.page.locator(".funnel")).to_have_count(12)
    view.go("C1")
    view.command("Filter by column C")
    view.page.get_by_role("checkbox", name="Member").press("Space")
    view.press("Enter")
    expect(view.cell("A3")).to_have_count(0)
    view.shows("A4", "Farah Khan")
    view.go("A2")
    view.press("ArrowDown")
    expect(view.page.locator("#name")).to_have_text("A4")
    view.press("Control+Home", "Control+Space", "Delete")
    view.wait_for("Leads!A4", "")
    assert view.book.values("Leads!A1:A4") == [[], [], ["Vikram Shah"]]
    view.press("Control+z")
    view.says("Undone: clearing cells.")
    view.command("Remove filter")
    view.shows("A3", "Vikram Shah")
    view.press("Control+z")
    expect(view.cell("A3")).to_have_count(0)


def test_a_filter_by_condition(view: View) -> None:
    view.command("Filter")
    expect(view.page.locator(".funnel")).to_have_count(12)
    view.page.get_by_role("button", name="Filter by column D").click()
    view.page.get_by_label("Show rows where").select_option("Date is before")
    view.page.get_by_label("this", exact=True).fill("2026-02-01")
    view.page.get_by_role("dialog").get_by_role("button", name="Filter").click()
    expect(view.cell("A3")).to_have_count(0)
    view.shows("A2", "Asha Rao")
    assert (
        view.book.sheets()[0]["basicFilter"]["filterSpecs"][0]["filterCriteria"]["condition"]["type"] == "DATE_BEFORE"
    )


def test_tabs_by_keyboard(view: View) -> None:
    view.book.batch({"addSheet": {"properties": {"title": "_crm", "hidden": True, "sheetId": 9}}})
    expect(view.page.get_by_role("tab")).to_have_text(["Leads"])
    view.page.get_by_role("button", name="Add a sheet").press("Enter")
    expect(view.page.get_by_role("tab", selected=True)).to_have_text("Sheet3")
    view.page.get_by_role("tab", selected=True).press("F2")
    view.page.keyboard.type("It's new")
    view.press("Enter")
    expect(view.page.get_by_role("tab", selected=True)).to_have_text("It's new")
    view.page.locator("#grid").focus()
    view.type("here")
    view.press("Enter")
    view.wait_for("'It''s new'!A1", "here")
    view.page.get_by_role("tab", selected=True).press("ArrowLeft")
    view.press("Enter")
    view.shows("A2", "Asha Rao")
    view.page.get_by_role("tab", selected=True).press("Shift+F10")
    view.page.get_by_role("menuitem", name="Show “_crm”").press("Enter")
    expect(view.page.get_by_role("tab", selected=True)).to_have_text("_crm")
    view.page.get_by_role("tab", selected=True).press("Shift+F10")
    view.page.get_by_role("menuitem", name="Delete…").press("Enter")
    view.page.get_by_role("button", name="Delete it").press("Enter")
    expect(view.page.get_by_role("tab")).to_have_count(2)
    assert view.book.titles() == ["Leads", "It's new"]


def test_f6_leads_out_of_the_grid_and_back(view: View) -> None:
    view.press("F6")
    expect(view.page.get_by_role("button", name="Undo")).to_be_focused()
    view.press("F6")
    expect(view.page.get_by_role("tab", selected=True)).to_be_focused()
    view.press("F6")
    expect(view.page.locator("#grid")).to_be_focused()


def test_colours_by_rule_bold_fill_and_notes(view: View) -> None:
    dress(view.book)
    view.shows("E5", "Member▾")
    assert ground(view.cell("E5")) == "rgb(217, 234, 211)"
    assert ground(view.cell("E4")) == "rgb(252, 229, 205)"
    view.book.write("Leads!F2:F4", [["2020-01-01"], ["2999-01-01"], [""]])
    view.shows("F2", "01-01-2020")
    assert [ground(view.cell(name)) for name in ("F2", "F3", "F4")] == [
        "rgb(244, 204, 204)",
        ground(view.cell("D3")),
        ground(view.cell("D3")),
    ]
    view.book.write("Leads!G2:G3", [[1100], [1100.5]])
    view.shows("G3", "₹1,100.50")
    assert [ground(view.cell(name)) == "rgb(207, 226, 243)" for name in ("G2", "G3")] == [False, True]
    expect(view.cell("B3")).to_have_attribute("title", "Met at the book fair")
    view.go("D2")
    view.page.get_by_role("button", name="Fill").press("Enter")
    view.page.get_by_role("menuitem", name="Yellow").press("Enter")
    expect(view.page.locator("#c1-3")).to_have_css("background-color", "rgb(255, 242, 204)")
    view.press("Shift+F2")
    view.page.locator("dialog textarea").fill("A note")
    view.page.get_by_role("button", name="Save").click()
    expect(view.cell("D2")).to_have_attribute("title", "A note")


def test_colours_by_formula_and_by_gradient(view: View) -> None:
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 6}
    formula = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": '=$C2="Member"'}]}
    look = {"backgroundColor": {"red": 1}, "textFormat": {"bold": True}}
    ends = {"minpoint": {"type": "MIN", "color": {"green": 1}}, "maxpoint": {"type": "MAX", "color": {"blue": 1}}}
    numbers = {**place, "startColumnIndex": 6, "endColumnIndex": 7}
    view.book.write("Leads!G2:G4", [[10], [20], [30]])
    view.book.batch(
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [place], "booleanRule": {"condition": formula, "format": look}}
            }
        },
        {"addConditionalFormatRule": {"rule": {"ranges": [numbers], "gradientRule": ends}}},
    )
    expect(view.cell("B3")).to_have_css("background-color", "rgb(255, 0, 0)")
    expect(view.cell("F3")).to_have_css("background-color", "rgb(255, 0, 0)")  # blank, and ruled all the same
    expect(view.cell("B3")).to_have_css("font-weight", "700")
    for name, colour in (("G2", "0, 255, 0"), ("G3", "0, 128, 128"), ("G4", "0, 0, 255")):
        expect(view.cell(name)).to_have_css("background-color", f"rgb({colour})")
    plain = ground(view.cell("H2"))
    view.go("C3")
    view.type("New")
    view.press("Enter")
    expect(view.cell("B3")).to_have_css("background-color", plain)


def test_find_goes_round(view: View) -> None:
    view.press("Control+f")
    view.type("981")
    view.press("Enter")
    expect(view.page.locator("#name")).to_have_text("B2")
    view.press("Enter", "Enter")
    expect(view.page.locator("#name")).to_have_text("B4")
    view.press("Enter")
    expect(view.page.locator("#name")).to_have_text("B2")
    view.press("Shift+Enter")
    expect(view.page.locator("#name")).to_have_text("B4")
    view.press("Control+a")
    view.type("nobody")
    view.press("Enter")
    expect(view.page.locator("#found")).to_have_text("Not found.")
    view.press("Escape")
    expect(view.page.locator("#grid")).to_be_focused()
