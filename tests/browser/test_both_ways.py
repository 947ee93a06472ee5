"""The sheet's page and the app's pages side by side: what a person does on one shows on the other, live."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import gspread
import pytest
from playwright.sync_api import Browser, Page, expect

from store import users
from store.config import default_config
from sync import local
from sync.access import open_client, read_key
from sync.link import Link, installation_of
from sync.sheets import Sheets
from sync.worker import Worker
from sync.worker import run as run_worker
from tests.browser.site import DESKTOP, PHONE, Site, context, serve
from tests.conftest import Server

pytestmark = pytest.mark.browser

ROWS = [["Name", "Contact Number"], ["Asha Rao", "9815500001"], ["Vikram Shah", "9815500002"]]


@contextmanager
def working(link: Link) -> Iterator[None]:
    """A real worker, a cycle each second."""
    worker = Worker(link, 1)
    thread = threading.Thread(target=run_worker, args=(worker,), kwargs={"on_signals": False})
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join()


@pytest.fixture
def house(server: Server, tmp_path: Path) -> Iterator[tuple[Site, gspread.Spreadsheet]]:
    """Sheet server, worker and app on one spreadsheet with a tab of two people."""
    http = open_client(read_key(server.key, None), server.base)
    made = local.create(http, f"Library {tmp_path.name}", "Asia/Kolkata", None)
    client = gspread.Client(auth=None, session=http.session, http_client=lambda auth, session: http)  # type: ignore[arg-type]
    book = client.open_by_key(made)
    book.add_worksheet("Contacts", rows=100, cols=4).update(ROWS, "A1", value_input_option="RAW")  # type: ignore[arg-type]
    with serve(tmp_path, lambda: datetime.now(UTC)) as site:
        link = Link(Sheets(http, made), site.engine, default_config(), installation_of("house"), "w")
        with working(link):
            yield site, book


def signed_in(site: Site, page: Page) -> Page:
    with site.engine.begin() as conn:
        user = users.put_user(conn, "Neha Arora", "neha@example.com", "admin")
        link = users.create_link(conn, user.user_id, datetime.now(UTC), 15)
    page.goto(f"{site.base}/login/{link}")
    page.get_by_role("button", name="Open the leads").click()
    page.get_by_role("heading", name="Today").wait_for()
    return page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_person_types_in_the_sheet_and_the_app_shows_it_and_the_other_way_round(
    browser: Browser, server: Server, house: tuple[Site, gspread.Spreadsheet], size: tuple[int, int]
) -> None:
    site, book = house
    desk, office = context(browser, size), context(browser, DESKTOP)
    for made in (desk, office):
        made.set_default_timeout(60_000)
    app = signed_in(site, desk.new_page())
    app.goto(site.base + "/leads")
    expect(app.locator(".leads .who a").filter(has_text="Asha Rao")).to_be_visible(timeout=60_000)
    master = book.worksheet("Master")
    header = master.row_values(1)
    row = master.col_values(header.index("full_name") + 1).index("Asha Rao")

    sheet = office.new_page()
    sheet.goto(f"{server.base}/spreadsheets/d/{book.id}/edit?gid={master.id}")
    cell = sheet.locator(f"#c{row}-{header.index('city')}")
    cell.click()
    sheet.keyboard.type("Pune")
    sheet.keyboard.press("Enter")
    app.get_by_role("link", name="Asha Rao", exact=True).click()
    expect(app.locator("main")).to_contain_text("Pune", timeout=60_000)  # without a reload

    app.get_by_role("link", name="Edit what we know").click()
    app.get_by_label("City").fill("Nagpur")
    app.locator("#known").get_by_role("button", name="Save").click()
    expect(app.locator("#known")).to_contain_text("Nagpur")
    expect(cell).to_have_text("Nagpur", timeout=60_000)  # without a reload either
    assert book.worksheet("Master").cell(row + 1, header.index("city") + 1).value == "Nagpur"
    for made in (desk, office):
        made.close()
