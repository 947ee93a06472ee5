"""What several rooms' tests need: a real local sheet server, and spreadsheets on it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

# Machines are shared and noisy: an example may take as long as it takes.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test makes an app of its own, which would compile its templates anew."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {"bytecode_cache": kept}


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
