"""Typing into cells, by hand and by keyboard alone: what is typed is what the sheet gets, and what fails is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser_sheets.conftest import share
from tests.browser_sheets.sheet import HOSTILE, Book, View, new_book
from tests.localsheets.running import Server

pytestmark = pytest.mark.browser


def test_typing_is_entered_as_by_a_person(view: View) -> None:
    view.go("A6")
    view.type("Meera")
    view.press("Tab")
    view.type("12.50")
    view.press("Enter")
    view.wait_for("Leads!A6", "Meera")
    view.wait_for("Leads!B6", 12.5, "UNFORMATTED_VALUE")
    view.shows("B6", "12.5")
    view.go("D6")
    view.type("07/08/2026")
    view.press("Enter")
    view.wait_for("Leads!D6", 46241, "UNFORMATTED_VALUE")
    view.shows("D6", "07/08/2026")
    view.go("F6")
    view.type("=B6*2")
    view.press("Enter")
    view.wait_for("Leads!F6", "=B6*2", "FORMULA")


def test_f2_edits_what_is_there_and_escape_leaves_it(view: View) -> None:
    view.go("A2")
    view.press("F2", "End")
    view.type(" Desai")
    view.press("Enter")
    view.wait_for("Leads!A2", "Asha Rao Desai")
    expect(view.cell("A3")).to_have_class("cell to-left active chosen")
    view.press("F2")
    view.type("xxx")
    view.press("Escape")
    view.shows("A3", "Vikram Shah")
    expect(view.page.locator("#grid")).to_be_focused()
    assert view.book.value("Leads!A3") == "Vikram Shah"


def test_a_phone_that_is_text_stays_text_when_edited(view: View) -> None:
    view.go("B2")
    view.press("F2", "Enter")  # nothing was changed: nothing is written
    view.press("Delete")
    view.wait_for("Leads!B3", "")
    view.go("B2")
    assert view.book.value("Leads!B2", "UNFORMATTED_VALUE") == "(981) 555-0142"


def test_moving_about_with_the_keyboard(view: View) -> None:
    name = view.page.locator("#name")
    for keys, place in (
        (["Control+End"], "L200"), (["Control+Home"], "A1"), (["Control+ArrowDown"], "A4"),
        (["Control+ArrowRight"], "E4"),
        (["Home"], "A4"), (["End"], "L4"), (["PageDown"], "L32"), (["PageUp"], "L4"),
        (["Control+Home", "Tab", "Tab"], "C1"),
        (["Shift+Tab"], "B1"), (["Shift+ArrowDown", "Shift+ArrowRight"], "B1:C2"), (["Control+Space"], "B1:C200"),
        (["Control+a"], "A1:L200"),
    ):  # fmt: skip
        view.press(*keys)
        expect(name).to_have_text(place)
    expect(view.page.locator("#sum")).to_contain_text("20 filled")


def test_the_bar_shows_and_edits_the_cell(view: View) -> None:
    view.book.write("Leads!F2", [["=1+1"]])
    view.click("F2")
    bar = view.page.get_by_label("Content of the cell")
    expect(bar).to_have_value("=1+1")
    bar.fill("plain")
    bar.press("Enter")
    view.wait_for("Leads!F2", "plain")
    expect(view.page.locator("#grid")).to_be_focused()


def test_a_write_that_fails_keeps_what_was_typed(view: View) -> None:
    view.page.route("**/values/**", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    view.go("A3")
    view.type("Typed while away")
    view.press("Enter")
    view.says("A3 was not saved. The server is not reached.")
    view.shows("A3", "Typed while away")
    view.book.write("Leads!F9", [["someone writes meanwhile"]])
    view.shows("F9", "someone writes meanwhile")
    view.shows("A3", "Typed while away")
    expect(view.page.locator("#c2-0.failed")).to_have_count(1)
    assert view.book.value("Leads!A3") == "Vikram Shah"
    view.page.unroute("**/values/**")
    view.page.get_by_role("button", name="Try again").click()
    view.wait_for("Leads!A3", "Typed while away")
    expect(view.page.locator(".failed")).to_have_count(0)
    view.errors.clear()  # the browser itself reports the line that was cut


def test_giving_up_brings_back_what_the_sheet_has(view: View) -> None:
    view.page.route(
        "**/values/**",
        lambda route: route.fulfill(status=503, body="{}") if route.request.method == "PUT" else route.continue_(),
    )
    view.go("A3")
    view.type("no")
    view.press("Enter")
    view.says("a fault of the server")
    view.page.get_by_role("button", name="Give it up").click()
    view.shows("A3", "Vikram Shah")
    view.errors.clear()


def test_typing_fast_keeps_the_order(view: View) -> None:
    view.go("F2")
    for text in ("one", "two", "three", "four"):
        view.type(text)
        view.press("Enter", "ArrowUp")
    view.wait_for("Leads!F2", "four")
    view.shows("F2", "four")
    expect(view.page.locator(".saving")).to_have_count(0)


def test_a_hostile_cell_does_nothing(view: View) -> None:
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    view.page.on("dialog", note)
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": HOSTILE}]},
        "strict": True,
        "inputMessage": HOSTILE,
    }
    value = {"userEnteredValue": {"stringValue": HOSTILE}, "note": HOSTILE}
    cell = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 6, "endColumnIndex": 7}
    view.book.batch(
        {"updateCells": {"range": cell, "rows": [{"values": [value]}], "fields": "*"}},
        {"setDataValidation": {"range": cell, "rule": rule}},
        {"addSheet": {"properties": {"title": HOSTILE[:90]}}},
        {"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}},
        {"updateSpreadsheetProperties": {"properties": {"title": HOSTILE}, "fields": "title"}},
    )  # fmt: skip
    view.shows("G2", HOSTILE + "▾")
    view.page.reload()
    view.shows("G2", HOSTILE + "▾")
    expect(view.page.locator("h1")).to_have_text(HOSTILE)
    view.go("G2")
    view.press("F2")
    expect(view.page.get_by_role("option")).to_have_text(HOSTILE)
    view.press("Control+a")
    view.type("other")
    view.press("Enter")
    view.says(HOSTILE)
    view.press("Escape")
    view.command("Filter by column G")
    expect(view.page.locator("dialog label", has_text="onerror")).to_have_count(1)
    view.press("Escape")
    view.page.get_by_role("tab", name="onerror").click(click_count=2)
    expect(view.page.locator("dialog input")).to_have_value(HOSTILE[:90])
    view.press("Escape")
    assert view.page.locator("img, body script").count() == 0
    assert opened == []


def test_who_may_only_read_is_told_so(sheets: Server, asha: str, opened: Callable[..., View]) -> None:
    book = new_book(sheets, asha)
    share(book, sheets, "reader")
    book.write("Leads!A1", [["kept"]])
    view = opened(book)
    expect(view.page.locator("#who")).to_contain_text("may read only")
    view.go("A1")
    view.type("x")
    view.says("You may read this spreadsheet, but not change it.")
    view.press("Delete")
    view.says("You may read this spreadsheet, but not change it.")
    expect(view.page.locator(".editor")).to_have_count(0)
    assert book.value("Leads!A1") == "kept"


def test_another_account_by_authuser(book: Book, opened: Callable[..., View]) -> None:
    name = next(one for one in book.server.ask("GET", f"/_local/history?spreadsheetId={book.sid}")[2]["writes"])[
        "account"
    ]
    view = opened(book, f"?authuser={name}")
    expect(view.page.locator("#who")).to_have_text(name)
    view.go("F1")
    view.type("mine")
    view.press("Enter")
    view.wait_for("Leads!F1", "mine")
    writes = book.server.ask("GET", f"/_local/history?spreadsheetId={book.sid}")[2]["writes"]
    assert writes[-1]["account"] == name


def test_lines_within_a_cell_stay(view: View) -> None:
    view.book.write("Leads!F2:F4", [["called\nnobody there"], ["=1+1"], ["9815550142"]], "RAW")
    view.shows("F2", "called\nnobody there")
    view.go("F2")
    view.press("F2", "Enter")  # looked at, not changed
    view.press("ArrowUp", "F2")
    expect(view.page.locator(".editor")).to_have_value("called\nnobody there")
    view.press("Alt+Enter")
    view.type("again")
    view.press("Enter")
    view.wait_for("Leads!F2", "called\nnobody there\nagain")
    view.press("F2", "End")  # text that would be read otherwise has its apostrophe
    view.type("+1")
    view.press("Enter", "F2")
    expect(view.page.locator(".editor")).to_have_value("'9815550142")
    view.press("Backspace")
    view.type("9")
    view.press("Enter")
    view.wait_for("Leads!F4", "9815550149", "UNFORMATTED_VALUE")
    assert view.book.values("Leads!F2:F3", "FORMULA") == [["called\nnobody there\nagain"], ["=1+1+1"]]
    assert view.book.values("Leads!F3", "UNFORMATTED_VALUE") == [["=1+1+1"]], "text stays text"
