"""Cleaning 100,000 messy rows, ours beside the two usual ways: `python -m benchmarks.cleaning`.

All read the same text cells as a CSV gives them and drop the rows whose phone or e-mail came before. Seconds are CPU
seconds, the cyclic collector off for all as `timeit` does; medians of five, the ways taking turns (`with_libraries`
once: it takes minutes). Memory is the peak of a process of its own that does nothing else.
"""

from __future__ import annotations

import csv
import gc
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain, count, repeat
from pathlib import Path

import core
from benchmarks.messy import clean_frame_rows
from benchmarks.rows import BenchRow, render
from core import dates
from core.columns import recognise
from core.config import Config
from core.config_parse import parse_defaults
from core.model import SourceRow, Tab, Value
from core.normalise import Cleaner

HEADER = ("full_name", "phone_number", "email", "city", "lead_date")
ROWS = 100_000
WINDOW = 20_000  # rows that the sync reads at a time
_Rows = list[tuple[str, ...]]


def shipped() -> Config:
    """The configuration that ships."""
    return parse_defaults((Path(core.__file__).parent / "defaults.toml").read_text(encoding="utf-8"))


def ours(rows: _Rows) -> int:
    """Recognises, cleans and drops duplicates; the number of leads left."""
    dates.look.cache_clear()  # nothing is left from the run before
    config, tab = shipped(), Tab(1, "Leads")
    cleaner = Cleaner(recognise(HEADER, rows, config, "en_IN"), config)
    phones: set[Value] = set()
    emails: set[Value] = set()
    kept = []
    for start in range(0, len(rows), WINDOW):
        sources = list(map(SourceRow, repeat(tab), count(start + 2), rows[start : start + WINDOW], repeat("")))
        for draft in chain.from_iterable(cleaner.clean(sources)):
            phone, email = draft.fields.get("phone_number"), draft.fields.get("email")
            if phone not in phones:  # rows without one stay, as the peers have it
                if phone:
                    phones.add(phone)
                if email not in emails:
                    if email:
                        emails.add(email)
                    kept.append(draft)
    return len(kept)


def usual(rows: _Rows) -> int:
    """The peer with regular expressions and dateutil."""
    from benchmarks.peers import usual_cleaning  # its libraries would weigh on our memory

    return len(usual_cleaning.usual(_frame(rows)))


def with_libraries(rows: _Rows) -> int:
    """The peer with a library for each value."""
    from benchmarks.peers import usual_cleaning

    return len(usual_cleaning.with_libraries(_frame(rows)))


def _frame(rows: _Rows):  # type: ignore[no-untyped-def]  # pandas must not be imported here
    import pandas as pd

    return pd.DataFrame(rows, columns=list(HEADER)).replace("", None)


def _seconds(way: Callable[[_Rows], int], rows: _Rows) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        way(rows)
        return time.process_time() - start
    finally:
        gc.enable()


def _peaks(rows: _Rows, *ways: Callable[[_Rows], int]) -> list[float]:
    """For each way the megabytes at the peak of a process that reads a CSV of the rows and cleans them. The rows are
    not made in it: making them takes more than cleaning them."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(rows)
        peaks = []
        for way in ways:
            with context.Pool(1) as pool:
                peaks.append(pool.apply(_measured, (way, file)))
    return peaks


def _measured(way: Callable[[_Rows], int], file: Path) -> float:
    with file.open(newline="", encoding="utf-8") as text:
        rows: _Rows = [tuple(row) for row in csv.reader(text)]
    way(rows)
    return _peak_here()


def _peak_here() -> float:
    """Megabytes at this process's peak. Linux counts its parent's into `ru_maxrss`, so its own mark is asked first."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def run(rows_asked: int = ROWS, library_rows: int = 5_000) -> list[BenchRow]:
    """The rows of the report. `with_libraries` is measured on fewer rows and scaled: it is linear and slow."""
    rows = clean_frame_rows(rows_asked, 3)
    usual(rows[:100])
    pairs = [(_seconds(ours, rows), _seconds(usual, rows)) for _ in range(5)]
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    few = rows[:library_rows]
    libraries = _seconds(with_libraries, few) * len(rows) / len(few)
    memory, their_memory = _peaks(rows, ours, usual)
    what = f"cleaning {len(rows):,} rows"
    return [
        BenchRow(f"{what}, usual", mine, theirs, theirs / mine, 5, "CPU seconds"),
        BenchRow(
            f"{what}, with_libraries", mine, libraries, libraries / mine, 50, f"CPU seconds, from {len(few):,} rows"
        ),
        BenchRow(f"{what}, peak memory", memory, their_memory, their_memory / memory, 1, "MB"),
    ]


if __name__ == "__main__":
    print(render(run()))
