"""The local sheet server at 340,000 rows x 29 columns, its history kept, beside SQLite doing the bare reads and writes.

`run()` gives the report's rows. Ours run in a process of their own, so that its memory is that of the engine; times are
medians. The peer is a plain table with a position column: it keeps no history, no formats, and an insert moves every
row below. That nothing grows with the rows above or below is measured against ourselves: at a tenth of the rows, and at
the top.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.memory import children_peak, peak
from benchmarks.rows import BenchRow, render
from localsheets.engine import Caller, Engine
from localsheets.formula_lanes import Ask, Lanes

ROWS, COLUMNS, WINDOW = 340_000, 29, 20_000
LOAD = 10_000
SMALL = ROWS // 10
MOST_MEMORY = 300.0  # MB, promised
PLACES = {"top": 1, "middle": ROWS // 2, "end": ROWS - WINDOW}
RENDERS = ("UNFORMATTED_VALUE", "FORMATTED_VALUE")
MARKS = ",".join("?" * (COLUMNS + 1))


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


RAW = {"valueInputOption": "RAW"}
INSERTING = {**RAW, "insertDataOption": "INSERT_ROWS"}
CALLER = Caller("bench@example.org", "bench", 1_700_000_000.0)


def _writes(engine: Engine, sid: str) -> dict[str, float]:
    """Milliseconds of one append, one appendCells and one insert at the top."""
    more = {"values": [lead(ROWS + i) for i in range(50)]}
    cells = [{"values": [{"userEnteredValue": {"stringValue": str(v)}} for v in row]} for row in more["values"]]
    appending = {"requests": [{"appendCells": {"sheetId": 0, "rows": cells, "fields": "userEnteredValue"}}]}
    at_top = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    inserting = {"requests": [{"insertDimension": {"range": at_top}}]}
    engine.values_append(CALLER, sid, "Sheet1", INSERTING, more)  # the first one looks the table's shape up
    return {
        "append": _timed(lambda: engine.values_append(CALLER, sid, "Sheet1", INSERTING, more), 9),
        "appendCells": _timed(lambda: engine.batch_update(CALLER, sid, appending), 9),
        "insert": _timed(lambda: engine.batch_update(CALLER, sid, inserting), 9),
    }


def _load(engine: Engine, sid: str, first: int, last: int) -> None:
    for top in range(first, last, LOAD):
        rows = [lead(i) for i in range(top, min(top + LOAD, last))]
        engine.values_update(CALLER, sid, f"Sheet1!A{top + 1}", RAW, {"values": rows})


def _new_sheet(engine: Engine, rows: int) -> str:
    sid = str(engine.create(CALLER, {"properties": {"title": "bench"}})["spreadsheetId"])
    sizing = {"updateSheetProperties": {
        "properties": {"sheetId": 0, "gridProperties": {"rowCount": rows, "columnCount": COLUMNS}},
        "fields": "gridProperties(rowCount,columnCount)"}}  # fmt: skip
    engine.batch_update(CALLER, sid, {"requests": [sizing]})
    return sid


def ours(folder: Path) -> dict[str, float]:
    """Measures the engine; run in a process of its own for the memory."""
    engine = Engine.open(folder / "ours.sqlite3")
    small = _new_sheet(engine, SMALL)
    _load(engine, small, 0, SMALL)
    found = {f"small {name}": taken for name, taken in _writes(engine, small).items()}
    sid = _new_sheet(engine, ROWS)
    start = time.perf_counter()
    _load(engine, sid, 0, ROWS)
    found["load"] = time.perf_counter() - start
    for name, top in PLACES.items():
        text = f"Sheet1!A{top}:AC{top + WINDOW - 1}"
        for how in RENDERS:
            found[f"read {name} {how}"] = _timed(lambda t=text, h=how: engine.values_get(sid, t, render=h), 5)  # type: ignore[misc]  # bound now
    found |= _writes(engine, sid)
    lanes = Lanes(folder / "ours.sqlite3")
    engine.evaluate = lanes.evaluate
    found["formulas"] = _formulas(engine, lanes, sid)
    found["memory"], found["workers"] = peak(), children_peak()
    lanes.close()
    engine.close()
    return found


def _formulas(engine: Engine, lanes: Lanes, sid: str) -> float:
    """Seconds until formulas over the whole of a column show."""
    made = engine.batch_update(CALLER, sid, {"requests": [{"addSheet": {"properties": {"title": "Sums"}}}]})
    assert made["replies"]
    written = [[f"=SUM(Sheet1!I1:I{ROWS})"], [f'=COUNTIF(Sheet1!I1:I{ROWS},">50")'], ["=A2-1"]]
    engine.values_update(CALLER, sid, "Sums!A1", {"valueInputOption": "USER_ENTERED"}, {"values": written})
    start = time.perf_counter()
    shown: list[list[Any]] = [["Loading..."]]
    while ["Loading..."] in shown:
        with lanes.asking(Ask.WAITING):  # for its eight seconds at most
            read = engine.values_get(sid, "Sums!A1:A3", render="UNFORMATTED_VALUE")
        shown = json.loads(bytes(read))["values"]  # type: ignore[arg-type]  # JSON, where no mask cuts it
    taken = time.perf_counter() - start
    if shown[2][0] != shown[1][0] - 1:
        raise AssertionError(f"the formulas show {shown}")
    return taken


def peer(folder: Path) -> dict[str, float]:
    """The same cells in a plain table with a position column: bare reads and writes, durable as ours are."""
    connection = sqlite3.connect(folder / "peer.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    names = ", ".join(f"c{i}" for i in range(COLUMNS))
    connection.execute(f"CREATE TABLE lead (position INTEGER PRIMARY KEY, {names})")
    start = time.perf_counter()
    for first in range(0, ROWS, LOAD):
        connection.execute("BEGIN")
        rows = ([i + 1, *lead(i)] for i in range(first, first + LOAD))
        connection.executemany(f"INSERT INTO lead VALUES ({MARKS})", rows)
        connection.execute("COMMIT")
    found = {"load": time.perf_counter() - start}
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


def _row(name: str, mine: float, other: float, target: float, note: str) -> BenchRow:
    return BenchRow(name, mine, other, other / mine, target, note)


def run() -> list[BenchRow]:
    """All rows; takes about two minutes and two gigabytes of temporary disk."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "benchmarks.localsheets_size", "--ours", name]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        mine: dict[str, float] = json.loads(answer)
        theirs = peer(Path(name))
    bare = "ms; peer: bare SQLite, durable"
    rows = [_row("load in batches of 10,000 rows", mine["load"], theirs["load"], 0.0, "s; peer: bare SQLite, durable")]
    for place in PLACES:
        for how in RENDERS:
            title = f"values read of 20,000 rows, {place}, {how}"
            rows.append(
                _row(title, mine[f"read {place} {how}"], theirs[f"read {place}"], 0.0, "ms; peer: SELECT to JSON")
            )
    rows += [
        _row("values append of 50 rows", mine["append"], theirs["append"], 0.0, bare),
        _row("appendCells of 50 rows", mine["appendCells"], theirs["append"], 0.0, bare),
        _row("insert of a row at the top", mine["insert"], theirs["insert"], 1.0, bare),
    ]
    for what in ("append", "appendCells", "insert"):
        title = f"{what}: at 340,000 rows beside 34,000"
        rows.append(_row(title, mine[what], mine[f"small {what}"], 0.3, "ms; ourselves at a tenth of the rows"))
    end, top = (mine[f"read {place} UNFORMATTED_VALUE"] for place in ("end", "top"))
    rows.append(_row("values read: at the end beside the top", end, top, 0.5, "ms; ourselves at the top"))
    rows.append(_row("formulas over a column of 340,000, shown", mine["formulas"], 0.0, 0.0, "s; no peer"))
    rows.append(_row("memory, resident at most", mine["memory"], MOST_MEMORY, 1.0, "MB; peer: what was promised"))
    together = mine["memory"] + mine["workers"]
    rows.append(_row("memory, with the formula processes", together, MOST_MEMORY, 1.0, "MB; both at their worst"))
    return rows


def main() -> None:
    if sys.argv[1:2] == ["--ours"]:
        print(json.dumps(ours(Path(sys.argv[2]))))
        return
    print(render(run()))


if __name__ == "__main__":
    main()
