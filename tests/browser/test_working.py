"""A front desk's day in a real browser: call, outcome, next card, undo, edit, decide; fingers, keys, no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine

from core.model import Lead
from store import mirror, outbox
from tests.app.book import lead, put
from tests.app.test_conflicts import lose
from tests.browser.site import DESKTOP, PHONE, Site, context, look_now, signed_in
from tests.browser.test_every_page import overflow, violations

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def standing(engine: Engine, lead_id: str) -> Lead:
    with engine.connect() as conn:
        found = mirror.lead(conn, lead_id)
        assert found is not None
        return found


def waiting(engine: Engine) -> int:
    with engine.connect() as conn:
        return outbox.pending_count(conn)


def name(page: Page) -> str:
    return page.locator("#who").inner_text()


@BOTH
def test_one_tap_logs_the_call_and_brings_the_next_card(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/")
    expect(page.locator("#who")).to_have_text("Deepak Chauhan")
    before = waiting(site.engine)
    page.get_by_role("button", name="Interested").first.click()
    expect(page.locator("#who")).to_have_text("Deepak Chauhan 2")
    expect(page.locator("#who a")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("Marked Interested")
    assert waiting(site.engine) == before + 1
    expect(page.locator("#places .count").first).to_have_text("6 to call")
    assert violations(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#who")).to_have_text("Deepak Chauhan")
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert standing(site.engine, "LTEST00000").last_contacted == lead(0).last_contacted
    page.reload()
    expect(page.locator(".toast")).to_have_count(0)
    assert waiting(site.engine) == before + 2
    made.close()


def test_the_first_screen_of_a_phone_has_the_call_and_all_outcomes(browser: Browser, site: Site) -> None:
    with site.engine.begin() as conn:
        put(conn, [lead(0, full_name="Nandini Krishnamurthy-Raghavan the Second", notes="Wants the story hour. " * 20)])
    made = context(browser, PHONE)
    page = signed_in(site, made, "/")
    bar = page.locator(".rail").bounding_box()
    assert bar is not None
    for part in page.locator(".call .contact .btn, .outcomes .btn").all():
        box = part.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5
        assert box["y"] + box["height"] <= bar["y"], part.inner_text()
    made.close()


@BOTH
def test_what_needs_a_day_or_a_reason_asks(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/")
    page.get_by_role("button", name="Call later").click()
    asked = page.get_by_role("dialog", name="Call again when?")
    expect(asked).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    asked.get_by_role("button", name="3 days").click()
    expect(page.locator(".toast")).to_contain_text("Marked Call later · next follow-up 25-11-2026")
    expect(page.locator("#who")).to_have_text("Deepak Chauhan 2")
    page.get_by_role("button", name="Not interested").click()
    page.get_by_label("In their own words").fill("Moved to Pune")
    page.get_by_role("dialog", name="Why not?").get_by_role("button", name="Not interested").click()
    expect(page.locator(".toast")).to_contain_text("Marked Not interested")
    assert "Not interested: Moved to Pune" in (standing(site.engine, "LTEST00010").notes or "")
    made.close()


def test_a_day_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made, "/")
    page.keyboard.press("j")
    expect(page.locator("#who")).to_have_text("Deepak Chauhan 2")
    page.keyboard.press("k")
    expect(page.locator("#who")).to_have_text("Deepak Chauhan")
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_contain_text("Marked No answer")
    expect(page.locator("#who")).to_have_text("Deepak Chauhan 2")
    page.keyboard.press("u")
    expect(page.locator("#who")).to_have_text("Deepak Chauhan")
    page.keyboard.press("4")
    expect(page.get_by_role("dialog", name="Visit on which day?")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Tomorrow").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Snoozed until 23-11-2026")
    page.keyboard.press("?")
    assert violations(page) == []
    page.get_by_label("Keys are on").uncheck()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    before = waiting(site.engine)
    page.keyboard.press("3")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()  # the search is not a letter key that surprises
    assert waiting(site.engine) == before
    made.close()


def test_a_double_click_is_one_call(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made, "/")
    before = waiting(site.engine)
    page.get_by_role("button", name="Joined").dblclick()
    expect(page.locator(".toast")).to_contain_text("Marked Joined")
    assert waiting(site.engine) == before + 1
    assert (
        standing(site.engine, "LTEST00010").status == lead(10).status
    )  # the next card was not hit by the second click
    made.close()


@BOTH
def test_a_lead_is_edited_in_place(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made, "/leads/LTEST00002")
    page.get_by_role("link", name="Edit what we know").click()
    page.get_by_label("Name", exact=True).fill("Farah Khan")
    page.get_by_label("Phone", exact=True).fill("98")
    page.locator("#known").get_by_role("button", name="Save").click()
    expect(page.locator("#f-phone_number-error")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Farah Khan")
    expect(page.get_by_label("Phone", exact=True)).to_be_focused()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_label("Phone", exact=True).fill("98155 50777")
    page.locator("#known").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Farah Khan")
    expect(page.locator(".inline")).to_contain_text("saving…")
    assert standing(site.engine, "LTEST00002").phone_number == "+919815550777"
    page.get_by_label("Status", exact=True).select_option("Member")
    page.locator(".inline").get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved · next follow-up")
    page.get_by_label("Add a note").fill("Asked about fees")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("Asked about fees")
    expect(page.get_by_label("Add a note")).to_have_value("")
    assert violations(page) == []
    made.close()


def test_what_is_being_typed_is_not_swapped_away(browser: Browser, site: Site) -> None:
    made = context(browser, DESKTOP)
    page = signed_in(site, made, "/leads/LTEST00002")
    note = page.get_by_label("Add a note")
    note.fill("half a sentence")
    note.evaluate("node => node.blur()")
    line = page.locator("#sync")
    revision = line.get_attribute("data-revision")
    with site.engine.begin() as conn:
        put(conn, [lead(2, full_name="Farah Khan")], first_row=4)
    look_now(page)
    expect(line).not_to_have_attribute("data-revision", revision or "")
    page.wait_for_timeout(500)
    expect(note).to_have_value("half a sentence")
    made.close()


def test_what_is_typed_while_the_page_is_asked_for_anew_stays(browser: Browser, site: Site) -> None:
    """On a slow line the answer comes when somebody has begun to type; the page is brought up to date afterwards."""
    made = context(browser, DESKTOP)
    page = signed_in(site, made, "/leads/LTEST00002")
    held: list[Route] = []
    page.route(lambda address: "rows=" in address, lambda route: held.append(route))
    with site.engine.begin() as conn:
        put(conn, [lead(2, full_name="Farah Khan")], first_row=4)
    with page.expect_request(lambda request: "rows=" in request.url):
        look_now(page)
    note = page.get_by_label("Add a note")
    note.fill("half a sentence")
    with page.expect_response(lambda answer: "rows=" in answer.url):
        held[0].continue_()
    page.unroute_all()
    expect(page.get_by_role("heading", level=1)).to_have_text("Farah Siddiqui")
    expect(note).to_have_value("half a sentence")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("half a sentence")
    expect(page.get_by_role("heading", level=1)).to_have_text("Farah Khan")
    made.close()


def test_a_failed_request_keeps_what_was_typed_and_says_what_to_do(browser: Browser, site: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(site, made, "/leads/LTEST00002")
    page.get_by_label("Add a note").fill("important")
    made.set_offline(True)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Not saved")
    expect(page.get_by_label("Add a note")).to_have_value("important")
    made.set_offline(False)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("important")
    made.close()


@BOTH
def test_conflicts_one_click_each_way_and_back(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    lose(site.engine)
    made = context(browser, size)
    page = signed_in(site, made, "/conflicts")
    expect(page.locator(".conflict")).to_have_count(2)
    assert violations(page) == []
    page.get_by_role("button", name="Use mine: Interested").click()
    expect(page.locator(".conflict")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("Kept Interested")
    assert standing(site.engine, "LTEST00005").status == "Interested"
    assert violations(page) == []
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".conflict")).to_have_count(2)
    page.locator(".conflict", has_text="Shalini").get_by_role("button", name="Keep the sheet’s: Member").click()
    expect(page.locator(".conflict")).to_have_count(1)
    assert standing(site.engine, "LTEST00005").status == "Member"
    made.close()


def test_undo_stands_ten_seconds_and_can_be_sent_away(browser: Browser, site: Site) -> None:
    """On a clock that the test drives: nobody waits."""
    made = context(browser, DESKTOP)
    page = signed_in(site, made)
    page.clock.install()
    page.goto(site.base)
    page.get_by_role("button", name="Interested").first.click()
    toast = page.locator(".toast")
    toast.get_by_role("button", name="Undo").focus()
    page.clock.run_for(30_000)  # it waits while it is focused
    expect(toast).to_be_visible()
    page.locator("#who a").focus()
    page.clock.run_for(9_000)
    expect(toast).to_be_visible()
    page.clock.run_for(2_000)
    expect(toast).to_have_count(0)
    made.close()


@BOTH
def test_all_of_it_without_javascript(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size, scripts=False)
    page = signed_in(site, made, "/")
    page.get_by_role("button", name="Interested").first.click()
    expect(page.locator("#who")).to_have_text("Deepak Chauhan 2")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#who")).to_have_text("Deepak Chauhan")
    page.get_by_role("button", name="Visit booked").click()
    page.get_by_role("dialog").get_by_role("button", name="Tomorrow").click()
    expect(page.locator(".toast")).to_contain_text("next follow-up 23-11-2026")
    page.goto(site.base + "/leads/LTEST00002")
    page.get_by_role("link", name="Edit what we know").click()
    page.get_by_label("City").fill("Noida")
    page.locator("#known").get_by_role("button", name="Save").click()
    expect(page.locator("#known")).to_contain_text("Noida")
    page.get_by_role("button", name=re.compile("^Undo Neha Arora")).first.click()
    expect(page.locator("#known")).to_contain_text("Delhi")
    made.close()


@BOTH
def test_a_known_number_shows_the_family_while_it_is_typed(browser: Browser, site: Site, size: tuple[int, int]) -> None:
    made = context(browser, size)
    page = signed_in(site, made)
    page.get_by_role("link", name="New lead").click()
    page.get_by_label("Name", exact=True).fill("Asif Siddiqui")
    page.get_by_label("Phone", exact=True).press_sequentially("981555010")
    expect(page.locator("#family .notice")).to_have_count(0)
    page.get_by_label("Phone", exact=True).press_sequentially("2")
    expect(page.locator("#family")).to_contain_text("Farah Siddiqui")
    expect(page.get_by_label("Phone", exact=True)).to_be_focused()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_label("Phone", exact=True).fill("98765 43210")
    expect(page.locator("#family .notice")).to_have_count(0)
    page.get_by_role("button", name="Add the lead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asif Siddiqui")
    expect(page.locator(".toast")).to_contain_text("Added")
    page.get_by_role("button", name="Undo", exact=True).first.click()
    expect(page.get_by_role("heading", name="Leads")).to_be_visible()
    made.close()
