"""Reading a large tab: our windows beside gspread's get_all_records, each in a process of its own, from one server.

Both end with every row in hand once: ours as tuples with a digest of each window, gspread's as a list of dictionaries.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import zlib
from pathlib import Path

from benchmarks.filled import Filled, filled
from benchmarks.memory import peak
from benchmarks.rows import BenchRow, render
from core import fields
from core.reading import Sized, sees_everything
from core.reading import windows as windows_of
from store.tabs import TabState
from sync.gather import digest, gather, windows

SMALL = (1_000, 20_000)
SIZES = (100_000, 340_000)
SYNC_SECONDS = 10
WORKING_HOURS = 8  # in which somebody changes something every ten minutes; the window is slow in the others
_SEEN_WITHIN = {100_000: 20, 340_000: 80}  # seconds
RUNS = {"ours": 5, "gspread": 1}  # gspread takes half a minute and a gigabyte each time
_TARGET_MB = 150
_DAY_GB = 8


def ours(found: Filled) -> int:
    """Every row, window after window."""
    count = 0
    for _, rows in windows(found.sheets(), found.sheet_id, 1, found.rows + 1):
        digest(rows)
        count += len(rows)
    return count


def gspread_records(found: Filled) -> int:
    return len(found.worksheet().get_all_records())


def measured(which: str, found: Filled) -> tuple[float, float]:
    """Median seconds and most resident megabytes of a process that reads once."""
    arguments = [found.base, str(found.key), found.spreadsheet_id, str(found.sheet_id), str(found.rows)]
    command = [sys.executable, "-m", "benchmarks.reading", which, *arguments]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(RUNS[which])
    ]
    return statistics.median(run[0] for run in runs), max(run[1] for run in runs)


def cycle(found: Filled) -> list[BenchRow]:
    """One idle cycle's read of a Master of this size, over a whole round of windows: bytes as Google sends them
    (compressed), calls, seconds; and what a day of them comes to, of which eight hours are at work."""
    sheets = found.sheets()
    answers: list[bytes] = []
    sheets.http.session.hooks["response"].append(lambda answer, **_: answers.append(answer.content))
    tab = TabState(found.sheet_id, "Leads", "master", header=fields.NAMES, rows=found.rows + 1)
    turns, hot = windows_of(found.rows + 1), range(0, found.rows, 400)[:100]
    size = seconds = 0.0
    for turn in range(turns):
        started = time.perf_counter()
        gather(sheets, [tab], turn, lambda: hot)
        seconds += (time.perf_counter() - started) / turns
        size += _packed(answers) / turns
    calls = sheets.meter.read // turns
    gather(sheets, [tab], None, lambda: hot)
    without = _packed(answers)
    at_work = WORKING_HOURS * 3600 // SYNC_SECONDS
    slow = 0 if sees_everything([Sized(found.sheet_id, True, found.rows)]) else (24 - WORKING_HOURS) * 60
    cycles = 86_400 // SYNC_SECONDS
    day = (size * (at_work + slow) + without * (cycles - at_work - slow)) / 1e9
    if not slow:
        day = size * cycles / 1e9
    name, promised = f"a cycle over {found.rows:,} rows", _SEEN_WITHIN.get(found.rows, 0)
    within = turns * SYNC_SECONDS
    note = f"GB of a day with {WORKING_HOURS} hours at work; {size / 1e6:.2f} MB and {calls} call a cycle"
    return [
        BenchRow(f"{name}: bytes", day, _DAY_GB, _DAY_GB / day, 1 if promised else 0, note),
        BenchRow(f"{name}: time", seconds, SYNC_SECONDS, SYNC_SECONDS / seconds, 1, "s; peer: the time between cycles"),
        BenchRow(
            f"{name}: any row seen",
            within,
            promised or within,
            (promised or within) / within,
            1 if promised else 0,
            f"s; hot rows, ends and new rows within {SYNC_SECONDS}",
        ),
    ]


def _packed(answers: list[bytes]) -> int:
    """The bytes of these answers as Google sends them, and none is left."""
    size = sum(len(zlib.compress(answer, 6)) for answer in answers)
    answers.clear()
    return size


def run() -> list[BenchRow]:
    """A cycle's read at each size; then for the large ones seconds and memory of reading all of it."""
    lines: list[BenchRow] = []
    for size in (*SMALL, *SIZES):
        with filled(size) as found:
            lines += cycle(found)
            if size in SIZES:
                lines += _all_rows(found)
    return lines


def _all_rows(found: Filled) -> list[BenchRow]:
    seconds, memory = measured("ours", found)
    peer_seconds, peer_memory = measured("gspread", found)
    name, ratio = f"reading {found.rows:,} x 29", _TARGET_MB / memory
    note = f"MB resident at most, at most {_TARGET_MB}; get_all_records {peer_memory:.0f}"
    return [
        BenchRow(name, seconds, peer_seconds, peer_seconds / seconds, 10, "s, beside get_all_records (once)"),
        BenchRow(f"{name}, memory", memory, _TARGET_MB, ratio, 1, note),
    ]


def main() -> None:
    which, base, key, spreadsheet_id, sheet_id, rows = sys.argv[1:]
    found = Filled(base, Path(key), spreadsheet_id, int(sheet_id), int(rows))
    read = {"ours": ours, "gspread": gspread_records}[which]
    started = time.perf_counter()
    assert read(found) == found.rows
    seconds = time.perf_counter() - started
    print(json.dumps([seconds, peak()]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main()
    else:
        print(render(run()))
