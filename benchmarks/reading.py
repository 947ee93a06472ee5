"""Reading a large tab: our windows beside gspread's get_all_records, each in a process of its own, from one server.

Both end with every row in hand once: ours as tuples with a digest of each window, gspread's as a list of dictionaries.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time

from benchmarks.filled import Filled, filled
from benchmarks.rows import BenchRow

SIZES = (100_000, 340_000)
RUNS = {"ours": 5, "gspread": 1}  # gspread takes half a minute and a gigabyte each time
_TARGET_MB = 150


def ours(found: Filled) -> int:
    """Every row, window after window."""
    from sync.gather import digest, windows

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


def run() -> list[BenchRow]:
    """Two rows for each size: seconds, and memory."""
    lines: list[BenchRow] = []
    for size in SIZES:
        with filled(size) as found:
            seconds, memory = measured("ours", found)
            peer_seconds, peer_memory = measured("gspread", found)
        name = f"reading {size:,} x 29"
        lines.append(BenchRow(name, seconds, peer_seconds, peer_seconds / seconds, 10, "s, beside get_all_records"))
        ratio = _TARGET_MB / memory
        note = f"MB resident at most, at most {_TARGET_MB}; get_all_records {peer_memory:.0f}"
        lines.append(BenchRow(f"{name}, memory", memory, _TARGET_MB, ratio, 1, note))
    return lines


def main() -> None:
    from pathlib import Path

    which, base, key, spreadsheet_id, sheet_id, rows = sys.argv[1:]
    found = Filled(base, Path(key), spreadsheet_id, int(sheet_id), int(rows))
    read = {"ours": ours, "gspread": gspread_records}[which]
    started = time.perf_counter()
    assert read(found) == found.rows
    seconds = time.perf_counter() - started
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main()
    else:
        for line in run():
            print(line)
