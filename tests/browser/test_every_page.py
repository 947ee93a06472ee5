"""What holds on every page: no axe violation, no sideways scrolling, no other host, a light first load."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from app.vendor import ROOT
from core.model import Disposition, Issue, LedgerEntry
from store import groups, issues, ledger, mirror, mixups
from store.groups import Group
from store.ledger import PlacedEntry
from store.mixups import MixUp
from tests.app.book import NOW, lead, put
from tests.app.conftest import login_link
from tests.app.test_conflicts import lose
from tests.browser.site import DESKTOP, PHONE, TABLET, Site, context, signed_in

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/?group=new",
    "/conflicts",
    "/dashboard",
    "/leads/new",
    "/leads/LTEST00002/edit",
    "/leads?limit=12",
    "/leads?q=kaur&status=Interested",
    "/leads/LTEST00002",
    "/leads/LTEST00002/quick",
    "/update?q=farah",
    "/leads/LTEST00129",  # deleted
    "/leads/LTEST00010",  # of a household
    "/changes",
    "/changes/GCUTSHORT",
    "/leads/new?row=7:fp:9",
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
    "/?tour=1",
    "/?tour=2",
    "/nowhere",
]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text
SMALL = """() => [...document.querySelectorAll(`.btn, .find, .rail li > *, .tel a, .bars a, .lines > * a, .grow a,
    .leads .who > a, .load a, main summary, main select, main textarea,
    main input:not([type=checkbox], [type=radio], [type=search])`)]
  .filter((part) => part.checkVisibility() && part.type !== "hidden" && part.getBoundingClientRect().height < 43.5)
  .map((part) => part.outerHTML.slice(0, 200))"""
FIRST_LOAD = 150 * 1024
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module", autouse=True)
def every_state(desk: Site) -> None:
    """What only some books have: a deleted lead, a household, a change that was interrupted, a lost note, a mix-up, a
    row that waits with all that it says, two leads that may be one."""
    shared = lead(11).phone_number
    long = "a" * 60 + "@example.org"
    cells = ("Kavita Joshi", "", "2 children, both in class III", long)
    with desk.engine.begin() as conn:
        put(conn, [lead(10, phone_number=shared)], first_row=12)
        mirror.set_state(conn, ["LTEST00129"], "deleted")
        groups.grow(conn, Group("GCUTSHORT", NOW - timedelta(hours=1), "Neha", "City: Agra", 0), 250, NOW - HOUR)
        mixups.freeze(conn, [MixUp("LTEST00020", "G1", NOW, {"full_name": "Imran"}, {"full_name": "Farah " * 20})])
        ledger.put(conn, [PlacedEntry(LedgerEntry(7, "fp:9", "key", Disposition.ATTENTION, ()), 219, cells)])
        missing = Issue("Story hour form", 219, "There is no phone in this row.", "phone_number", blocking=True)
        pair = Issue("Story hour form", 219, "Perhaps the same person.", pair=("LTEST00002", "LTEST00003"))
        issues.add(conn, 7, [("fp:9", missing), ("fp:9", pair)])
    lose(desk.engine)


def violations(page: Page, *rules: str, but: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong, as "rule: element" lines; `rules` are all that are looked at, where any are named; `but`
    are not."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE())
    asked: dict[str, object] = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in but}}
    asked |= {"runOnly": list(rules)} if rules else {}
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page could be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def look(page: Page, address: str, *, colours: bool = True) -> None:
    """In light everything; in dark what can differ, which is the colours."""
    page.emulate_media(color_scheme="light")
    assert violations(page, but=() if colours else ("color-contrast",)) == [], address
    assert overflow(page) <= 0, address
    if not colours:
        return
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == [], address


@pytest.mark.parametrize("sizes", [(PHONE, TABLET), (DESKTOP,)], ids=["fingers", "desk"])
def test_axe_finds_nothing(browser: Browser, desk: Site, sizes: Sequence[tuple[int, int]]) -> None:
    """Each page is loaded once, and looked at in each width: 360 and 768 under fingers, 1280 under a mouse. Colours,
    which are most of the time, are those of the others at 768. Under fingers also: what is pressed is 44 px tall (WCAG
    2.5.5), and it holds down to 320."""
    made = context(browser, sizes[0])
    page = signed_in(desk, made)

    def see(address: str) -> None:
        page.goto(desk.base + address)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            look(page, f"{address} at {width}", colours=(width, height) != TABLET)
        if sizes[0] == PHONE:
            page.set_viewport_size({"width": 320, "height": 640})
            assert overflow(page) <= 0, address
            assert page.evaluate(SMALL) == [], address

    for address in PAGES:
        see(address)
    made.clear_cookies()
    for address in ("/login", login_link(desk.engine)):
        see(address)
    made.close()


def test_axe_finds_nothing_in_what_opens(browser: Browser, desk: Site) -> None:
    phone = context(browser, PHONE)
    page = signed_in(desk, phone, "/leads?limit=12")
    page.get_by_role("button", name="Filter").click()
    page.locator("details.pill summary").first.click()
    look(page, "the filters on a phone")
    page.goto(desk.base + "/leads?limit=12")
    page.get_by_role("button", name="More").click()
    look(page, "the menu")
    phone.close()
    desktop = context(browser, DESKTOP)
    page = signed_in(desk, desktop, "/leads?limit=12")
    page.locator("details.pill summary").first.click()
    look(page, "the filters on a desk")
    desktop.close()


def test_empty_pages_hold_too(browser: Browser, empty: Site) -> None:
    made = context(browser, PHONE)
    page = signed_in(empty, made)
    for address in ("/", "/leads", "/leads?q=nobody", "/attention", "/conflicts", "/dashboard", "/follow-ups", "/team"):
        page.goto(empty.base + address)
        assert violations(page) == [], address
        assert overflow(page) <= 0, address
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
