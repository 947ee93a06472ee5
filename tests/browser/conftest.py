from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.app.book import fill
from tests.browser.site import Site, launch, missing, serve


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    lacks = missing()
    if lacks:
        sys.stderr.write(f"\n*** BROWSER TESTS DID NOT RUN: {lacks} ***\n")
        if os.environ.get("CI") == "true":
            pytest.fail(f"browser tests are required where CI=true: {lacks}")
        pytest.skip(f"BROWSER TESTS DID NOT RUN: {lacks}")
    # Playwright gives up an expectation after 5 s, which on a machine at work is no finding.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A working day's book that the tests of a module only look at."""
    with serve(tmp_path_factory.mktemp("desk")) as site:
        fill(site.engine, 130)
        yield site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A book of the test's own, to change."""
    with serve(tmp_path) as served:
        fill(served.engine, 12)
        yield served


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    with serve(tmp_path) as served:
        yield served
