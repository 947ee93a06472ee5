"""What several rooms' tests need: a real local sheet server, spreadsheets on it, a browser.

Processes that tests start import this file too: what only a fixture needs is imported there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Machines are shared and noisy: an example may take as long as it takes.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test makes an app of its own, which would compile its templates anew."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {"bytecode_cache": kept}


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """Each test opens a database of its own, which would be migrated anew."""
    from store import database
    from tests.migrated import by_copy

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "migrate", by_copy(database.migrate))
        yield


@dataclass(frozen=True, slots=True)
class Server:
    """A running sheet server."""

    base: str
    key: Path
    pid: int


def start_server(data: Path, *options: str) -> tuple[Server, subprocess.Popen[str]]:
    """`python -m localsheets` on a free port; waits for its ready line."""
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(data), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("ready "), line
    return Server(line.split()[1], data / "credentials.json", process.pid), process


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a process; each test makes spreadsheets of its own."""
    found, process = start_server(tmp_path_factory.mktemp("sheets"), "--no-quota")
    yield found
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process; each makes contexts of its own."""
    from playwright.sync_api import sync_playwright

    from tests.browser.site import launch, missing

    lacks = missing()
    if lacks:
        sys.stderr.write(f"\n*** BROWSER TESTS DID NOT RUN: {lacks} ***\n")
        if os.environ.get("CI") == "true":
            pytest.fail(f"browser tests are required where CI=true: {lacks}")
        pytest.skip(f"BROWSER TESTS DID NOT RUN: {lacks}")
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()
