"""What holds on every page: no axe violation, no sideways scrolling, no other host, a light first load."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from app.vendor import ROOT
from tests.app.conftest import login_link
from tests.browser.site import DESKTOP, PHONE, TABLET, Site, context, signed_in

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/?group=new",
    "/conflicts",
    "/dashboard",
    "/leads/new",
    "/leads/LTEST00002/edit",
    "/leads",
    "/leads?q=kaur&status=Interested",
    "/leads/LTEST00002",
    "/leads/LTEST00002/quick",
    "/update?q=farah",
    "/changes",
    "/attention",
    "/attention?check=1",
    "/tabs",
    "/follow-ups",
    "/follow-ups?when=week&with=Neha",
    "/team",
    "/help",
    "/help/call-a-lead-and-say-how-it-went",
    "/help/change-texts-statuses-and-rules",
    "/offline",
    "/?tour=2",
    "/nowhere",
]
WORKED_ON = ("/", "/leads", "/leads/LTEST00002", "/dashboard", "/leads/new", "/follow-ups", "/team")
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text
SMALL = """() => [...document.querySelectorAll(".btn, .find, .rail li > *, .tel a")]
  .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 43.5)
  .map((part) => part.outerHTML)"""
FIRST_LOAD = 150 * 1024


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, as "rule: element" lines; `rules` are all that are looked at, where any are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE())
    asked = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page could be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP], ids=["360", "768", "1280"])
def test_axe_finds_nothing(browser: Browser, desk: Site, size: tuple[int, int]) -> None:
    """In light everything; in dark what can differ, which is the colours."""
    made = context(browser, size)
    page = signed_in(desk, made)

    def look(address: str) -> None:
        page.goto(desk.base + address)
        page.emulate_media(color_scheme="light")
        assert violations(page) == [], address
        assert overflow(page) <= 0, address
        page.emulate_media(color_scheme="dark")
        assert violations(page, "color-contrast") == [], address

    for address in PAGES:
        look(address)
    made.clear_cookies()
    for address in ("/login", login_link(desk.engine)):
        look(address)
    made.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(browser: Browser, desk: Site, scheme: str) -> None:
    phone = context(browser, PHONE, scheme)
    page = signed_in(desk, phone)
    page.get_by_role("button", name="Filter").click()
    page.locator("details.pill summary").first.click()
    assert violations(page) == []
    page.goto(desk.base + "/leads")
    page.get_by_role("button", name="More").click()
    assert violations(page) == []
    phone.close()
    desktop = context(browser, DESKTOP, scheme)
    page = signed_in(desk, desktop)
    page.locator("details.pill summary").first.click()
    assert violations(page) == []
    desktop.close()


def test_empty_pages_hold_too(browser: Browser, empty: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(empty, made)
    for address in ("/", "/leads", "/leads?q=nobody", "/attention", "/conflicts", "/dashboard", "/follow-ups", "/team"):
        page.goto(empty.base + address)
        assert violations(page) == [], address
        assert overflow(page) <= 0, address
    made.close()


def test_it_holds_down_to_320(browser: Browser, desk: Site) -> None:
    made = context(browser, (320, 640))
    page = signed_in(desk, made)
    for address in PAGES:
        page.goto(desk.base + address)
        assert overflow(page) <= 0, address
    made.close()


def test_fingers_find_what_they_press(browser: Browser, desk: Site) -> None:
    """44 px for buttons, fields and the tab bar on the phone (WCAG 2.5.5)."""
    made = context(browser, PHONE)
    page = signed_in(desk, made)
    for address in (
        "/",
        "/leads",
        "/leads/LTEST00002",
        "/conflicts",
        "/dashboard",
        "/leads/new",
        "/follow-ups",
        "/team",
        "/?tour=1",
    ):
        page.goto(desk.base + address)
        assert page.evaluate(SMALL) == [], address
    made.close()


def test_the_first_load_is_light_and_asks_no_other_host(browser: Browser, desk: Site) -> None:
    known, made = context(browser, PHONE), context(browser, PHONE)  # the second has the session and an empty cache
    signed_in(desk, known)
    made.add_cookies([{**cookie} for cookie in known.cookies()])  # type: ignore[typeddict-item]  # what it gave it takes
    page = made.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(desk.base + "/leads", wait_until="networkidle")
    seen = {answer.url: answer for answer in answers}
    assert {urlsplit(url).netloc for url in seen} == {urlsplit(desk.base).netloc}
    assert any(url.endswith(".woff2") for url in seen)
    weight = sum(len(gzip.compress(answer.body())) for answer in seen.values() if answer.status == 200)
    assert weight <= FIRST_LOAD, {url: len(gzip.compress(answer.body())) for url, answer in seen.items()}
    made.close()


def test_nothing_is_said_on_the_console(browser: Browser, desk: Site) -> None:
    """A policy that blocks something of ours, or a script that fails, is told there."""
    made = context(browser, DESKTOP, workers=True)
    page = signed_in(desk, made)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in (
        "/",
        "/leads",
        "/leads/LTEST00002",
        "/attention",
        "/conflicts",
        "/dashboard",
        "/leads/new",
        "/follow-ups",
        "/team",
        "/help",
        "/offline",
    ):
        page.goto(desk.base + address, wait_until="networkidle")
    assert said == []
    made.close()
