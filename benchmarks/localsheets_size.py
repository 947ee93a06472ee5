"""The local sheet server at 340,000 rows x 29 columns beside SQLite doing the bare reads and writes.

`python -m benchmarks.localsheets_size` prints name, ours, peer, ratio. Times are medians in milliseconds; memory is the
resident set in megabytes of a process that holds the engine and has served all of it.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localsheets.engine import Caller, Engine

ROWS, COLUMNS, WINDOW = 340_000, 29, 20_000
LOAD = 10_000
PLACES = {"top": 1, "middle": ROWS // 2, "end": ROWS - WINDOW}
MARKS = ",".join("?" * (COLUMNS + 1))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: `ours` and `peer` in `unit`; peer None where there is nothing to compare with."""

    name: str
    ours: float
    peer: float | None
    unit: str = "ms"

    @property
    def ratio(self) -> float | None:
        return self.ours / self.peer if self.peer else None


def lead(number: int) -> list[Any]:
    """One row of 29 cells: text, phone text, dates and numbers; row 0 is the header."""
    if number == 0:
        return [f"heading {i}" for i in range(COLUMNS)]
    return [
        f"L{number:07d}", f"Person {number} of the reading room", f"(987) 6{number % 1000:03d}-{number % 10000:04d}",
        f"person{number}@example.org", "Pune", 45_000 + number % 400, "Contacted", "High", number % 100, "Walk-in",
        "parent",
        "asha@example.org", 45_100 + number % 60, "", "", "asked for the summer reading list", f"Child {number % 97}",
        number % 12, "", False, "family", 1200.5 + number % 7, "story hour", "storytelling, picture books", "",
        "Form responses",
        f"k{number:08x}", 45_000.25, 45_001.5,
    ]  # fmt: skip


def _timed(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def ours(folder: Path) -> dict[str, float]:
    """Measures the engine; run in a process of its own for the memory."""
    engine = Engine.open(folder / "ours.sqlite3")
    caller = Caller("bench@example.org", "bench", 1_700_000_000.0)
    sid = str(engine.create(caller, {"properties": {"title": "bench"}})["spreadsheetId"])
    grid = {"rowCount": ROWS, "columnCount": COLUMNS}
    sizing = {"updateSheetProperties": {
        "properties": {"sheetId": 0, "gridProperties": grid},
        "fields": "gridProperties(rowCount,columnCount)"}}  # fmt: skip
    engine.batch_update(caller, sid, {"requests": [sizing]})
    raw = {"valueInputOption": "RAW"}
    start = time.perf_counter()
    for first in range(0, ROWS, LOAD):
        rows = [lead(i) for i in range(first, first + LOAD)]
        engine.values_update(caller, sid, f"Sheet1!A{first + 1}", raw, {"values": rows})
    found = {"load 340,000 rows (s)": time.perf_counter() - start}
    for name, top in PLACES.items():
        text = f"Sheet1!A{top}:AC{top + WINDOW - 1}"
        for render in ("UNFORMATTED_VALUE", "FORMATTED_VALUE"):
            found[f"read {name} {render}"] = _timed(lambda t=text, r=render: engine.values_get(sid, t, render=r), 5)  # type: ignore[misc]
    more = {"values": [lead(ROWS + i) for i in range(50)]}
    engine.values_append(caller, sid, "Sheet1", {**raw, "insertDataOption": "INSERT_ROWS"}, more)
    found["append"] = _timed(
        lambda: engine.values_append(caller, sid, "Sheet1", {**raw, "insertDataOption": "INSERT_ROWS"}, more), 9
    )
    cells = [{"values": [{"userEnteredValue": {"stringValue": str(v)}} for v in row]} for row in more["values"]]
    appending = {"requests": [{"appendCells": {"sheetId": 0, "rows": cells, "fields": "userEnteredValue"}}]}
    found["appendCells"] = _timed(lambda: engine.batch_update(caller, sid, appending), 9)
    at_top = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    inserting = {"requests": [{"insertDimension": {"range": at_top}}]}
    found["insert"] = _timed(lambda: engine.batch_update(caller, sid, inserting), 9)
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    engine.close()
    return found


def peer(folder: Path) -> dict[str, float]:
    """The same cells in a plain table with a position column: bare reads and writes, durable as ours are."""
    connection = sqlite3.connect(folder / "peer.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    names = ", ".join(f"c{i}" for i in range(COLUMNS))
    connection.execute(f"CREATE TABLE lead (position INTEGER PRIMARY KEY, {names})")
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO lead VALUES ({MARKS})", ([i + 1, *lead(i)] for i in range(ROWS)))
    connection.execute("COMMIT")
    found = {}
    for name, top in PLACES.items():

        def read(top: int = top) -> bytes:
            query = f"SELECT {names} FROM lead WHERE position BETWEEN ? AND ? ORDER BY position"
            return json.dumps(connection.execute(query, (top, top + WINDOW - 1)).fetchall()).encode()

        found[f"read {name}"] = _timed(read, 5)
    position = ROWS

    def append() -> None:
        nonlocal position
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO lead VALUES ({MARKS})", [[position + 1 + i, *lead(i)] for i in range(50)])
        connection.execute("COMMIT")
        position += 50

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE lead SET position = -position - 1 WHERE position > 1")
        connection.execute("UPDATE lead SET position = -position WHERE position < 0")
        connection.execute("INSERT INTO lead (position) VALUES (2)")
        connection.execute("COMMIT")

    found["append"] = _timed(append, 9)
    found["insert"] = _timed(insert, 1)
    connection.close()
    return found


def run() -> list[Line]:
    """All lines; takes about two minutes and one gigabyte of temporary disk."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "benchmarks.localsheets_size", "--ours", name]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        mine: dict[str, float] = json.loads(answer)
        theirs = peer(Path(name))
    lines = [Line("load 340,000 x 29 in batches of 10,000 rows", mine["load 340,000 rows (s)"], None, "s")]
    for place in PLACES:
        for render in ("UNFORMATTED_VALUE", "FORMATTED_VALUE"):
            title = f"values read of 20,000 rows, {place}, {render}"
            lines.append(Line(title, mine[f"read {place} {render}"], theirs[f"read {place}"]))
    lines.append(Line("values append of 50 rows", mine["append"], theirs["append"]))
    lines.append(Line("appendCells of 50 rows", mine["appendCells"], theirs["append"]))
    lines.append(Line("insert of a row at the top", mine["insert"], theirs["insert"]))
    lines.append(Line("memory, resident at most", mine["memory"], None, "MB"))
    return lines


def main() -> None:
    if sys.argv[1:2] == ["--ours"]:
        print(json.dumps(ours(Path(sys.argv[2]))))
        return
    for line in run():
        shown = f"{line.peer:10.1f} {line.unit}  x{line.ratio:.2f}" if line.peer and line.ratio else ""
        print(f"{line.name:55} {line.ours:10.1f} {line.unit} {shown}")


if __name__ == "__main__":
    main()
