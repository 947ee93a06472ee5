"""The app on a free port, for a real browser to visit; used by the tests and by `pictures`."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from app.factory import create_app
from app.vendor import ROOT
from store.database import database_url, open_database
from tests.app.book import NOW
from tests.app.conftest import settings, sign_in

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Chromium makes two pages of its own for the address bar of each window, which a test never sees and waits for, and
# for each page a process for one that may come next, which seldom does: a sixth of what a page costs. Of two
# flags of this name Chromium heeds the last, so what Playwright switches off is named here again.
UNUSED = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "SpareRendererForSitePerProcess",
    "ThirdPartyStoragePartitioning",
)
PATIENCE = 15_000  # milliseconds
SESSION = "bumuk_session"
DESKTOP, TABLET, PHONE = (1280, 860), (768, 1024), (360, 780)


@dataclass(frozen=True, slots=True)
class Site:
    """A served app: its address, its database, and the app itself."""

    base: str
    engine: Engine
    app: Flask


@contextmanager
def serve(folder: Path, clock: Callable[[], datetime] = lambda: NOW) -> Iterator[Site]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    engine = open_database(database_url(None, folder))
    app = create_app(settings(clock=clock, sign_in_limit="1000 per minute"), engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})  # how long an end takes
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", engine, app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()


def missing() -> str:
    """What this machine lacks for browser tests, "" for nothing."""
    if chromium() is None:
        return "no chromium: `apt-get install chromium`, or name one in CHROMIUM"
    if not (ROOT / "node_modules" / "axe-core" / "axe.min.js").is_file():
        return "no axe-core: `npm ci`"
    if not (ROOT / "static" / "vendor" / "htmx.js").is_file():
        return "no static/vendor: `python -m app.vendor`"
    return ""


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def launch(playwright: Playwright) -> Browser:
    """The browser; what tests expect of a page may take as long on a busy machine as what they do to it."""
    expect.set_options(timeout=PATIENCE)
    return playwright.chromium.launch(
        executable_path=chromium(), args=[*FLAGS, f"--disable-features={','.join(UNUSED)}"]
    )


def context(
    browser: Browser, size: tuple[int, int], scheme: str = "light", *, scripts: bool = True, workers: bool = False
) -> BrowserContext:
    """`workers` lets the service worker in: it is another process to wait for, and most tests need none."""
    width, height = size
    made = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if width < 600 else 1,
        has_touch=width < 600,
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
        locale="en-IN",
        reduced_motion="reduce",  # a colour that is half-way to another, or a toast that rises, is no finding
        service_workers="allow" if workers else "block",
    )
    made.set_default_timeout(PATIENCE)
    return made


def signed_in(site: Site, made: BrowserContext, address: str = "/leads") -> Page:
    """A page of somebody who has come in by a one-time link. The link was used without the browser, which would load
    three pages for it; `test_desk` goes the whole way once."""
    cookie = sign_in(site.app, site.engine, now=site.app.extensions["bumuk_settings"].clock()).get_cookie(SESSION)
    assert cookie is not None
    made.add_cookies([{"name": SESSION, "value": cookie.value, "url": site.base}])
    page = made.new_page()
    page.goto(site.base + address)
    return page


def look_now(page: Page) -> None:
    """The page asks at once whether something is new, instead of some seconds later."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
