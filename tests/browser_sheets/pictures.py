"""`python -m tests.browser_sheets.pictures FOLDER`: the page in light and dark, with its parts open, as PNG files."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.site import launch
from tests.browser_sheets.conftest import share
from tests.browser_sheets.dressed import dress
from tests.browser_sheets.sheet import new_book, open_view, token_of
from tests.localsheets.running import serving


def take(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as server, sync_playwright() as playwright:
        owner = token_of(server, server.account("owner")["service_account"])
        book = new_book(server, owner)
        share(book, server)
        dress(book)
        browser = launch(playwright)
        for scheme in ("light", "dark"):
            view = open_view(browser, book, scheme=scheme)
            view.click("D6")
            view.page.keyboard.press("Shift+ArrowDown")
            view.page.keyboard.press("Shift+ArrowRight")
            view.page.wait_for_timeout(400)
            view.page.screenshot(path=folder / f"sheet-{scheme}.png")
            view.page.keyboard.press("Shift+F10")
            view.page.screenshot(path=folder / f"menu-{scheme}.png")
            view.page.keyboard.press("Escape")
            view.go("E6")
            view.page.keyboard.press("F2")
            view.page.wait_for_timeout(200)
            view.page.screenshot(path=folder / f"list-{scheme}.png")
            view.page.context.close()
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
