"""The rest of a desk's day in a real browser: texts, calendar, team, help, tour; a connection that comes and goes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.model import Issue
from store import issues, mirror
from tests.app.book import fill, lead
from tests.browser.site import DESKTOP, PHONE, Site, context, serve, signed_in
from tests.browser.test_every_page import overflow, violations
from tests.browser.test_working import BOTH, standing, waiting

pytestmark = pytest.mark.browser


@BOTH
def test_another_text_for_whatsapp(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/")
    fits = page.locator(".contact a[data-key=w]")
    expect(fits).to_have_attribute("href", re.compile(r"^https://wa\.me/919815550100\?text=Hello%20Deepak"))
    page.get_by_role("button", name="Other texts for WhatsApp").click()
    asked = page.get_by_role("dialog", name="Which text?")
    expect(asked.get_by_role("link")).to_have_count(7)  # six texts, and where they are changed
    expect(asked.get_by_role("link").first).to_contain_text("fits best")
    member = asked.get_by_role("link", name=re.compile("^Member"))
    expect(member).to_have_attribute("href", re.compile("Welcome%20to%20Bumuk"))
    assert violations(page) == []
    assert overflow(page) <= 0
    made.close()


@BOTH
def test_an_outcome_without_a_connection_is_kept_and_sent_once(
    browser: Browser, site: Site, size: tuple[int, int]
) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/")
    before = waiting(site.engine)
    made.set_offline(True)
    page.get_by_role("button", name="No answer").click()
    expect(page.locator("#waiting")).to_contain_text("1 change waits here")
    page.get_by_role("button", name="Interested").first.click()  # another outcome takes the first one's place
    expect(page.locator("#waiting li")).to_have_text(re.compile("Interested: Deepak Chauhan"))
    expect(page.locator("#waiting li")).to_have_count(1)
    assert violations(page) == []
    assert overflow(page) <= 0
    assert waiting(site.engine) == before
    made.set_offline(False)
    expect(page.locator("#waiting")).to_have_count(0)
    assert waiting(site.engine) == before + 1
    assert "Interested" in (standing(site.engine, "LTEST00000").notes or "")
    page.reload()
    expect(page.locator("#who")).not_to_have_text("Deepak Chauhan")
    assert waiting(site.engine) == before + 1
    made.close()


def test_what_was_kept_can_be_discarded(browser: Browser, site: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(site, made, "/")
    before = waiting(site.engine)
    made.set_offline(True)
    page.get_by_role("button", name="Joined").click()
    page.get_by_role("button", name="Discard Joined: Deepak Chauhan").click()
    expect(page.locator("#waiting")).to_have_count(0)
    made.set_offline(False)
    page.reload()
    assert waiting(site.engine) == before
    made.close()


def test_what_was_kept_waits_for_who_pressed_it(browser: Browser, site: Site) -> None:
    """Signed out meanwhile, nothing is sent and nothing is lost."""
    made = context(browser, PHONE)
    page = signed_in(site, made, "/")
    before = waiting(site.engine)
    made.set_offline(True)
    page.get_by_role("button", name="Joined").click()
    expect(page.locator("#waiting")).to_be_visible()
    cookies = made.cookies()
    made.clear_cookies()
    with page.expect_response(lambda answer: "/outcome" in answer.url) as sent:
        made.set_offline(False)
    assert sent.value.status in (400, 401)
    assert waiting(site.engine) == before
    made.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]  # what it gave it takes
    page.goto(site.base)
    expect(page.locator("#waiting")).to_have_count(0)
    assert waiting(site.engine) == before + 1
    made.close()


def test_a_page_that_is_not_reached_says_so_honestly(browser: Browser, tmp_path: Path) -> None:
    made = context(browser, PHONE, workers=True)
    with serve(tmp_path) as site:
        fill(site.engine, 10)
        page = signed_in(site, made, "/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(site.base + "/leads")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    assert "Deepak" not in page.content()
    assert violations(page) == []
    assert overflow(page) <= 0
    made.close()


@BOTH
def test_follow_ups_and_a_calendar_of_ones_own(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/follow-ups")
    expect(page.locator(".due li").first).to_contain_text("Deepak Chauhan")
    page.get_by_role("link", name=re.compile("^Today")).last.click()
    expect(page.locator(".due li").first).to_contain_text("Farah Siddiqui")
    page.get_by_role("link", name=re.compile(r"today, Vikram$")).click()
    expect(page.locator(".due li")).to_have_text([re.compile("Arjun Menon")])
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Vikram", exact=True).input_value()
    answer = page.request.get(address)
    assert "SUMMARY:call Arjun Menon" in answer.text()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("button", name=re.compile("^Take back")).click()
    expect(page.locator(".toast")).to_contain_text("worthless")
    assert page.request.get(address).status == 404
    made.close()


@BOTH
def test_leads_are_handed_over_and_taken_back(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/team")
    page.get_by_label("Whose leads").select_option("Vikram")
    page.get_by_label("To whom").select_option("Farah")
    page.get_by_role("button", name="Hand over").dblclick()
    expect(page.locator(".toast")).to_contain_text("leads given to Farah")
    with site.engine.connect() as conn:
        assert "Vikram" not in mirror.person_loads(conn)
    assert violations(page) == []
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone for")
    with site.engine.connect() as conn:
        assert mirror.person_loads(conn)["Vikram"] == 5
    assert overflow(page) <= 0
    made.close()


def test_team_follow_ups_and_needs_attention_without_javascript(browser: Browser, site: Site) -> None:
    made = context(browser, PHONE, scripts=False)
    page = signed_in(site, made, "/team")
    page.get_by_label("Whose leads").select_option("Vikram")
    page.get_by_label("To whom").select_option("Farah")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator(".toast")).to_contain_text("leads given to Farah")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone for")
    page.goto(site.base + "/follow-ups")
    page.get_by_role("button", name="Make an address").click()
    page.get_by_role("button", name=re.compile("^Take back")).click()
    expect(page.locator(".toast")).to_contain_text("worthless")
    with site.engine.begin() as conn:
        issues.add(conn, 7, [("fp:1", Issue("Story hour form", 218, "There is no phone.", blocking=True))])
    page.goto(site.base + "/attention")
    page.get_by_role("button", name=re.compile("^Leave it out")).click()
    expect(page.locator(".toast")).to_contain_text("Taken off the list")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("main")).to_contain_text("There is no phone.")
    made.close()


@BOTH
def test_a_row_that_waits_is_added_by_hand(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    with site.engine.begin() as conn:
        issues.add(conn, 7, [("fp:1", Issue("Story hour form", 218, "The phone is no number.", blocking=True))])
    made = context(browser, size)
    page = signed_in(site, made, "/attention")
    expect(page.locator("nav.rail")).to_contain_text("3")
    page.get_by_role("link", name=re.compile("^Add it by hand.*Story hour form, row 218")).click()
    expect(page.get_by_label("Name", exact=True)).to_have_value(re.compile("^Farah Siddiqui"))
    page.get_by_label("Phone", exact=True).fill("98155 77777")
    page.get_by_role("button", name="Add the lead").click()
    expect(page.locator(".toast")).to_contain_text("Added")
    page.goto(site.base + "/attention")
    expect(page.locator("main")).not_to_contain_text("The phone is no number.")
    expect(page.locator(".top .when")).to_have_text("2 to look at")
    assert overflow(page) <= 0
    made.close()


@BOTH
def test_the_tour_on_an_empty_crm(browser: Browser, empty: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(empty, made, "/")
    for title in ("Bring your leads in", "Say who calls", "Call the first family"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert violations(page) == []
        assert overflow(page) <= 0
        onward = page.get_by_role("link", name="Next", exact=True)
        if onward.count():
            onward.click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".tour")).to_have_count(0)
    page.reload()
    expect(page.locator(".tour")).to_have_count(0)
    made.close()


def test_help_is_one_key_or_two_taps_away(browser: Browser, desk: Site) -> None:
    phone = context(browser, PHONE)
    page = signed_in(desk, phone)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Help").click()
    page.get_by_role("link", name="Call a lead and say how it went").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call a lead and say how it went")
    phone.close()
    desktop = context(browser, DESKTOP)
    page = signed_in(desk, desktop)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations(page) == []
    page.goto(desk.base + "/help/start-the-day")
    picture = page.locator(".guide img").first
    expect(picture).to_have_js_property("complete", True)
    assert int(picture.evaluate("node => node.naturalWidth")) > 0
    desktop.close()


def test_how_often_nobody_answered_is_said(browser: Browser, site: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(site, made)
    for _ in range(4):
        page.goto(site.base + "/leads/LTEST00000")
        page.get_by_role("button", name="No answer").click()
        expect(page.locator(".toast")).to_contain_text("Marked No answer")
    expect(page.get_by_role("button", name="No answer")).to_contain_text("now Lost - No Response")
    assert standing(site.engine, "LTEST00000").status == lead(0).status
    made.close()
