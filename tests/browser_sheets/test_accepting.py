"""What cells accept: drop-downs, tick boxes, strict rules, locks and warnings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser_sheets.dressed import cells
from tests.browser_sheets.sheet import Book, Json, View

pytestmark = pytest.mark.browser


def accepting(column: int, kind: str, values: list[str], strict: bool = True) -> Json:
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    rule = {"condition": condition, "strict": strict, "showCustomUi": True}
    return {"setDataValidation": {"range": cells(column), "rule": rule}}


def test_a_drop_down_by_keyboard(view: View) -> None:
    view.book.batch(accepting(2, "ONE_OF_LIST", ["New", "Interested", "Member"]))
    expect(view.page.locator("#c1-2 .arrow")).to_have_count(1)
    view.go("C2")
    view.press("Enter", "ArrowDown", "ArrowDown", "Enter")
    view.wait_for("Leads!C2", "Member")
    view.press("ArrowUp")
    view.go("C3")
    view.type("int")
    expect(view.page.get_by_role("option")).to_have_text(["Interested"])
    view.press("Enter")
    view.wait_for("Leads!C3", "Interested")


def test_a_drop_down_by_mouse(view: View) -> None:
    view.book.batch(accepting(2, "ONE_OF_LIST", ["New", "Interested", "Member"]))
    view.page.locator("#c3-2 .arrow").click()
    view.page.get_by_role("option", name="New").click()
    view.wait_for("Leads!C4", "New")


def test_a_strict_cell_refuses_and_keeps_what_was_typed(view: View) -> None:
    view.book.batch(accepting(2, "ONE_OF_LIST", ["New", "Member"]))
    expect(view.page.locator("#c1-2 .arrow")).to_have_count(1)
    view.go("C2")
    view.type("Perhaps")
    view.press("Enter")
    view.says("“Perhaps” is not one of the choices here: New, Member.")
    editor = view.page.locator(".editor")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("Perhaps")
    assert view.book.value("Leads!C2") == "New"
    view.press("Escape")
    view.shows("C2", "New▾")


def test_a_lenient_cell_takes_it_and_marks_it(view: View) -> None:
    view.book.batch(accepting(2, "ONE_OF_LIST", ["New", "Member"], strict=False))
    expect(view.page.locator("#c1-2 .arrow")).to_have_count(1)
    view.go("C2")
    view.type("Perhaps")
    view.press("Enter")
    view.wait_for("Leads!C2", "Perhaps")
    expect(view.page.locator("#c1-2.odd")).to_have_count(1)


def test_choices_from_cells(view: View) -> None:
    view.book.batch({"addSheet": {"properties": {"title": "Settings", "sheetId": 5}}})
    view.book.write("Settings!A1:A3", [["Warm"], ["Cold"], ["Warm"]])
    view.book.batch(accepting(2, "ONE_OF_RANGE", ["=Settings!$A$1:$A$9"]))
    expect(view.page.locator("#c1-2.odd")).to_have_count(1)
    view.go("C2")
    view.press("Enter")
    expect(view.page.get_by_role("option")).to_have_text(["Warm", "Cold"])
    view.press("ArrowDown", "Enter")
    view.wait_for("Leads!C2", "Warm")


def test_tick_boxes(view: View) -> None:
    view.book.batch(accepting(4, "BOOLEAN", []))
    view.shows("E2", "☐")
    view.shows("E3", "☑")
    view.go("E2")
    view.press("Space")
    view.wait_for("Leads!E2", True, "UNFORMATTED_VALUE")
    view.shows("E2", "☑")
    view.page.locator("#c2-4 .box").click()
    view.wait_for("Leads!E3", False, "UNFORMATTED_VALUE")
    view.press("Shift+ArrowDown", "Enter")
    view.wait_for("Leads!E4", True, "UNFORMATTED_VALUE")
    expect(view.cell("E4")).to_have_attribute("aria-label", "ticked")


def test_number_rules_refuse(view: View) -> None:
    view.book.write("Leads!F3", [[11]])
    view.book.batch(accepting(5, "NUMBER_BETWEEN", ["1", "10"]))
    expect(view.page.locator("#c2-5.odd")).to_have_count(1)  # the page knows the rule
    view.go("F2")
    view.type("11")
    view.press("Enter")
    view.says("breaks the rule of this cell (number between 1 and 10)")
    view.press("Control+a")
    view.type("7")
    view.press("Enter")
    view.wait_for("Leads!F2", "7")


def test_a_pasted_block_is_held_to_the_rules_too(view: View) -> None:
    view.book.batch(accepting(2, "ONE_OF_LIST", ["New", "Member"]))
    expect(view.page.locator("#c1-2 .arrow")).to_have_count(1)
    view.go("B2")
    view.page.evaluate("navigator.clipboard.writeText('x\\tMember\\ny\\tPerhaps')")
    view.press("Control+v")
    view.says("C3: “Perhaps” is not one of the choices")
    assert view.book.values("Leads!B2:C3") == [["(981) 555-0142", "New"], ["(981) 555-0177", "Member"]]
    view.shows("C3", "Perhaps▾")  # kept in sight until given up


def test_a_person_makes_rules(view: View) -> None:
    view.go("F2")
    view.press("Shift+ArrowDown")
    view.command("Drop-down")
    view.page.get_by_label("Choices, one a line").fill("Red\nBlue")
    view.page.get_by_role("button", name="Save").click()
    expect(view.page.locator("#c2-5 .arrow")).to_have_count(1)
    view.go("G2")
    view.command("Tick boxes")
    view.shows("G2", "☐")
    view.go("F2")
    view.command("Accept anything")
    expect(view.page.locator("#c1-5 .arrow")).to_have_count(0)


def test_locked_cells_refuse_and_guarded_ones_ask(book: Book, opened: Callable[..., View]) -> None:
    book.batch(
        {"addProtectedRange": {"protectedRange": {"range": cells(0), "unprotectedRanges": [cells(0, 3, 4)]}}},
        {"addProtectedRange": {"protectedRange": {"range": cells(1), "warningOnly": True}}},
    )
    view = opened(book)
    expect(view.page.locator("#c1-0.lock")).to_have_count(1)
    expect(view.cell("A2")).to_have_attribute("aria-readonly", "true")
    view.go("A2")
    view.type("x")
    view.says("This cell is protected, and you are not among its editors.")
    view.press("Delete")
    view.says("These cells are protected")
    view.command("Delete row")
    view.says("These cells are protected")
    view.go("A4")
    view.type("free")
    view.press("Enter")
    view.wait_for("Leads!A4", "free")
    view.go("B2")
    view.type("asked")
    view.press("Enter")
    view.page.get_by_role("button", name="Cancel").click()
    assert book.value("Leads!B2") == "(981) 555-0142"
    view.type("asked")
    view.press("Enter")
    view.page.get_by_role("button", name="Change it").click()
    view.press("ArrowUp")
    view.wait_for("Leads!B3", "asked")


def test_the_server_has_the_last_word_on_locks(view: View) -> None:
    """A lock that the page has not seen yet: the server refuses, and what was typed stays."""
    view.go("A2")
    view.page.route("**/version*", lambda route: route.abort())
    view.book.batch({"addProtectedRange": {"protectedRange": {"range": cells(0)}}})
    view.type("x")
    view.press("Enter")
    view.says("A2 was not saved. These cells are protected")
    expect(view.page.locator("#c1-0.failed")).to_have_text("x")
    view.page.unroute("**/version*")
    expect(view.page.locator("#state")).to_have_text("live")
    view.errors.clear()
