"""Cleaning 100,000 messy rows, ours beside the two usual ways: `python -m benchmarks.cleaning`.

All get the same text cells of a CSV, each in the shape that it works on (rows as the sync reads them; a frame), and
drop the rows whose phone or e-mail came before. Seconds are CPU seconds, the cyclic collector off for all as `timeit`
does; medians of five, the ways taking turns (`with_libraries` once: it takes minutes). Memory is the peak of a process
of its own that reads the CSV and cleans it.
"""

from __future__ import annotations

import csv
import gc
import importlib
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import chain, count, repeat
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

import core
from benchmarks.memory import peak
from benchmarks.messy import clean_frame_rows
from benchmarks.rows import BenchRow, render
from core import dates
from core.columns import recognise
from core.config import Config
from core.config_parse import parse_defaults
from core.model import LeadDraft, SourceRow, Tab, Value
from core.normalise import Cleaner

if TYPE_CHECKING:
    import pandas

HEADER = ("full_name", "phone_number", "email", "city", "lead_date")
ROWS = 100_000
WINDOW = 20_000  # rows that the sync reads at a time
ROUNDS = 5
_Given = TypeVar("_Given")


def shipped() -> Config:
    """The configuration that ships."""
    return parse_defaults((Path(core.__file__).parent / "defaults.toml").read_text(encoding="utf-8"))


def source_rows(rows: list[tuple[str, ...]]) -> list[SourceRow]:
    """The rows in the shape in which the sync reads them, as a frame is the peers'."""
    return list(map(SourceRow, repeat(Tab(1, "Leads")), count(2), rows, repeat("")))


def ours(rows: list[SourceRow]) -> int:
    """Recognises, cleans and drops duplicates; the number of leads left."""
    dates.look.cache_clear()  # nothing is left from the run before
    config = shipped()
    cleaner = Cleaner(recognise(HEADER, [row.cells for row in rows], config, "en_IN"), config)
    phones: set[Value] = set()
    emails: set[Value] = set()
    kept: list[LeadDraft] = []
    for start in range(0, len(rows), WINDOW):
        drafts = list(chain.from_iterable(cleaner.clean(rows[start : start + WINDOW])))
        kept += _not_seen(drafts, phones, emails)
    return len(kept)


def _not_seen(drafts: list[LeadDraft], phones: set[Value], emails: set[Value]) -> list[LeadDraft]:
    """The drafts whose phone was not seen before, and of these the ones whose e-mail was not; rows without one stay, as
    the peers have it."""
    kept = []
    for draft in drafts:
        said = draft.fields
        phone = said.get("phone_number")
        if phone not in phones:
            if phone:
                phones.add(phone)
            email = said.get("email")
            if email not in emails:
                if email:
                    emails.add(email)
                kept.append(draft)
    return kept


def usual(frame: pandas.DataFrame) -> int:
    """The peer with regular expressions and dateutil."""
    return len(usual_cleaning().usual(frame))


def with_libraries(frame: pandas.DataFrame) -> int:
    """The peer with a library for each value."""
    return len(usual_cleaning().with_libraries(frame))


def usual_cleaning() -> ModuleType:
    """The peers; imported only here, as their libraries would weigh on our memory."""
    return importlib.import_module("benchmarks.peers.usual_cleaning")


def read_rows(file: Path) -> list[SourceRow]:
    """A CSV as ours is given it."""
    with file.open(newline="", encoding="utf-8") as text:
        return source_rows([tuple(row) for row in csv.reader(text)][1:])


def read_frame(file: Path) -> pandas.DataFrame:
    """A CSV as the peers are given it."""
    return importlib.import_module("pandas").read_csv(file, dtype=str)


def _seconds(way: Callable[[_Given], int], given: _Given) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        way(given)
        return time.process_time() - start
    finally:
        gc.enable()


def _peak(read: Callable[[Path], _Given], way: Callable[[_Given], int], file: Path) -> float:
    """The megabytes at the peak of a process that reads a CSV and cleans its rows."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (read, way, file))


def _measured(read: Callable[[Path], _Given], way: Callable[[_Given], int], file: Path) -> float:
    way(read(file))
    return peak()


def run(rows_asked: int = ROWS, library_rows: int = 5_000) -> list[BenchRow]:
    """The rows of the report. `with_libraries` is measured on fewer rows and scaled: it is linear and slow."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([HEADER, *clean_frame_rows(rows_asked, 3)])
        rows, frame = read_rows(file), read_frame(file)
        ours(rows[:100]), usual(frame[:100])
        pairs = [(_seconds(ours, rows), _seconds(usual, frame)) for _ in range(ROUNDS)]
        memory, their_memory = _peak(read_rows, ours, file), _peak(read_frame, usual, file)
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    few = frame[:library_rows]
    libraries = _seconds(with_libraries, few) * len(rows) / len(few)
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
