"""The list of leads as people work in it, in a real browser: rows that open, many at once, views, columns, export,
keys; on a desktop and on a phone, and without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from store import mirror
from tests.app.book import lead, put
from tests.browser.site import DESKTOP, PHONE, Site, context, signed_in
from tests.browser.test_every_page import overflow, violations
from tests.browser.test_working import standing, waiting

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def menu(page: Page, name: str) -> None:
    """Opens something of the list's head, which a phone has behind one button."""
    more = page.get_by_role("button", name="Update, export, columns")
    if more.is_visible():
        more.click()
    page.get_by_role("button", name=name, exact=True).locator("visible=true").click()


@BOTH
def test_a_row_opens_is_saved_and_undone(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made)
    row = page.locator("#row-LTEST00002")
    row.get_by_role("link", name=re.compile("^Update Farah")).click()
    form = page.get_by_role("form", name="Update Farah Siddiqui")
    expect(form.get_by_label("Status")).to_be_focused()
    assert violations(page) == []
    assert overflow(page) <= 0
    form.get_by_label("Next follow-up").fill("31-02-2026")
    form.get_by_label("Note").fill("Will bring Zoya")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("is not a date")).to_be_visible()
    expect(form.get_by_label("Note")).to_have_value("Will bring Zoya")
    form.get_by_label("Next follow-up").fill("24-12-2026")
    form.get_by_label("Note").press("Enter")
    expect(page.locator(".edit")).to_have_count(0)
    expect(row).to_contain_text("24-12-2026")
    expect(row).to_contain_text("saving…")
    expect(page.locator("#lead-LTEST00002")).to_be_focused()
    assert "Will bring Zoya" in (standing(site.engine, "LTEST00002").notes or "")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert standing(site.engine, "LTEST00002").notes == lead(2).notes
    made.close()


@BOTH
def test_many_are_changed_at_once_and_undone_as_one(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made)
    bar = page.get_by_role("form", name="Change the selected leads")
    expect(bar).to_be_hidden()
    page.get_by_label("Select Farah Siddiqui").check()
    page.get_by_label("Select Imran Khan", exact=True).check()
    expect(page.locator("#bulk-count")).to_have_text("2 selected")
    with site.engine.begin() as conn:  # the list follows the sheet; the ticks stay
        put(conn, [lead(5, full_name="Shalini Rao")], first_row=7)
    expect(page.get_by_role("link", name="Shalini Rao", exact=True)).to_be_visible()
    expect(page.get_by_label("Select Farah Siddiqui")).to_be_checked()
    bar.get_by_role("button", name="Status").click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Re-engage Later")).click()
    expect(page.locator(".toast")).to_contain_text("Status: Re-engage Later on 2 leads")
    assert {standing(site.engine, f"LTEST0000{n}").status for n in (1, 2)} == {"Re-engage Later"}
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone on 2 leads")
    assert [standing(site.engine, f"LTEST0000{n}").status for n in (1, 2)] == [lead(n).status for n in (1, 2)]
    page.goto(site.base + "/leads?status=New+Lead&status=Member")
    page.locator("#rows input[name=lead]").first.check()
    page.locator("#bulk-all").check()
    bar.get_by_role("button", name="Assign").click()
    page.get_by_role("dialog").get_by_role("button", name="Nobody").click()
    expect(page.locator(".toast")).to_contain_text("With: nobody on 2 leads")
    page.goto(site.base + "/changes")
    expect(page.locator(".change-card")).to_have_count(3)
    assert violations(page) == []
    assert overflow(page) <= 0
    made.close()


@BOTH
def test_views_columns_and_export(browser: Browser, site: Site, size: tuple[int, int], tmp_path: Path) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/leads?status=Interested")
    page.get_by_role("button", name="Save view").click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_label("Name").fill("Warm ones")
    page.get_by_label("Everyone sees it").check()
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("link", name=re.compile("^Warm ones"))).to_have_attribute("aria-current", "true")
    menu(page, "Columns")
    page.get_by_label("E-mail", exact=True).check()
    assert violations(page) == []
    page.get_by_role("button", name="Show these").click()
    expect(page.locator("#row-LTEST00002")).to_contain_text("farah2@example.com")
    assert overflow(page) <= 0
    menu(page, "Export")
    with page.expect_download() as begun:
        page.get_by_role("link", name="csv").click()
    begun.value.save_as(tmp_path / "leads.csv")
    assert "farah2@example.com" in (tmp_path / "leads.csv").read_text("utf-8-sig")
    page.get_by_role("dialog", name="Export what is shown").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Delete view").click()
    page.get_by_role("button", name="Delete the view").click()
    expect(page.get_by_role("link", name=re.compile("^Warm ones"))).to_have_count(0)
    made.close()


@BOTH
def test_a_lead_is_updated_by_its_id_or_found_by_name(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/update")
    page.get_by_role("searchbox").fill("kavita")
    page.get_by_role("link", name=re.compile("^Update Kavita")).click()
    page.get_by_label("Note").fill("by name")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    page.get_by_role("searchbox").fill("ltest00008")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_label("Note").fill("by id")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert (standing(site.engine, "LTEST00007").notes or "").endswith("by name")
    assert (standing(site.engine, "LTEST00008").notes or "").count("by id") == 1
    made.close()


def test_the_list_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(page.locator("#rows tr").nth(1).locator(".who a[id]")).to_be_focused()
    expect(page.locator("#bulk-count")).to_have_text("1 selected")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deepak Chauhan 2")
    made.close()


def test_a_bad_day_in_a_filter_is_said_where_the_list_was(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made)
    page.locator("summary", has_text="Follow-up").click()
    page.get_by_label("From (Follow-up)").fill("31-02-2026")
    page.get_by_label("From (Follow-up)").press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("is not a date")
    page.get_by_label("From (Follow-up)").fill("+2")
    page.get_by_label("From (Follow-up)").press("Tab")
    expect(page.locator("#count")).to_have_text("5 of 12")
    made.close()


def test_without_javascript_too(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP, scripts=False)
    page = signed_in(site, made)
    page.get_by_label("Select Farah Siddiqui").check()
    page.get_by_role("button", name="Priority").click()
    page.get_by_role("dialog").get_by_role("button", name="Low").click()
    expect(page.locator(".toast")).to_contain_text("Priority: Low on 1 lead")
    page.get_by_role("link", name=re.compile("^Update Imran Khan")).first.click()
    page.get_by_label("Note").fill("plain form")
    page.get_by_role("button", name="Save").click()
    with site.engine.connect() as conn:
        found = mirror.lead(conn, "LTEST00001")
    assert found
    assert "plain form" in (found.notes or "")
    assert waiting(site.engine) == 3
    made.close()
