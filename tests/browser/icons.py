"""Draws the icons of the installed app from `static/icon.svg`: `python -m tests.browser.icons`."""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from app.vendor import ROOT
from tests.browser.pictures import shrink
from tests.browser.site import launch

STATIC = ROOT / "static"
ICONS = {
    "icon-180.png": (180, 0),
    "icon-192.png": (192, 0),
    "icon-512.png": (512, 0),
    "icon-maskable-512.png": (512, 10),
}


def main() -> int:
    """Each icon in its size; a maskable one fills its square and keeps the drawing within the safe zone."""
    drawing = (STATIC / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, (size, margin) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            ground = "background:#1c5d4b;" if margin or size == 180 else ""
            inner = size - 2 * size * margin // 100
            page.set_content(
                f"<style>body{{margin:0;{ground}display:grid;place-items:center;height:{size}px}}"
                f"svg{{width:{inner}px;height:{inner}px}}</style>{drawing}"
            )
            page.screenshot(path=STATIC / name, omit_background=True)
            page.close()
            shrink(STATIC / name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
