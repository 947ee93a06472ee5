"""`make bench`: every figure beside its peer in one run, written to docs/benchmarks.md with the machine they come from.

Each bench is a module here with `run() -> list[BenchRow]`; this is the list of them. Each has a process of its own:
what one leaves behind in memory must not slow the next one, or its peer.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.rows import BenchRow, render

BENCHES = {
    "localsheets_size": "The local sheet server at 340,000 x 29, beside bare SQLite",
    "store_size": "The store at 340,000 leads",
    "web": "The web app at 340,000 leads, gunicorn with two workers",
    "cleaning": "Cleaning 100,000 rows, beside pandas as usual and with libraries",
    "duplicates": "Duplicates at 340,000 rows, beside a dict union-find",
    "reading": "Reading 100,000 and 340,000 rows x 29, beside gspread's get_all_records",
    "latency": "How long an edit takes, at 20,000 rows, beside what is promised",
    "seen": "What people type into a book of 330,000 leads, until the app shows it",
    "calls": "Calls to the sheet, beside the usual ways",
}
REPORT = Path("docs/benchmarks.md")
_HEADING = """# Benchmarks

Figures of `make bench`, written by it. Ratios are against the peer named, both measured in the same run: machines
differ and are noisy, so compare ratios, not seconds. `make bench ONLY=name` runs one and writes its part anew.
"""


def measure(only: str | None, say: Callable[[str], None]) -> None:
    """Run the benches, or one; each is printed and its part of the report written as soon as it is done."""
    if only and only not in BENCHES:
        raise KeyError(f"no bench {only!r}; there are {', '.join(BENCHES)}")
    for name in [only] if only else list(BENCHES):
        say(f"{name}: {BENCHES[name]}…")
        started = time.perf_counter()
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            rows = alone.submit(run, name).result()
        table = render(list(rows))
        say(table)
        took = f"{time.perf_counter() - started:.0f} s on {machine()}"
        part = f"## {BENCHES[name]} (`{name}`)\n\n{table}\n\n{took}\n"
        REPORT.write_text(with_part(_read(str(REPORT)), name, part))


def run(name: str) -> Sequence[BenchRow]:
    """The rows of one bench."""
    rows: Sequence[BenchRow] = importlib.import_module(f"benchmarks.{name}").run()
    return rows


def with_part(report: str, name: str, part: str) -> str:
    """The report with one bench's part put in, the parts of the others kept, in the order of `BENCHES`."""
    found = re.findall(r"^## [^\n]*\(`(\w+)`\)\n.*?(?=^## |\Z)", report, re.MULTILINE | re.DOTALL)
    texts = re.findall(r"^## [^\n]*\(`\w+`\)\n.*?(?=^## |\Z)", report, re.MULTILINE | re.DOTALL)
    parts = dict(zip(found, texts, strict=True)) | {name: part}
    return "\n".join([_HEADING, *(parts[one].rstrip("\n") + "\n" for one in BENCHES if one in parts)])


def machine() -> str:
    """The machine, in a line."""
    model = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    size = f", {int(memory[1]) / 2**20:.0f} GiB" if memory else ""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    chip = model[1].strip() if model else platform.machine()
    return f"{datetime.now(UTC):%d-%m-%Y}: {os.cpu_count()} cores of {chip}{size}; {platform.system()}, {versions}."


def _read(file: str) -> str:
    path = Path(file)
    return path.read_text() if path.exists() else ""
