from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.book import fill
from tests.browser.site import Site, serve


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
