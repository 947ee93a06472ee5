"""Several people at once, a server that goes away, and sheets that are large."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.vendor import ROOT
from tests.browser_sheets.dressed import dress, lead
from tests.browser_sheets.sheet import Book, View

pytestmark = pytest.mark.browser


def test_two_pages_see_each_other(book: Book, opened: Callable[..., View]) -> None:
    one, two = opened(book), opened(book)
    one.go("F2")
    one.type("from one")
    one.press("Enter")
    two.shows("F2", "from one")
    two.go("F3")
    two.type("from two")
    two.press("Enter")
    one.shows("F3", "from two")
    two.command("Insert row above")
    one.shows("F4", "")
    two.page.get_by_role("button", name="Add a sheet").click()
    expect(one.page.get_by_role("tab")).to_have_count(2)


def test_never_under_the_typing_cursor(view: View) -> None:
    view.go("A2")
    view.press("F2")
    view.type(" Desai")
    editor = view.page.locator(".editor")
    editor.evaluate("node => node.setSelectionRange(3, 3)")
    view.book.write("Leads!A2:B2", [["Theirs", "changed"]])
    view.shows("B2", "changed")
    assert editor.evaluate("node => [node.value, node.selectionStart, document.activeElement === node]") == [
        "Asha Rao Desai",
        3,
        True,
    ]
    view.press("Escape")
    view.shows("A2", "Theirs")


@pytest.mark.parametrize("polled", [True, False])
def test_what_is_typed_follows_its_row(view: View, polled: bool) -> None:
    """Someone inserts rows and sorts while a person types: the text goes to the lead, not to the row number."""
    view.go("C3")
    view.press("F2", "Control+a")
    view.type("Interested")
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    below = {"sheetId": 0, "startRowIndex": 1}
    view.book.batch(
        {"insertDimension": {"range": rows}},
        {"sortRange": {"range": below, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}},
    )
    view.book.batch({"moveDimension": {"source": {**rows, "endIndex": 2}, "destinationIndex": 6}})
    if polled:
        view.shows("A2", "Farah Khan")
    view.press("Enter")
    at = [row[0] if row else "" for row in view.book.values("Leads!A1:A9")].index("Vikram Shah")
    view.wait_for(f"Leads!C{at + 1}", "Interested")
    assert sum("Interested" in row for row in view.book.values("Leads!A1:E9")) == 2  # Farah's own, and this


def test_what_is_typed_into_a_row_that_goes_is_not_written_elsewhere(view: View) -> None:
    view.go("C3")
    view.type("Lost")
    view.book.batch({"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}}})
    view.press("Enter")
    view.says("The row was moved away or deleted while you typed. “Lost” was not written.")
    assert [row[2] for row in view.book.values("Leads!A1:E9")] == ["Status", "New", "Interested"]


def test_an_idle_page_reads_nothing_but_the_version(view: View) -> None:
    view.page.wait_for_timeout(300)
    view.requests.clear()
    view.page.wait_for_timeout(2500)
    assert view.requests
    assert [one for one in view.requests if "/version" not in one] == []


def test_a_server_that_is_not_reached_is_said_and_mended(view: View) -> None:
    state = view.page.locator("#state")
    view.page.context.set_offline(True)
    expect(state).to_have_text("not connected, trying again")
    view.shows("A2", "Asha Rao")
    view.page.context.set_offline(False)
    expect(state).to_have_text("live")
    view.errors.clear()


def test_the_sheet_in_which_one_is_can_go(view: View) -> None:
    view.page.get_by_role("button", name="Add a sheet").click()
    expect(view.page.get_by_role("tab", selected=True)).to_have_text("Sheet2")
    view.rests()
    expect(view.page.locator(".waiting")).to_have_count(0)
    sheet = next(one["properties"]["sheetId"] for one in view.book.sheets() if one["properties"]["title"] == "Sheet2")
    view.book.batch({"deleteSheet": {"sheetId": sheet}})
    view.says("The sheet that you were in has been deleted.")
    view.shows("A2", "Asha Rao")
    expect(view.page.locator("#state")).to_have_text("live")
    # A read of it that was on its way is refused, which the browser itself reports.
    view.errors[:] = [error for error in view.errors if "400 (Bad Request)" not in error]


def test_a_sheet_sorted_by_someone_else_is_shown_anew(view: View) -> None:
    view.book.batch(
        {
            "sortRange": {
                "range": {"sheetId": 0, "startRowIndex": 1},
                "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
            }
        }
    )
    view.shows("A2", "Vikram Shah")


@pytest.fixture
def large(book: Book) -> Book:
    book.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 49_800}})
    for first in range(1, 50_001, 10_000):
        book.write(f"Leads!A{first}", [lead(i) for i in range(first, first + 10_000)], "RAW")
    return book


@pytest.mark.slow
def test_fifty_thousand_rows_come_in_windows(large: Book, opened: Callable[..., View]) -> None:
    view = opened(large)
    view.press("Control+End", "Home")
    view.shows("A50000", "L50000")
    expect(view.cell("A50000")).to_be_in_viewport()
    view.page.locator("#grid").evaluate("node => { node.scrollTop = node.scrollHeight / 2; }")
    expect(view.cell("A25000")).to_have_text("L25000")
    for _ in range(30):
        view.page.mouse.move(600, 400)
        view.page.mouse.wheel(0, 2000)
    expect(view.page.locator(".waiting")).to_have_count(0)
    asked = [
        int(one[2]) - int(one[1]) + 1
        for url in view.requests
        for one in [re.search(r"ranges=%27Leads%27%21[A-Z]+(\d+)%3A[A-Z]+(\d+)", url)]
        if one
    ]
    assert asked
    assert max(asked) <= 100
    assert sum(asked) < 10_000
    assert view.page.locator(".row").count() < 80
    view.press("Control+f")
    view.type("L43210")
    view.press("Enter")
    expect(view.page.locator("#name")).to_have_text("A43210")
    view.shows("A43210", "L43210")


def test_a_sheet_taller_than_a_browser_can_scroll(book: Book, opened: Callable[..., View]) -> None:
    book.batch(
        {
            "addSheet": {
                "properties": {
                    "title": "Tall",
                    "sheetId": 3,
                    "gridProperties": {"rowCount": 2_000_000, "columnCount": 1},
                }
            }
        }
    )
    book.write("Tall!A1999999:A2000000", [["last but one"], ["last"]])
    view = opened(book, "?gid=3")
    view.press("Control+End")
    view.shows("A2000000", "last")
    expect(view.cell("A2000000")).to_be_in_viewport()
    view.press("ArrowUp")
    expect(view.cell("A1999999")).to_be_in_viewport()
    view.press("Control+Home")
    expect(view.cell("A1")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(book: Book, opened: Callable[..., View], scheme: str) -> None:
    dress(book)
    view = opened(book, scheme=scheme)
    view.page.set_viewport_size({"width": 900, "height": 420})  # a hundred cells show it as well as a thousand
    view.page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text())
    told = "r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html).slice(0, 3))"

    def found(where: str) -> object:
        return view.page.evaluate(f"() => axe.run({where}, {{resultTypes: ['violations']}}).then(r => {told})")

    assert found("document") == []
    view.press("Shift+F10")
    assert found("'.menu'") == []
    view.press("Escape")
    view.go("E2")
    view.press("F2")
    assert found("{include: [['.editor'], ['.choices'], ['header']]}") == []


def test_the_picture_in_the_documentation_is_small() -> None:
    assert Path(ROOT / "docs" / "pictures" / "sheet-page.png").stat().st_size < 150_000
