"""The list of leads as people use it: on a desktop, on a phone, with the keyboard, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from store import issues, users
from tests.app.book import lead, put
from tests.browser.site import DESKTOP, PHONE, Site, context, look_now, signed_in

pytestmark = pytest.mark.browser


def names(page: Page) -> list[str]:
    return page.locator(".leads .who a[id]").all_inner_texts()


def test_slash_searches_as_one_types(browser: Browser, desk: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(desk, made)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("0102")
    expect(page.locator(".leads tbody tr")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#count")).to_have_text("1 of 130")
    expect(page).to_have_url(re.compile(r"/leads\?q=0102$"))
    page.keyboard.type("/")  # in a field it is only a sign
    expect(page.get_by_role("searchbox")).to_have_value("0102/")
    made.close()


def test_a_search_can_be_shared_and_reloaded(browser: Browser, desk: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(desk, made)
    page.get_by_role("searchbox").fill("Farah")
    expect(page.locator("#count")).to_have_text("13 of 130")
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("Farah")
    expect(page.locator("#count")).to_have_text("13 of 130")
    made.close()


def test_filters_on_the_desk_with_the_keyboard(browser: Browser, desk: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(desk, made)
    page.locator("summary", has_text="With").focus()
    page.keyboard.press("Enter")
    page.get_by_label(re.compile("^Vikram")).press("Space")
    expect(page.locator("#count")).to_have_text("52 of 130")
    expect(page.locator("#pick-assigned_to")).to_have_text("Vikram")
    expect(page.get_by_label(re.compile("^Vikram"))).to_be_focused()  # the open filter is left as it is
    page.keyboard.press("Escape")
    expect(page.locator("details.pill[open]")).to_have_count(0)
    expect(page.locator("summary", has_text="Vikram")).to_be_focused()
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator("#count")).to_have_text("130 in all")
    made.close()


def test_filters_on_the_phone(browser: Browser, desk: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(desk, made)
    page.get_by_role("button", name="Filter").tap()
    page.locator("summary", has_text="Follow-up").tap()
    page.get_by_label("Overdue").tap()
    page.get_by_role("button", name="Show the leads").tap()
    expect(page.locator("#picks")).not_to_be_visible()
    expect(page.locator("#count")).to_have_text("12 of 130")
    page.get_by_role("link", name="Remove filter: Overdue").tap()
    expect(page.locator("#count")).to_have_text("130 in all")
    made.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_show_more_to_the_end(browser: Browser, desk: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(desk, made)
    for count in (100, 130):
        page.get_by_role("link", name="Show more").click()
        expect(page.locator(".leads tbody tr")).to_have_count(count)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)
    assert len(set(names(page))) == 130
    made.close()


def test_the_list_follows_the_sheet(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made)
    row = page.locator("#lead-LTEST00002")
    row.focus()
    with site.engine.begin() as conn:
        put(conn, [lead(2, full_name="Farah Khan")], first_row=4)
        put(conn, [lead(40, full_name="Someone New")], first_row=90)
    expect(page.get_by_role("link", name="Someone New", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Farah Khan", exact=True)).to_be_focused()  # a swapped row keeps the focus
    made.close()


def test_the_page_of_a_lead_follows_too(browser: Browser, site: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(site, made, "/leads/LTEST00002")
    with site.engine.begin() as conn:
        put(conn, [lead(2, full_name="Farah Khan")], first_row=4)
    look_now(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Farah Khan")
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("nav.rail")).to_have_count(1)
    made.close()


def test_needs_attention_follows_too(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made, "/attention")
    expect(page.locator(".row")).to_have_count(2)
    with site.engine.begin() as conn:
        issues.clear(conn, 8, ["a"])
    look_now(page)
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("main")).to_have_count(1)
    made.close()


def test_never_under_the_typing_cursor(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made)
    box = page.get_by_role("searchbox")
    box.fill("Farah Siddiqui")
    expect(page.locator(".leads tbody tr")).to_have_count(1)
    box.evaluate("node => node.setSelectionRange(5, 5)")
    with site.engine.begin() as conn:
        put(conn, [lead(40, full_name="Farah Siddiqui junior")], first_row=90)
    look_now(page)
    expect(page.locator(".leads tbody tr")).to_have_count(2)
    expect(box).to_be_focused()
    assert box.evaluate("node => [node.value, node.selectionStart]") == ["Farah Siddiqui", 5]
    made.close()


def test_a_list_that_was_lengthened_stays_as_long(browser: Browser, desk: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(desk, made)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".leads tbody tr")).to_have_count(100)
    with desk.engine.begin() as conn:
        put(conn, [lead(5, full_name="Shalini Rao")], first_row=7)
    look_now(page)
    expect(page.get_by_role("link", name="Shalini Rao", exact=True)).to_be_visible()
    expect(page.locator(".leads tbody tr")).to_have_count(100)
    made.close()


def test_a_line_that_broke_is_said_and_mended(browser: Browser, site: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(site, made)
    made.set_offline(True)
    look_now(page)
    expect(page.locator("#sync")).to_have_text("The CRM is not reached; trying again")
    made.set_offline(False)
    look_now(page)
    expect(page.locator("#sync")).to_have_text("Sheet synced 10:42 · 1 waiting")
    made.close()


def test_a_session_that_ended_leads_to_the_sign_in(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made)
    with site.engine.begin() as conn:
        users.sign_out_everywhere(conn, users.all_users(conn)[0].user_id)
    look_now(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    made.close()


def test_from_the_list_to_a_lead_and_back(browser: Browser, desk: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(desk, made)
    page.get_by_role("searchbox").fill("0102")
    expect(page.locator("#count")).to_have_text("1 of 130")
    page.get_by_role("link", name="Farah Siddiqui", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Farah Siddiqui")
    expect(page.get_by_role("link", name="Call", exact=True)).to_have_attribute("href", "tel:+919815550102")
    page.get_by_role("link", name="Leads found").tap()
    expect(page.get_by_role("searchbox")).to_have_value("0102")
    made.close()


def test_without_javascript(browser: Browser, desk: Site) -> None:
    made = context(browser, DESKTOP, scripts=False)
    page = signed_in(desk, made)
    page.get_by_role("searchbox").fill("Farah")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#count")).to_have_text("13 of 130")
    page.goto(desk.base + "/leads")
    page.get_by_role("link", name="Show more").click()
    assert len(names(page)) == 50
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    made.close()


def test_a_hostile_cell_does_nothing(browser: Browser, site: Site) -> None:
    with site.engine.begin() as conn:
        bad = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
        put(
            conn,
            [lead(0, full_name=bad, city=bad, notes=bad, phone_number=bad, lead_source="\u202e" + bad)],
            first_row=2,
        )
    made = context(browser, PHONE)
    page = signed_in(site, made)
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    for address in ("/leads", "/leads/LTEST00000"):
        page.goto(site.base + address, wait_until="networkidle")
        assert page.locator("main img, main script").count() == 0
    assert opened == []
    made.close()


def test_skip_link_first(browser: Browser, desk: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(desk, made, "/leads")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    made.close()
