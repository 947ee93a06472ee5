"""Blocks of cells: copied, cut and pasted, within the page and to and from other programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser_sheets.sheet import View

pytestmark = pytest.mark.browser


def test_a_block_goes_out_as_tab_separated_text(view: View) -> None:
    view.book.write("Leads!F2:F3", [['say "hi"'], ["two\nlines"]], "RAW")
    view.shows("F2", 'say "hi"')
    view.go("D2")
    view.press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Control+c")
    text = view.page.evaluate("navigator.clipboard.readText()")
    assert text == '2026-01-05\tFALSE\t"say ""hi"""\n2026-02-06\tTRUE\t"two\nlines"'


def test_a_block_comes_in_as_if_typed(view: View) -> None:
    view.go("F2")
    view.page.evaluate('navigator.clipboard.writeText(\'a\\t12.50\\r\\n"x\\ty"\\t=1+1\\r\\n"two\\nlines"\\t\\r\\n\')')
    view.press("Control+v")
    view.wait_for("Leads!F3", "x\ty")
    assert view.book.values("Leads!F2:G4", "FORMULA") == [["a", 12.5], ["x\ty", "=1+1"], ["two\nlines"]]
    expect(view.page.locator("#name")).to_have_text("F2:G4")
    view.press("Control+z")
    view.says("Undone: pasting.")
    assert view.book.values("Leads!F2:G4") == []


def test_within_the_page_a_block_keeps_formulas_and_looks(view: View) -> None:
    view.book.write("Leads!G2", [["=LEN(A2)"]])
    view.shows("G2", "8")
    view.go("G2")
    view.press("Control+b")
    expect(view.page.locator("#c1-6.bold")).to_have_count(1)
    view.press("Control+c", "ArrowDown", "Shift+ArrowDown", "Control+v")
    view.wait_for("Leads!G4", "=LEN(A4)", "FORMULA")
    assert view.book.value("Leads!G3", "FORMULA") == "=LEN(A3)"
    expect(view.page.locator("#c3-6.bold")).to_have_count(1)


def test_cut_moves_and_undo_brings_back(view: View) -> None:
    before = view.book.values("Leads!A1:J9", "FORMULA")
    view.go("A2")
    view.press("Shift+ArrowRight", "Control+x")
    view.go("F5")
    view.press("Control+v")
    view.wait_for("Leads!F5", "Asha Rao")
    assert view.book.value("Leads!A2") == ""
    view.press("Control+z")
    view.says("Undone: moving cells.")
    assert view.book.values("Leads!A1:J9", "FORMULA") == before


def test_one_value_fills_the_chosen_block(view: View) -> None:
    view.go("F2")
    view.press("Shift+ArrowDown", "Shift+ArrowRight")
    view.page.evaluate("navigator.clipboard.writeText('Pune')")
    view.press("Control+v")
    view.wait_for("Leads!G3", "Pune")
    assert view.book.values("Leads!F2:G3") == [["Pune", "Pune"], ["Pune", "Pune"]]


def test_a_paste_past_the_end_makes_room(view: View) -> None:
    view.press("Control+End")
    view.page.evaluate("navigator.clipboard.writeText('1\\t2\\n3\\t4\\n5\\t6')")
    view.press("Control+v")
    view.wait_for("Leads!M202", "6")
    expect(view.page.locator("#name")).to_have_text("L200:M202")
    view.press("Control+End")
    expect(view.page.locator("#name")).to_have_text("M202")


def test_more_than_is_in_sight_is_copied_whole(view: View) -> None:
    view.book.write("Leads!F1:F200", [[f"line {i}"] for i in range(200)])
    view.shows("F2", "line 1")
    view.go("F1")
    view.press("Control+Space", "Control+c")
    view.says("Copied 200 rows.")
    assert view.page.evaluate("navigator.clipboard.readText()").split("\n") == [f"line {i}" for i in range(200)]


def test_in_an_open_editor_the_keys_are_the_editors(view: View) -> None:
    view.go("A2")
    view.page.evaluate("navigator.clipboard.writeText(' Menon')")
    view.press("F2", "End", "Control+v", "Enter")
    view.wait_for("Leads!A2", "Asha Rao Menon")
    assert view.book.value("Leads!A3") == "Vikram Shah"


def test_filled_down_and_dated_by_keyboard(view: View) -> None:
    view.book.write("Leads!F2", [["=A2&1"]])
    view.shows("F2", "Asha Rao1")
    view.go("F2")
    view.press("Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    view.wait_for("Leads!F4", "Farah Khan1")
    view.go("G2")
    view.press("Control+;", "Enter")
    view.wait_for("Leads!G2", datetime.now(UTC).strftime("%Y-%m-%d"))
