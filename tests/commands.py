"""The real `bumuk` command in processes of its own, for tests: on free ports, in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import gspread

Found = TypeVar("Found")
BUMUK = Path(sys.executable).with_name("bumuk")
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(folder: Path, **given: str) -> dict[str, str]:
    """What a shell of nobody in particular has, and our settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "DATA_DIR": str(folder / "var"), **given}


def ask(folder: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    return subprocess.run(
        [BUMUK, *arguments], cwd=folder, env=environment(folder, **given), capture_output=True, text=True, check=False,
        timeout=PATIENCE,
    )  # fmt: skip


def wait_for(look: Callable[[], Found | None], what: str) -> Found:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if (found := look()) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def add_form(book: gspread.Spreadsheet, people: int) -> gspread.Worksheet:
    rows = [["Name", "Contact Number"], *([f"Asha Person{n}", f"98155{n:05d}"] for n in range(people))]
    tab = book.add_worksheet("Form", rows=people + 50, cols=4)
    tab.update(rows, "A1", value_input_option="RAW")  # type: ignore[arg-type]
    return tab
